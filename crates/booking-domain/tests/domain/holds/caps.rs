//! What keeps holds short and few: one place in an event type, deadlines, extensions, cooldowns and caps.

use booking_domain::hold::SlotKey;
use booking_domain::hold::change::Departure;
use booking_domain::hold::command::Heartbeat;
use booking_domain::refusal::{Loss, Refusal};

use crate::holds::world::{World, address, beat, held, hour_at, minutes, offer, position, room, seconds};

/// A heartbeat that says where it comes from.
fn from(address_number: u8, session: u8, room: SlotKey) -> Heartbeat {
    Heartbeat { address: Some(address(address_number)), ..beat(session, room) }
}

#[test]
fn heartbeating_elsewhere_in_the_event_type_moves_the_session_there() {
    let mut world = World::of_one_room();
    world.all_beat(&[1, 2], hour_at(10, 0));
    assert!(held(world.beats(1, hour_at(14, 0))).is_some());
    assert_eq!(world.departures(), [(1, Departure::Moved)]);
    assert!(world.holds(2, hour_at(10, 0)), "what it left goes to the next in line");
}

#[test]
fn who_moves_to_a_held_room_waits_there_and_keeps_nothing() {
    let mut world = World::of_one_room();
    world.all_beat(&[1, 2], hour_at(10, 0));
    world.all_beat(&[3], hour_at(14, 0));
    assert_eq!(position(world.beats(1, hour_at(14, 0))), Some(1));
    assert!(world.holds(2, hour_at(10, 0)) && world.presence(1, hour_at(10, 0)).is_none());
}

#[test]
fn who_moves_to_a_room_that_refuses_stays_where_they_were() {
    let mut world = World::of_one_room();
    world.books(None, hour_at(14, 0)).unwrap();
    world.all_beat(&[1], hour_at(10, 0));
    assert!(world.beats(1, hour_at(14, 0)).is_err());
    assert!(world.changes.is_empty() && world.holds(1, hour_at(10, 0)));
}

#[test]
fn moving_over_ones_own_time_keeps_it_and_its_deadline() {
    let mut world = World::of_one_room();
    world.all_beat(&[1, 2], hour_at(10, 0));
    let deadline = world.hold(1, hour_at(10, 0)).unwrap().deadline;
    world.pass(seconds(10));
    assert_eq!(held(world.beats(1, hour_at(10, 30))).unwrap().deadline, deadline);
    assert!(world.waits(2, hour_at(10, 0)));
    assert_eq!(held(world.beats(1, hour_at(10, 0))).unwrap().deadline, deadline, "going to and fro buys no time");
}

#[test]
fn a_forgotten_tab_loses_its_hold_at_the_deadline_and_is_told_once() {
    let mut world = World::of_one_room();
    world.all_beat(&[1, 2], hour_at(10, 0));
    world.pass_with(minutes(10) - seconds(1), &[(1, hour_at(10, 0)), (2, hour_at(10, 0))]);
    assert!(world.holds(1, hour_at(10, 0)));
    world.pass(seconds(1));
    assert_eq!(world.beats(1, hour_at(10, 0)), Err(Refusal::HoldLost(Loss::Ended)));
    assert_eq!(world.departures(), [(1, Departure::Deadline)]);
    assert!(world.holds(2, hour_at(10, 0)));
    assert!(matches!(world.beats(1, hour_at(10, 0)), Err(Refusal::TooManyHolds { retry_after_s: Some(60), .. })));
}

/// Session 1 of address 1 has just lost ten o'clock.
fn world_after_a_deadline() -> World {
    let mut world = World::of_one_room();
    world.heartbeat(from(1, 1, hour_at(10, 0))).unwrap();
    world.pass_with(minutes(10), &[(1, hour_at(10, 0))]);
    world
}

#[test]
fn after_a_deadline_the_session_and_its_address_wait_a_minute_before_an_overlapping_time() {
    let mut world = world_after_a_deadline();
    for beat in [from(2, 1, hour_at(10, 30)), from(1, 2, hour_at(9, 30))] {
        assert!(matches!(world.heartbeat(beat), Err(Refusal::TooManyHolds { retry_after_s: Some(60), .. })));
    }
    assert!(world.heartbeat(from(1, 3, hour_at(11, 0))).is_ok(), "another time is another matter");
    assert!(world.heartbeat(from(2, 4, hour_at(10, 0))).is_ok(), "so is another address");
    world.leaves(4, hour_at(10, 0));
    world.pass(seconds(60));
    assert!(world.heartbeat(from(1, 1, hour_at(10, 0))).is_ok());
}

#[test]
fn a_cooldown_keeps_nobody_from_other_times_of_a_limited_event_type() {
    let mut world = World::new().with_resource(1, 1);
    world = world.with_offer(offer(1, &[(1, &[1])], |spec| spec.limits.per_week = Some(5)));
    world.all_beat(&[1], hour_at(10, 0));
    world.pass_with(minutes(10), &[(1, hour_at(10, 0))]);
    assert!(held(world.beats(1, hour_at(14, 0))).is_some());
}

#[test]
fn anothers_cooldown_at_the_same_address_does_not_hide_ones_own_loss() {
    let mut world = World::new().with_resource(1, 2).with_offer(offer(1, &[(1, &[1])], |_| {}));
    let both = [(1, hour_at(10, 0)), (2, hour_at(10, 0))];
    both.iter().for_each(|(session, room)| drop(world.heartbeat(from(1, *session, *room)).unwrap()));
    world.pass_with(minutes(10) - seconds(1), &both);
    world.pass(seconds(1));
    world.ticks();
    assert_eq!(world.beats(2, hour_at(10, 0)), Err(Refusal::HoldLost(Loss::Ended)));
    assert_eq!(world.beats(1, hour_at(10, 0)), Err(Refusal::HoldLost(Loss::Ended)));
}

