//! Each rule, and what it says when it says no.

use booking_domain::Tz;
use booking_domain::allow::Allow;
use booking_domain::availability::Conditions;
use booking_domain::finding::Reason;
use booking_domain::interval::Interval;

use super::world::{World, at, booking, daily, hold, presence, slot};

fn reasons(world: &World, slot: Interval) -> Vec<Reason> {
    world.scene().judge(slot, Conditions::default()).findings.iter().map(|finding| finding.reason).collect()
}

fn ten() -> Interval {
    slot("2027-03-01T10:00:00Z", 30)
}

/// What the one rule that refuses this slot says.
fn sentence(world: &World, slot: Interval) -> String {
    let findings = world.scene().judge(slot, Conditions::default()).findings;
    match findings.as_slice() {
        [only] => only.detail.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_switched_off_is_inactive() {
    let mut world = World::simple(&[1, 1]);
    world.offer.spec.active = false;
    assert_eq!(sentence(&world, ten()), "This event type is switched off.");
    world.offer.spec.active = true;
    world.units(0).active = false;
    assert!(reasons(&world, ten()).is_empty());
    world.units(1).active = false;
    assert_eq!(reasons(&world, ten()), [Reason::Inactive]);
    world.occupancy.clear();
    assert_eq!(reasons(&world, ten()), [Reason::Inactive]);
}

#[test]
fn only_durations_on_offer_can_be_taken() {
    let mut world = World::simple(&[1]);
    world.offer.spec.durations = World::durations(&[60, 30]);
    assert_eq!(sentence(&world, slot("2027-03-01T10:00:00Z", 45)), "45 minutes are not on offer; choose from 30, 60.");
    assert!(reasons(&world, slot("2027-03-01T10:00:00Z", 60)).is_empty());
}

#[test]
fn a_start_passes_to_the_second() {
    let mut world = World::simple(&[1]);
    world.now = at("2027-03-01T10:00:00Z");
    assert!(reasons(&world, ten()).is_empty());
    world.now = at("2027-03-01T10:00:00.001Z");
    assert_eq!(reasons(&world, ten()), [Reason::Past]);
}

#[test]
fn a_passed_start_also_lacks_notice_where_notice_is_needed() {
    let mut world = World::simple(&[1]);
    world.now = at("2027-03-01T12:00:00Z");
    assert_eq!(sentence(&world, ten()), "It started 2 hours ago.");
    world.offer.spec.min_notice_minutes = 1;
    assert_eq!(reasons(&world, ten()), [Reason::Past, Reason::Notice]);
}

#[test]
fn notice_is_exact_to_the_second() {
    let mut world = World::simple(&[1]);
    world.offer.spec.min_notice_minutes = 90;
    world.now = at("2027-03-01T08:30:00Z");
    assert!(reasons(&world, ten()).is_empty());
    world.now = at("2027-03-01T08:30:01Z");
    assert_eq!(reasons(&world, ten()), [Reason::Notice]);
    world.now = at("2027-03-01T09:40:00Z");
    assert_eq!(sentence(&world, ten()), "It starts in 20 minutes; it must be booked at least 90 minutes ahead.");
}

#[test]
fn the_horizon_counts_dates() {
    let mut world = World::simple(&[1]);
    world.now = at("2027-03-01T23:59:00Z");
    world.offer.spec.horizon_days = 2;
    assert!(reasons(&world, slot("2027-03-03T16:30:00Z", 30)).is_empty());
    let sentence = sentence(&world, slot("2027-03-04T09:00:00Z", 30));
    assert_eq!(sentence, "2027-03-04 is too far ahead; the last date on offer is 2027-03-03, 2 days from today.");
}

#[test]
fn a_slot_lies_in_open_hours() {
    let world = World::simple(&[1]);
    assert!(reasons(&world, slot("2027-03-01T16:30:00Z", 30)).is_empty());
    let early = sentence(&world, slot("2027-03-01T08:30:00Z", 30));
    assert_eq!(early, "2027-03-01 08:30 to 09:00 (UTC) is not all within open hours.");
}

#[test]
fn a_start_off_the_grid_is_told_only_within_the_hours() {
    let world = World::simple(&[1]);
    let off = sentence(&world, slot("2027-03-01T10:10:00Z", 30));
    assert_eq!(off, "10:10 is not one of the starts on offer, which come every 30 minutes.");
    assert_eq!(reasons(&world, slot("2027-03-01T08:10:00Z", 30)), [Reason::OutsideHours]);
    assert_eq!(reasons(&world, slot("2027-03-01T16:45:00Z", 30)), [Reason::OutsideHours, Reason::OffGrid]);
}

#[test]
fn a_booking_in_the_way_is_booked_and_one_nearby_is_a_buffer() {
    let mut world = World::simple(&[1]);
    world.offer.spec.buffer_before_minutes = 10;
    world.take((0, 1), slot("2027-03-01T10:00:00Z", 30), booking(1));
    assert_eq!(sentence(&world, ten()), "A booking takes some of this time.");
    let next = sentence(&world, slot("2027-03-01T10:30:00Z", 30));
    assert_eq!(
        next,
        "This time needs 10 minutes free before it, and a booking nearby keeps 10 minutes free before it."
    );
    assert_eq!(reasons(&world, slot("2027-03-01T09:30:00Z", 30)), [Reason::Buffer]);
    assert!(reasons(&world, slot("2027-03-01T11:00:00Z", 30)).is_empty());
}

#[test]
fn what_a_closed_resource_is_taken_by_is_told_as_well() {
    let mut world = World::simple(&[1]);
    world.take((0, 1), ten(), booking(1));
    world.units(0).hours = Some(daily(Tz::UTC, 12 * 60, 17 * 60).into());
    assert_eq!(reasons(&world, ten()), [Reason::OutsideHours, Reason::Booked]);
}

#[test]
fn resources_that_are_too_few_say_whether_they_are_switched_off() {
    let mut world = World::simple(&[1]);
    world.require(&[(1, &[0]), (1, &[0])]);
    assert_eq!(sentence(&world, ten()), "The resources that it needs have too few units.");
    world.units(0).active = false;
    assert_eq!(sentence(&world, ten()), "Too few of the resources that it needs are switched on.");
}

#[test]
fn a_booking_keeps_the_buffers_that_it_was_made_with() {
    let after_ten = slot("2027-03-01T10:30:00Z", 30);
    let mut world = World::simple(&[1]);
    world.offer.spec.buffer_after_minutes = 60;
    world.take((0, 1), ten(), booking(1));
    world.offer.spec.buffer_after_minutes = 0;
    let kept = "Some of this time is kept free: a booking nearby keeps 1 hour free after it.";
    assert_eq!(sentence(&world, after_ten), kept);

    let mut world = World::simple(&[1]);
    world.take((0, 1), ten(), booking(1));
    world.offer.spec.buffer_before_minutes = 60;
    let needed = "This time needs 1 hour free before it, of which a booking nearby takes some.";
    assert_eq!(sentence(&world, after_ten), needed);
}

#[test]
fn a_slot_may_be_booked_and_too_near_at_once() {
    let mut world = World::simple(&[1]);
    world.offer.spec.buffer_before_minutes = 10;
    world.take((0, 1), slot("2027-03-01T09:30:00Z", 30), booking(1));
    world.take((0, 1), slot("2027-03-01T10:15:00Z", 15), booking(2));
    assert_eq!(reasons(&world, ten()), [Reason::Booked, Reason::Buffer]);
}

#[test]
fn an_outside_calendar_has_no_buffers_of_its_own_but_meets_those_of_the_slot() {
    let mut world = World::simple(&[2]);
    world.offer.spec.buffer_after_minutes = 30;
    world.units(0).busy.push(slot("2027-03-01T11:00:00Z", 30));
    assert!(reasons(&world, ten()).is_empty());
    assert_eq!(reasons(&world, slot("2027-03-01T10:30:00Z", 30)), [Reason::Busy]);
    assert!(reasons(&world, slot("2027-03-01T11:30:00Z", 30)).is_empty());
}

#[test]
fn a_hold_in_the_way_is_told_with_whose_it_is() {
    let mut world = World::simple(&[1]);
    world.take((0, 1), ten(), hold(7));
    let verdict = world.scene().judge(ten(), Conditions::default());
    assert_eq!(reasons(&world, ten()), [Reason::Held]);
    assert_eq!(verdict.held_by, [presence(7)]);
    assert!(world.scene().judge(ten(), Conditions { own: &[hold(7)], ..Conditions::default() }).findings.is_empty());
}

#[test]
fn a_hold_beside_a_booking_that_is_in_the_way_anyway_is_not_told() {
    let mut world = World::simple(&[1]);
    world.take((0, 1), slot("2027-03-01T10:00:00Z", 15), booking(1));
    world.take((0, 1), slot("2027-03-01T10:15:00Z", 15), hold(2));
    assert_eq!(reasons(&world, ten()), [Reason::Booked]);
}

#[test]
fn holds_of_others_than_the_wanted_resource_are_not_in_the_way() {
    let mut world = World::simple(&[1, 1]);
    world.take((0, 1), ten(), hold(1));
    world.take((1, 1), ten(), hold(2));
    let wanted = world.occupancy.keys().next().copied();
    assert_eq!(world.scene().judge(ten(), Conditions { wanted, ..Conditions::default() }).held_by, [presence(1)]);
    assert_eq!(world.scene().judge(ten(), Conditions::default()).held_by, [presence(1), presence(2)]);
}

#[test]
fn every_rule_that_says_no_is_told_in_order() {
    let mut world = World::simple(&[1]);
    world.offer.spec.active = false;
    world.offer.spec.min_notice_minutes = 60;
    world.offer.spec.limits.per_day = Some(1);
    world.take((0, 1), slot("2027-03-01T16:30:00Z", 30), booking(1));
    world.now = at("2027-03-01T17:00:00Z");
    let expected = [
        Reason::Inactive,
        Reason::Duration,
        Reason::Past,
        Reason::Notice,
        Reason::OutsideHours,
        Reason::OffGrid,
        Reason::Limit,
        Reason::Booked,
    ];
    assert_eq!(reasons(&world, slot("2027-03-01T16:40:00Z", 45)), expected);
}

#[test]
fn each_rule_that_is_set_aside_says_no_more_and_what_is_taken_still_does() {
    let mut world = World::simple(&[1]);
    world.offer.spec.limits.per_day = Some(1);
    world.offer.spec.min_notice_minutes = 24 * 60;
    world.units(0).hours = Some(std::sync::Arc::new(daily(Tz::UTC, 9 * 60, 10 * 60)));
    world.take((0, 1), slot("2027-03-01T16:00:00Z", 30), booking(1));
    let codes = |world: &World, slot: Interval, allow: &[&str]| -> Vec<Reason> {
        let allow = Allow::of(allow.iter().copied()).unwrap();
        let verdict = world.scene().judge(slot, Conditions { allow, ..Conditions::default() });
        assert_eq!(verdict.findings.is_empty(), !verdict.units.is_empty());
        verdict.findings.iter().map(|finding| finding.reason).collect()
    };
    let seven_past_ten = slot("2027-03-01T10:07:00Z", 25);
    let all = ["duration", "notice", "outside_hours", "off_grid", "limit"];
    let reasons = [Reason::Duration, Reason::Notice, Reason::OutsideHours, Reason::OffGrid, Reason::Limit];
    assert_eq!(codes(&world, seven_past_ten, &[]), reasons);
    assert_eq!(codes(&world, seven_past_ten, &all), []);
    for (without, reason) in all.iter().zip(reasons) {
        let others: Vec<&str> = all.iter().filter(|rule| *rule != without).copied().collect();
        assert_eq!(codes(&world, seven_past_ten, &others), [reason]);
    }
    assert_eq!(codes(&world, slot("2027-03-01T16:10:00Z", 25), &all), [Reason::Booked]);
    assert_eq!(codes(&world, slot("2027-02-28T16:10:00Z", 25), &all), [Reason::Past]);
    assert!(Allow::of(["past"]).is_err() && Allow::of(["held"]).is_err());
}
