//! What each command promises, said from outside: the working set before it, its answer, and the working set after it.

use booking_domain::availability::Owner;
use booking_domain::booking::{Actor, Booking, Transition};
use booking_domain::hold::change::{Change, Departure};
use booking_domain::hold::command::{Book, Command, Heartbeat, Outcome, Reschedule, Step};
use booking_domain::hold::time_held::TimeHeld;
use booking_domain::hold::working_set::WorkingSet;
use booking_domain::hold::{Place, Presence, SessionKey, SlotKey, Standing};
use booking_domain::id::{BookingId, PresenceId};
use booking_domain::refusal::{Loss, Refusal};

use crate::holds::oracle::{Counting, blocked, claims_of, is_free};
use crate::holds::replay::ended_late;
use crate::holds::world::{World, minutes};

/// Somebody as they would be if they waited.
fn waiting(presence: &Presence) -> Presence {
    Presence { hold: None, held_by_deadline: TimeHeld::default(), ..presence.clone() }
}

/// One command that was decided.
pub(super) struct Decided<'a> {
    pub before: &'a WorkingSet,
    pub command: &'a Command,
    pub outcome: &'a Result<Outcome, Refusal>,
    pub world: &'a World,
}

impl Decided<'_> {
    pub(super) fn check(&self) {
        self.others_keep_what_is_theirs();
        self.leases_end_on_time();
        self.caps_are_kept();
        if self.outcome.is_err() {
            self.a_refusal_changes_nothing();
        }
        match self.command {
            Command::Heartbeat(beat) => self.heartbeat(beat),
            Command::Leave { room, session } => assert!(self.after(*room, *session).is_none(), "who left is gone"),
            Command::Extend { room, session } => self.extend(*room, *session),
            Command::Book(book) => self.book(book),
            Command::Reschedule(asked) => self.reschedule(asked),
            Command::Step(asked) => self.step(asked),
            Command::Tick(due) => self.tick(due),
            // What it does is told in `bookings`.
            Command::Release { .. } | Command::DeclineUnanswered(_) | Command::Review(_) => {}
            Command::Correct(_) | Command::RenewLink(_) => {}
        }
    }

    fn actor(&self) -> Option<SessionKey> {
        match self.command {
            Command::Heartbeat(beat) => Some(beat.session),
            Command::Leave { session, .. } | Command::Extend { session, .. } => Some(*session),
            Command::Book(book) => book.session,
            Command::Reschedule(asked) => asked.session,
            Command::Release { .. }
            | Command::Step(_)
            | Command::DeclineUnanswered(_)
            | Command::Tick(_)
            | Command::Review(_) => None,
            Command::Correct(_) | Command::RenewLink(_) => None,
        }
    }

    fn booking_concerned(&self) -> Option<BookingId> {
        match self.command {
            Command::Book(book) => Some(book.booking.id),
            Command::Reschedule(asked) => Some(asked.booking_id),
            Command::Step(asked) => Some(asked.booking_id),
            Command::Correct(asked) => Some(asked.booking_id),
            Command::RenewLink(asked) => Some(asked.booking_id),
            _ => None,
        }
    }

    /// I6: without a session's key nobody renews, moves or ends its places; and a booking is changed by its own commands.
    fn others_keep_what_is_theirs(&self) {
        for (id, was) in self.before.presences.iter().filter(|(_, p)| Some(p.session) != self.actor()) {
            let Some(is) = self.world.working_set.presences.get(id) else { continue };
            let promoted = was.hold.is_none() && is.hold.is_some();
            let unchanged = if promoted { waiting(is) } else { is.clone() };
            assert_eq!(*was, unchanged, "another's command changes nobody's place");
            let same = claims_of(self.before, Owner::Hold(*id)) == claims_of(&self.world.working_set, Owner::Hold(*id));
            assert!(promoted || same, "another's command changes nobody's units");
        }
        for (departed, why) in self.departures() {
            let by_others = [
                Departure::Silent,
                Departure::Deadline,
                Departure::TakenByBooking,
                Departure::NoLongerOffered,
                Departure::NothingLeft,
            ];
            assert!(Some(departed.session) == self.actor() || by_others.contains(&why), "{why:?} by another's command");
        }
        for id in self.before.bookings.keys().filter(|id| Some(**id) != self.booking_concerned()) {
            let claims = |working_set| claims_of(working_set, Owner::Booking(*id));
            assert_eq!(
                claims(self.before),
                claims(&self.world.working_set),
                "a booking is changed by its own commands"
            );
            assert_eq!(self.before.bookings.get(id), self.world.working_set.bookings.get(id));
        }
    }

    fn departures(&self) -> impl Iterator<Item = (&Presence, Departure)> {
        self.world.changes.iter().filter_map(|change| match change {
            Change::Departed(presence, why) => Some((presence, why.clone())),
            _ => None,
        })
    }

    /// I5, and why it ended.
    fn leases_end_on_time(&self) {
        for (departed, why) in self.departures() {
            let deadline = departed.hold.as_ref().map(|hold| hold.deadline);
            let by_deadline = deadline.is_some_and(|deadline| deadline <= departed.expires_at);
            match why {
                Departure::Silent => {
                    assert!(departed.expires_at <= self.world.now && !by_deadline, "nobody dies early")
                }
                Departure::Deadline => assert!(deadline <= Some(self.world.now) && by_deadline, "no hold ends early"),
                Departure::TakenByBooking | Departure::NoLongerOffered | Departure::NothingLeft => {
                    assert!(departed.hold.is_none(), "only those who wait are sent away");
                }
                Departure::Released(_) | Departure::BookingChanged => panic!("nobody does that in these stories"),
                Departure::Left | Departure::Moved | Departure::Booked => {}
            }
        }
    }

    fn caps_are_kept(&self) {
        let line = &self.world.working_set.presences;
        let live = || line.values().filter(|p| !p.is_overdue(self.world.now));
        for one in live() {
            let same = live().filter(|p| p.session == one.session);
            assert!(same.clone().count() <= 2, "a session is in as many rooms as it may be");
            let kind = same.filter(|p| p.room.event_type_id == one.room.event_type_id);
            assert_eq!(kind.count(), 1, "a session has one place in an event type");
            assert!(
                live().filter(|p| p.address == one.address).count() <= 5,
                "an address has as many places as it may"
            );
            let waits = |p: &&Presence| p.hold.is_none() && p.room == one.room && p.address == one.address;
            assert!(live().filter(waits).count() <= 2, "an address has as many places in a line as it may");
        }
    }

    /// What is overdue may have ended, with all that follows from it, and a loser may have been told; nothing else.
    fn a_refusal_changes_nothing(&self) {
        let mut only_late = World::new();
        (only_late.working_set, only_late.rules, only_late.now) =
            (self.before.clone(), self.world.rules, self.world.now);
        only_late.decide(&Command::Tick(ended_late(&self.world.changes))).unwrap();
        let (ours, theirs) = (&self.world.working_set, &only_late.working_set);
        assert_eq!(ours.presences, theirs.presences, "a refusal changes no place");
        assert_eq!(ours.occupancy, theirs.occupancy, "a refusal changes no claim");
        assert_eq!((&ours.versions, &ours.bookings), (&theirs.versions, &theirs.bookings), "nor a version or booking");
        assert_eq!(ours.cooldowns.len(), theirs.cooldowns.len(), "a refusal cools nobody down");
    }

    fn before(&self, room: SlotKey, session: SessionKey) -> Option<&Presence> {
        self.before.presences.values().find(|p| p.room == room && p.session == session)
    }

    fn after(&self, room: SlotKey, session: SessionKey) -> Option<&Presence> {
        self.world.working_set.presences.values().find(|p| p.room == room && p.session == session)
    }

    fn heartbeat(&self, beat: &Heartbeat) {
        let was = self.before(beat.room, beat.session).filter(|p| !p.is_overdue(self.world.now));
        let overdue = |p: &&Presence| p.is_overdue(self.world.now) && self.overlap(p.room, beat.room);
        assert!(
            !self.world.working_set.presences.values().any(|p| overdue(&p)),
            "what is overdue in the way has ended"
        );
        match (self.outcome, was) {
            (Ok(Outcome::Place(place)), was) => {
                let is = self.after(beat.room, beat.session).expect("who was answered a place is there");
                self.check_place(place, is);
                if let Some(was) = was.filter(|p| p.wanted == beat.wanted) {
                    assert_eq!(was.id, is.id, "a heartbeat keeps the place in line");
                    assert!(was.hold.is_none() || was.hold == is.hold, "a heartbeat changes no hold");
                } else {
                    assert!(self.before.presences.keys().all(|id| *id < is.id), "who joins is at the back");
                }
            }
            (Ok(other), _) => panic!("a heartbeat answers a place, not {other:?}"),
            (Err(refusal), was) => {
                let turn_came =
                    self.departures().any(|(p, why)| p.session == beat.session && why == Departure::NothingLeft);
                let stays = was.is_some_and(|p| p.wanted == beat.wanted);
                assert!(!stays || turn_came, "who is there is not refused: {refusal}");
                self.check_turned_away(beat, refusal);
            }
        }
    }

    fn check_place(&self, place: &Place, is: &Presence) {
        let line = self.world.working_set.presences.values().filter(|p| p.room == is.room && p.hold.is_none());
        let waiting: Vec<PresenceId> = line.map(|p| p.id).collect();
        let standing = match (&is.hold, waiting.iter().position(|id| *id == is.id)) {
            (Some(hold), _) => Standing::Holding(hold.clone()),
            (None, at) => Standing::Waiting { position: u32::try_from(at.unwrap() + 1).unwrap() },
        };
        assert_eq!(place.standing, standing);
        assert_eq!(place.expires_at, self.world.now + self.world.rules.ttl, "a heartbeat buys a whole ttl");
    }

    fn check_turned_away(&self, beat: &Heartbeat, refusal: &Refusal) {
        let after = &self.world.working_set;
        let mut running = after.cooldowns.iter().filter(|c| c.until > self.world.now);
        let lost = running.rfind(|c| c.session == beat.session && c.room == beat.room);
        match refusal {
            Refusal::HoldLost(Loss::Ended) => {
                assert!(lost.is_some_and(|c| c.told), "only a loser is told, and that is noted")
            }
            Refusal::TooManyHolds { retry_after_s: Some(wait), .. } => {
                assert!(self.held_before(beat) && (1..=60).contains(wait), "only who held the time is told to wait");
                assert!(lost.is_none_or(|c| c.told), "a loser is told of the loss first");
            }
            Refusal::TooManyHolds { retry_after_s: None, .. } => {
                let stays = |p: &&Presence| {
                    let moves = p.session == beat.session && p.room.event_type_id == beat.room.event_type_id;
                    !moves && !p.is_overdue(self.world.now)
                };
                let live = || after.presences.values().filter(stays);
                let mine = live().filter(|p| p.session == beat.session).count();
                let near = live().filter(|p| p.address == beat.address).count();
                let waits = |p: &&Presence| p.address == beat.address && p.room == beat.room && p.hold.is_none();
                let waiting = live().filter(waits).count();
                assert!(mine >= 2 || near >= 5 || waiting >= 2, "only who has too many places is told so");
            }
            Refusal::SlotBooked { .. } | Refusal::SlotUnavailable { .. } => {
                assert!(
                    !self.could_be_free(beat.room, beat, Counting::Bookings),
                    "{refusal}, yet it could become free"
                );
            }
            other => panic!("a heartbeat is never refused with {other:?}"),
        }
    }

    fn could_be_free(&self, room: SlotKey, beat: &Heartbeat, counting: Counting) -> bool {
        on_grid(&self.world.working_set, room) && is_free(&self.world.working_set, room, beat.wanted, counting)
    }

    fn overlap(&self, one: SlotKey, other: SlotKey) -> bool {
        let (a, b) = (&self.before.offers[&one.event_type_id], &self.before.offers[&other.event_type_id]);
        let shared = a.spec.resource_ids().iter().any(|id| b.spec.resource_ids().contains(id));
        shared && blocked(a, one).overlaps(blocked(b, other))
    }

    /// Whether somebody whose time counts for it held an overlapping time lately, or it does now.
    fn held_before(&self, beat: &Heartbeat) -> bool {
        let working_set = &self.world.working_set;
        let theirs = working_set.cooldowns.iter().filter(|c| c.session == beat.session || c.address == beat.address);
        let ended = theirs.filter(|c| c.until > self.world.now).map(|c| c.room);
        let has =
            working_set.presences.values().filter(|p| p.session == beat.session && p.hold.is_some()).map(|p| p.room);
        ended.chain(has).any(|room| self.overlap(room, beat.room))
    }

    fn extend(&self, room: SlotKey, session: SessionKey) {
        let was = self.before(room, session).filter(|p| !p.is_overdue(self.world.now)).and_then(|p| p.hold.as_ref());
        let may = was.is_some_and(|hold| !hold.extended && self.world.now + minutes(2) >= hold.deadline);
        assert_eq!(
            self.outcome.is_ok(),
            may,
            "once, in the last two minutes, the owner may extend: {:?}",
            self.outcome
        );
        if let (Some(was), true) = (was, may) {
            let is = self.after(room, session).and_then(|p| p.hold.as_ref()).unwrap();
            assert_eq!((is.deadline, is.version), (was.deadline + minutes(5), was.version), "five minutes more");
        }
    }

    fn book(&self, book: &Book) {
        let (room, now) = (book.booking.slot_key(), self.world.now);
        let was = book.session.and_then(|session| self.before(room, session));
        let held = was.filter(|p| p.hold.as_ref().is_some_and(|hold| hold.deadline > now));
        let serves = held.filter(|p| book.wanted.is_none_or(|id| p.hold.as_ref().unwrap().resource_ids.contains(&id)));
        let own = held.map_or(Owner::Booking(book.booking.id), |p| Owner::Hold(p.id));
        match self.outcome {
            Ok(_) => {
                let session_gone = book.session.is_none_or(|session| self.after(room, session).is_none());
                assert!(session_gone, "whoever booked is no longer in the room");
                if let Some(held) = serves {
                    let times = |working_set, owner| -> Vec<_> {
                        claims_of(working_set, owner).into_iter().map(|(id, c)| (id, c.unit, c.blocked)).collect()
                    };
                    let (was, is) = (Owner::Hold(held.id), Owner::Booking(book.booking.id));
                    assert_eq!(
                        times(self.before, was),
                        times(&self.world.working_set, is),
                        "the same rows change hands"
                    );
                }
            }
            Err(refusal) => {
                assert!(serves.is_none(), "booking one's own hold never fails: {refusal}");
                let free = is_free(&self.world.working_set, room, book.wanted, Counting::AllBut(own));
                assert!(!free || !on_grid(&self.world.working_set, room), "{refusal}, yet it is free");
            }
        }
    }

    fn reschedule(&self, asked: &Reschedule) {
        let was = &self.before.bookings[&asked.booking_id];
        let held = asked.session.and_then(|session| self.before(asked.room, session));
        let held = held.filter(|p| p.hold.as_ref().is_some_and(|hold| hold.deadline > self.world.now));
        let wanted = asked.wanted.or(held.and_then(|p| p.wanted)).or(was.wanted);
        match self.outcome {
            Ok(Outcome::Booking(is)) => {
                assert!(was.status.is_open() && is.status == was.status, "moving changes no status");
                let moved = asked.room != was.slot_key() || asked.wanted.is_some_and(|asked| was.wanted != Some(asked));
                assert_eq!((is.slot, is.stamp.version), (asked.room.slot, was.stamp.version + i64::from(moved)));
                assert_eq!(is.wanted, if moved { wanted } else { was.wanted }, "who was asked for is remembered");
                if wanted.is_none_or(|wanted| was.resources.iter().any(|taken| taken.id == wanted))
                    && self.could_stay_with_all(was, (asked.room, held))
                {
                    assert_eq!(is.resources, was.resources, "whom it has is kept");
                }
            }
            Ok(other) => panic!("a rescheduling answers a booking, not {other:?}"),
            Err(Refusal::Conflict { .. }) => {
                assert!(!was.status.is_open() || self.is_late(was, asked.actor), "a living booking may move");
            }
            Err(refusal) => {
                let own = Counting::AllBut(Owner::Booking(asked.booking_id));
                let free = is_free(&self.world.working_set, asked.room, wanted, own);
                assert!(!free || !on_grid(&self.world.working_set, asked.room), "{refusal}, yet it is free");
            }
        }
    }

    /// Whether nobody else takes any of a booking's units in this room.
    fn could_stay_with_all(&self, booking: &Booking, (room, held): (SlotKey, Option<&Presence>)) -> bool {
        let blocked = blocked(&self.before.offers[&room.event_type_id], room);
        let own = [Some(Owner::Booking(booking.id)), held.map(|p| Owner::Hold(p.id))];
        let claims = claims_of(self.before, Owner::Booking(booking.id));
        claims.iter().all(|(id, _)| {
            let others = self.before.occupancy[id].claims.iter().filter(|claim| !own.contains(&Some(claim.owner)));
            others.into_iter().all(|claim| !claim.blocked.overlaps(blocked))
        })
    }

    fn step(&self, asked: &Step) {
        let was = &self.before.bookings[&asked.booking_id];
        let begun = was.slot.start() <= self.world.now;
        let timely = match asked.transition {
            Transition::Confirm => !begun,
            Transition::Complete | Transition::NoShow => begun,
            Transition::Cancel => !self.is_late(was, asked.actor),
            Transition::Decline => true,
        };
        match (timely && asked.transition.check(was.status).is_ok(), self.outcome) {
            (true, Ok(Outcome::Booking(is))) => assert_eq!(is.status, asked.transition.status()),
            (false, Err(Refusal::Conflict { reason: Some(_), .. })) => {}
            (expected, other) => panic!("{expected} was expected, not {other:?}"),
        }
    }

    fn is_late(&self, booking: &Booking, actor: Actor) -> bool {
        actor == Actor::Booker && booking.slot.start() <= self.world.now
    }

    fn tick(&self, due: &[PresenceId]) {
        for id in due {
            let was = self.before.presences.get(id).expect("ticks name those who are there");
            let is = self.world.working_set.presences.contains_key(id);
            // What it frees may come to somebody whose address has held it for long enough.
            let has_nothing_left = self.departures().any(|(p, why)| p.id == *id && why == Departure::NothingLeft);
            assert!(has_nothing_left || is != was.is_overdue(self.world.now), "a tick ends exactly what is overdue");
        }
    }
}

fn on_grid(working_set: &WorkingSet, room: SlotKey) -> bool {
    let interval = working_set.offers[&room.event_type_id].spec.interval_minutes();
    chrono::Timelike::minute(&room.slot.start()).is_multiple_of(interval)
}
