//! The working set of the resources that a batch of commands concerns: who holds, who waits, what is booked; and every change made to it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::address::AddressKey;
use crate::availability::{Appointment, Claim, Conditions, Occupancy, Offer, Owner, Scene, UnitRef, Units, Verdict};
use crate::booking::Booking;
use crate::booking::tally::Tallies;
use crate::hold::change::{Before, Change, Cooldown};
use crate::hold::wish::Wish;
use crate::hold::{HoldRules, Presence, SessionKey, SlotKey};
use crate::id::{BookingId, EventTypeId, PresenceId, ResourceId};
use crate::interval::Interval;
use crate::text::Name;

/// All that decisions about a set of resources are made from. Whoever loads it brings everything that overlaps the commands'
/// rooms, what overlaps that, and what those who wait there need.
#[derive(Clone, Debug, Default)]
pub struct WorkingSet {
    /// The event types that need any of the resources.
    pub offers: BTreeMap<EventTypeId, Arc<Offer>>,
    /// The resources, with the claims on them.
    pub occupancy: Occupancy,
    /// What people call the resources.
    pub names: BTreeMap<ResourceId, Name>,
    /// The number of the last change of each resource's claims.
    pub versions: BTreeMap<ResourceId, i64>,
    /// Who is in the rooms, in the order of joining.
    pub presences: BTreeMap<PresenceId, Presence>,
    /// What counts towards limits: pending and confirmed bookings, by event type. Holds are counted from the line.
    pub booked: BTreeMap<EventTypeId, Vec<Appointment>>,
    /// Holds that ended lately, of the sessions and addresses that may be granted one now.
    pub cooldowns: Vec<Cooldown>,
    /// What those who book have booked already.
    pub tallies: Tallies,
    /// The bookings that commands name.
    pub bookings: BTreeMap<BookingId, Booking>,
    /// Presences of these sessions in rooms that are not loaded.
    pub elsewhere_by_session: BTreeMap<SessionKey, u32>,
    /// Presences of these addresses in rooms that are not loaded.
    pub elsewhere_by_address: BTreeMap<AddressKey, u32>,
    /// The deadlines of holds on the resources whose holders are in no line here.
    pub deadlines_elsewhere: BTreeMap<PresenceId, DateTime<Utc>>,
    changes: Vec<Change>,
}

impl WorkingSet {
    /// What the store holds of the things in this working set; taken before the first command.
    pub fn before(&self) -> Before {
        let claims = self.occupancy.iter().flat_map(|(resource, units)| {
            units.claims.iter().map(|claim| ((*resource, claim.unit, claim.blocked.start()), *claim))
        });
        Before { claims: claims.collect(), presences: self.presences.keys().copied().collect() }
    }

    /// Puts those in line in their places. Of the others that sessions named in the batch have elsewhere, only the number is known:
    /// `theirs` are the presences of these sessions, wherever they are.
    pub fn line_up(&mut self, line: Vec<Presence>, theirs: &[Presence]) {
        self.presences = line.into_iter().map(|presence| (presence.id, presence)).collect();
        for presence in theirs.iter().filter(|p| !self.presences.contains_key(&p.id)) {
            *self.elsewhere_by_session.entry(presence.session).or_default() += 1;
        }
    }

    /// Counts those of an address's presences that are in no line here.
    pub fn count_elsewhere(&mut self, address: AddressKey, presences: &[PresenceId]) {
        let elsewhere = presences.iter().filter(|id| !self.presences.contains_key(id)).count();
        self.elsewhere_by_address.insert(address, u32::try_from(elsewhere).unwrap_or(u32::MAX));
    }

    /// Counts towards limits what is booked, and those holds among `holders` that are in no line here.
    pub fn count_towards_limits(&mut self, booked: Vec<(EventTypeId, Appointment)>, holders: Vec<Presence>) {
        let far = holders.into_iter().filter(|p| p.hold.is_some() && !self.presences.contains_key(&p.id));
        let held = far.map(|p| (p.room.event_type_id, p.appointment()));
        for (event_type, appointment) in booked.into_iter().chain(held.collect::<Vec<_>>()) {
            self.booked.entry(event_type).or_default().push(appointment);
        }
    }

    /// Those who hold any of the resources, and are in no line here: their event types have stopped to need what they took.
    pub fn holders_elsewhere(&self) -> BTreeSet<PresenceId> {
        let owners = self.occupancy.values().flat_map(|units| &units.claims).map(|claim| claim.owner);
        let holders = owners.filter_map(|owner| match owner {
            Owner::Hold(id) => Some(id),
            Owner::Booking(_) => None,
        });
        holders.filter(|id| !self.presences.contains_key(id)).collect()
    }

