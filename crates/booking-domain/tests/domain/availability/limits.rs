//! Limits for a day, week or month of the schedule's zone.

use booking_domain::Tz;
use booking_domain::availability::{Conditions, SlotState};
use booking_domain::finding::Reason;
use booking_domain::interval::Interval;

use super::world::{World, at, booking, daily, hold, presence, slot};

/// Twenty units, so that only limits say no.
fn roomy() -> World {
    World::simple(&[20])
}

fn reasons(world: &World, slot: Interval) -> Vec<Reason> {
    world.scene().judge(slot, Conditions::default()).findings.iter().map(|finding| finding.reason).collect()
}

#[test]
fn a_day_takes_as_many_bookings_as_it_may() {
    let mut world = roomy();
    world.offer.spec.limits.per_day = Some(2);
    world.count(slot("2027-03-01T09:00:00Z", 30), booking(1));
    assert!(reasons(&world, slot("2027-03-01T10:00:00Z", 30)).is_empty());
    world.count(slot("2027-03-01T12:00:00Z", 30), booking(2));
    assert_eq!(reasons(&world, slot("2027-03-01T10:00:00Z", 30)), [Reason::Limit]);
    assert!(reasons(&world, slot("2027-03-02T10:00:00Z", 30)).is_empty());
}

#[test]
fn a_limit_is_told_with_its_numbers() {
    let mut world = roomy();
    world.offer.spec.limits.per_week = Some(1);
    world.count(slot("2027-03-07T09:00:00Z", 30), booking(1));
    let findings = world.scene().judge(slot("2027-03-01T10:00:00Z", 30), Conditions::default()).findings;
    let details: Vec<_> = findings.iter().map(|finding| finding.detail.as_str()).collect();
    assert_eq!(details, ["The week from 2027-03-01 has 1 of at most 1 bookings a week."]);
}

#[test]
fn a_week_begins_on_monday() {
    let mut world = roomy();
    world.offer.spec.limits.per_week = Some(1);
    world.count(slot("2027-03-07T16:00:00Z", 30), booking(1));
    assert_eq!(reasons(&world, slot("2027-03-01T10:00:00Z", 30)), [Reason::Limit]);
    assert!(reasons(&world, slot("2027-03-08T10:00:00Z", 30)).is_empty());
}

#[test]
fn a_month_is_that_of_the_schedules_zone() {
    let mut world = roomy();
    world.offer.hours = daily(Tz::Pacific__Auckland, 0, 1440);
    world.offer.spec.limits.per_month = Some(1);
    // The first of April in Auckland.
    world.count(slot("2027-03-31T12:00:00Z", 30), booking(1));
    assert!(reasons(&world, slot("2027-03-31T10:00:00Z", 30)).is_empty());
    assert_eq!(reasons(&world, slot("2027-04-30T10:00:00Z", 30)), [Reason::Limit]);
}

#[test]
fn a_month_ends_by_the_wall_clock_that_is_moved_within_it() {
    let mut world = roomy();
    world.offer.hours.time_zone = Tz::Europe__Berlin;
    world.offer.spec.limits.per_month = Some(1);
    // A quarter past midnight on the first of April, summer time.
    world.count(slot("2027-03-31T22:15:00Z", 30), booking(1));
    assert!(reasons(&world, slot("2027-03-10T10:00:00Z", 30)).is_empty());
}

#[test]
fn a_limit_that_holds_reach_means_held() {
    let mut world = roomy();
    world.offer.spec.limits.per_day = Some(2);
    world.count(slot("2027-03-01T09:00:00Z", 30), booking(1));
    world.count(slot("2027-03-01T12:00:00Z", 30), hold(2));
    let ten = slot("2027-03-01T10:00:00Z", 30);
    let verdict = world.scene().judge(ten, Conditions::default());
    assert_eq!(reasons(&world, ten), [Reason::Held]);
    assert_eq!(verdict.held_by, [presence(2)]);
    assert_eq!(world.scene().state_of(ten, None), SlotState::Held);
    assert!(world.scene().judge(ten, Conditions { own: &[hold(2)], ..Conditions::default() }).findings.is_empty());
}

#[test]
fn a_booking_that_is_moved_does_not_count() {
    let mut world = roomy();
    world.offer.spec.limits.per_day = Some(1);
    world.count(slot("2027-03-01T09:00:00Z", 30), booking(1));
    let ten = slot("2027-03-01T10:00:00Z", 30);
    assert_eq!(reasons(&world, ten), [Reason::Limit]);
    assert!(world.scene().judge(ten, Conditions { own: &[booking(1)], ..Conditions::default() }).findings.is_empty());
}

#[test]
fn what_remains_ends_with_the_limit() {
    let mut world = roomy();
    world.offer.spec.limits.per_week = Some(3);
    world.count(slot("2027-03-01T09:00:00Z", 30), booking(1));
    let slots = world.slots(slot("2027-03-01T00:00:00Z", 1440), 30, None);
    assert!(slots.iter().all(|slot| slot.remaining == 2));
    assert_eq!(slots.len(), 16);
}

#[test]
fn what_counts_is_loaded_by_local_days_weeks_and_months() {
    let mut world = roomy();
    world.offer.hours.time_zone = Tz::Europe__Berlin;
    let range = slot("2027-03-31T12:00:00Z", 60);
    assert_eq!(world.offer.limit_window(range), None);
    let mut window = |day, week, month| {
        let limits = &mut world.offer.spec.limits;
        (limits.per_day, limits.per_week, limits.per_month) = (day, week, month);
        let window = world.offer.limit_window(range).expect("a limit");
        (window.start(), window.end())
    };
    assert_eq!(window(Some(1), None, None), (at("2027-03-30T22:00:00Z"), at("2027-03-31T22:00:00Z")));
    assert_eq!(window(None, Some(1), None), (at("2027-03-28T22:00:00Z"), at("2027-04-04T22:00:00Z")));
    assert_eq!(window(None, None, Some(1)), (at("2027-02-28T23:00:00Z"), at("2027-03-31T22:00:00Z")));
    assert_eq!(window(Some(1), Some(1), Some(1)), (at("2027-02-28T23:00:00Z"), at("2027-04-04T22:00:00Z")));
}
