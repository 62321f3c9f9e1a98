//! The decision: a command meets the calendar, and leaves changes and an answer.

use chrono::{DateTime, TimeDelta, Utc};

use crate::availability::{Owner, Reason, Verdict};
use crate::hold::calendar::{Calendar, Moment};
use crate::hold::change::{Change, Cooldown, Departure};
use crate::hold::command::{Command, Heartbeat, Outcome};
use crate::hold::ending::{Term, is_booked};
use crate::hold::{Place, Presence, Room, SessionKey, Standing};
use crate::id::PresenceId;
use crate::limits;
use crate::refusal::Refusal;

impl Calendar {
    /// Decides one command. A refusal leaves the line as it found it, except that what was overdue has ended.
    pub fn decide(&mut self, command: &Command, moment: Moment<'_>) -> Result<Outcome, Refusal> {
        match command {
            Command::Heartbeat(beat) => self.heartbeat(beat, moment).map(Outcome::Place),
            Command::Leave { room, session } => Ok(self.leave(*room, *session, moment)),
            Command::Extend { room, session } => self.extend(*room, *session, moment).map(Outcome::Place),
            Command::Book(book) => self.book(book, moment),
            Command::Reschedule(reschedule) => self.reschedule(reschedule, moment),
            Command::Step(step) => self.step(step, moment),
            Command::Tick(due) => Ok(self.tick(due, moment)),
            Command::Review(_) => Ok(self.review(moment)),
        }
    }

    fn heartbeat(&mut self, beat: &Heartbeat, moment: Moment<'_>) -> Result<Place, Refusal> {
        self.expire_around(beat.room, moment);
        let here = self.find(beat.room, beat.session).filter(|p| p.wanted == beat.wanted).cloned();
        let id = match here {
            Some(presence) => self.renew(presence, beat, moment),
            None => self.join(beat, moment)?,
        };
        self.place(id, moment).ok_or(Refusal::NotFound { what: "presence" })
    }

    fn renew(&mut self, mut presence: Presence, beat: &Heartbeat, moment: Moment<'_>) -> PresenceId {
        presence.expires_at = moment.now + moment.rules.ttl;
        presence.data = beat.data.clone().or(presence.data);
        let id = presence.id;
        self.put(presence);
        id
    }

    fn join(&mut self, beat: &Heartbeat, moment: Moment<'_>) -> Result<PresenceId, Refusal> {
        self.refuse_while_cooling_down(beat, moment)?;
        let before = self.places_to_give_up(beat);
        self.refuse_over_caps(beat, &before, moment)?;
        let own: Vec<Owner> = before.iter().copied().map(Owner::Hold).collect();
        let verdict = self.judge((beat.room, beat.wanted), &own, moment.now);
        let verdict = verdict.ok_or(Refusal::NotFound { what: "event type" })?;
        if verdict.findings.iter().any(|finding| finding.reason != Reason::Held) {
            return Err(self.refusal(verdict, moment.now));
        }
        let term = self.kept_term(beat, &before).unwrap_or_else(|| self.fresh_term(beat.room, moment));
        before.iter().for_each(|id| self.depart(*id, Departure::Moved));
        self.put(newcomer(beat, moment));
        if verdict.findings.is_empty() {
            self.grant(moment.newcomer, &verdict.units, term);
        }
        if !before.is_empty() {
            self.settle(moment);
        }
        Ok(moment.newcomer)
    }

    /// At most one hold for a session and event type: its other places there are given up when it joins.
    fn places_to_give_up(&self, beat: &Heartbeat) -> Vec<PresenceId> {
        let same = |p: &&Presence| p.session == beat.session && p.room.event_type_id == beat.room.event_type_id;
        self.line.values().filter(same).map(|p| p.id).collect()
    }

    /// Whoever moves over their own time keeps its term: going to and fro does not outlive the deadline.
    fn kept_term(&self, beat: &Heartbeat, before: &[PresenceId]) -> Option<Term> {
        let own = before.iter().filter_map(|id| self.line.get(id)).filter(|p| self.overlap(p.room, beat.room));
        let hold = own.filter_map(|p| p.hold.as_ref()).next()?;
        Some(Term { deadline: hold.deadline, extended: hold.extended })
    }

    fn refuse_while_cooling_down(&mut self, beat: &Heartbeat, moment: Moment<'_>) -> Result<(), Refusal> {
        if self.tell_of_loss(beat.room, beat.session, moment) {
            return Err(Refusal::HoldLost);
        }
        let address = beat.address.filter(|_| moment.rules.presences_per_address.is_some());
        let theirs = |c: &&Cooldown| c.session == beat.session || (address.is_some() && c.address == address);
        let running = self.cooldowns.iter().filter(|c| c.until > moment.now && self.overlap(c.room, beat.room));
        let Some(until) = running.filter(theirs).map(|c| c.until).max() else { return Ok(()) };
        let detail = "a hold on this time has just met its deadline; it can be held again in a minute";
        Err(Refusal::TooManyHolds { detail, retry_after_s: Some(seconds_until(until, moment.now)) })
    }

    /// Notes that the session is told that its hold in this room met the deadline; says whether that is news.
    fn tell_of_loss(&mut self, room: Room, session: SessionKey, moment: Moment<'_>) -> bool {
        let untold = |c: &&mut Cooldown| !c.told && c.until > moment.now && c.session == session && c.room == room;
        let told = self.cooldowns.iter_mut().find(untold).map(|cooldown| {
            cooldown.told = true;
            Change::CoolingDown(cooldown.clone())
        });
        let news = told.is_some();
        told.into_iter().for_each(|change| self.record(change));
        news
    }

