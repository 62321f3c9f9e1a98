//! A slow and simple reading of the rules: minute by minute, unit by unit, every allocation tried. It shares nothing with the
//! engine but the types.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use booking_domain::availability::{Claim, Owner, SlotState, UnitRef, Units};
use booking_domain::event_type::Requirement;
use booking_domain::id::ResourceId;
use booking_domain::interval::Interval;
use booking_domain::schedule::{Hours, Window};
use booking_domain::{DateTime, NaiveDate, Utc};
use chrono::{Datelike, NaiveDateTime, TimeDelta, Timelike};

use super::world::World;

/// The wall clock's date and minute of the day at this instant.
fn local(hours: &Hours, instant: DateTime<Utc>) -> (NaiveDate, u16) {
    let local: NaiveDateTime = instant.with_timezone(&hours.time_zone).naive_local();
    let minute = local.hour() * 60 + local.minute();
    (local.date(), u16::try_from(minute).expect("less than a day"))
}

/// The windows that this instant lies in: for each, how many minutes it has been open by the wall clock.
fn open_for(hours: &Hours, instant: DateTime<Utc>) -> Vec<u16> {
    let (date, minute) = local(hours, instant);
    let since = |(begun, minute): (NaiveDate, u16)| {
        let inside = move |window: &&Window| (window.start()..window.end()).contains(&minute);
        hours.windows_on(begun).iter().filter(inside).map(move |window| minute - window.start())
    };
    let yesterday = date.pred_opt().map(|yesterday| (yesterday, minute + 1_440));
    [Some((date, minute)), yesterday].into_iter().flatten().flat_map(since).collect()
}

/// Whether the hours are open in the minute that begins then.
pub(super) fn is_open(hours: &Hours, instant: DateTime<Utc>) -> bool {
    !open_for(hours, instant).is_empty()
}

/// The instants at which the minutes of a range begin.
pub(super) fn minutes(range: Interval) -> impl Iterator<Item = DateTime<Utc>> {
    (0..range.minutes()).map(move |minute| range.start() + TimeDelta::minutes(minute))
}

fn is_on_grid(world: &World, instant: DateTime<Utc>) -> bool {
    let step = world.offer.spec.interval_minutes();
    open_for(&world.offer.hours, instant).iter().any(|minutes| u32::from(*minutes).is_multiple_of(step))
}

/// The state of a slot that lists show, if they show it.
pub(super) fn listed(world: &World, slot: Interval, wanted: Option<ResourceId>) -> Option<SlotState> {
    let spec = &world.offer.spec;
    let today = local(&world.offer.hours, world.now).0;
    let date = local(&world.offer.hours, slot.start()).0;
    let last = today + TimeDelta::days(spec.horizon_days.into());
    let timely = slot.start() >= world.now + TimeDelta::minutes(spec.min_notice_minutes.into()) && date <= last;
    let open = || minutes(slot).all(|minute| is_open(&world.offer.hours, minute));
    if !(spec.active && timely && is_on_grid(world, slot.start()) && open()) {
        return None;
    }
    let takeable = |holds: bool| {
        let counted = |owner: Owner| holds || matches!(owner, Owner::Booking(_));
        within_limits(world, slot, counted) && allocation(world, slot, wanted, counted).is_some()
    };
    if takeable(true) { Some(SlotState::Free) } else { takeable(false).then_some(SlotState::Held) }
}

fn within_limits(world: &World, slot: Interval, counted: impl Fn(Owner) -> bool) -> bool {
    let limits = world.offer.spec.limits;
    let date = |instant| local(&world.offer.hours, instant).0;
    let below = |limit: Option<u32>, same: &dyn Fn(NaiveDate, NaiveDate) -> bool| {
        let appointments = world.appointments.iter().filter(|appointment| counted(appointment.owner));
        let together = appointments.filter(|appointment| same(date(appointment.start), date(slot.start())));
        limit.is_none_or(|limit| together.count() < limit as usize)
    };
    below(limits.per_day, &|one, other| one == other)
        && below(limits.per_week, &|one, other| one.iso_week() == other.iso_week())
        && below(limits.per_month, &|one, other| (one.year(), one.month()) == (other.year(), other.month()))
}

