//! Open hours on the days when wall clocks are moved, in many zones, read minute by minute.

use booking_domain::interval::Interval;
use booking_domain::schedule::{Hours, Window};
use booking_domain::{DateTime, Tz, Utc};
use chrono::{Offset, TimeDelta, TimeZone};
use chrono_tz::TZ_VARIANTS;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::oracle::{is_open, minutes};
use super::world::{World, at, daily, slot};

fn offset(zone: Tz, instant: DateTime<Utc>) -> i32 {
    zone.offset_from_utc_datetime(&instant.naive_utc()).fix().local_minus_utc()
}

/// The first day from this one on, of the next three years, within which the zone's clock is moved.
fn next_change(zone: Tz, from: DateTime<Utc>) -> DateTime<Utc> {
    let days = (0..1100).map(|day| from + TimeDelta::days(day));
    let changes = |day: &DateTime<Utc>| offset(zone, *day) != offset(zone, *day + TimeDelta::days(1));
    days.clone().find(changes).unwrap_or(from)
}

/// A day on which a clock is moved, if the zone has one soon, from 1970 to 2095.
fn odd_days() -> impl Strategy<Value = (Tz, Interval)> {
    (select(&TZ_VARIANTS[..]), 0_i64..45_650).prop_map(|(zone, day)| {
        let day = next_change(zone, at("1970-01-02T00:00:00Z") + TimeDelta::days(day));
        (zone, Interval::lasting(day, 36 * 60).expect("whole minutes"))
    })
}

fn windows() -> impl Strategy<Value = Vec<Window>> {
    vec((0_u16..1440, 0_u16..=1440).prop_map(|(start, end)| Window::new(start, end).expect("a window")), 0..4)
}

/// The open minutes of a range, joined.
fn open_by_minutes(hours: &Hours, range: Interval) -> Vec<Interval> {
    let mut open: Vec<(DateTime<Utc>, DateTime<Utc>)> = Vec::new();
    for minute in minutes(range).filter(|minute| is_open(hours, *minute)) {
        match open.last_mut() {
            Some((_, end)) if *end == minute => *end += TimeDelta::minutes(1),
            _ => open.push((minute, minute + TimeDelta::minutes(1))),
        }
    }
    open.into_iter().map(|(start, end)| Interval::new(start, end).expect("a range")).collect()
}

proptest! {
    #[test]
    fn hours_are_open_when_the_wall_clock_is_inside_a_window(
        (zone, range) in odd_days(),
        weekly in proptest::array::uniform7(windows()),
        overridden in prop::option::of((0_i64..3, windows())),
    ) {
        let mut hours = Hours { time_zone: zone, weekly, overrides: Default::default() };
        if let Some((day, windows)) = overridden {
            let date = range.start().with_timezone(&zone).date_naive() + TimeDelta::days(day);
            hours.overrides.insert(date, windows);
        }
        prop_assert_eq!(hours.open_within(range), open_by_minutes(&hours, range), "{}", zone);
    }
}

fn starts(world: &World, range: Interval) -> Vec<String> {
    let slots = world.slots(range, 30, None);
    slots.iter().map(|slot| slot.interval.start().format("%H:%M").to_string()).collect()
}

fn night(zone: Tz, now: &str, (opens, closes): (u16, u16)) -> World {
    let mut world = World::simple(&[1]);
    world.offer.hours = daily(zone, opens, closes);
    world.now = at(now);
    world
}

#[test]
fn a_repeated_hour_is_offered_twice() {
    let world = night(Tz::Europe__Berlin, "2027-10-01T00:00:00Z", (120, 180));
    assert_eq!(starts(&world, slot("2027-10-30T22:00:00Z", 720)), ["00:00", "00:30", "01:00", "01:30"]);
}

#[test]
fn a_missing_hour_is_not_offered() {
    let world = night(Tz::Europe__Berlin, "2027-03-01T00:00:00Z", (120, 180));
    assert!(starts(&world, slot("2027-03-27T22:00:00Z", 720)).is_empty());
}

#[test]
fn windows_that_overlap_keep_their_own_grids() {
    let mut world = night(Tz::UTC, "2027-03-01T00:00:00Z", (540, 600));
    let windows = vec![Window::new(540, 600).expect("a window"), Window::new(550, 640).expect("a window")];
    world.offer.hours.weekly.iter_mut().for_each(|day| day.clone_from(&windows));
    let expected = ["09:00", "09:10", "09:30", "09:40", "10:10"];
    assert_eq!(starts(&world, slot("2027-03-01T00:00:00Z", 1440)), expected);
}

#[test]
fn the_times_on_the_door_stay_the_same_all_year() {
    let world = night(Tz::America__New_York, "2027-01-01T00:00:00Z", (540, 600));
    assert_eq!(starts(&world, slot("2027-03-13T00:00:00Z", 1440)), ["14:00", "14:30"]);
    assert_eq!(starts(&world, slot("2027-03-14T00:00:00Z", 1440)), ["13:00", "13:30"]);
}

#[test]
fn an_offset_with_seconds_opens_on_whole_minutes() {
    // Liberia was 44 minutes and 30 seconds behind UTC until 1972-01-07.
    let hours = daily(Tz::Africa__Monrovia, 540, 1020);
    let open = hours.open_within(slot("1972-01-05T00:00:00Z", 1440));
    assert_eq!(open, [slot("1972-01-05T09:45:00Z", 480)]);
}