#[test]
fn whoever_asks_for_more_time_too_late_has_been_told_of_the_loss() {
    let mut world = World::of_one_room();
    world.all_beat(&[1], hour_at(10, 0));
    world.pass_with(minutes(10) - seconds(1), &[(1, hour_at(10, 0))]);
    world.pass(seconds(1));
    assert_eq!(world.extends(1, hour_at(10, 0)), Err(Refusal::HoldLost(Loss::Ended)));
    assert!(matches!(world.beats(1, hour_at(10, 0)), Err(Refusal::TooManyHolds { .. })));
}

#[test]
fn silence_is_no_missed_deadline_however_late_anybody_looks() {
    let mut world = World::of_one_room();
    world.all_beat(&[1], hour_at(10, 0));
    world.pass(minutes(11));
    world.ticks();
    assert_eq!(world.departures(), [(1, Departure::Silent)]);
    assert!(held(world.beats(1, hour_at(10, 0))).is_some());
}

#[test]
fn a_hold_is_extended_once_by_its_owner_in_the_last_two_minutes() {
    let mut world = World::of_one_room();
    world.all_beat(&[1, 2], hour_at(10, 0));
    let present = [(1, hour_at(10, 0)), (2, hour_at(10, 0))];
    let deadline = world.hold(1, hour_at(10, 0)).unwrap().deadline;
    world.pass_with(minutes(8) - seconds(1), &present);
    assert!(matches!(world.extends(1, hour_at(10, 0)), Err(Refusal::Conflict { .. })), "too early");
    world.pass_with(seconds(1), &present);
    assert_eq!(world.extends(2, hour_at(10, 0)), Err(Refusal::HoldLost(Loss::Ended)), "not the owner");
    assert_eq!(held(world.extends(1, hour_at(10, 0))).unwrap().deadline, deadline + minutes(5));
    world.pass_with(minutes(6), &present);
    assert!(matches!(world.extends(1, hour_at(10, 0)), Err(Refusal::Conflict { .. })), "only once");
    world.pass_with(minutes(1), &present);
    assert!(world.holds(2, hour_at(10, 0)));
}

#[test]
fn an_event_type_may_say_how_long_its_holds_live() {
    let mut world = World::new().with_resource(1, 1);
    world = world.with_offer(offer(1, &[(1, &[1])], |spec| spec.hold_deadline_minutes = Some(3)));
    assert_eq!(held(world.beats(1, hour_at(10, 0))).unwrap().deadline, world.now + minutes(3));
}

#[test]
fn a_session_is_in_five_rooms_at_most_and_the_dead_do_not_count() {
    let mut world = World::new().with_resource(1, 9);
    for n in 1..=7 {
        world = world.with_offer(offer(n, &[(1, &[1])], |_| {}));
    }
    // At other times, so that no heartbeat ends them before the cap is asked.
    (1..=5).for_each(|n| drop(world.beats(1, room(n, 8 + u32::from(n), 0, 30)).unwrap()));
    assert!(matches!(world.beats(1, room(6, 20, 0, 30)), Err(Refusal::TooManyHolds { retry_after_s: None, .. })));
    assert!(world.beats(1, room(5, 18, 0, 30)).is_ok(), "moving needs no further place");
    world.pass(minutes(1));
    assert!(world.beats(1, room(6, 20, 0, 30)).is_ok());
}

#[test]
fn places_in_rooms_that_are_not_loaded_count_towards_the_caps() {
    let mut world = World::of_one_room();
    world.working_set.elsewhere_by_session.insert(crate::holds::world::session(1), 5);
    world.working_set.elsewhere_by_address.insert(address(1), 20);
    assert!(matches!(world.beats(1, hour_at(10, 0)), Err(Refusal::TooManyHolds { .. })));
    assert!(matches!(world.heartbeat(from(1, 2, hour_at(10, 0))), Err(Refusal::TooManyHolds { .. })));
    assert!(world.heartbeat(from(2, 2, hour_at(10, 0))).is_ok());
}

#[test]
fn an_address_has_twenty_places_unless_the_cap_is_off() {
    let mut world = World::of_one_room();
    world.rules.waiting_per_address = None;
    (1..=20).for_each(|session| drop(world.heartbeat(from(1, session, hour_at(10, 0))).unwrap()));
    assert!(matches!(world.heartbeat(from(1, 21, hour_at(10, 0))), Err(Refusal::TooManyHolds { .. })));
    assert!(world.heartbeat(from(1, 20, hour_at(12, 0))).is_ok(), "who moves is counted once");
    assert!(world.heartbeat(from(2, 21, hour_at(10, 0))).is_ok());
    world.rules.presences_per_address = None;
    assert!(world.heartbeat(from(1, 22, hour_at(10, 0))).is_ok());
}

#[test]
fn without_the_cap_an_address_does_not_cool_down_but_the_session_does() {
    let mut world = world_after_a_deadline();
    world.rules.presences_per_address = None;
    assert!(world.heartbeat(from(1, 2, hour_at(10, 0))).is_ok());
    world.leaves(2, hour_at(10, 0));
    assert!(matches!(world.heartbeat(from(1, 1, hour_at(10, 30))), Err(Refusal::TooManyHolds { .. })));
}

#[test]
fn an_address_is_one_ipv4_host_or_one_ipv6_network_of_56_bits() {
    let key = |text: &str| booking_domain::address::AddressKey::from(text.parse::<std::net::IpAddr>().unwrap());
    assert_eq!(key("2001:db8:1:100::1"), key("2001:db8:1:1ff::2"));
    assert_ne!(key("2001:db8:1:100::1"), key("2001:db8:1:200::1"));
    assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
    assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
}
