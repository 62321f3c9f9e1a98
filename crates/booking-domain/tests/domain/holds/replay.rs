//! Replays the changes of one command one by one, as a follower sees them, and asks at each grant whether it was their turn.

use std::collections::{BTreeMap, BTreeSet};

use booking_domain::availability::{Appointment, Claim, Owner};
use booking_domain::booking::Booking;
use booking_domain::hold::Presence;
use booking_domain::hold::change::{Change, Departure};
use booking_domain::hold::working_set::WorkingSet;
use booking_domain::id::{EventTypeId, PresenceId, ResourceId};
use booking_domain::{DateTime, Utc};

use crate::holds::oracle::{Counting, is_free};

/// The state so far, and what is kept aside.
pub(super) struct Replay {
    pub state: WorkingSet,
    now: DateTime<Utc>,
    /// The last token of each event type.
    tokens: BTreeMap<EventTypeId, i64>,
    freed: Vec<(ResourceId, Claim)>,
    /// The resources whose claims changed and whose number did not yet.
    unnumbered: BTreeSet<ResourceId>,
    /// One who moves keeps their old time until they have the new one.
    mover: Option<(Presence, Vec<(ResourceId, Claim)>)>,
}

impl Replay {
    pub(super) fn new(state: WorkingSet, now: DateTime<Utc>) -> Self {
        Self { state, now, tokens: BTreeMap::new(), freed: Vec::new(), unnumbered: BTreeSet::new(), mover: None }
    }

    /// Replays one command's changes.
    pub(super) fn command(&mut self, changes: &[Change], now: DateTime<Utc>) {
        (self.now, self.mover) = (now, None);
        self.freed.clear();
        changes.iter().for_each(|change| self.apply(change));
        assert!(self.unnumbered.is_empty(), "every change of claims is numbered");
    }

    fn apply(&mut self, change: &Change) {
        match change {
            Change::Claimed(resource, claim) => self.claim(*resource, *claim),
            Change::Freed(resource, claim) => {
                let claims = &mut self.state.occupancy.get_mut(resource).unwrap().claims;
                let at = claims.iter().position(|other| other == claim).expect("only what is taken can be freed");
                self.freed.push((*resource, claims.remove(at)));
                self.unnumbered.insert(*resource);
            }
            Change::Numbered(resource, version) => {
                let last = self.state.versions.insert(*resource, *version).unwrap_or(0);
                assert_eq!(*version, last + 1, "a version grows by exactly one for each change");
                assert!(self.unnumbered.remove(resource), "nothing is numbered that did not change");
            }
            Change::Present(presence) => {
                let held = self.state.presences.get(&presence.id).is_some_and(|p| p.hold.is_some());
                if presence.hold.is_some() && !held {
                    self.check_grant(presence);
                }
                self.state.presences.insert(presence.id, presence.clone());
            }
            Change::Departed(presence, why) => self.depart(presence, why),
            Change::Made(booking) | Change::Became(booking) => self.count(booking),
            Change::CoolingDown(_) | Change::Recorded(..) => {}
        }
    }

    fn claim(&mut self, resource: ResourceId, claim: Claim) {
        self.unnumbered.insert(resource);
        let claims = &mut self.state.occupancy.get_mut(&resource).unwrap().claims;
        claims.retain(|other| (other.unit, other.blocked) != (claim.unit, claim.blocked));
        claims.push(claim);
        claims.sort_by_key(|claim| claim.blocked.start());
        crate::holds::oracle::check_no_overlap(&self.state);
    }

    fn depart(&mut self, presence: &Presence, why: &Departure) {
        let was = self.state.presences.remove(&presence.id);
        assert_eq!(was.as_ref(), Some(presence), "who departs was there, like this");
        if *why == Departure::Moved {
            let theirs = |(_, claim): &&(ResourceId, Claim)| claim.owner == Owner::Hold(presence.id);
            self.mover = Some((presence.clone(), self.freed.iter().filter(theirs).copied().collect()));
        }
    }

    fn count(&mut self, booking: &Booking) {
        let owner = Owner::Booking(booking.id);
        let counted = self.state.booked.entry(booking.event_type_id).or_default();
        counted.retain(|appointment| appointment.owner != owner);
        counted.extend(booking.status.occupies().then_some(Appointment::of_booking(booking.id, booking.slot.start())));
    }

    /// I2: whoever is granted a hold finds their whole need free, and nobody who joined earlier did.
    fn check_grant(&mut self, granted: &Presence) {
        let own = Owner::Hold(granted.id);
        let free = is_free(&self.state, granted.room, granted.wanted, Counting::AllBut(own));
        assert!(free, "{} is granted {}, which is not free", granted.who.0, granted.room);
        let seen = self.as_others_see(granted);
        for earlier in self.state.presences.range(..granted.id).map(|(_, p)| p) {
            let waits = earlier.hold.is_none() && !earlier.is_overdue(self.now);
            let passed = waits && is_free(&seen, earlier.room, earlier.wanted, Counting::AllBut(own));
            assert!(
                !passed,
                "{} is granted {} before {} got {}",
                granted.who.0, granted.room, earlier.who.0, earlier.room
            );
        }
        let token = granted.hold.as_ref().map_or(0, |hold| hold.version);
        let last = self.tokens.insert(granted.room.event_type_id, token).unwrap_or(0);
        assert!(token > last, "the token must grow with each grant of an event type: {last}, then {token}");
    }

    /// The state in which one who moves has not let go yet.
    fn as_others_see(&self, granted: &Presence) -> WorkingSet {
        let mut seen = self.state.clone();
        if let Some((mover, claims)) = self.mover.as_ref().filter(|(mover, _)| mover.session == granted.session) {
            for (resource, claim) in claims {
                seen.occupancy.get_mut(resource).unwrap().claims.push(*claim);
            }
            let was = mover.appointment();
            seen.booked.entry(mover.room.event_type_id).or_default().extend(mover.hold.is_some().then_some(was));
        }
        seen
    }

    /// What was replayed is what is there.
    pub(super) fn check_same(&self, working_set: &WorkingSet) {
        let order = |working_set: &WorkingSet| -> Vec<(ResourceId, Vec<Claim>)> {
            let mut all: Vec<_> = working_set.occupancy.iter().map(|(id, units)| (*id, units.claims.clone())).collect();
            all.iter_mut().for_each(|(_, claims)| claims.sort_by_key(|claim| (claim.unit, claim.blocked.start())));
            all
        };
        assert_eq!(order(&self.state), order(working_set), "the changes tell every claim");
        assert_eq!(self.state.presences, working_set.presences, "the changes tell the whole line");
        assert_eq!(self.state.versions, working_set.versions, "the changes tell every version");
    }
}

/// The ids of those whose lateness ended them.
pub(super) fn ended_late(changes: &[Change]) -> Vec<PresenceId> {
    let late = changes.iter().filter_map(|change| match change {
        Change::Departed(presence, Departure::Silent | Departure::Deadline) => Some(presence.id),
        _ => None,
    });
    late.collect()
}
