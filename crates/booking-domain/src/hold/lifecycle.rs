//! How bookings are made from holds or free units, moved, and ended.

use crate::availability::{Appointment, Owner, UnitRef};
use crate::booking::tally::Counted;
use crate::booking::{Actor, BookedResource, Booking, BookingStatus, HistoryEntry, HistoryKind, Transition};
use crate::conflict::ConflictReason;
use crate::event_type::EventTypeSpec;
use crate::finding::{Finding, Reason};
use crate::hold::change::{Change, Departure};
use crate::hold::command::{Book, Heartbeat, Outcome, Reschedule, Step};
use crate::hold::wish::Wish;
use crate::hold::working_set::{DecisionContext, WorkingSet};
use crate::hold::{Presence, SessionKey, SlotKey};
use crate::id::{BookingId, PresenceId, ResourceId};
use crate::refusal::Refusal;
use crate::text::Prose;

/// Why a request ended that nobody answered in time, as the contract spells it.
const EXPIRED: &str = "expired";

impl WorkingSet {
    pub(super) fn book(&mut self, book: &Book, context: DecisionContext<'_>) -> Result<Outcome, Refusal> {
        let room = book.booking.slot_key();
        let owner = Owner::Booking(book.booking.id);
        let counted = match book.actor {
            Actor::Booker => Counted::all_of(&book.booking, book.address),
            Actor::Operator | Actor::System => Vec::new(),
        };
        self.tallies.refuse_over_caps(&counted, context.now)?;
        let held = self.hold_of(book.wish(), book.session, context).filter(|p| serves(p, book.wanted));
        let wanted = book.wanted.or(held.as_ref().and_then(|held| held.wanted));
        match held {
            Some(held) => {
                self.refuse_begun(&held, context)?;
                self.hand_over(Owner::Hold(held.id), owner);
            }
            None => {
                self.expire_around(room, context);
                let units = self.claim_of_free(book.wish(), book.session, context)?;
                self.take(room, &units, owner);
            }
        }
        self.end_place(room, book.session, context);
        let booking = Booking { resources: self.booked_resources(owner), wanted, ..book.booking.clone() };
        self.tallies.count(counted, context.now);
        self.count(&booking);
        self.record(Change::Made(booking.clone()));
        let entry = entry(&booking, HistoryKind::Created, book.actor, context);
        self.record(Change::Recorded(booking.id, entry));
        self.settle(context);
        Ok(Outcome::Booking(Box::new(booking)))
    }

    pub(super) fn reschedule(&mut self, asked: &Reschedule, context: DecisionContext<'_>) -> Result<Outcome, Refusal> {
        let mut booking = self.current(asked.booking_id, asked.version)?;
        booking.refuse_ended()?;
        // Whoever sends a move again has moved already.
        if asked.room == booking.slot_key() && asked.wanted.is_none_or(|wanted| booking.wanted == Some(wanted)) {
            return Ok(Outcome::Booking(Box::new(booking)));
        }
        self.refuse_move(&booking, asked.actor, context)?;
        let owner = Owner::Booking(booking.id);
        let mut wish = Wish { wanted: asked.wanted, allow: asked.allow, ..Wish::plain(asked.room) };
        let held = self.hold_of(wish.of_move(&booking), asked.session, context);
        wish.wanted = wish.wanted.or(held.as_ref().and_then(|held| held.wanted));
        let wish = wish.of_move(&booking);
        match held {
            Some(held) => self.move_to_held((&held, owner), wish, context)?,
            None => self.move_to_free(&booking, (wish, asked.session), context)?,
        }
        self.end_place(asked.room, asked.session, context);
        self.end_moves(booking.id, context);
        (booking.slot, booking.wanted) = (asked.room.slot, wish.wanted);
        booking.resources = self.booked_resources(owner);
        if asked.actor == Actor::Booker && self.needs_confirmation(&booking) {
            booking.status = BookingStatus::Pending;
        }
        let entry = entry(&booking, HistoryKind::Rescheduled, asked.actor, context);
        Ok(self.change(booking, HistoryEntry { reason: asked.reason.clone(), ..entry }, context))
    }

