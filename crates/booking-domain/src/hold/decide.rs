//! The decision: a command meets the working set, and leaves changes and an answer.

use chrono::{DateTime, TimeDelta, Utc};

use crate::availability::{Owner, Verdict};
use crate::finding::Reason;
use crate::hold::change::{Change, Cooldown, Departure};
use crate::hold::command::{Command, Heartbeat, Outcome};
use crate::hold::line::Line;
use crate::hold::term::Party;
use crate::hold::time_held::TimeHeld;
use crate::hold::working_set::{DecisionContext, WorkingSet};
use crate::hold::{Place, Presence, SessionKey, SlotKey};
use crate::id::PresenceId;
use crate::limits;
use crate::refusal::Refusal;

impl WorkingSet {
    /// Decides one command. A refusal leaves the line as it found it, except that what was overdue has ended.
    pub fn decide(&mut self, command: &Command, context: DecisionContext<'_>) -> Result<Outcome, Refusal> {
        match command {
            Command::Heartbeat(beat) => self.heartbeat(beat, context).map(Outcome::Place),
            Command::Leave { room, session } => Ok(self.leave(*room, *session, context)),
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
        let here = self.find(beat.room, beat.session).filter(|p| p.wanted == beat.wanted).cloned();
        let id = match here {
            Some(presence) => self.renew(presence, beat, context),
            None => self.join(beat, context)?,
        };
        self.place(id, context).ok_or(Refusal::not_found("presence"))
    }

    fn renew(&mut self, mut presence: Presence, beat: &Heartbeat, context: DecisionContext<'_>) -> PresenceId {
        presence.expires_at = context.now + context.rules.ttl;
        presence.data = beat.data.clone().or(presence.data);
        let id = presence.id;
        self.put(presence);
        id
    }

    fn join(&mut self, beat: &Heartbeat, context: DecisionContext<'_>) -> Result<PresenceId, Refusal> {
        if self.tell_of_loss(beat.room, beat.session, context) {
            return Err(Refusal::HoldLost);
        }
        let before = self.places_to_give_up(beat);
        // Whoever moves over their own time keeps its term: what they hold still counts as what they held.
        let term = self.term(beat.room, Party { session: beat.session, address: beat.address }, context)?;
        self.refuse_over_caps(beat, &before, context)?;
        let own: Vec<Owner> = before.iter().copied().map(Owner::Hold).collect();
        let verdict = self.judge((beat.room, beat.wanted), &own, context.now);
        let verdict = verdict.ok_or(Refusal::not_found("event type"))?;
        if verdict.findings.iter().any(|finding| finding.reason != Reason::Held) {
            return Err(self.refusal(verdict, context.now));
        }
        if !verdict.findings.is_empty() {
            self.refuse_further_waiting(beat, &before, context)?;
        }
        before.iter().for_each(|id| self.depart(*id, Departure::Moved, context));
        self.put(newcomer(beat, context));
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

    /// Notes that the session is told that its hold in this room met the deadline; says whether that is news.
    fn tell_of_loss(&mut self, room: SlotKey, session: SessionKey, context: DecisionContext<'_>) -> bool {
        let pending = |c: &&mut Cooldown| !c.told && c.until > context.now && c.session == session && c.room == room;
        let told = self.cooldowns.iter_mut().find(pending).map(|cooldown| {
            cooldown.told = true;
            Change::CoolingDown(cooldown.clone())
        });
        let news = told.is_some();
        told.into_iter().for_each(|change| self.record(change));
        news
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
        self.refuse_restlessness(Party { session: beat.session, address: beat.address }, context)
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

    fn extend(&mut self, room: SlotKey, session: SessionKey, context: DecisionContext<'_>) -> Result<Place, Refusal> {
        self.expire_around(room, context);
        let Some(mut presence) = self.find(room, session).cloned() else {
            self.tell_of_loss(room, session, context);
            return Err(Refusal::HoldLost);
        };
        let hold = presence.hold.as_mut().ok_or(Refusal::HoldLost)?;
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
        presence.expires_at = context.now + context.rules.ttl;
        let id = presence.id;
        self.put(presence);
        self.place(id, context).ok_or(Refusal::HoldLost)
    }

    /// Where this presence stands now.
    fn place(&self, id: PresenceId, context: DecisionContext<'_>) -> Option<Place> {
        let presence = self.presences.get(&id)?;
        let line: Line = self.presences.values().filter(|p| p.room == presence.room).collect();
        Some(line.place(presence, context.rules))
    }

    /// What to tell one who cannot have the slot. Alternatives are looked for by whoever can see more than this working set.
    pub(super) fn refusal(&self, verdict: Verdict, now: DateTime<Utc>) -> Refusal {
        if verdict.is_held() {
            let deadlines = verdict.held_by.iter().filter_map(|id| self.deadline_of(*id));
            Refusal::SlotHeld { held_until: deadlines.max().unwrap_or(now), alternatives: Vec::new() }
        } else if verdict.is_booked() {
            Refusal::SlotBooked { reasons: verdict.findings, alternatives: Vec::new() }
        } else {
            Refusal::SlotUnavailable { reasons: verdict.findings }
        }
    }
}

fn newcomer(beat: &Heartbeat, context: DecisionContext<'_>) -> Presence {
    Presence {
        id: context.newcomer,
        room: beat.room,
        session: beat.session,
        who: beat.who.clone(),
        address: beat.address,
        wanted: beat.wanted,
        data: beat.data.clone(),
        joined_at: context.now,
        expires_at: context.now + context.rules.ttl,
        hold: None,
        held_by_deadline: TimeHeld::default(),
    }
}

fn too_many(detail: &'static str) -> Refusal {
    Refusal::too_many_holds(detail, None)
}
