//! How long a list stays true, checked by listing again at instants before it ends.

use booking_domain::availability::{Slot, Units};
use booking_domain::interval::Interval;
use booking_domain::{DateTime, Tz, Utc, limits};
use chrono::{Offset, TimeDelta, TimeZone};
use chrono_tz::TZ_VARIANTS;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::Config;

use super::world::{World, any_world, at, booking, daily, hold, slot};

/// Zones that have moved their clocks at midnight or over it, by half an hour, or by a whole day.
const ODD: [Tz; 8] = [
    Tz::Africa__Cairo,
    Tz::America__Santiago,
    Tz::America__Sao_Paulo,
    Tz::America__St_Johns,
    Tz::Asia__Beirut,
    Tz::Australia__Lord_Howe,
    Tz::Europe__Berlin,
    Tz::Pacific__Apia,
];

/// When a zone's clock is moved next in the year after `day`; that day if it is not.
fn next_change(zone: Tz, day: DateTime<Utc>) -> DateTime<Utc> {
    let offset = |instant: DateTime<Utc>| zone.offset_from_utc_datetime(&instant.naive_utc()).fix();
    let next = |from: DateTime<Utc>, step: TimeDelta| {
        (0..1440).map(|steps| from + step * steps).find(|from| offset(*from) != offset(*from + step))
    };
    let day = next(day, TimeDelta::hours(6)).unwrap_or(day);
    next(day, TimeDelta::minutes(1)).unwrap_or(day)
}

fn moments() -> impl Strategy<Value = (Tz, DateTime<Utc>)> {
    let zone = prop_oneof![select(&ODD[..]), select(&TZ_VARIANTS[..])];
    // Most of them between the midnight before a change, or a little earlier, and the change.
    let seconds = prop_oneof![3 => -4 * 3600_i64..0, 1 => -36 * 3600_i64..36 * 3600];
    (zone, 3_i64..29_000, seconds).prop_map(|(zone, day, seconds)| {
        let day = at("1970-01-01T00:00:00Z") + TimeDelta::days(day);
        (zone, next_change(zone, day) + TimeDelta::seconds(seconds))
    })
}

/// Open on some weekdays, around the clock or by day, with and without a notice and a horizon, a claim and a hold.
fn worlds() -> impl Strategy<Value = World> {
    let hours = select(vec![(0_u16, 1440_u16), (0, 1440), (540, 1020), (1380, 1440)]);
    let rules = (select(vec![0_u32, 0, 90, 1500]), select(vec![limits::HORIZON_DAYS, 0, 1, 2]));
    // Where nothing is open today, it is midnight that changes the list.
    let closed = vec(prop::bool::ANY, 7);
    (moments(), hours, closed, rules).prop_map(|((zone, now), (start, end), closed, (notice, horizon))| {
        let mut hours = daily(zone, start, end);
        hours.weekly.iter_mut().zip(closed).filter(|(_, closed)| *closed).for_each(|(windows, _)| windows.clear());
        let mut world = World::new(hours, now);
        world.add_resource(Units { capacity: 1, active: true, ..Units::default() });
        (world.offer.spec.min_notice_minutes, world.offer.spec.horizon_days) = (notice, horizon);
        let range = world.range();
        world.take((0, 1), Interval::lasting(range.start(), 45).expect("whole minutes"), booking(1));
        world.take((0, 1), Interval::lasting(range.end(), 60).expect("whole minutes"), hold(2));
        world
    })
}

/// What a world lists in the four days around this range.
fn listed(world: &World, range: Interval) -> Vec<Slot> {
    let days = range.widened(6 * 60, 4 * 24 * 60);
    world.slots(days, world.offer.spec.durations.shortest(), None)
}

/// Lists again at instants before the list stops to be true, the last one among them.
fn stays_true(mut world: World, moments: &[f64]) -> Result<(), TestCaseError> {
    let (now, range) = (world.now, world.range());
    let slots = listed(&world, range);
    let until = world.scene().true_until(&slots);
    prop_assert!(until > now, "a list is true when it is made");
    let last = (until - TimeDelta::nanoseconds(1)).min(now + TimeDelta::days(3));
    let seconds = (last - now).as_seconds_f64();
    let between = moments.iter().map(|part| now + TimeDelta::milliseconds((part * seconds * 1000.0) as i64));
    for instant in between.map(|instant| instant.min(last)).chain([last]) {
        world.now = instant;
        prop_assert_eq!(&listed(&world, range), &slots, "from {} until {}, and not at {}", now, until, instant);
    }
    Ok(())
}

proptest! {
    #![proptest_config(Config { cases: 1024, failure_persistence: None, ..Config::default() })]

    #[test]
    fn a_list_is_the_same_until_it_is_said_to_change(world in worlds(), moments in vec(0.0..1.0, 4)) {
        stays_true(world, &moments)?;
    }

    #[test]
    fn so_is_the_list_of_any_small_world(world in any_world(), moments in vec(0.0..1.0, 4)) {
        stays_true(world, &moments)?;
    }
}

/// When the list of this world, with a horizon of a day and with nothing in it, stops to be true.
fn horizon_moves(zone: Tz, now: &str) -> DateTime<Utc> {
    let mut world = World::new(daily(zone, 0, 1440), at(now));
    world.offer.spec.horizon_days = 1;
    world.scene().true_until(&[])
}

#[test]
fn the_horizon_moves_when_the_wall_clock_shows_another_date() {
    for (zone, now, moves) in [
        (Tz::Europe__Berlin, "2027-03-27T23:30:00Z", "2027-03-28T22:00:00Z"),
        (Tz::Europe__Berlin, "2027-10-30T22:30:00Z", "2027-10-31T23:00:00Z"),
        // At midnight the clock is set back to eleven, and the same date goes on.
        (Tz::Africa__Cairo, "2027-10-28T19:00:00Z", "2027-10-28T22:00:00Z"),
        // Midnight itself is left out.
        (Tz::Africa__Cairo, "2027-04-29T20:00:00Z", "2027-04-29T22:00:00Z"),
        (Tz::Australia__Lord_Howe, "2027-10-02T14:00:00Z", "2027-10-03T13:00:00Z"),
        // A minute after midnight the clock is set back to the evening before: each of the three is another date.
        (Tz::America__St_Johns, "2010-11-06T12:00:00Z", "2010-11-07T02:30:00Z"),
        (Tz::America__St_Johns, "2010-11-07T02:30:30Z", "2010-11-07T02:31:00Z"),
        (Tz::America__St_Johns, "2010-11-07T02:31:00Z", "2010-11-07T03:30:00Z"),
        // A date that was left out.
        (Tz::Pacific__Apia, "2011-12-29T12:00:00Z", "2011-12-30T10:00:00Z"),
    ] {
        assert_eq!(horizon_moves(zone, now), at(moves), "{zone} {now}");
    }
}

#[test]
fn a_list_ends_with_the_last_instant_at_which_its_first_slot_can_be_taken() {
    let mut world = World::simple(&[1]);
    world.offer.spec.min_notice_minutes = 60;
    world.now = at("2027-03-01T08:00:00Z");
    let list = world.slots(slot("2027-03-01T00:00:00Z", 1440), 30, None);
    let until = world.scene().true_until(&list);
    assert_eq!(until, world.now + TimeDelta::nanoseconds(1), "nine o'clock can be taken at eight, and not later");
    world.now = until;
    assert_eq!(world.slots(slot("2027-03-01T00:00:00Z", 1440), 30, None), list[1..]);
}