    pub(super) fn step(&mut self, asked: &Step, context: DecisionContext<'_>) -> Result<Outcome, Refusal> {
        let mut booking = self.current(asked.booking_id, asked.version)?;
        check_step(&booking, asked, context)?;
        if asked.transition == Transition::Cancel {
            self.refuse_late(&booking, (asked.actor, |spec| spec.cancel_until_minutes), context)?;
        }
        booking.status = asked.transition.status();
        if !booking.status.is_open() {
            self.end_moves(booking.id, context);
        }
        if !booking.status.occupies() {
            self.free(Owner::Booking(booking.id));
        }
        let kind = match asked.transition {
            Transition::Confirm => HistoryKind::Confirmed,
            Transition::Decline => HistoryKind::Declined,
            Transition::Cancel => HistoryKind::Cancelled,
            Transition::Complete => HistoryKind::Completed,
            Transition::NoShow => HistoryKind::NoShow,
        };
        if matches!(kind, HistoryKind::Declined | HistoryKind::Cancelled) {
            booking.ended_reason = Some(asked.reason.clone()).filter(|reason| !reason.as_str().is_empty());
        }
        let entry = entry(&booking, kind, asked.actor, context);
        Ok(self.change(booking, HistoryEntry { reason: asked.reason.clone(), ..entry }, context))
    }

    /// What nobody has answered by its start is declined, so that it waits no longer and what it took is free.
    pub(super) fn decline_unanswered(&mut self, asked: &[BookingId], context: DecisionContext<'_>) -> Outcome {
        for id in asked {
            let Some(booking) = self.bookings.get(id).cloned() else { continue };
            if booking.status != BookingStatus::Pending || booking.slot.start() > context.now {
                continue;
            }
            self.end_moves(booking.id, context);
            self.free(Owner::Booking(booking.id));
            let why = Prose::stored(EXPIRED.to_owned());
            let declined = Booking { status: BookingStatus::Declined, ended_reason: Some(why.clone()), ..booking };
            let entry = entry(&declined, HistoryKind::Declined, Actor::System, context);
            self.change(declined, HistoryEntry { reason: why, ..entry }, context);
        }
        Outcome::Done
    }

    pub(super) fn current(&self, id: BookingId, read: Option<i64>) -> Result<Booking, Refusal> {
        let booking = self.bookings.get(&id).cloned().ok_or(Refusal::not_found("booking"))?;
        match read {
            Some(version) if version != booking.stamp.version => {
                let reason = ConflictReason::StaleVersion { current_version: booking.stamp.version };
                Err(Refusal::conflict_of(reason, "the booking has changed since it was read"))
            }
            _ => Ok(booking),
        }
    }

    /// The session's presence in this room, if it holds all of what is wished for. A lease that ran out still serves its owner while
    /// nobody has taken the time; a hold that met its deadline does not, nor one that has but what another booking lacks.
    fn hold_of(&self, wish: Wish, session: Option<SessionKey>, context: DecisionContext<'_>) -> Option<Presence> {
        let presence = self.find(wish.room, session?)?;
        let holds_all = presence.moving.is_none_or(|moving| wish.moving == Some(moving));
        (presence.hold.is_some() && holds_all && !presence.met_deadline(context.now)).then(|| presence.clone())
    }

    /// A hold is a promise, but a time that has begun is not booked any more.
    fn refuse_begun(&self, held: &Presence, context: DecisionContext<'_>) -> Result<(), Refusal> {
        let verdict = self.judge(held.wish(), &[Owner::Hold(held.id)], context.now);
        let findings = verdict.into_iter().flat_map(|verdict| verdict.findings);
        let reasons: Vec<Finding> = findings.filter(|finding| finding.reason == Reason::Past).collect();
        if reasons.is_empty() { Ok(()) } else { Err(Refusal::slot_unavailable(reasons)) }
    }

    /// Whether what a booker moves waits for an answer again.
    fn needs_confirmation(&self, booking: &Booking) -> bool {
        let again = |spec: &EventTypeSpec| spec.requires_confirmation && spec.reconfirm_moves;
        self.offers.get(&booking.event_type_id).is_some_and(|offer| again(&offer.spec))
    }

