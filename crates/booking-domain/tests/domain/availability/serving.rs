//! Who serves a slot when several could, and that no choice stands in the way of another.

use std::collections::BTreeSet;

use booking_domain::Tz;
use booking_domain::availability::{Conditions, Slot, UnitRef};
use booking_domain::finding::Reason;
use booking_domain::interval::Interval;

use chrono::TimeDelta;

use super::world::{World, at, booking, hold, resource, slot};

fn chosen_at(world: &World, slot: Interval) -> Vec<usize> {
    let units = world.scene().judge(slot, Conditions::default()).units;
    let number = |unit: &UnitRef| (0..9).find(|number| resource(*number) == unit.resource_id).expect("a resource");
    units.iter().map(number).collect()
}

fn nine() -> Interval {
    slot("2027-03-03T09:00:00Z", 30)
}

fn taken(world: &World, wanted: Option<usize>) -> Vec<(usize, u32)> {
    let units = world.scene().judge(nine(), Conditions { wanted: wanted.map(resource), ..Conditions::default() }).units;
    let number = |unit: &UnitRef| (0..9).find(|number| resource(*number) == unit.resource_id).expect("a resource");
    units.iter().map(|unit| (number(unit), unit.unit)).collect()
}

#[test]
fn the_resource_with_the_fewest_claims_that_week_serves() {
    let mut world = World::simple(&[1, 1]);
    assert_eq!(taken(&world, None), [(0, 1)]);
    world.take((0, 1), slot("2027-03-07T12:00:00Z", 30), booking(1));
    assert_eq!(taken(&world, None), [(1, 1)]);
}

#[test]
fn claims_of_another_week_do_not_count() {
    let mut world = World::simple(&[1, 1]);
    world.take((0, 1), slot("2027-02-28T12:00:00Z", 30), booking(1));
    world.take((0, 1), slot("2027-03-08T12:00:00Z", 30), booking(2));
    world.take((1, 1), slot("2027-03-05T12:00:00Z", 30), booking(3));
    assert_eq!(taken(&world, None), [(0, 1)]);
}

#[test]
fn among_equals_the_resource_serves_whose_last_claim_is_longest_ago() {
    let mut world = World::simple(&[1, 1, 1]);
    world.take((0, 1), slot("2027-02-24T12:00:00Z", 30), booking(1));
    assert_eq!(taken(&world, None), [(1, 1)], "who never served comes before who did");
    world.take((1, 1), slot("2026-02-24T12:00:00Z", 30), booking(2));
    world.take((2, 1), slot("2026-02-25T12:00:00Z", 30), booking(3));
    assert_eq!(taken(&world, None), [(1, 1)]);
    world.take((1, 1), slot("2026-02-26T12:00:00Z", 30), booking(4));
    assert_eq!(taken(&world, None), [(2, 1)]);
}

#[test]
fn a_claim_that_begins_with_the_slot_is_not_before_it() {
    let mut world = World::simple(&[2, 2]);
    for (number, unit, start) in [
        (0, 1, "2027-03-01T12:00:00Z"),
        (0, 2, "2027-03-03T09:00:00Z"),
        (1, 1, "2027-03-01T13:00:00Z"),
        (1, 2, "2027-03-04T12:00:00Z"),
    ] {
        world.take((number, unit), slot(start, 30), booking(number as u128 * 2 + u128::from(unit)));
    }
    assert_eq!(chosen_at(&world, slot("2027-03-03T09:00:00Z", 30)), [0]);
    assert_eq!(chosen_at(&world, slot("2027-03-03T09:30:00Z", 30)), [1]);
}

#[test]
fn what_is_held_by_oneself_is_no_last_claim() {
    let mut world = World::simple(&[1, 1]);
    world.take((1, 1), slot("2027-02-24T12:00:00Z", 30), booking(1));
    world.take((0, 1), slot("2027-02-25T12:00:00Z", 30), hold(2));
    assert_eq!(taken(&world, None), [(1, 1)]);
    let units = world.scene().judge(nine(), Conditions { own: &[hold(2)], ..Conditions::default() }).units;
    assert_eq!(units, [UnitRef { resource_id: resource(0), unit: 1 }]);
}

#[test]
fn whoever_is_visited_once_a_week_by_two_of_four_takes_turns() {
    let mut world = World::simple(&[1, 1, 1, 1]);
    world.require(&[(2, &[0, 1, 2, 3])]);
    let mut pairs = Vec::new();
    for week in 0..6_u32 {
        let visit = Interval::lasting(nine().start() + TimeDelta::weeks(week.into()), 30).expect("whole minutes");
        pairs.push(chosen_at(&world, visit));
        for unit in world.scene().judge(visit, Conditions::default()).units {
            world.take_unit(unit, visit, booking(week.into()));
        }
    }
    assert_eq!(pairs, [[0, 1], [2, 3], [0, 1], [2, 3], [0, 1], [2, 3]]);
}

