//! The line: who holds, who waits, and who is next when something becomes free.

use booking_domain::availability::Owner;
use booking_domain::booking::Transition;
use booking_domain::finding::Reason;
use booking_domain::hold::change::Departure;
use booking_domain::refusal::Refusal;

use crate::holds::world::{World, held, hour_at, minutes, offer, position, room, seconds};

#[test]
fn the_first_holds_and_the_others_wait_in_the_order_of_joining() {
    let mut world = World::of_one_room();
    assert!(held(world.beats(1, hour_at(10, 0))).is_some());
    assert_eq!(position(world.beats(2, hour_at(10, 0))), Some(1));
    assert_eq!(position(world.beats(3, hour_at(10, 0))), Some(2));
}

#[test]
fn the_order_never_changes_with_heartbeats() {
    let mut world = World::of_one_room();
    world.all_beat(&[1, 2, 3], hour_at(10, 0));
    for _ in 0..3 {
        world.pass(seconds(5));
        assert_eq!(position(world.beats(3, hour_at(10, 0))), Some(2));
        assert_eq!(position(world.beats(2, hour_at(10, 0))), Some(1));
        assert!(held(world.beats(1, hour_at(10, 0))).is_some());
    }
}

#[test]
fn a_heartbeat_renews_the_lease_and_nothing_else() {
    let mut world = World::of_one_room();
    let before = held(world.beats(1, hour_at(10, 0)));
    world.pass(seconds(12));
    let place = world.beats(1, hour_at(10, 0)).unwrap();
    assert_eq!(place.expires_at, world.now + world.rules.ttl);
    assert_eq!(held(Ok(place)), before);
}

#[test]
fn leaving_promotes_the_next_with_a_fresh_deadline() {
    let mut world = World::of_one_room();
    world.all_beat(&[1, 2, 3], hour_at(10, 0));
    world.pass(seconds(7));
    world.leaves(1, hour_at(10, 0));
    assert_eq!(world.hold(2, hour_at(10, 0)).unwrap().deadline, world.now + minutes(10));
    assert_eq!(position(world.beats(3, hour_at(10, 0))), Some(1));
}

#[test]
fn leaving_is_idempotent_and_only_for_oneself() {
    let mut world = World::of_one_room();
    world.all_beat(&[1, 2], hour_at(10, 0));
    world.leaves(9, hour_at(10, 0));
    world.leaves(1, hour_at(10, 30));
    assert!(world.changes.is_empty());
    world.leaves(1, hour_at(10, 0));
    world.leaves(1, hour_at(10, 0));
    assert!(world.changes.is_empty() && world.holds(2, hour_at(10, 0)));
}

#[test]
fn a_hold_dies_when_its_heartbeats_stop() {
    let mut world = World::of_one_room();
    world.all_beat(&[1, 2], hour_at(10, 0));
    world.pass_with(world.rules.ttl - seconds(1), &[(2, hour_at(10, 0))]);
    world.ticks();
    assert!(world.holds(1, hour_at(10, 0)), "never early");
    world.pass(seconds(1));
    world.ticks();
    assert_eq!(world.departures(), [(1, Departure::Silent)]);
    assert!(world.holds(2, hour_at(10, 0)));
}

#[test]
fn a_late_tick_of_an_older_lease_never_ends_a_renewed_hold() {
    let mut world = World::of_one_room();
    world.all_beat(&[1], hour_at(10, 0));
    world.pass(seconds(12));
    world.all_beat(&[1], hour_at(10, 0));
    world.pass(seconds(5));
    world.ticks();
    assert!(world.changes.is_empty() && world.holds(1, hour_at(10, 0)));
}

#[test]
fn a_heartbeat_ends_what_is_overdue_without_waiting_for_a_tick() {
    let mut world = World::of_one_room();
    world.all_beat(&[1], hour_at(10, 0));
    world.pass(minutes(1));
    assert!(held(world.beats(2, hour_at(10, 30))).is_some());
    assert_eq!(world.departures(), [(1, Departure::Silent)]);
}

#[test]
fn who_was_silent_too_long_joins_again_at_the_back() {
    let mut world = World::of_one_room();
    world.all_beat(&[1, 2, 3], hour_at(10, 0));
    world.pass_with(seconds(13), &[(3, hour_at(10, 0))]);
    assert_eq!(position(world.beats(2, hour_at(10, 0))), Some(1));
    assert_eq!(position(world.beats(1, hour_at(10, 0))), Some(2));
    assert!(world.holds(3, hour_at(10, 0)));
}

#[test]
fn who_was_silent_while_nobody_came_holds_again_with_a_new_token() {
    let mut world = World::of_one_room();
    let first = held(world.beats(1, hour_at(10, 0))).unwrap();
    world.pass(minutes(1));
    let second = held(world.beats(1, hour_at(10, 0))).unwrap();
    assert!(second.version > first.version);
    assert_eq!(second.deadline, world.now + minutes(10) - world.rules.ttl, "what it held until it ended counts");
}

