//! What a question costs is bounded, whatever was saved and however much of it is taken.

use booking_domain::Tz;
use booking_domain::allow::Allow;
use booking_domain::availability::{Claim, Owner, SlotsAsked, Units};
use booking_domain::interval::Interval;
use booking_domain::limits;
use booking_domain::refusal::Refusal;
use booking_domain::schedule::Window;
use chrono::TimeDelta;

use super::world::{World, at, booking, daily, hold};

const DAYS: u32 = 62;
/// What a start each minute costs by itself.
const STARTS: u64 = 10 * 1440 * DAYS as u64;

/// Open day and night, a start each minute, and so many resources of which the requirements are made.
fn largest(capacity: u32, resources: usize, requirements: &[(u32, Vec<usize>)]) -> World {
    let mut world = World::new(daily(Tz::Europe__Berlin, 0, 1440), at("2027-03-01T00:00:00Z"));
    for _ in 0..resources {
        world.add_resource(Units { capacity, active: true, ..Units::default() });
    }
    let requirements: Vec<_> = requirements.iter().map(|(count, among)| (*count, among.as_slice())).collect();
    world.require(&requirements);
    world.offer.spec.slot_interval_minutes = Some(1);
    world
}

/// Takes units all over the range, each at another minute, a tenth of them by holds.
fn take_many(world: &mut World, many: u32, minutes: u32) {
    let resources = world.occupancy.len();
    let mut random = 7_u64;
    let mut next = |below: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % below
    };
    for number in 0..many {
        let start = world.now + TimeDelta::minutes(next(u64::from(DAYS * 1440)) as i64);
        let slot = Interval::lasting(start, minutes).expect("whole minutes");
        let (place, owner) = (next(resources as u64) as usize, u128::from(number));
        let owner: Owner = if number % 10 == 0 { hold(owner) } else { booking(owner) };
        let units = world.units(place);
        let unit = next(u64::from(units.capacity)) as u32 + 1;
        units.claims.push(Claim { unit, slot, blocked: slot, owner });
    }
    for units in world.occupancy.values_mut() {
        units.claims.sort_by_key(|claim| claim.blocked.start());
    }
}

fn asked(world: &World, counted: bool, work: u64) -> SlotsAsked {
    let range = Interval::lasting(world.now, DAYS * 1440).expect("whole minutes");
    SlotsAsked { range, duration_minutes: 30, wanted: None, moving: None, allow: Allow::NOTHING, counted, work }
}

fn all(resources: usize) -> Vec<usize> {
    (0..resources).collect()
}

/// So many requirements over random halves, thirds and so on of the resources, a hundred each.
fn scattered(requirements: usize, count: u32, resources: usize) -> Vec<(u32, Vec<usize>)> {
    let every = |number: usize| {
        (0..resources).filter(move |place| (place * 7 + number * (place / 3 + 1)) % 10 < 10 * 100 / resources)
    };
    (0..requirements).map(|number| (count, every(number).take(100).collect())).collect()
}

/// Whether a list of all days is found within so many steps.
fn is_found_within(world: &World, counted: bool, work: u64) -> bool {
    world.scene().slots(&asked(world, counted, work)).is_ok()
}

#[test]
fn a_start_at_which_nothing_changes_costs_as_much_as_any() {
    let world = largest(10_000, 100, &vec![(10, all(100)); 10]);
    // Offering all resources once, and 62 days of minutes.
    assert!(is_found_within(&world, false, STARTS + 100 * 1_024));
    assert!(!is_found_within(&world, false, STARTS - 1));
}

#[test]
fn a_unit_that_comes_or_goes_costs_no_more_than_the_needs_that_share_it() {
    let mut shared = largest(1, 100, &vec![(10, all(100)); 10]);
    take_many(&mut shared, 5_000, 60);
    assert!(is_found_within(&shared, true, STARTS + 2 * (10_000 + 100) * 1_024 + 20_000));
    let mut apart = largest(1, 1_000, &(0..10).map(|n| (10, (n * 100..n * 100 + 100).collect())).collect::<Vec<_>>());
    take_many(&mut apart, 5_000, 60);
    assert!(is_found_within(&apart, true, STARTS + 2 * (10_000 + 1_000) * 2 + 20_000));
}

#[test]
fn counting_what_remains_is_bounded_for_all_starts_together() {
    let shared = STARTS + 2 * (10_000 + 250) * 1_024 + 10_000;
    for (capacity, count) in [(1, 1), (3, 5), (10, 20)] {
        let mut world = largest(capacity, 250, &scattered(10, count, 250));
        take_many(&mut world, 5_000, 60);
        // Five turns for each change are promised, and what is allowed for counting.
        assert!(is_found_within(&world, true, shared + 2 * limits::COUNTING_WORK), "{count} of {capacity} each");
    }
}

#[test]
fn windows_that_say_the_same_start_nothing_twice() {
    let mut world = largest(1, 1, &[(1, all(1))]);
    let windows = vec![Window::new(0, 1440).expect("a day"); limits::OVERRIDE_WINDOWS];
    let dates = (0..i64::from(DAYS) + 1).map(|day| (world.now + TimeDelta::days(day)).date_naive());
    world.offer.hours.overrides = dates.map(|date| (date, windows.clone())).collect();
    assert!(is_found_within(&world, true, STARTS + 10));
}

#[test]
fn a_question_that_takes_too_much_is_refused_by_name() {
    let world = largest(1, 1, &[(1, all(1))]);
    let refused = world.scene().slots(&asked(&world, true, 1_000)).expect_err("too much");
    let Refusal::InvalidArgument { errors } = refused.into() else { panic!("an invalid argument") };
    assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["to"]);
}
