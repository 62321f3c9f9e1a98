//! A naive judge: it counts on its fingers what the engine computes, and knows none of the engine's shortcuts.

use std::collections::{BTreeMap, BTreeSet};

use booking_domain::availability::{Claim, Offer, Owner};
use booking_domain::event_type::Requirement;
use booking_domain::hold::SlotKey;
use booking_domain::hold::working_set::WorkingSet;
use booking_domain::id::ResourceId;
use booking_domain::interval::Interval;

/// Which claims count as taken.
#[derive(Clone, Copy)]
pub(super) enum Counting {
    /// All of them.
    All,
    /// All but those of one owner.
    AllBut(Owner),
    /// Only those of bookings.
    Bookings,
}

impl Counting {
    fn counts(self, owner: Owner) -> bool {
        match self {
            Self::All => true,
            Self::AllBut(own) => owner != own,
            Self::Bookings => matches!(owner, Owner::Booking(_)),
        }
    }
}

/// The room's slot with the event type's buffers.
pub(super) fn blocked(offer: &Offer, room: SlotKey) -> Interval {
    room.slot.widened(offer.spec.buffer_before_minutes, offer.spec.buffer_after_minutes)
}

/// Whether the whole need of a room is free, of units and of the day's limit.
pub(super) fn is_free(working_set: &WorkingSet, room: SlotKey, wanted: Option<ResourceId>, counting: Counting) -> bool {
    let Some(offer) = working_set.offers.get(&room.event_type_id) else { return false };
    let mut free = BTreeMap::new();
    for (id, units) in &working_set.occupancy {
        let taken = |unit: u32| {
            let mut claims = units.claims.iter().filter(|c| counting.counts(c.owner) && c.unit == unit);
            claims.any(|claim| claim.blocked.overlaps(blocked(offer, room)))
        };
        free.insert(*id, (1..=units.capacity).filter(|unit| !taken(*unit)).count());
    }
    within_limit(working_set, offer, room, counting) && can_meet(&offer.spec.requirements, &free, wanted)
}

/// How many appointments the room's day has, and whether one more is allowed.
fn within_limit(working_set: &WorkingSet, offer: &Offer, room: SlotKey, counting: Counting) -> bool {
    let Some(limit) = offer.spec.limits.per_day else { return true };
    appointments(working_set, room, counting) < limit as usize
}

/// How many appointments the room's event type has on the room's day.
pub(super) fn appointments(working_set: &WorkingSet, room: SlotKey, counting: Counting) -> usize {
    let booked = working_set.booked.get(&room.event_type_id).into_iter().flatten();
    let booked = booked.filter(|a| counting.counts(a.owner)).map(|a| a.start.date_naive());
    let same =
        working_set.presences.values().filter(|p| p.room.event_type_id == room.event_type_id && p.hold.is_some());
    let held = same.filter(|p| counting.counts(Owner::Hold(p.id))).map(|p| p.room.slot.start().date_naive());
    booked.chain(held).filter(|day| *day == room.slot.start().date_naive()).count()
}

/// Tries every choice: each requirement takes `count` distinct resources, and `wanted` must be among all of them.
fn can_meet(needs: &[Requirement], free: &BTreeMap<ResourceId, usize>, wanted: Option<ResourceId>) -> bool {
    let Some((need, rest)) = needs.split_first() else { return wanted.is_none() };
    choices(&need.resource_ids, need.count as usize).iter().any(|chosen| {
        let mut left = free.clone();
        let all_free =
            chosen.iter().all(|id| left.get_mut(id).and_then(|n| n.checked_sub(1).map(|less| *n = less)).is_some());
        all_free && can_meet(rest, &left, wanted.filter(|id| !chosen.contains(id)))
    })
}

/// Every way to choose `count` of these.
fn choices(ids: &[ResourceId], count: usize) -> Vec<Vec<ResourceId>> {
    match (count, ids.split_first()) {
        (0, _) => vec![Vec::new()],
        (_, None) => Vec::new(),
        (_, Some((first, rest))) => {
            let with = choices(rest, count - 1).into_iter().map(|mut chosen| {
                chosen.push(*first);
                chosen
            });
            with.chain(choices(rest, count)).collect()
        }
    }
}