    /// What begins so soon, or has begun, is for operators alone to move or call off.
    fn refuse_late(
        &self,
        booking: &Booking,
        (actor, until): (Actor, fn(&EventTypeSpec) -> Option<u32>),
        context: DecisionContext<'_>,
    ) -> Result<(), Refusal> {
        let until = self.offers.get(&booking.event_type_id).and_then(|offer| until(&offer.spec));
        booking.refuse_late(actor, until, context.now)
    }

    fn refuse_move(&self, booking: &Booking, actor: Actor, context: DecisionContext<'_>) -> Result<(), Refusal> {
        let until = self.offers.get(&booking.event_type_id).and_then(|offer| offer.spec.move_until_minutes);
        booking.refuse_move(actor, until, context.now)
    }

    /// Whoever joins to move a booking has to be able to move it. Gives what they want there.
    pub(super) fn moving_there(&self, beat: &Heartbeat, context: DecisionContext<'_>) -> Result<Wish, Refusal> {
        let Some(id) = beat.moving else { return Ok(beat.wish()) };
        let booking = self.bookings.get(&id).ok_or(Refusal::not_found("booking"))?;
        if booking.event_type_id != beat.room.event_type_id {
            return Err(Refusal::field("moving", "must be a booking of this event type"));
        }
        self.refuse_move(booking, beat.actor, context)?;
        Ok(beat.wish().of_move(booking))
    }

    /// The units that serve this wish, if nobody else has them: what the session itself holds there, and what the booking that
    /// moves takes, is given up for them.
    fn claim_of_free(
        &mut self,
        wish: Wish,
        session: Option<SessionKey>,
        context: DecisionContext<'_>,
    ) -> Result<Vec<UnitRef>, Refusal> {
        let room = wish.room;
        let theirs = |p: &&Presence| Some(p.session) == session && p.room.event_type_id == room.event_type_id;
        let holds = self.presences.values().filter(theirs).filter(|p| p.hold.is_some());
        let all: Vec<(PresenceId, SlotKey)> = holds.map(|p| (p.id, p.room)).collect();
        let near: Vec<_> = all.iter().copied().filter(|(_, held)| self.overlap(*held, room)).collect();
        let kept = self.kept_by(wish);
        let judged = |holds: &[(PresenceId, SlotKey)]| {
            let own: Vec<Owner> = holds.iter().map(|(id, _)| Owner::Hold(*id)).collect();
            self.free_units(wish, (&own, &kept), context)
        };
        // A hold elsewhere goes only where it would be in the way, by a limit: 9:00 of one a day, when 13:00 is booked.
        let (units, given_up) = match judged(&near) {
            Err(_) if near.len() < all.len() => (judged(&all)?, all),
            units => (units?, near),
        };
        for (id, held) in given_up {
            self.depart(id, if held == room { Departure::Booked } else { Departure::Moved }, context);
        }
        wish.moved().into_iter().for_each(|owner| self.free(owner));
        Ok(units)
    }

    /// What a booking that moves keeps where it is free: all that it has.
    pub(super) fn kept_by(&self, wish: Wish) -> Vec<ResourceId> {
        wish.moved().map(|booking| self.units_by(booking)).unwrap_or_default()
    }

    /// The units that serve this wish, if nobody but the owners takes them, with as much as can be of what is kept.
    fn free_units(
        &self,
        wish: Wish,
        own_and_kept: (&[Owner], &[ResourceId]),
        context: DecisionContext<'_>,
    ) -> Result<Vec<UnitRef>, Refusal> {
        let verdict = self.judge_keeping(wish, own_and_kept, context.now).ok_or(Refusal::not_found("event type"))?;
        if verdict.findings.is_empty() { Ok(verdict.units) } else { Err(self.refusal(verdict, context.now)) }
    }

    /// A booking moves to what is free.
    fn move_to_free(
        &mut self,
        booking: &Booking,
        (wish, session): (Wish, Option<SessionKey>),
        context: DecisionContext<'_>,
    ) -> Result<(), Refusal> {
        self.expire_around(wish.room, context);
        let units = self.claim_of_free(wish, session, context)?;
        self.take(wish.room, &units, Owner::Booking(booking.id));
        Ok(())
    }