#[test]
fn what_remains_follows_who_served_last_before_each_start() {
    let mut world = World::simple(&[1, 1, 2]);
    world.require(&[(2, &[0, 1, 2])]);
    // Each has a claim that week: the first at noon on Monday, the others later.
    for (number, start) in [(0, "2027-03-01T12:00:00Z"), (1, "2027-03-02T12:00:00Z"), (2, "2027-03-03T12:00:00Z")] {
        world.take((number, 1), slot(start, 30), booking(number as u128));
    }
    let week = world.slots(slot("2027-03-01T00:00:00Z", 5 * 1440), 30, None);
    let listed = |start| week.iter().find(|slot| slot.interval.start() == at(start)).map(|slot| slot.remaining);
    // The two single units first, which strands the others; or one of them with one of the others, twice.
    for (start, turns) in [
        ("2027-03-01T09:00:00Z", 1),
        ("2027-03-02T09:00:00Z", 2),
        ("2027-03-03T09:00:00Z", 2),
        ("2027-03-04T09:00:00Z", 1),
    ] {
        assert_eq!(listed(start), Some(turns), "{start}");
    }
}

#[test]
fn a_week_ends_by_the_wall_clock_that_is_moved_within_it() {
    let mut world = World::simple(&[1, 1]);
    world.offer.hours.time_zone = Tz::Europe__Berlin;
    let monday = slot("2027-03-22T10:00:00Z", 30);
    // A quarter past midnight on the next Monday; by the time that was shown before, it would still be Sunday.
    world.take((0, 1), slot("2027-03-28T22:15:00Z", 30), booking(1));
    let units = world.scene().judge(monday, Conditions::default()).units;
    assert_eq!(units, [UnitRef { resource_id: resource(0), unit: 1 }]);
}

#[test]
fn what_remains_follows_the_claims_of_each_week() {
    let mut world = World::simple(&[1, 1, 2]);
    world.require(&[(2, &[0, 1, 2])]);
    world.take((1, 1), slot("2027-03-12T16:00:00Z", 30), booking(1));
    let remaining = |slots: Vec<Slot>| slots.iter().map(|slot| slot.remaining).collect::<BTreeSet<_>>();
    let both_mondays = world.slots(slot("2027-03-01T00:00:00Z", 8 * 1440), 30, None);
    let (this, next): (Vec<_>, _) =
        both_mondays.into_iter().partition(|slot| slot.interval.start() < at("2027-03-08T00:00:00Z"));
    // Where nobody has claims, the first turn takes the two single units and strands the others.
    assert_eq!((remaining(this), remaining(next)), (BTreeSet::from([1]), BTreeSet::from([2])));
}

#[test]
fn holds_count_as_claims_but_not_ones_own() {
    let mut world = World::simple(&[1, 1]);
    world.take((0, 1), slot("2027-03-05T12:00:00Z", 30), hold(1));
    assert_eq!(taken(&world, None), [(1, 1)]);
    let units = world.scene().judge(nine(), Conditions { own: &[hold(1)], ..Conditions::default() }).units;
    assert_eq!(units, [UnitRef { resource_id: resource(0), unit: 1 }]);
}

#[test]
fn the_wanted_resource_serves_however_busy_it_is() {
    let mut world = World::simple(&[1, 1]);
    world.take((1, 1), slot("2027-03-05T12:00:00Z", 30), booking(1));
    assert_eq!(taken(&world, Some(1)), [(1, 1)]);
}

#[test]
fn a_wanted_resource_that_serves_nothing_here_is_refused() {
    let world = World::simple(&[1, 1]);
    let findings =
        world.scene().judge(nine(), Conditions { wanted: Some(resource(7)), ..Conditions::default() }).findings;
    assert_eq!(findings.iter().map(|finding| finding.reason).collect::<Vec<_>>(), [Reason::Inactive]);
    assert!(world.slots(nine(), 30, Some(resource(7))).is_empty());
}

#[test]
fn the_lowest_free_unit_is_taken() {
    let mut world = World::simple(&[10_000]);
    world.take((0, 1), nine(), booking(1));
    world.take((0, 3), nine(), booking(2));
    assert_eq!(taken(&world, None), [(0, 2)]);
    assert_eq!(world.slots(nine(), 30, None).first().map(|slot| slot.remaining), Some(99));
}

#[test]
fn a_greedy_choice_never_refuses_what_another_choice_serves() {
    let mut world = World::simple(&[1, 1]);
    world.require(&[(1, &[0, 1]), (1, &[0])]);
    assert_eq!(taken(&world, None), [(0, 1), (1, 1)]);
}

#[test]
fn several_units_of_one_resource_may_serve_several_requirements() {
    let mut world = World::simple(&[2]);
    world.require(&[(1, &[0]), (1, &[0])]);
    assert_eq!(taken(&world, None), [(0, 1), (0, 2)]);
    world.units(0).capacity = 1;
    assert!(taken(&world, None).is_empty());
}

#[test]
fn one_requirement_takes_distinct_resources() {
    let mut world = World::simple(&[5]);
    world.require(&[(2, &[0])]);
    assert!(taken(&world, None).is_empty());
}

#[test]
fn free_time_that_is_spread_over_units_is_not_offered() {
    let mut world = World::simple(&[2]);
    world.take((0, 1), slot("2027-03-03T09:00:00Z", 15), booking(1));
    world.take((0, 2), slot("2027-03-03T09:15:00Z", 15), booking(2));
    assert!(taken(&world, None).is_empty());
}

#[test]
fn rooms_and_people_are_taken_at_once() {
    let mut world = World::simple(&[1, 1, 1, 1]);
    world.require(&[(1, &[0, 1]), (2, &[2, 3])]);
    assert_eq!(taken(&world, None), [(0, 1), (2, 1), (3, 1)]);
    world.take((3, 1), nine(), booking(1));
    assert!(taken(&world, None).is_empty());
}
