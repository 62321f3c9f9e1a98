//! The decision: a command meets the working set, and leaves changes and an answer.

use chrono::{DateTime, TimeDelta, Utc};

use crate::availability::{Owner, Verdict};
use crate::booking::Actor;
use crate::finding::Reason;
use crate::hold::change::{Change, Cooldown, Departure};
use crate::hold::command::{Command, Heartbeat, Outcome};
use crate::hold::fixed_term::FixedTerm;
use crate::hold::line::Line;
use crate::hold::time_held::TimeHeld;
use crate::hold::wish::Wish;
use crate::hold::working_set::{DecisionContext, WorkingSet};
use crate::hold::{Place, Presence, Pseudonym, SessionKey, SlotKey};
use crate::id::PresenceId;
use crate::limits;
use crate::refusal::{Loss, Refusal};
use crate::text::Prose;

impl WorkingSet {
    /// Decides one command. A refusal leaves the line as it found it, except that what was overdue has ended.
    pub fn decide(&mut self, command: &Command, context: DecisionContext<'_>) -> Result<Outcome, Refusal> {
        match command {
            Command::Heartbeat(beat) => self.heartbeat(beat, context).map(Outcome::Place),
            Command::Leave { room, session } => Ok(self.leave(*room, *session, context)),
            Command::Release { room, who, reason } => self.release(*room, (who, reason), context),
            Command::Extend { room, session } => self.extend(*room, *session, context).map(Outcome::Place),
            Command::Book(book) => self.book(book, context),
            Command::Reschedule(reschedule) => self.reschedule(reschedule, context),
            Command::Step(step) => self.step(step, context),
            Command::Correct(asked) => self.correct(asked, context),
            Command::RenewLink(asked) => self.renew_link(asked, context),
            Command::DeclineUnanswered(asked) => Ok(self.decline_unanswered(asked, context)),
            Command::Tick(due) => Ok(self.tick(due, context)),
            Command::Review(_) => Ok(self.review(context)),
        }
    }

    fn heartbeat(&mut self, beat: &Heartbeat, context: DecisionContext<'_>) -> Result<Place, Refusal> {
        self.expire_around(beat.room, context);
        let term = self.fixed_term(beat, context)?;
        let here = self.find(beat.room, beat.session).filter(|p| p.wish().is_met_by(&beat.wish())).cloned();
        let id = match here {
            Some(presence) => self.renew(presence, (beat, term), context),
            None => self.join((beat, term), context)?,
        };
        self.place(id, context).ok_or(Refusal::not_found("presence"))
    }

    /// The lease that a heartbeat asks for. The public cannot be away for longer than it could hold.
    fn fixed_term(&self, beat: &Heartbeat, context: DecisionContext<'_>) -> Result<Option<FixedTerm>, Refusal> {
        let Some(lease) = beat.lease else { return Ok(None) };
        let (of_operator, most) = (beat.actor == Actor::Operator, self.whole_term(beat.room, context));
        if lease > most && !of_operator {
            let most = most.num_seconds();
            return Err(Refusal::field(
                "lease_seconds",
                format!("must be at most {most}, as long as this time is held"),
            ));
        }
        Ok(Some(FixedTerm { until: context.now + lease, of_operator }))
    }

    fn renew(
        &mut self,
        mut presence: Presence,
        (beat, term): (&Heartbeat, Option<FixedTerm>),
        context: DecisionContext<'_>,
    ) -> PresenceId {
        match term {
            Some(term) => presence.lease(term),
            None => presence.beat(context.now, context.rules.ttl),
        }
        presence.data = beat.data.clone().or(presence.data);
        let id = presence.id;
        self.put(presence);
        id
    }