/// I1: no unit is taken twice, and none beyond what there is.
pub(super) fn check_no_overlap(working_set: &WorkingSet) {
    for (id, units) in &working_set.occupancy {
        for (at, claim) in units.claims.iter().enumerate() {
            assert!((1..=units.capacity).contains(&claim.unit), "unit {} of {id} does not exist", claim.unit);
            for other in &units.claims[at + 1..] {
                let overlap = claim.unit == other.unit && claim.blocked.overlaps(other.blocked);
                assert!(!overlap, "two claims on unit {} of {id}: {claim:?} and {other:?}", claim.unit);
            }
        }
        assert!(units.claims.is_sorted_by_key(|claim| claim.blocked.start()), "the claims of {id} are out of order");
    }
}

/// I3: every hold and booking has exactly the units that its requirements ask for, and nobody else has any.
pub(super) fn check_whole_needs(working_set: &WorkingSet) {
    let mut owners = BTreeSet::new();
    for presence in working_set.presences.values() {
        let claims = claims_of(working_set, Owner::Hold(presence.id));
        match &presence.hold {
            Some(hold) => {
                check_serves(working_set, presence.room, presence.wanted, &claims);
                let resources: BTreeSet<_> = claims.iter().map(|(id, _)| *id).collect();
                assert!(hold.resource_ids.iter().eq(&resources), "a hold names other resources than it has");
            }
            None => assert!(claims.is_empty(), "one who waits keeps {claims:?}"),
        }
        owners.insert(Owner::Hold(presence.id));
    }
    for booking in working_set.bookings.values() {
        let claims = claims_of(working_set, Owner::Booking(booking.id));
        if booking.status.occupies() {
            check_serves(working_set, booking.slot_key(), booking.wanted, &claims);
            let resources: BTreeSet<_> = claims.iter().map(|(id, _)| *id).collect();
            assert!(booking.resources.iter().map(|r| &r.id).eq(&resources), "a booking names other resources");
        } else {
            assert!(claims.is_empty(), "an ended booking keeps {claims:?}");
        }
        owners.insert(Owner::Booking(booking.id));
    }
    let claims = working_set.occupancy.values().flat_map(|units| &units.claims);
    claims.for_each(|claim| assert!(owners.contains(&claim.owner), "nobody owns {claim:?}"));
}

fn check_serves(working_set: &WorkingSet, room: SlotKey, wanted: Option<ResourceId>, claims: &[(ResourceId, Claim)]) {
    let offer = &working_set.offers[&room.event_type_id];
    let mut units = BTreeMap::new();
    claims.iter().for_each(|(id, _)| *units.entry(*id).or_default() += 1);
    let asked: u32 = offer.spec.requirements.iter().map(|need| need.count).sum();
    assert_eq!(claims.len(), asked as usize, "{room} has as many units as it asks for");
    assert!(can_meet(&offer.spec.requirements, &units, wanted), "{room} does not get what it asks for by {claims:?}");
    let fits = |claim: &Claim| claim.slot == room.slot && claim.blocked == blocked(offer, room);
    assert!(claims.iter().all(|(_, claim)| fits(claim)), "a claim of {room} has another time: {claims:?}");
}

/// All that one owner takes.
pub(super) fn claims_of(working_set: &WorkingSet, owner: Owner) -> Vec<(ResourceId, Claim)> {
    let each = working_set.occupancy.iter().flat_map(|(id, units)| units.claims.iter().map(move |claim| (*id, *claim)));
    each.filter(|(_, claim)| claim.owner == owner).collect()
}

/// Rule 9: no day has more holds and bookings than it may have.
pub(super) fn check_limits(working_set: &WorkingSet) {
    for (id, offer) in &working_set.offers {
        let booked = working_set
            .bookings
            .values()
            .filter(|b| b.status.occupies())
            .map(booking_domain::booking::Booking::slot_key);
        let held = working_set.presences.values().filter(|p| p.hold.is_some()).map(|p| p.room);
        for room in booked.chain(held).filter(|room| room.event_type_id == *id) {
            let limit = offer.spec.limits.per_day.map_or(usize::MAX, |limit| limit as usize);
            assert!(appointments(working_set, room, Counting::All) <= limit, "the day of {room} is over its limit");
        }
    }
}

/// I2, seen from the end: nobody waits for what is free, or for what can never become free. Not even one who is overdue: a lease
/// that is given its time again, as after a restart, must not leave anybody in front of a free unit.
pub(super) fn check_line(working_set: &WorkingSet) {
    for waiting in working_set.presences.values().filter(|p| p.hold.is_none()) {
        let free = |counting| is_free(working_set, waiting.room, waiting.wanted, counting);
        assert!(!free(Counting::All), "{} waits in {}, and all it needs is free", waiting.who.0, waiting.room);
        assert!(free(Counting::Bookings), "{} waits in {}, and waits in vain", waiting.who.0, waiting.room);
    }
}
