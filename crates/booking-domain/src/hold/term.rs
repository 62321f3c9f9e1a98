//! How long times are held: a term is one, however often it is begun.
//!
//! When a hold ends without becoming a booking (its session leaves, goes to another time, falls silent, or meets the deadline),
//! how long it lasted is remembered for [`limits::COOLDOWN_S`] after its end. Whoever holds an overlapping time again within that
//! time has what is left of the term, and an extension that was used stays used. Who has nothing left is refused, and sent away
//! when their turn comes in a line. After a minute without a hold all is forgotten.
//!
//! For another session of the same address it counts likewise once it comes to half a term, so that a neighbour who merely looked
//! takes nothing from the next person, while an address that hands a time from session to session keeps it for no more than one
//! and a half terms and an extension. A session that holds again carries on what was remembered, so that sums add up.
//!
//! An example with a term of ten minutes: Ann holds ten o'clock for four minutes, leaves, and is back after half a minute. She has
//! six minutes left. She leaves again after five. Bob, who waits behind the same address, may have it for one minute, since nine
//! are gone. Had Ann left for good after her first four minutes, Bob would have ten; and after his ten nobody at that address
//! could hold an overlapping time for a minute.

use chrono::{DateTime, TimeDelta, Utc};

use crate::address::AddressKey;
use crate::hold::change::{Cooldown, Departure};
use crate::hold::command::Heartbeat;
use crate::hold::time_held::TimeHeld;
use crate::hold::working_set::{DecisionContext, WorkingSet};
use crate::hold::{Presence, SessionKey, SlotKey};
use crate::limits;
use crate::refusal::Refusal;

/// How long a hold may last.
#[derive(Clone, Copy, Debug)]
pub(super) struct Term {
    pub(super) deadline: DateTime<Utc>,
    pub(super) extended: bool,
    /// How long overlapping times will have been held when the deadline comes.
    pub(super) by_deadline: TimeHeld,
}

/// Whose time is counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Party {
    pub(super) session: SessionKey,
    /// Where it comes from, when caps count it.
    pub(super) address: Option<AddressKey>,
    /// Until when an operator lets it be away: it may hold until then.
    pub(super) away_until: Option<DateTime<Utc>>,
}

/// An earlier hold of a party, as far as it counts for it.
struct Earlier {
    held: TimeHeld,
    extended: bool,
    until: DateTime<Utc>,
}

impl Heartbeat {
    pub(super) const fn party(&self) -> Party {
        Party { session: self.session, address: self.address, away_until: None }
    }
}

impl Presence {
    pub(super) fn party(&self) -> Party {
        let of_operator = self.fixed_term.filter(|term| term.of_operator);
        Party { session: self.session, address: self.address, away_until: of_operator.map(|term| term.until) }
    }

    /// How long it, and others of its address before it, have held overlapping times; nothing while it waits.
    pub(super) fn time_held(&self, now: DateTime<Utc>) -> TimeHeld {
        let Some(hold) = &self.hold else { return TimeHeld::default() };
        self.held_by_deadline.plus(self.ends_at().min(now) - hold.deadline).floored()
    }
}

impl Presence {
    /// What is remembered of it when it ends now, or has ended by itself, without becoming a booking: how long its hold lasted, and
    /// whether its session has yet to be told.
    pub(super) fn remembered(&self, why: &Departure, now: DateTime<Utc>) -> Option<Cooldown> {
        let released = if let Departure::Released(reason) = why { Some(reason.clone()) } else { None };
        let told = released.is_none() && *why != Departure::Deadline;
        // Who has to be told is told however late anybody looks.
        let ended_at = if told { self.ends_at().min(now) } else { now };
        let cooldown = Cooldown {
            presence_id: self.id,
            room: self.room,
            session: self.session,
            address: self.address,
            held: self.time_held(now),
            extended: self.hold.as_ref().is_some_and(|hold| hold.extended),
            until: ended_at + TimeDelta::seconds(limits::COOLDOWN_S),
            told,
            released,
        };
        let counts = cooldown.held != TimeHeld::default() || cooldown.released.is_some();
        Some(cooldown).filter(|cooldown| counts && cooldown.until > now)
    }
}