    fn join(
        &mut self,
        (beat, lease): (&Heartbeat, Option<FixedTerm>),
        context: DecisionContext<'_>,
    ) -> Result<PresenceId, Refusal> {
        if let Some(loss) = self.tell_of_loss(beat.room, beat.session, context) {
            return Err(Refusal::HoldLost(loss));
        }
        let newcomer = newcomer((self.moving_there(beat, context)?, beat), lease, context);
        let before = self.places_to_give_up(beat);
        // Whoever moves over their own time keeps its term: what they hold still counts as what they held.
        let term = self.term(beat.room, newcomer.party(), context)?;
        self.refuse_over_caps(beat, &before, context)?;
        let own: Vec<Owner> = before.iter().copied().map(Owner::Hold).collect();
        let kept = self.kept_by(newcomer.wish());
        let verdict = self.judge_keeping(newcomer.wish(), (&own, &kept), context.now);
        let verdict = verdict.ok_or(Refusal::not_found("event type"))?;
        if verdict.findings.iter().any(|finding| finding.reason != Reason::Held) {
            return Err(self.refusal(verdict, context.now));
        }
        if !verdict.findings.is_empty() {
            self.refuse_further_waiting(beat, &before, context)?;
        }
        before.iter().for_each(|id| self.depart(*id, Departure::Moved, context));
        self.put(newcomer);
        if verdict.findings.is_empty() {
            self.grant(context.newcomer, &verdict.units, term);
        }
        if !before.is_empty() {
            self.settle(context);
        }
        Ok(context.newcomer)
    }

    /// At most one hold for a session and event type: its other places there are given up when it joins.
    fn places_to_give_up(&self, beat: &Heartbeat) -> Vec<PresenceId> {
        let same = |p: &&Presence| p.session == beat.session && p.room.event_type_id == beat.room.event_type_id;
        self.presences.values().filter(same).map(|p| p.id).collect()
    }

    /// Notes that the session is told that its hold in this room met the deadline, or was released; how it was lost if that is
    /// news.
    fn tell_of_loss(&mut self, room: SlotKey, session: SessionKey, context: DecisionContext<'_>) -> Option<Loss> {
        let pending = |c: &&mut Cooldown| !c.told && c.until > context.now && c.session == session && c.room == room;
        let cooldown = self.cooldowns.iter_mut().find(pending)?;
        cooldown.told = true;
        let (change, released) = (Change::CoolingDown(cooldown.clone()), cooldown.released.clone());
        self.record(change);
        Some(released.map_or(Loss::Ended, Loss::Released))
    }

    fn refuse_over_caps(
        &self,
        beat: &Heartbeat,
        given_up: &[PresenceId],
        context: DecisionContext<'_>,
    ) -> Result<(), Refusal> {
        let stays = |p: &&Presence| !p.is_overdue(context.now) && !given_up.contains(&p.id);
        let count = |counts: &dyn Fn(&Presence) -> bool| {
            u32::try_from(self.presences.values().filter(stays).filter(|p| counts(p)).count()).unwrap_or(u32::MAX)
        };
        let full = |cap: Option<u32>, present: u32| cap.is_some_and(|cap| present >= cap);

        let mine = count(&|p| p.session == beat.session);
        let elsewhere = self.elsewhere_by_session.get(&beat.session).copied().unwrap_or(0);
        if full(context.rules.presences_per_session, mine + elsewhere) {
            return Err(too_many("this session is in as many rooms as it may be; leave one first"));
        }
        if let Some(address) = beat.address {
            let near = count(&|p| p.address == Some(address));
            let elsewhere = self.elsewhere_by_address.get(&address).copied().unwrap_or(0);
            if full(context.rules.presences_per_address, near + elsewhere) {
                return Err(too_many("too many sessions from this address are holding or waiting"));
            }
        }
        if count(&|p| p.room == beat.room) as usize >= limits::SESSIONS_PER_ROOM {
            return Err(too_many("too many sessions are in line for this time"));
        }
        self.refuse_restlessness(beat.party(), context)
    }

    /// A line is for everybody: one address has few places in it.
    fn refuse_further_waiting(
        &self,
        beat: &Heartbeat,
        given_up: &[PresenceId],
        context: DecisionContext<'_>,
    ) -> Result<(), Refusal> {
        let (Some(cap), Some(address)) = (context.rules.waiting_per_address, beat.address) else { return Ok(()) };
        let waits = |p: &&Presence| p.room == beat.room && p.hold.is_none() && p.address == Some(address);
        let stays = |p: &&Presence| !p.is_overdue(context.now) && !given_up.contains(&p.id);
        if self.presences.values().filter(waits).filter(stays).count() >= cap as usize {
            return Err(too_many("too many sessions from this address wait for this time"));
        }
        Ok(())
    }

