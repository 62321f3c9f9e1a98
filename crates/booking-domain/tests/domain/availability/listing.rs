//! What is listed is what is judged, and what is judged can be taken: in random small worlds, minute by minute.

use std::collections::BTreeMap;

use booking_domain::Tz;
use booking_domain::availability::{Claim, Conditions, Owner, Slot, SlotState, Units, Verdict};
use booking_domain::finding::Reason;
use booking_domain::id::ResourceId;
use booking_domain::interval::Interval;
use proptest::prelude::*;

use super::oracle::{self, minutes};
use super::world::{World, any_world, at, booking, daily, hold, resource, slot};

fn worlds() -> impl Strategy<Value = (World, Option<ResourceId>)> {
    (any_world(), prop_oneof![3 => Just(None), 1 => (0_usize..4).prop_map(|number| Some(resource(number)))])
}

fn duration(world: &World) -> u32 {
    world.offer.spec.durations.shortest()
}

fn state(verdict: &Verdict) -> Option<SlotState> {
    match verdict.findings.as_slice() {
        [] => Some(SlotState::Free),
        [only] if only.reason == Reason::Held => Some(SlotState::Held),
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_slot_is_listed_exactly_when_it_is_judged_and_read_so((world, wanted) in worlds()) {
        let scene = world.scene();
        let slots = world.slots(world.range(), duration(&world), wanted);
        prop_assert!(slots.is_sorted_by(|one, next| one.interval.start() < next.interval.start()));
        let listed: BTreeMap<_, _> = slots.iter().map(|slot| (slot.interval.start(), slot.state)).collect();
        for start in minutes(world.range()) {
            let slot = Interval::lasting(start, duration(&world)).expect("whole minutes");
            let verdict = scene.judge(slot, Conditions { wanted, ..Conditions::default() });
            prop_assert_eq!(state(&verdict), listed.get(&start).copied(), "{} {:?}", start, verdict);
            prop_assert_eq!(oracle::listed(&world, slot, wanted), listed.get(&start).copied(), "{} {:?}", start, verdict);
        }
    }

    #[test]
    fn a_verdict_is_whole((world, wanted) in worlds()) {
        for start in minutes(world.range()).step_by(7) {
            let slot = Interval::lasting(start, duration(&world)).expect("whole minutes");
            let verdict = world.scene().judge(slot, Conditions { wanted, ..Conditions::default() });
            let reasons: Vec<_> = verdict.findings.iter().map(|finding| finding.reason).collect();
            prop_assert!(reasons.is_sorted_by(|one, next| one < next), "{:?}", verdict);
            prop_assert_eq!(verdict.units.is_empty(), !reasons.is_empty(), "{:?}", verdict);
            prop_assert_eq!(verdict.held_by.is_empty(), !reasons.contains(&Reason::Held), "{:?}", verdict);
            prop_assert!(verdict.findings.iter().all(|finding| finding.detail.ends_with('.')), "{:?}", verdict);
            let shown = Some(world.scene().state_of(slot, wanted));
            prop_assert_eq!(shown.filter(|state| listed_states().contains(state)), state(&verdict));
        }
    }

    #[test]
    fn many_states_are_what_each_verdict_says((mut world, wanted) in worlds(), lost in prop::bool::weighted(0.2)) {
        if lost {
            world.units(0).capacity = 1;
        }
        let slots: Vec<_> = minutes(world.range()).step_by(3)
            .map(|start| Interval::lasting(start, duration(&world)).expect("whole minutes")).collect();
        let states = world.scene().states_of(&slots, wanted);
        for (slot, state) in slots.into_iter().zip(states) {
            let verdict = world.scene().judge(slot, Conditions { wanted, ..Conditions::default() });
            prop_assert_eq!(state, state_by_findings(&verdict), "{:?} {:?}", slot, verdict);
        }
    }

    #[test]
    fn a_held_slot_is_free_once_its_holds_have_gone((world, wanted) in worlds()) {
        let slots = world.slots(world.range(), duration(&world), wanted);
        for slot in slots.into_iter().filter(|slot| slot.state == SlotState::Held) {
            let held_by = world.scene().judge(slot.interval, Conditions { wanted, ..Conditions::default() }).held_by;
            let own: Vec<_> = held_by.iter().map(|id| Owner::Hold(*id)).collect();
            let others_gone = world.scene().judge(slot.interval, Conditions { wanted, own: &own, ..Conditions::default() });
            prop_assert_eq!(others_gone.findings, vec![], "{:?}", own);
        }
    }

    #[test]
    fn what_is_taken_is_the_first_choice_and_the_lowest_unit((world, wanted) in worlds()) {
        let slots = world.slots(world.range(), duration(&world), wanted);
        for slot in slots.into_iter().filter(|slot| slot.state == SlotState::Free) {
            let verdict = world.scene().judge(slot.interval, Conditions { wanted, ..Conditions::default() });
            let mut expected = oracle::allocation(&world, slot.interval, wanted, |_| true).expect("free");
            expected.sort();
            let taken: Vec<_> = verdict.units.iter().map(|unit| unit.resource_id).collect();
            prop_assert_eq!(taken, expected);
            let lowest = oracle::lowest_units(&world, slot.interval, &verdict.units);
            prop_assert_eq!(verdict.units, lowest);
        }
    }

    #[test]
    fn a_slot_can_be_taken_as_often_as_remains((world, wanted) in worlds()) {
        let slots = world.slots(world.range(), duration(&world), wanted);
        let few: Vec<_> = slots.into_iter().step_by(5).collect();
        for slot in few {
            let taken = take_all(&mut world.clone(), slot, wanted)?;
            prop_assert_eq!(taken, slot.remaining, "{:?}", slot);
        }
    }

    #[test]
    fn no_slot_leaves_the_open_hours((world, wanted) in worlds()) {
        for slot in world.slots(world.range(), duration(&world), wanted) {
            prop_assert!(minutes(slot.interval).all(|minute| oracle::is_open(&world.offer.hours, minute)), "{:?}", slot);
        }
    }

    #[test]
    fn what_lies_outside_the_windows_to_load_changes_nothing((world, wanted) in worlds(), first in 0_i64..600) {
        let start = world.range().start() + chrono::TimeDelta::minutes(first);
        let range = Interval::lasting(start, 60).expect("whole minutes");
        let loaded = loaded(&world, range);
        prop_assert_eq!(
            loaded.slots(range, duration(&world), wanted),
            world.slots(range, duration(&world), wanted)
        );
        for start in minutes(range) {
            let slot = Interval::lasting(start, duration(&world)).expect("whole minutes");
            prop_assert_eq!(loaded.scene().judge(slot, Conditions { wanted, ..Conditions::default() }), world.scene().judge(slot, Conditions { wanted, ..Conditions::default() }));
        }
    }
}

fn state_by_findings(verdict: &Verdict) -> SlotState {
    let has = |reasons: &[Reason]| verdict.findings.iter().any(|finding| reasons.contains(&finding.reason));
    let others: Vec<Reason> = Reason::ALL.into_iter().filter(|reason| *reason < Reason::Limit).collect();
    assert_eq!(verdict.is_held(), state(verdict).is_some(), "{verdict:?}");
    match state(verdict) {
        Some(state) => state,
        None if has(&[Reason::Booked, Reason::Buffer]) && !has(&others) => {
            assert!(verdict.is_booked(), "{verdict:?}");
            SlotState::Booked
        }
        None => {
            assert!(!verdict.is_booked(), "{verdict:?}");
            SlotState::Absent
        }
    }
}

const fn listed_states() -> [SlotState; 2] {
    [SlotState::Free, SlotState::Held]
}

/// The world with only what must be loaded to judge the starts of a range.
fn loaded(world: &World, range: Interval) -> World {
    let mut loaded = world.clone();
    let window = world.offer.load_window(range);
    let chosen = world.offer.spec.chosen_ids();
    for (id, units) in &mut loaded.occupancy {
        let last = units.claims.iter().map(|claim| claim.slot.start()).filter(|start| *start < window.start()).max();
        let is_last = |claim: &Claim| chosen.contains(id) && Some(claim.slot.start()) == last;
        units.claims.retain(|claim| claim.blocked.overlaps(window) || is_last(claim));
        units.busy.retain(|busy| busy.overlaps(window));
    }
    let counted = world.offer.limit_window(range);
    let inside = |start| counted.is_some_and(|window| window.start() <= start && start < window.end());
    loaded.appointments.retain(|appointment| inside(appointment.start));
    loaded
}

/// Takes a slot until it is refused; how often it could be taken.
fn take_all(world: &mut World, slot: Slot, wanted: Option<ResourceId>) -> Result<u32, TestCaseError> {
    for times in 0.. {
        let verdict = world.scene().judge(slot.interval, Conditions { wanted, ..Conditions::default() });
        if verdict.units.is_empty() {
            return Ok(times);
        }
        prop_assert!(wanted.is_none_or(|wanted| verdict.units.iter().any(|unit| unit.resource_id == wanted)));
        for unit in verdict.units {
            world.take_unit(unit, slot.interval, booking(1000 + u128::from(times)));
        }
        prop_assert!(oracle::no_overlaps(world), "{:?}", world.occupancy);
    }
    unreachable!("units are finite")
}

#[test]
fn the_last_claim_before_what_is_loaded_tells_whose_turn_it_is() {
    let mut world = World::simple(&[1, 1]);
    world.take((0, 1), slot("2026-11-02T09:00:00Z", 30), booking(1));
    world.take((0, 1), slot("2026-12-02T09:00:00Z", 30), booking(2));
    world.take((1, 1), slot("2026-12-01T09:00:00Z", 30), booking(3));
    let monday = slot("2027-03-01T09:00:00Z", 30);
    let loaded = loaded(&world, monday);
    assert_eq!(loaded.occupancy.values().map(|units| units.claims.len()).collect::<Vec<_>>(), [1, 1]);
    let units = loaded.scene().judge(monday, Conditions::default()).units;
    assert_eq!(units.iter().map(|unit| unit.resource_id).collect::<Vec<_>>(), [resource(1)]);
}

#[test]
fn listing_a_duration_that_is_not_on_offer_lists_nothing() {
    let world = World::simple(&[1]);
    assert!(world.slots(slot("2027-03-01T00:00:00Z", 1440), 45, None).is_empty());
}

#[test]
fn a_slot_that_left_the_list_says_why() {
    let mut world = World::simple(&[1]);
    world.take((0, 1), slot("2027-03-01T09:00:00Z", 30), booking(1));
    world.take((0, 1), slot("2027-03-01T10:00:00Z", 30), hold(2));
    world.units(0).busy.push(slot("2027-03-01T11:00:00Z", 30));
    let state = |start| world.scene().state_of(slot(start, 30), None);
    assert_eq!(state("2027-03-01T09:00:00Z"), SlotState::Booked);
    assert_eq!(state("2027-03-01T10:00:00Z"), SlotState::Held);
    assert_eq!(state("2027-03-01T11:00:00Z"), SlotState::Absent);
    assert_eq!(state("2027-03-01T12:00:00Z"), SlotState::Free);
    assert_eq!(state("2027-03-01T17:00:00Z"), SlotState::Absent);
}

#[test]
fn a_booked_slot_stays_booked_when_its_booking_reached_a_limit() {
    let mut world = World::simple(&[1]);
    world.offer.spec.limits.per_day = Some(1);
    world.take((0, 1), slot("2027-03-01T09:00:00Z", 30), booking(1));
    assert_eq!(world.scene().state_of(slot("2027-03-01T09:00:00Z", 30), None), SlotState::Booked);
    assert_eq!(world.scene().state_of(slot("2027-03-01T10:00:00Z", 30), None), SlotState::Absent);
}

#[test]
fn a_passed_slot_is_absent_though_it_was_booked() {
    let mut world = World::simple(&[1]);
    world.take((0, 1), slot("2027-03-01T09:00:00Z", 30), booking(1));
    world.now = at("2027-03-01T12:00:00Z");
    assert_eq!(world.scene().state_of(slot("2027-03-01T09:00:00Z", 30), None), SlotState::Absent);
}

#[test]
fn a_closed_hour_that_the_wall_clock_shows_twice_is_closed_once() {
    let mut world = World::new(daily(Tz::Europe__Berlin, 0, 1_440), at("2027-10-30T00:00:00Z"));
    let busy = vec![slot("2027-10-31T00:00:00Z", 60)];
    world.add_resource(Units { capacity: 1, active: true, busy, ..Units::default() });
    let night = world.slots(slot("2027-10-30T23:00:00Z", 240), 30, None);
    let starts: Vec<i64> =
        night.iter().map(|slot| (slot.interval.start() - at("2027-10-31T00:00:00Z")).num_minutes()).collect();
    // Two o'clock is closed the first time, and open when it comes again.
    assert_eq!(starts, [-60, -30, 60, 90, 120, 150]);
}
