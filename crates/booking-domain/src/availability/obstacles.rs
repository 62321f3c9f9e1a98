//! What is in the way of one slot: which claims, busy times and holds, on which resources.

use super::group::units;
use super::judging::Judging;
use super::tally::numbered;
use super::wall_clock::Minute;
use super::{Claim, Owner, Units};
use crate::id::PresenceId;
use crate::interval::Interval;

/// Everything that a slot meets on the resources that could serve it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Obstacles {
    /// Whether the resources that it needs are not open then, whoever takes them.
    pub(super) closed: bool,
    /// Outside calendars' busy times.
    pub(super) busy: Vec<Interval>,
    /// Bookings that take some of the slot.
    pub(super) booked: Vec<Owner>,
    /// Bookings that are near enough for buffers to overlap.
    pub(super) near: Vec<Owner>,
    /// The longest buffers of these, before and after, in minutes: a booking keeps those that it was made with.
    pub(super) near_buffers: (Minute, Minute),
}

impl Obstacles {
    /// What keeps the units of `slot` from being free even if nobody held any.
    pub(super) fn of(judging: &Judging<'_>, slot: Interval, blocked: Interval) -> Self {
        let open = judging.open_capacities(slot);
        let mut found = Self { closed: !judging.needs.served_by(&open), ..Self::default() };
        // Where nobody is there who could serve, what else is in the way of those who could if they were there is told as well.
        let there = if found.closed { judging.capacities() } else { open };
        for resource in short(judging, judging.free.unheld(), &there) {
            found.busy.extend(resource.busy.iter().copied().filter(|busy| busy.overlaps(blocked)));
            let bookings = others(judging, resource, blocked).filter(|claim| matches!(claim.owner, Owner::Booking(_)));
            let (booked, near): (Vec<&Claim>, Vec<&Claim>) = bookings.partition(|claim| claim.slot.overlaps(slot));
            found.booked.extend(booked.iter().map(|claim| claim.owner));
            found.near.extend(near.iter().map(|claim| claim.owner));
            for claim in near {
                let (before, after) = &mut found.near_buffers;
                *before = (*before).max((claim.slot.start() - claim.blocked.start()).num_minutes());
                *after = (*after).max((claim.blocked.end() - claim.slot.end()).num_minutes());
            }
        }
        found.busy = sorted(found.busy);
        (found.booked, found.near) = (sorted(found.booked), sorted(found.near));
        found
    }
}

/// The holds without which there would be units for a slot with this blocked range.
pub(super) fn holds_on_units(judging: &Judging<'_>, blocked: Interval) -> Vec<PresenceId> {
    let resources = short(judging, judging.free.now(), judging.free.unheld());
    let claims = resources.into_iter().flat_map(|resource| others(judging, resource, blocked));
    sorted(claims.filter_map(|claim| hold(claim.owner)).collect())
}

/// The holds without which no limit of this local day would be reached that is reached with them.
pub(super) fn holds_on_limits(judging: &Judging<'_>, day: i64) -> Vec<PresenceId> {
    let mut holds = Vec::new();
    for reached in judging.tally.reached(day).filter(|reached| reached.by_holds()) {
        let same = reached.period.number(day);
        let others = (judging.scene.appointments, judging.question.conditions.own);
        let counted =
            numbered(reached.period, others, &judging.clock).into_iter().filter(|(number, _)| *number == same);
        holds.extend(counted.filter_map(|(_, owner)| hold(owner)));
    }
    sorted(holds)
}

/// The lowest units of a resource, as many as wanted, that are free for a blocked range.
pub(super) fn lowest_free(resource: &Units, blocked: Interval, own: &[Owner], count: usize) -> Vec<u32> {
    let in_the_way =
        resource.claims.iter().filter(|claim| claim.blocked.overlaps(blocked) && !own.contains(&claim.owner));
    let taken = sorted(in_the_way.map(|claim| claim.unit).collect());
    (1..=resource.capacity).filter(|unit| taken.binary_search(unit).is_err()).take(count).collect()
}

/// The active resources that lack units which they would have with `better`, and which could then serve.
fn short<'a>(judging: &Judging<'a>, free: &[u32], better: &[u32]) -> Vec<&'a Units> {
    let takeable = judging.needs.served_by(better).then(|| judging.needs.takeable(better));
    let lacking = (0..judging.ids.len()).filter(|place| {
        let useful = judging.needs.most_of(*place);
        let lacks = units(free, *place).min(useful) < units(better, *place).min(useful);
        lacks && takeable.as_ref().is_none_or(|takeable| takeable.get(*place) == Some(&true))
    });
    lacking.filter_map(|place| judging.scene.occupancy.get(judging.ids.get(place)?)).collect()
}

fn others<'a>(judging: &Judging<'a>, resource: &'a Units, blocked: Interval) -> impl Iterator<Item = &'a Claim> {
    let own = judging.question.conditions.own;
    resource.claims.iter().filter(move |claim| claim.blocked.overlaps(blocked) && !own.contains(&claim.owner))
}

fn hold(owner: Owner) -> Option<PresenceId> {
    match owner {
        Owner::Hold(presence) => Some(presence),
        Owner::Booking(_) => None,
    }
}

fn sorted<T: Ord>(mut items: Vec<T>) -> Vec<T> {
    items.sort_unstable();
    items.dedup();
    items
}