    fn refuse_over_caps(&self, beat: &Heartbeat, given_up: &[PresenceId], moment: Moment<'_>) -> Result<(), Refusal> {
        let stays = |p: &&Presence| !p.is_overdue(moment.now) && !given_up.contains(&p.id);
        let count = |counts: &dyn Fn(&Presence) -> bool| {
            u32::try_from(self.line.values().filter(stays).filter(|p| counts(p)).count()).unwrap_or(u32::MAX)
        };
        let full = |cap: Option<u32>, present: u32| cap.is_some_and(|cap| present >= cap);

        let mine = count(&|p| p.session == beat.session);
        let elsewhere = self.elsewhere_by_session.get(&beat.session).copied().unwrap_or(0);
        if full(moment.rules.presences_per_session, mine + elsewhere) {
            return Err(too_many("this session is in as many rooms as it may be; leave one first"));
        }
        if let Some(address) = beat.address {
            let near = count(&|p| p.address == Some(address));
            let elsewhere = self.elsewhere_by_address.get(&address).copied().unwrap_or(0);
            if full(moment.rules.presences_per_address, near + elsewhere) {
                return Err(too_many("too many sessions from this address are holding or waiting"));
            }
        }
        if count(&|p| p.room == beat.room) as usize >= limits::SESSIONS_PER_ROOM {
            return Err(too_many("too many sessions are in line for this time"));
        }
        Ok(())
    }

    fn leave(&mut self, room: Room, session: SessionKey, moment: Moment<'_>) -> Outcome {
        if let Some(id) = self.find(room, session).map(|p| p.id) {
            self.depart(id, Departure::Left);
            self.settle(moment);
        }
        Outcome::Done
    }

    fn extend(&mut self, room: Room, session: SessionKey, moment: Moment<'_>) -> Result<Place, Refusal> {
        self.expire_around(room, moment);
        let Some(mut presence) = self.find(room, session).cloned() else {
            self.tell_of_loss(room, session, moment);
            return Err(Refusal::HoldLost);
        };
        let hold = presence.hold.as_mut().ok_or(Refusal::HoldLost)?;
        if hold.extended {
            return Err(Refusal::Conflict { detail: "a hold can be extended once" });
        }
        if moment.now < hold.deadline - TimeDelta::minutes(limits::EXTENSION_WINDOW_MINUTES) {
            return Err(Refusal::Conflict {
                detail: "a hold can be extended in the last two minutes before its deadline",
            });
        }
        hold.extended = true;
        hold.deadline += TimeDelta::minutes(limits::EXTENSION_MINUTES);
        presence.expires_at = moment.now + moment.rules.ttl;
        let id = presence.id;
        self.put(presence);
        self.place(id, moment).ok_or(Refusal::HoldLost)
    }

    /// Where this presence stands now.
    fn place(&self, id: PresenceId, moment: Moment<'_>) -> Option<Place> {
        let presence = self.line.get(&id)?;
        let waits = |p: &&Presence| p.room == presence.room && p.hold.is_none();
        let waiting = self.line.values().filter(waits).count();
        let ahead = self.line.range(..id).filter(|(_, p)| waits(p)).count();
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Some(Place {
            room: presence.room,
            who: presence.who.clone(),
            standing: match &presence.hold {
                Some(hold) => Standing::Holding(hold.clone()),
                None => Standing::Waiting { position: number(ahead + 1) },
            },
            expires_at: presence.expires_at,
            waiting: number(waiting),
            heartbeat_interval_ms: moment.rules.heartbeat_interval_ms(),
        })
    }

    /// What to tell one who cannot have the slot. Alternatives are looked for by whoever can see more than this calendar.
    pub(super) fn refusal(&self, verdict: Verdict, now: DateTime<Utc>) -> Refusal {
        if verdict.findings.iter().all(|finding| finding.reason == Reason::Held) {
            let deadlines = verdict.held_by.iter().filter_map(|id| Some(self.line.get(id)?.hold.as_ref()?.deadline));
            Refusal::SlotHeld { held_until: deadlines.max().unwrap_or(now), alternatives: Vec::new() }
        } else if is_booked(&verdict) {
            Refusal::SlotBooked { reasons: verdict.findings, alternatives: Vec::new() }
        } else {
            Refusal::SlotUnavailable { reasons: verdict.findings }
        }
    }
}

fn newcomer(beat: &Heartbeat, moment: Moment<'_>) -> Presence {
    Presence {
        id: moment.newcomer,
        room: beat.room,
        session: beat.session,
        who: beat.who.clone(),
        address: beat.address,
        wanted: beat.wanted,
        data: beat.data.clone(),
        joined_at: moment.now,
        expires_at: moment.now + moment.rules.ttl,
        hold: None,
    }
}

fn too_many(detail: &'static str) -> Refusal {
    Refusal::TooManyHolds { detail, retry_after_s: None }
}

fn seconds_until(until: DateTime<Utc>, now: DateTime<Utc>) -> u32 {
    u32::try_from(((until - now).num_milliseconds() + 999) / 1_000).unwrap_or(0)
}