    /// The deadline of this presence's hold.
    pub(super) fn deadline_of(&self, id: PresenceId) -> Option<DateTime<Utc>> {
        let here = self.presences.get(&id).and_then(|presence| presence.hold.as_ref()).map(|hold| hold.deadline);
        here.or_else(|| self.deadlines_elsewhere.get(&id).copied())
    }

    /// The changes since they were last taken, in the order in which they were made.
    pub fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changes)
    }

    pub(super) fn record(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// The verdict on a wish; what is of `own`, and of the booking that moves, is not in the way.
    pub(super) fn judge(&self, wish: Wish, own: &[Owner], now: DateTime<Utc>) -> Option<Verdict> {
        self.judge_keeping(wish, (own, &[]), now)
    }

    /// The same, where of several choices the one is made that takes the most of `kept`.
    pub(super) fn judge_keeping(
        &self,
        wish: Wish,
        (own, kept): (&[Owner], &[ResourceId]),
        now: DateTime<Utc>,
    ) -> Option<Verdict> {
        let offer = self.offers.get(&wish.room.event_type_id)?;
        let appointments = self.appointments(offer);
        let scene = Scene { offer, occupancy: &self.occupancy, appointments: &appointments, now };
        let own: Vec<Owner> = own.iter().copied().chain(wish.moved()).collect();
        Some(scene.judge(wish.room.slot, Conditions { wanted: wish.wanted, own: &own, kept, allow: wish.allow }))
    }

    fn appointments(&self, offer: &Offer) -> Vec<Appointment> {
        if offer.spec.limits.is_empty() {
            return Vec::new();
        }
        let booked = self.booked.get(&offer.event_type_id).into_iter().flatten().copied();
        let held = self.presences.values().filter(|p| p.hold.is_some() && p.room.event_type_id == offer.event_type_id);
        booked.chain(held.map(Presence::appointment)).collect()
    }

    /// The session's presence in this room.
    pub(super) fn find(&self, room: SlotKey, session: SessionKey) -> Option<&Presence> {
        self.presences.values().find(|p| p.room == room && p.session == session)
    }

    /// Whether the two rooms may want the same unit, or count towards the same limit.
    pub(super) fn compete(&self, one: SlotKey, other: SlotKey) -> bool {
        // A slot counts where it starts, even if it ends on the next day.
        let start = |room: SlotKey| Interval::lasting(room.slot.start(), 1).ok();
        let shared = |offer: &Arc<Offer>| {
            let period = start(one).and_then(|start| offer.limit_window(start));
            period.zip(start(other)).is_some_and(|(period, start)| period.contains(start))
        };
        let same = one.event_type_id == other.event_type_id;
        (same && self.offers.get(&one.event_type_id).is_some_and(shared)) || self.overlap(one, other)
    }

    /// Whether the two rooms may want the same unit at the same time.
    pub(super) fn overlap(&self, one: SlotKey, other: SlotKey) -> bool {
        let (Some(a), Some(b)) = (self.offers.get(&one.event_type_id), self.offers.get(&other.event_type_id)) else {
            return false;
        };
        blocked(a, one).overlaps(blocked(b, other)) && share_a_resource(a, b)
    }

    /// Inserts or replaces a presence.
    pub(super) fn put(&mut self, presence: Presence) {
        self.record(Change::Present(presence.clone()));
        self.presences.insert(presence.id, presence);
    }

    /// Takes these units for the room's slot.
    pub(super) fn take(&mut self, room: SlotKey, units: &[UnitRef], owner: Owner) {
        let Some(offer) = self.offers.get(&room.event_type_id) else { return };
        let blocked = blocked(offer, room);
        for UnitRef { resource_id, unit } in units.iter().copied() {
            self.insert_claim(resource_id, Claim { unit, slot: room.slot, blocked, owner });
        }
        self.number(units.iter().map(|unit| unit.resource_id).collect());
    }

    /// Takes of these units what the booking that moves does not have already, so that letting go leaves it as it was; gives those
    /// of which it has all.
    ///
    /// An example: a booking from ten to eleven shall move to half past ten. Of its unit the hold takes eleven to half past eleven.
    pub(super) fn take_beside(
        &mut self,
        room: SlotKey,
        units: &[UnitRef],
        (owner, moved): (Owner, Owner),
    ) -> Vec<UnitRef> {
        let Some(offer) = self.offers.get(&room.event_type_id) else { return Vec::new() };
        let blocked = blocked(offer, room);
        let mut kept = Vec::new();
        for unit in units.iter().copied() {
            let has = self.occupancy.get(&unit.resource_id).into_iter().flat_map(|units| &units.claims);
            let has = has.filter(|claim| claim.owner == moved && claim.unit == unit.unit).map(|claim| claim.blocked);
            let rest = blocked.without(&has.collect::<Vec<_>>());
            if rest.is_empty() {
                kept.push(unit);
            }
            for blocked in rest {
                // What lies in the buffers alone has nothing of the slot.
                let slot = room.slot.intersection(blocked).unwrap_or(blocked);
                self.insert_claim(unit.resource_id, Claim { unit: unit.unit, slot, blocked, owner });
            }
        }
        self.number(units.iter().map(|unit| unit.resource_id).collect());
        kept
    }

    /// The units that this presence holds, those of the booking that moves included, each once and in order.
    pub(super) fn units_of(&self, presence: &Presence) -> Vec<UnitRef> {
        let claims = self.occupancy.iter().flat_map(|(id, units)| units.claims.iter().map(move |claim| (*id, claim)));
        let claimed = claims.filter(|(_, claim)| claim.owner == Owner::Hold(presence.id));
        let claimed = claimed.map(|(resource_id, claim)| UnitRef { resource_id, unit: claim.unit });
        claimed.chain(presence.kept.iter().copied()).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The fencing token of a grant in this room that was just made. One resource's version would not do: where an event type
    /// chooses among several, the next grant may take one that has changed less often. The sum over all of them only grows.
    pub(super) fn token(&self, room: SlotKey) -> i64 {
        let ids = self.offers.get(&room.event_type_id).map(|offer| offer.spec.resource_ids()).unwrap_or_default();
        ids.iter().filter_map(|id| self.versions.get(id)).sum()
    }

    /// Frees all that this owner takes.
    pub(super) fn free(&mut self, owner: Owner) {
        let mut touched = BTreeSet::new();
        for (resource, units) in &mut self.occupancy {
            for claim in units.claims.extract_if(.., |claim| claim.owner == owner) {
                self.changes.push(Change::Freed(*resource, claim));
                touched.insert(*resource);
            }
        }
        self.number(touched);
    }

    /// Gives all that one owner takes to another; at no moment is it free.
    pub(super) fn hand_over(&mut self, from: Owner, to: Owner) {
        let mut touched = BTreeSet::new();
        for (resource, units) in &mut self.occupancy {
            for claim in units.claims.iter_mut().filter(|claim| claim.owner == from) {
                claim.owner = to;
                self.changes.push(Change::Claimed(*resource, *claim));
                touched.insert(*resource);
            }
        }
        self.number(touched);
    }

    /// The resources that this owner takes, once for each unit, in id order.
    pub(super) fn units_by(&self, owner: Owner) -> Vec<ResourceId> {
        let count = |units: &Units| units.claims.iter().filter(|claim| claim.owner == owner).count();
        self.occupancy.iter().flat_map(|(id, units)| std::iter::repeat_n(*id, count(units))).collect()
    }

    /// The resources that this owner takes, in id order.
    pub(super) fn taken_by(&self, owner: Owner) -> Vec<ResourceId> {
        let takes = |claims: &[Claim]| claims.iter().any(|claim| claim.owner == owner);
        self.occupancy.iter().filter(|(_, units)| takes(&units.claims)).map(|(id, _)| *id).collect()
    }

    fn insert_claim(&mut self, resource: ResourceId, claim: Claim) {
        if let Some(units) = self.occupancy.get_mut(&resource) {
            let at = units.claims.partition_point(|other| other.blocked.start() <= claim.blocked.start());
            units.claims.insert(at, claim);
            self.changes.push(Change::Claimed(resource, claim));
        }
    }

    fn number(&mut self, resources: BTreeSet<ResourceId>) {
        for resource in resources {
            let version = self.versions.entry(resource).or_default();
            *version += 1;
            self.changes.push(Change::Numbered(resource, *version));
        }
    }
}

fn share_a_resource(one: &Offer, other: &Offer) -> bool {
    one.event_type_id == other.event_type_id || {
        let theirs = other.spec.resource_ids();
        one.spec.resource_ids().iter().any(|id| theirs.binary_search(id).is_ok())
    }
}

/// The room's slot with the event type's buffers.
pub fn blocked(offer: &Offer, room: SlotKey) -> Interval {
    room.slot.widened(offer.spec.buffer_before_minutes, offer.spec.buffer_after_minutes)
}

/// The settings, the time and the fresh id of one decision.
#[derive(Clone, Copy, Debug)]
pub struct DecisionContext<'a> {
    /// The settings.
    pub rules: &'a HoldRules,
    /// The current time.
    pub now: DateTime<Utc>,
    /// The id of whoever joins now: greater than every one before, since ids are the order of the line.
    pub newcomer: PresenceId,
}