    fn leave(&mut self, room: SlotKey, session: SessionKey, context: DecisionContext<'_>) -> Outcome {
        if let Some(id) = self.find(room, session).map(|p| p.id) {
            self.depart(id, Departure::Left, context);
            self.settle(context);
        }
        Outcome::Done
    }

    /// An operator takes a time back: whoever it is has to be told before they may come again.
    fn release(
        &mut self,
        room: SlotKey,
        (who, reason): (&Pseudonym, &Prose),
        context: DecisionContext<'_>,
    ) -> Result<Outcome, Refusal> {
        self.expire_around(room, context);
        let found = self.presences.values().find(|p| p.room == room && p.who == *who).map(|p| p.id);
        self.depart(found.ok_or(Refusal::not_found("presence"))?, Departure::Released(reason.clone()), context);
        self.settle(context);
        Ok(Outcome::Done)
    }

    fn extend(&mut self, room: SlotKey, session: SessionKey, context: DecisionContext<'_>) -> Result<Place, Refusal> {
        self.expire_around(room, context);
        let Some(mut presence) = self.find(room, session).cloned() else {
            return Err(Refusal::HoldLost(self.tell_of_loss(room, session, context).unwrap_or(Loss::Ended)));
        };
        let hold = presence.hold.as_mut().ok_or(Refusal::HoldLost(Loss::Ended))?;
        if hold.extended {
            return Err(Refusal::conflict("a hold can be extended once"));
        }
        if context.now < hold.deadline - TimeDelta::minutes(limits::EXTENSION_WINDOW_MINUTES) {
            return Err(Refusal::conflict("a hold can be extended in the last two minutes before its deadline"));
        }
        let more = TimeDelta::minutes(limits::EXTENSION_MINUTES);
        hold.extended = true;
        hold.deadline += more;
        presence.held_by_deadline = presence.held_by_deadline.plus(more);
        presence.beat(context.now, context.rules.ttl);
        let id = presence.id;
        self.put(presence);
        self.place(id, context).ok_or(Refusal::HoldLost(Loss::Ended))
    }

    /// Where this presence stands now.
    fn place(&self, id: PresenceId, context: DecisionContext<'_>) -> Option<Place> {
        let presence = self.presences.get(&id)?;
        let line: Line = self.presences.values().filter(|p| p.room == presence.room).collect();
        let held_until = line.held_until(|id| self.deadline_of(id));
        Some(line.place((presence, held_until), context.rules))
    }

    /// What to tell one who cannot have the slot. Alternatives are looked for by whoever can see more than this working set.
    pub(super) fn refusal(&self, verdict: Verdict, now: DateTime<Utc>) -> Refusal {
        if verdict.is_held() {
            let deadlines = verdict.held_by.iter().filter_map(|id| self.deadline_of(*id));
            Refusal::SlotHeld { held_until: deadlines.max().unwrap_or(now), alternatives: Vec::new() }
        } else if verdict.is_booked() {
            Refusal::SlotBooked { reasons: verdict.findings, alternatives: Vec::new() }
        } else {
            Refusal::slot_unavailable(verdict.findings)
        }
    }
}

fn newcomer((wish, beat): (Wish, &Heartbeat), lease: Option<FixedTerm>, context: DecisionContext<'_>) -> Presence {
    Presence {
        id: context.newcomer,
        room: wish.room,
        session: beat.session,
        who: beat.who.clone(),
        address: beat.address,
        wanted: wish.wanted,
        moving: wish.moving,
        allow: wish.allow,
        data: beat.data.clone(),
        joined_at: context.now,
        expires_at: lease.map_or(context.now + context.rules.ttl, |lease| lease.until),
        fixed_term: lease,
        hold: None,
        kept: Vec::new(),
        held_by_deadline: TimeHeld::default(),
    }
}

fn too_many(detail: &'static str) -> Refusal {
    Refusal::too_many_holds(detail, None)
}