#[test]
fn who_was_silent_is_not_passed_over_but_ends() {
    let mut world = World::of_one_room();
    world.all_beat(&[1, 2, 3], hour_at(10, 0));
    world.pass(seconds(10));
    world.all_beat(&[1, 3], hour_at(10, 0));
    world.pass(seconds(3));
    world.leaves(1, hour_at(10, 0));
    assert_eq!(world.departures(), [(1, Departure::Left), (2, Departure::Silent)]);
    assert!(world.holds(3, hour_at(10, 0)));
}

#[test]
fn rooms_compete_when_they_overlap_whatever_their_event_types() {
    let mut world = World::of_one_room().with_offer(offer(2, &[(1, &[1])], |_| {}));
    world.all_beat(&[1], hour_at(10, 0));
    assert_eq!(position(world.beats(2, room(2, 10, 30, 90))), Some(1));
    assert!(held(world.beats(3, room(2, 11, 0, 60))).is_some());
}

#[test]
fn a_shorter_wish_may_pass_a_longer_one_that_cannot_be_met() {
    let mut world = World::of_one_room();
    world.all_beat(&[1], hour_at(10, 0));
    world.all_beat(&[2], room(1, 10, 30, 90));
    assert!(held(world.beats(3, room(1, 11, 0, 30))).is_some(), "nobody reserves by waiting");
    world.leaves(1, hour_at(10, 0));
    assert!(world.waits(2, room(1, 10, 30, 90)), "its whole need is not free yet");
    world.leaves(3, room(1, 11, 0, 30));
    assert!(world.holds(2, room(1, 10, 30, 90)));
}

#[test]
fn what_is_freed_goes_to_everybody_whose_whole_need_it_meets() {
    let mut world = World::of_one_room();
    world.all_beat(&[1], room(1, 10, 0, 90));
    world.all_beat(&[2], room(1, 10, 0, 30));
    world.all_beat(&[3], room(1, 10, 15, 30));
    world.all_beat(&[4], room(1, 10, 30, 60));
    world.leaves(1, room(1, 10, 0, 90));
    assert!(world.holds(2, room(1, 10, 0, 30)) && world.holds(4, room(1, 10, 30, 60)));
    assert!(world.waits(3, room(1, 10, 15, 30)));
}

#[test]
fn touching_times_do_not_compete_unless_buffers_meet() {
    let mut world = World::of_one_room()
        .with_resource(2, 1)
        .with_offer(offer(2, &[(1, &[2])], |spec| (spec.buffer_before_minutes, spec.buffer_after_minutes) = (0, 15)));
    world.all_beat(&[1], hour_at(10, 0));
    assert!(held(world.beats(2, hour_at(11, 0))).is_some());
    world.all_beat(&[3], room(2, 10, 0, 60));
    assert_eq!(position(world.beats(4, room(2, 11, 0, 60))), Some(1));
}

#[test]
fn several_may_hold_a_room_of_several_units() {
    let mut world = World::new().with_resource(1, 2).with_offer(offer(1, &[(1, &[1])], |_| {}));
    world.all_beat(&[1, 2, 3, 4], hour_at(10, 0));
    assert!(world.holds(1, hour_at(10, 0)) && world.holds(2, hour_at(10, 0)));
    assert_eq!(position(world.beats(4, hour_at(10, 0))), Some(2));
    world.leaves(2, hour_at(10, 0));
    assert!(world.holds(3, hour_at(10, 0)) && world.waits(4, hour_at(10, 0)));
}

#[test]
fn a_need_for_several_resources_is_met_wholly_or_not_at_all() {
    let mut world = World::new().with_resource(1, 1).with_resource(2, 1).with_resource(3, 1);
    world = world.with_offer(offer(1, &[(1, &[1])], |_| {})).with_offer(offer(2, &[(2, &[1, 2, 3])], |_| {}));
    world = world.with_offer(offer(3, &[(1, &[2])], |_| {}));
    world.all_beat(&[1], hour_at(10, 0));
    world.all_beat(&[2], room(3, 10, 0, 60));
    assert_eq!(position(world.beats(3, room(2, 10, 0, 60))), Some(1));
    let waiting = world.presence(3, room(2, 10, 0, 60)).unwrap().id;
    assert_eq!(world.claims_of(Owner::Hold(waiting)), 0);
    world.leaves(2, room(3, 10, 0, 60));
    assert_eq!(world.claims_of(Owner::Hold(waiting)), 2);
}