    /// A booking moves to where its session holds: to what is held, unless that lacks who is wanted, or whom the booking could keep.
    fn move_to_held(
        &mut self,
        (held, booking): (&Presence, Owner),
        wish: Wish,
        context: DecisionContext<'_>,
    ) -> Result<(), Refusal> {
        self.refuse_begun(held, context)?;
        let (hold, units) = (Owner::Hold(held.id), self.units_of(held));
        let (had, taken) = (self.kept_by(wish), units.iter().map(|unit| unit.resource_id).collect::<Vec<_>>());
        let kept = [had.as_slice(), &beyond(&taken, &had)].concat();
        let better = match self.free_units(wish, (&[hold], &kept), context) {
            Ok(free) => Some(free).filter(|free| free.iter().map(|unit| unit.resource_id).ne(taken)),
            Err(refusal) if !serves(held, wish.wanted) => return Err(refusal),
            // What was promised stands, whatever is on offer by now.
            Err(_) => None,
        };
        // A hold for this move has only what the booking lacks.
        let units = better.or(held.moving.map(|_| units));
        self.free(booking);
        match units {
            Some(units) => {
                self.free(hold);
                self.take(held.room, &units, booking);
            }
            None => self.hand_over(hold, booking),
        }
        Ok(())
    }

    fn end_place(&mut self, room: SlotKey, session: Option<SessionKey>, context: DecisionContext<'_>) {
        if let Some(id) = session.and_then(|session| self.find(room, session)).map(|p| p.id) {
            self.depart(id, Departure::Booked, context);
        }
    }

    fn booked_resources(&self, owner: Owner) -> Vec<BookedResource> {
        let named = |id: ResourceId| self.names.get(&id).map(|name| BookedResource { id, name: name.clone() });
        self.taken_by(owner).into_iter().filter_map(named).collect()
    }

    pub(super) fn change(
        &mut self,
        mut booking: Booking,
        entry: HistoryEntry,
        context: DecisionContext<'_>,
    ) -> Outcome {
        if self.bookings.get(&booking.id).is_some_and(|before| !before.is_same_in_calendar(&booking)) {
            booking.calendar_sequence += 1;
        }
        booking.stamp.version += 1;
        booking.stamp.updated_at = context.now;
        self.count(&booking);
        self.bookings.insert(booking.id, booking.clone());
        self.record(Change::Became(booking.clone()));
        self.record(Change::Recorded(booking.id, entry));
        self.settle(context);
        Outcome::Booking(Box::new(booking))
    }

    /// Counts the booking towards its event type's limits, as it is now.
    fn count(&mut self, booking: &Booking) {
        let owner = Owner::Booking(booking.id);
        let booked = self.booked.entry(booking.event_type_id).or_default();
        booked.retain(|appointment| appointment.owner != owner);
        if booking.status.occupies() {
            booked.push(Appointment::of_booking(booking.id, booking.slot.start()));
        }
    }
}

fn check_step(booking: &Booking, asked: &Step, context: DecisionContext<'_>) -> Result<(), Refusal> {
    let wrong = ConflictReason::WrongStatus { current_status: booking.status };
    asked.transition.check(booking.status).map_err(|detail| Refusal::conflict_of(wrong, detail))?;
    let begun = booking.slot.start() <= context.now;
    match asked.transition {
        transition if transition.tells_of_visit() && !begun => {
            Err(Refusal::conflict_of(ConflictReason::NotStarted, "the visit has not begun"))
        }
        Transition::Confirm if begun => {
            Err(Refusal::conflict_of(ConflictReason::TooLate, "the time that was asked for has begun"))
        }
        _ => Ok(()),
    }
}

pub(super) fn entry(booking: &Booking, kind: HistoryKind, actor: Actor, context: DecisionContext<'_>) -> HistoryEntry {
    HistoryEntry { at: context.now, kind, actor, slot: booking.slot, reason: Prose::default() }
}

/// What is beyond others, each as often as it is named more often.
fn beyond(these: &[ResourceId], others: &[ResourceId]) -> Vec<ResourceId> {
    let (mut these, mut others) = (these.to_vec(), others.to_vec());
    these.retain(|id| others.iter().position(|other| other == id).map(|place| others.swap_remove(place)).is_none());
    these
}

fn serves(presence: &Presence, wanted: Option<ResourceId>) -> bool {
    let held = || presence.hold.iter().flat_map(|hold| &hold.resource_ids);
    wanted.is_none_or(|wanted| held().any(|id| *id == wanted))
}