impl WorkingSet {
    /// The term of a hold that this party is granted in this room now.
    pub(super) fn term(&self, room: SlotKey, party: Party, context: DecisionContext<'_>) -> Result<Term, Refusal> {
        let away = party.away_until.map_or(TimeDelta::zero(), |until| until - context.now);
        let whole = self.whole_term(room, context).max(away);
        let (mut left, mut extended, mut held) = (whole, false, TimeHeld::default());
        let mut until = context.now + TimeDelta::seconds(limits::COOLDOWN_S);
        for earlier in self.earlier(room, party, context) {
            let by_address = Some(earlier.held.by_address).filter(|held| *held * 2 >= whole).unwrap_or_default();
            let used = earlier.held.by_session.max(by_address);
            let more = if earlier.extended { TimeDelta::minutes(limits::EXTENSION_MINUTES) } else { TimeDelta::zero() };
            if whole + more - used <= TimeDelta::zero() {
                until = until.max(earlier.until);
            }
            left = left.min(whole + more - used);
            extended |= earlier.extended && used > TimeDelta::zero();
            held = held.max(earlier.held);
        }
        if left <= TimeDelta::zero() {
            return Err(nothing_left(until - context.now));
        }
        Ok(Term { deadline: context.now + left, extended, by_deadline: held.plus(left) })
    }

    /// The term of whoever has held nothing.
    pub(super) fn whole_term(&self, room: SlotKey, context: DecisionContext<'_>) -> TimeDelta {
        let own = self.offers.get(&room.event_type_id).and_then(|offer| offer.spec.hold_deadline_minutes);
        own.map_or(context.rules.deadline, |minutes| TimeDelta::minutes(i64::from(minutes)))
    }

    /// What this party has held of overlapping times: what ended lately, and what its session has still.
    fn earlier(&self, room: SlotKey, party: Party, context: DecisionContext<'_>) -> impl Iterator<Item = Earlier> {
        let address = party.address.filter(|_| context.rules.presences_per_address.is_some());
        let counts = move |held: TimeHeld, (session, from): (SessionKey, Option<AddressKey>)| TimeHeld {
            by_session: if session == party.session { held.by_session } else { TimeDelta::zero() },
            by_address: if address.is_some() && from == address { held.by_address } else { TimeDelta::zero() },
        };
        let ended = self.cooldowns.iter().filter(move |c| c.until > context.now && self.overlap(c.room, room));
        let ended = ended.map(move |c| Earlier {
            held: counts(c.held, (c.session, c.address)),
            extended: c.extended,
            until: c.until,
        });
        let has = self.presences.values().filter(move |p| p.session == party.session && self.overlap(p.room, room));
        let has = has.filter_map(move |p| {
            let held = counts(p.time_held(context.now), (p.session, p.address));
            Some(Earlier { held, extended: p.hold.as_ref()?.extended, until: context.now })
        });
        ended.chain(has).filter(|earlier| earlier.held != TimeHeld::default())
    }

    /// What is remembered has to be read with every hold of the party, so it is bounded.
    pub(super) fn refuse_restlessness(&self, party: Party, context: DecisionContext<'_>) -> Result<(), Refusal> {
        let address = party.address.filter(|_| context.rules.presences_per_address.is_some());
        let ended = |theirs: &dyn Fn(&Cooldown) -> bool| {
            self.cooldowns.iter().filter(|c| c.until > context.now && theirs(c)).count()
        };
        let of_session = ended(&|c| c.session == party.session);
        let of_address = address.map_or(0, |address| ended(&|c| c.address == Some(address)));
        if of_session < limits::ENDED_HOLDS_PER_SESSION && of_address < limits::ENDED_HOLDS_PER_ADDRESS {
            return Ok(());
        }
        let detail = "too many times were held and let go of within a minute";
        Err(Refusal::too_many_holds(detail, u32::try_from(limits::COOLDOWN_S).ok()))
    }
}

/// What somebody is told who has held a time for as long as one may, and can hold it again after this pause.
pub fn nothing_left(pause: TimeDelta) -> Refusal {
    let seconds = (pause.num_milliseconds() + 999) / 1_000;
    let detail = "this time was held for as long as it may be; it can be held again in a minute";
    Refusal::too_many_holds(detail, Some(u32::try_from(seconds).unwrap_or(0)))
}