/// The resources that are taken, for each requirement in turn, in order of preference; the best of all allocations.
pub(super) fn allocation(
    world: &World,
    slot: Interval,
    wanted: Option<ResourceId>,
    counted: impl Fn(Owner) -> bool,
) -> Option<Vec<ResourceId>> {
    let spec = &world.offer.spec;
    let blocked = slot.widened(spec.buffer_before_minutes, spec.buffer_after_minutes);
    let week = |instant| local(&world.offer.hours, instant).0.iso_week();
    let mut ranked: Vec<_> = world
        .occupancy
        .iter()
        .map(|(id, units)| {
            let load = units.claims.iter().filter(|claim| week(claim.slot.start()) == week(slot.start())).count();
            let before = |start: &DateTime<Utc>| *start < slot.start();
            let last = units.claims.iter().map(|claim| claim.slot.start()).filter(before).max();
            let taken: BTreeSet<u32> = units
                .claims
                .iter()
                .filter(|claim| counted(claim.owner) && claim.blocked.overlaps(blocked))
                .map(|claim| claim.unit)
                .collect();
            let open = |hours: &Arc<Hours>| minutes(slot).all(|minute| is_open(hours, minute));
            let closed = !units.active
                || !units.hours.as_ref().is_none_or(open)
                || units.busy.iter().any(|busy| busy.overlaps(blocked));
            let there = (1..=units.capacity).filter(|unit| !taken.contains(unit)).count();
            let most_at_once = minutes(blocked).map(|minute| standing(units, minute, &counted)).max().unwrap_or(0);
            let free = if closed { 0 } else { there.min((units.capacity as usize).saturating_sub(most_at_once)) };
            (Some(*id) != wanted, load, last, *id, free)
        })
        .collect();
    ranked.sort();
    let free: BTreeMap<ResourceId, usize> = ranked.iter().map(|(.., id, free)| (*id, *free)).collect();
    let order: Vec<_> = ranked.into_iter().map(|(.., id, _)| id).collect();
    first_allocation(&spec.requirements, &order, &free, wanted)
}

/// How many claims stand in the minute that begins then.
fn standing(units: &Units, minute: DateTime<Utc>, counted: &impl Fn(Owner) -> bool) -> usize {
    let stands = |claim: &&Claim| claim.blocked.start() <= minute && minute < claim.blocked.end();
    units.claims.iter().filter(|claim| counted(claim.owner)).filter(stands).count()
}

/// The first allocation in lexical order of preference, found by trying every one.
fn first_allocation(
    requirements: &[Requirement],
    order: &[ResourceId],
    free: &BTreeMap<ResourceId, usize>,
    wanted: Option<ResourceId>,
) -> Option<Vec<ResourceId>> {
    let Some((requirement, others)) = requirements.split_first() else {
        return wanted.is_none().then(Vec::new);
    };
    let candidates: Vec<_> = order.iter().copied().filter(|id| requirement.resource_ids.contains(id)).collect();
    combinations(&candidates, requirement.count as usize).into_iter().find_map(|chosen| {
        let mut left = free.clone();
        for id in &chosen {
            let units = left.get_mut(id)?;
            *units = units.checked_sub(1)?;
        }
        let still_wanted = wanted.filter(|wanted| !chosen.contains(wanted));
        let rest = first_allocation(others, order, &left, still_wanted)?;
        Some([chosen, rest].concat())
    })
}

/// All choices of so many of these, in lexical order.
fn combinations(from: &[ResourceId], count: usize) -> Vec<Vec<ResourceId>> {
    match (count, from.split_first()) {
        (0, _) => vec![Vec::new()],
        (_, None) => Vec::new(),
        (_, Some((first, rest))) => {
            let with = combinations(rest, count - 1).into_iter().map(|chosen| [vec![*first], chosen].concat());
            with.chain(combinations(rest, count)).collect()
        }
    }
}

/// The same resources with the lowest free units of each.
pub(super) fn lowest_units(world: &World, slot: Interval, taken: &[UnitRef]) -> Vec<UnitRef> {
    let spec = &world.offer.spec;
    let blocked = slot.widened(spec.buffer_before_minutes, spec.buffer_after_minutes);
    let mut lowest: Vec<UnitRef> = Vec::new();
    for UnitRef { resource_id, .. } in taken {
        let units = world.occupancy.get(resource_id).expect("a resource");
        let is_free = |unit: u32| {
            let mut claims = units.claims.iter().filter(|claim| claim.unit == unit);
            claims.all(|claim| !claim.blocked.overlaps(blocked))
        };
        let new = |unit: &u32| !lowest.contains(&UnitRef { resource_id: *resource_id, unit: *unit });
        let unit = (1..=units.capacity).filter(new).find(|unit| is_free(*unit)).expect("a free unit");
        lowest.push(UnitRef { resource_id: *resource_id, unit });
    }
    lowest
}

/// Whether no two blocked ranges overlap on a unit.
pub(super) fn no_overlaps(world: &World) -> bool {
    world.occupancy.values().all(|units| {
        let mut claims: Vec<_> = units.claims.iter().map(|claim| (claim.unit, claim.blocked)).collect();
        claims.sort();
        claims.is_sorted_by(|(unit, blocked), (next, later)| unit != next || blocked.end() <= later.start())
    })
}