#[test]
fn the_token_grows_with_each_grant_of_a_pool_too() {
    let mut world = World::new().with_resource(1, 1).with_resource(2, 1).with_offer(offer(1, &[(1, &[1, 2])], |_| {}));
    let mut last = 0;
    for session in [1, 1, 1, 2] {
        world.leaves(session, hour_at(10, 0));
        let hold = held(world.beats(session, hour_at(10, 0))).unwrap();
        assert!(hold.version > last, "{} after {last}", hold.version);
        last = hold.version;
    }
    let other = &world.hold(2, hour_at(10, 0)).unwrap().resource_ids;
    assert_ne!(&world.hold(1, hour_at(10, 0)).unwrap().resource_ids, other, "one that has changed less often");
}

#[test]
fn a_session_keeps_its_holds_on_two_event_types() {
    let mut world = World::of_one_room().with_resource(2, 1).with_offer(offer(2, &[(1, &[2])], |_| {}));
    world.all_beat(&[1], hour_at(10, 0));
    world.all_beat(&[1], room(2, 10, 0, 60));
    assert!(world.holds(1, hour_at(10, 0)) && world.holds(1, room(2, 10, 0, 60)));
}

#[test]
fn a_wish_for_a_resource_waits_for_that_resource() {
    let mut world = World::new().with_resource(1, 1).with_resource(2, 1).with_offer(offer(1, &[(1, &[1, 2])], |_| {}));
    world.all_beat(&[1], hour_at(10, 0));
    let taken = world.hold(1, hour_at(10, 0)).unwrap().resource_ids[0];
    let wish = |session| {
        let mut beat = crate::holds::world::beat(session, hour_at(10, 0));
        beat.wanted = Some(taken);
        beat
    };
    assert_eq!(position(world.heartbeat(wish(2))), Some(1));
    assert!(held(world.beats(3, hour_at(10, 0))).is_some(), "the other one is free");
    world.leaves(1, hour_at(10, 0));
    assert_eq!(world.hold(2, hour_at(10, 0)).unwrap().resource_ids, [taken]);
}

#[test]
fn what_is_booked_or_not_offered_is_refused_by_name() {
    let mut world = World::of_one_room();
    world.books(None, hour_at(10, 0)).unwrap();
    assert!(matches!(world.beats(1, hour_at(10, 30)), Err(Refusal::SlotBooked { .. })));
    match world.beats(1, room(1, 12, 7, 60)) {
        Err(Refusal::SlotUnavailable { reasons, .. }) => assert_eq!(reasons[0].reason, Reason::OffGrid),
        other => panic!("off the grid, yet {other:?}"),
    }
    assert!(world.working_set.presences.is_empty());
}

#[test]
fn an_operators_review_promotes_and_sends_away() {
    let mut world = World::of_one_room().with_offer(offer(2, &[(1, &[1])], |_| {}));
    world.all_beat(&[1, 2], hour_at(10, 0));
    world.all_beat(&[3], room(2, 10, 0, 60));
    world.working_set.occupancy.get_mut(&crate::holds::world::resource(1)).unwrap().capacity = 2;
    world = world.with_offer(offer(2, &[(1, &[1])], |spec| spec.active = false));
    world.decide(&booking_domain::hold::command::Command::Review(vec![hour_at(10, 0)])).unwrap();
    assert!(world.holds(2, hour_at(10, 0)));
    assert_eq!(world.departures(), [(3, Departure::NoLongerOffered)]);
}

#[test]
fn declining_frees_and_promotes() {
    ending_frees_and_promotes(Transition::Decline);
}

#[test]
fn cancelling_frees_and_promotes() {
    ending_frees_and_promotes(Transition::Cancel);
}

fn ending_frees_and_promotes(transition: Transition) {
    let mut world = World::new().with_resource(1, 2).with_offer(offer(1, &[(1, &[1])], |_| {}));
    world.all_beat(&[1], hour_at(10, 0));
    let booking = world.books_pending(None, hour_at(10, 0));
    world.all_beat(&[2, 3], hour_at(10, 0));
    world.steps(&booking, transition).unwrap();
    assert!(world.holds(2, hour_at(10, 0)) && world.waits(3, hour_at(10, 0)));
    assert_eq!(world.claims_of(Owner::Booking(booking.id)), 0);
}

#[test]
fn whoever_waits_is_told_until_when_it_is_held_at_the_latest() {
    let (mut world, ten) = (World::of_one_room(), hour_at(10, 0));
    let first = world.beats(1, ten).unwrap();
    assert_eq!(first.held_until, None, "it is theirs");
    let deadline = held(Ok(first)).unwrap().deadline;
    world.pass(seconds(5));
    assert_eq!(world.beats(2, ten).unwrap().held_until, Some(deadline));
    assert_eq!(world.beats(3, hour_at(10, 30)).unwrap().held_until, None, "who is in the way is in another room");
}
