//! Holds that become bookings, bookings without a hold, and bookings that move or end.

use booking_domain::availability::Owner;
use booking_domain::booking::{Actor, Booking, BookingStatus, Transition};
use booking_domain::conflict::ConflictReason;
use booking_domain::finding::Reason;
use booking_domain::hold::change::{Change, Departure};
use booking_domain::hold::command::{Command, Step};
use booking_domain::refusal::Refusal;
use booking_domain::text::Prose;

use crate::holds::oracle::claims_of;
use crate::holds::world::{World, held, hour_at, minutes, offer, resource, room, seconds};

#[test]
fn a_hold_becomes_a_booking_by_changing_the_owner_of_the_same_claims() {
    let mut world = World::of_one_room();
    world.all_beat(&[1], hour_at(10, 0));
    let booking = world.books(1, hour_at(10, 0)).unwrap();
    assert!(world.working_set.presences.is_empty());
    assert_eq!(world.departures(), [(1, Departure::Booked)]);
    assert!(!world.changes.iter().any(|change| matches!(change, Change::Freed(..))), "at no moment is it free");
    assert_eq!(claims_of(&world.working_set, Owner::Booking(booking.id)).len(), 1);
    assert_eq!(booking.resources.len(), 1);
}

#[test]
fn whoever_books_over_their_own_hold_gives_it_up() {
    let mut world = World::of_one_room();
    world.all_beat(&[1, 2], hour_at(10, 0));
    assert!(matches!(world.books(2, hour_at(10, 30)), Err(Refusal::SlotHeld { .. })), "it is not theirs");
    assert!(world.holds(1, hour_at(10, 0)), "and nothing was given up for it");
    world.books(1, hour_at(10, 30)).unwrap();
    assert_eq!(world.departures(), [(1, Departure::Moved), (2, Departure::TakenByBooking)]);
}

#[test]
fn whoever_reschedules_over_their_own_hold_gives_it_up() {
    let mut world = World::of_one_room();
    let booking = world.books(None, hour_at(14, 0)).unwrap();
    world.all_beat(&[1], hour_at(10, 0));
    assert_eq!(world.reschedules(&booking, hour_at(10, 30), 1).unwrap().slot, hour_at(10, 30).slot);
    assert_eq!(world.departures(), [(1, Departure::Moved)]);
}

/// Session 1 held ten o'clock and fell silent just now; session 2 waits, and nobody has looked yet.
fn world_with_a_silent_holder(mut world: World) -> World {
    world.all_beat(&[1, 2], hour_at(10, 0));
    world.pass(seconds(10));
    world.all_beat(&[2], hour_at(10, 0));
    world.pass(seconds(3));
    world
}

#[test]
fn an_expired_hold_that_nobody_has_taken_still_serves_its_owner() {
    let mut world = world_with_a_silent_holder(World::of_one_room());
    world.books(1, hour_at(10, 0)).unwrap();
    assert_eq!(world.departures(), [(1, Departure::Booked), (2, Departure::TakenByBooking)]);
}

#[test]
fn an_expired_hold_still_serves_its_owner_who_reschedules() {
    let mut world = World::of_one_room();
    let booking = world.books(None, hour_at(14, 0)).unwrap();
    let mut world = world_with_a_silent_holder(world);
    assert_eq!(world.reschedules(&booking, hour_at(10, 0), 1).unwrap().slot, hour_at(10, 0).slot);
    assert_eq!(world.departures(), [(1, Departure::Booked), (2, Departure::TakenByBooking)]);
}

#[test]
fn an_expired_hold_that_somebody_has_taken_serves_no_more() {
    let mut world = World::of_one_room();
    world.all_beat(&[1], hour_at(10, 0));
    world.pass(minutes(1));
    world.all_beat(&[2], hour_at(10, 0));
    assert!(matches!(world.books(1, hour_at(10, 0)), Err(Refusal::SlotHeld { .. })));
}

#[test]
fn a_hold_that_met_its_deadline_does_not_go_before_those_who_wait() {
    let mut world = World::of_one_room();
    world.all_beat(&[1, 2], hour_at(10, 0));
    world.pass_with(minutes(10) - seconds(1), &[(1, hour_at(10, 0)), (2, hour_at(10, 0))]);
    world.pass(seconds(1));
    assert!(matches!(world.books(1, hour_at(10, 0)), Err(Refusal::SlotHeld { .. })));
    assert!(world.holds(2, hour_at(10, 0)));
}

#[test]
fn whoever_does_not_hold_is_told_until_when_somebody_else_does() {
    let mut world = World::of_one_room();
    world.all_beat(&[1, 2], hour_at(10, 0));
    let until = world.hold(1, hour_at(10, 0)).unwrap().deadline;
    for (by, room) in [(Some(2), hour_at(10, 0)), (Some(9), hour_at(10, 0)), (None, hour_at(10, 30))] {
        match world.books(by, room) {
            Err(Refusal::SlotHeld { held_until, .. }) => assert_eq!(held_until, until),
            other => panic!("somebody else holds it, yet {other:?}"),
        }
        assert!(world.changes.is_empty());
    }
}

#[test]
fn what_is_free_is_booked_without_a_hold_and_only_once() {
    let mut world = World::of_one_room();
    assert!(world.books(None, hour_at(10, 0)).is_ok());
    for room in [hour_at(10, 0), hour_at(10, 30), room(1, 9, 0, 90), room(1, 10, 15, 30)] {
        assert!(matches!(world.books(None, room), Err(Refusal::SlotBooked { .. })));
    }
    assert!(world.books(None, hour_at(11, 0)).is_ok());
}

#[test]
fn those_who_wait_for_a_booked_slot_are_told_and_the_others_go_on_waiting_while_they_can() {
    let mut world = World::of_one_room().with_resource(2, 1);
    world = world.with_offer(offer(2, &[(1, &[1, 2])], |_| {})).with_offer(offer(3, &[(1, &[2])], |_| {}));
    world.all_beat(&[1, 2], hour_at(10, 0));
    world.all_beat(&[3], room(3, 10, 0, 60));
    world.all_beat(&[4], room(2, 10, 30, 60));
    world.all_beat(&[5], hour_at(10, 30));
    world.books(1, hour_at(10, 0)).unwrap();
    let told = [(1, Departure::Booked), (2, Departure::TakenByBooking), (5, Departure::TakenByBooking)];
    assert_eq!(world.departures(), told);
    assert!(world.waits(4, room(2, 10, 30, 60)), "the other resource may still become free");
}

#[test]
fn who_waits_is_told_of_the_booking_even_if_it_reaches_a_limit_too() {
    let mut world = World::new().with_resource(1, 1);
    world = world.with_offer(offer(1, &[(1, &[1])], |spec| spec.limits.per_day = Some(1)));
    world.all_beat(&[1, 2], hour_at(10, 0));
    world.all_beat(&[3], hour_at(14, 0));
    world.books(1, hour_at(10, 0)).unwrap();
    let told = [(1, Departure::Booked), (2, Departure::TakenByBooking), (3, Departure::NoLongerOffered)];
    assert_eq!(world.departures(), told);
    assert!(matches!(world.beats(4, hour_at(10, 0)), Err(Refusal::SlotBooked { .. })));
    assert!(matches!(world.beats(4, hour_at(14, 0)), Err(Refusal::SlotUnavailable { .. })));
}

#[test]
fn a_limit_counts_holds_and_promotes_when_one_ends() {
    let mut world = World::new().with_resource(1, 1);
    world = world.with_offer(offer(1, &[(1, &[1])], |spec| spec.limits.per_day = Some(1)));
    world.all_beat(&[1], hour_at(10, 0));
    world.all_beat(&[2], hour_at(14, 0));
    assert!(world.waits(2, hour_at(14, 0)));
    world.leaves(1, hour_at(10, 0));
    assert!(world.holds(2, hour_at(14, 0)));
}

#[test]
fn booking_another_resource_than_the_one_held_lets_the_held_one_go() {
    let mut world = World::new().with_resource(1, 1).with_resource(2, 1).with_offer(offer(1, &[(1, &[1, 2])], |_| {}));
    world.all_beat(&[1], hour_at(10, 0));
    let wanted = if world.hold(1, hour_at(10, 0)).unwrap().resource_ids == [resource(1)] { 2 } else { 1 };
    let booking = world.books_wanting(1, hour_at(10, 0), Some(wanted)).unwrap();
    assert_eq!(booking.resources[0].id, resource(wanted));
    assert_eq!(world.working_set.occupancy.values().map(|units| units.claims.len()).sum::<usize>(), 1);
}

#[test]
fn a_booking_may_move_over_its_own_time() {
    let mut world = World::of_one_room();
    let booking = world.books(None, hour_at(10, 0)).unwrap();
    let moved = world.reschedules(&booking, hour_at(10, 30), None).unwrap();
    assert_eq!((moved.id, moved.slot), (booking.id, hour_at(10, 30).slot));
    assert!(world.books(None, room(1, 10, 0, 30)).is_ok(), "what it left is free");
    assert!(world.books(None, hour_at(11, 0)).is_err(), "what it took is not");
}

#[test]
fn a_booking_may_move_over_its_own_time_and_change_one_of_its_resources() {
    let mut world = World::new().with_resource(1, 1).with_resource(2, 1).with_resource(3, 1);
    world = world.with_offer(offer(1, &[(2, &[1, 2, 3])], |_| {})).with_offer(offer(2, &[(1, &[1])], |_| {}));
    let booking = world.books(None, hour_at(10, 0)).unwrap();
    world.books(None, room(2, 11, 0, 60)).unwrap();
    let moved = world.reschedules(&booking, hour_at(10, 30), None).unwrap();
    let ids: Vec<_> = moved.resources.iter().map(|taken| taken.id).collect();
    assert_eq!(ids, [resource(2), resource(3)], "the first is taken from eleven on; the second is its own");
}

#[test]
fn a_booking_that_moves_frees_and_promotes() {
    let mut world = World::of_one_room();
    let booking = world.books(None, hour_at(10, 0)).unwrap();
    world.all_beat(&[1], hour_at(11, 0));
    world.all_beat(&[2], hour_at(11, 30));
    assert!(matches!(world.reschedules(&booking, hour_at(11, 0), None), Err(Refusal::SlotHeld { .. })));
    world.reschedules(&booking, hour_at(11, 0), 1).unwrap();
    assert_eq!(world.departures(), [(1, Departure::Booked), (2, Departure::TakenByBooking)]);
    assert!(held(world.beats(3, hour_at(10, 0))).is_some());
}

#[test]
fn a_booking_that_moves_keeps_its_resource_where_it_can() {
    let mut world = World::new().with_resource(1, 1).with_resource(2, 1).with_offer(offer(1, &[(1, &[1, 2])], |_| {}));
    let first = world.books(None, hour_at(10, 0)).unwrap();
    let booking = world.books(None, hour_at(10, 0)).unwrap();
    world.steps(&first, Transition::Cancel).unwrap();
    assert_eq!(world.reschedules(&booking, hour_at(10, 30), None).unwrap().resources, booking.resources);
    world.books_wanting(None, hour_at(14, 0), Some(2)).unwrap();
    assert_ne!(world.reschedules(&booking, hour_at(14, 0), None).unwrap().resources, booking.resources);
}

#[test]
fn cancelling_frees_only_what_was_its_own() {
    let mut world = World::new().with_resource(1, 2).with_offer(offer(1, &[(1, &[1])], |_| {}));
    let mine = world.books(None, hour_at(10, 0)).unwrap();
    let theirs = world.books(None, hour_at(10, 0)).unwrap();
    world.steps(&mine, Transition::Cancel).unwrap();
    assert_eq!(world.claims_of(Owner::Booking(mine.id)), 0);
    assert_eq!(world.claims_of(Owner::Booking(theirs.id)), 1);
    assert!(world.steps(&mine, Transition::Cancel).is_err(), "only once");
    assert_eq!(world.claims_of(Owner::Booking(theirs.id)), 1);
}

fn reason(refused: Result<Booking, Refusal>) -> Option<ConflictReason> {
    match refused {
        Err(Refusal::Conflict { reason, .. }) => reason,
        other => panic!("a conflict was expected, not {other:?}"),
    }
}

#[test]
fn a_pending_booking_occupies_and_so_does_one_that_was_confirmed() {
    let mut world = World::of_one_room();
    let booking = world.books_pending(None, hour_at(10, 0));
    assert!(world.books(None, hour_at(10, 0)).is_err());
    assert_eq!(world.steps(&booking, Transition::Confirm).unwrap().status, BookingStatus::Confirmed);
    assert!(world.books(None, hour_at(10, 0)).is_err());
}

#[test]
fn what_became_of_a_visit_is_told_from_its_start_on_and_frees_nothing() {
    let mut world = World::new().with_resource(1, 1);
    world = world.with_offer(offer(1, &[(1, &[1])], |spec| spec.limits.per_day = Some(1)));
    let booking = world.books(None, hour_at(10, 0)).unwrap();
    for transition in [Transition::Complete, Transition::NoShow] {
        assert_eq!(reason(world.steps(&booking, transition)), Some(ConflictReason::NotStarted));
    }
    world.now = hour_at(10, 0).slot.start();
    assert_eq!(world.steps(&booking, Transition::Complete).unwrap().status, BookingStatus::Completed);
    let current_status = BookingStatus::Completed;
    assert_eq!(reason(world.steps(&booking, Transition::Cancel)), Some(ConflictReason::WrongStatus { current_status }));
    assert_eq!(world.steps(&booking, Transition::NoShow).unwrap().status, BookingStatus::NoShow, "a mistake is mended");
    assert_eq!(world.claims_of(Owner::Booking(booking.id)), 1, "it keeps what it took");
    assert!(world.books(None, hour_at(14, 0)).is_err(), "it counts towards limits");
}

#[test]
fn from_its_start_on_a_booking_is_changed_by_its_host_alone() {
    let mut world = World::of_one_room();
    let booking = world.books(None, hour_at(10, 0)).unwrap();
    let cancel = Step {
        booking_id: booking.id,
        transition: Transition::Cancel,
        version: None,
        reason: Prose::default(),
        actor: Actor::Booker,
    };
    world.now = hour_at(10, 0).slot.start();
    assert_eq!(reason(world.reschedules(&booking, hour_at(15, 0), None)), Some(ConflictReason::TooLate));
    let refused = world.decide(&Command::Step(cancel));
    assert!(matches!(refused, Err(Refusal::Conflict { reason: Some(ConflictReason::TooLate), .. })));
    assert_eq!(world.steps(&booking, Transition::Cancel).unwrap().status, BookingStatus::Cancelled);
}

#[test]
fn what_was_asked_for_is_not_confirmed_when_its_time_has_begun() {
    let mut world = World::of_one_room();
    let booking = world.books_pending(None, hour_at(10, 0));
    world.now = hour_at(10, 0).slot.start();
    assert_eq!(reason(world.steps(&booking, Transition::Confirm)), Some(ConflictReason::TooLate));
    assert_eq!(world.steps(&booking, Transition::Decline).unwrap().status, BookingStatus::Declined);
}

#[test]
fn a_move_to_where_a_booking_stands_changes_nothing() {
    let mut world = World::new().with_resource(1, 1);
    world = world.with_offer(offer(1, &[(1, &[1])], |spec| spec.requires_confirmation = true));
    let booking = world.books_pending(None, hour_at(10, 0));
    let confirmed = world.steps(&booking, Transition::Confirm).unwrap();
    assert_eq!(world.reschedules(&booking, hour_at(10, 0), None).unwrap(), confirmed);
    assert!(world.changes.is_empty());
}

#[test]
fn what_nobody_answered_by_its_start_is_declined() {
    let mut world = World::of_one_room();
    let (ten, eleven) = (hour_at(10, 0), hour_at(11, 0));
    let (late, early) = (world.books_pending(None, ten), world.books_pending(None, eleven));
    let agreed = world.books(None, hour_at(12, 0)).unwrap();
    world.now = ten.slot.start();
    world.decide(&Command::DeclineUnanswered(vec![late.id, early.id, agreed.id])).unwrap();
    let is = |booking: &Booking| world.working_set.bookings[&booking.id].clone();
    assert_eq!((is(&late).status, is(&late).ended_reason.unwrap().as_str()), (BookingStatus::Declined, "expired"));
    assert_eq!(world.claims_of(Owner::Booking(late.id)), 0);
    assert_eq!((is(&early).status, is(&agreed).status), (BookingStatus::Pending, BookingStatus::Confirmed));
    let told = world.changes.iter().filter_map(|change| match change {
        Change::Recorded(id, entry) => Some((*id, entry.actor)),
        _ => None,
    });
    assert_eq!(told.collect::<Vec<_>>(), [(late.id, Actor::System)]);
}

#[test]
fn a_time_that_has_begun_is_not_booked_though_it_was_held_in_time() {
    let mut world = World::of_one_room();
    let (ten, eleven) = (hour_at(10, 0), hour_at(11, 0));
    world.now = ten.slot.start() - seconds(60);
    world.all_beat(&[1], ten);
    let booking = world.books(2, eleven).unwrap();
    world.now = ten.slot.start() + seconds(5);
    let past = |refused: Result<Booking, Refusal>| -> Vec<Reason> {
        match refused {
            Err(Refusal::SlotUnavailable { reasons, .. }) => reasons.iter().map(|finding| finding.reason).collect(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(past(world.books(1, ten)), [Reason::Past]);
    assert_eq!(past(world.reschedules(&booking, ten, 1)), [Reason::Past]);
}

#[test]
fn a_hold_elsewhere_makes_way_where_a_limit_allows_only_one() {
    let mut world = World::new().with_resource(1, 1);
    world = world.with_offer(offer(1, &[(1, &[1])], |spec| spec.limits.per_day = Some(1)));
    world.all_beat(&[1], hour_at(10, 0));
    assert!(world.books(2, hour_at(14, 0)).is_err(), "somebody else's hold counts");
    world.books(1, hour_at(14, 0)).unwrap();
    assert!(!world.holds(1, hour_at(10, 0)));

    let mut world = World::of_one_room();
    world.all_beat(&[1], hour_at(10, 0));
    world.books(1, hour_at(14, 0)).unwrap();
    assert!(world.holds(1, hour_at(10, 0)), "it stays where it is not in the way");
}

#[test]
fn whoever_moves_what_was_confirmed_asks_anew() {
    let mut world = World::new().with_resource(1, 1);
    world = world.with_offer(offer(1, &[(1, &[1])], |spec| spec.requires_confirmation = true));
    let booking = world.books_pending(None, hour_at(10, 0));
    world.steps(&booking, Transition::Confirm).unwrap();
    let moved = world.reschedules(&booking, hour_at(14, 0), None).unwrap();
    assert_eq!(moved.status, BookingStatus::Pending);
    assert!(world.books(None, hour_at(14, 0)).is_err(), "and keeps its time meanwhile");
}

#[test]
fn an_ended_booking_counts_towards_no_limit() {
    let mut world = World::new().with_resource(1, 1);
    world = world.with_offer(offer(1, &[(1, &[1])], |spec| spec.limits.per_day = Some(1)));
    let booking = world.books(None, hour_at(10, 0)).unwrap();
    assert!(world.books(None, hour_at(14, 0)).is_err());
    world.reschedules(&booking, hour_at(11, 0), None).unwrap();
    world.steps(&booking, Transition::Cancel).unwrap();
    assert!(world.books(None, hour_at(14, 0)).is_ok());
}

#[test]
fn a_stale_version_is_refused_and_each_change_is_remembered() {
    let mut world = World::of_one_room();
    let booking = world.books(None, hour_at(10, 0)).unwrap();
    let moved = world.reschedules(&booking, hour_at(12, 0), None).unwrap();
    assert_eq!(moved.stamp.version, booking.stamp.version + 1);
    assert!(world.changes.iter().any(|change| matches!(change, Change::Recorded(..))));
    let stale = Step {
        booking_id: booking.id,
        transition: Transition::Cancel,
        version: Some(booking.stamp.version),
        reason: Prose::default(),
        actor: Actor::Booker,
    };
    let refused = world.decide(&Command::Step(stale));
    assert!(matches!(refused, Err(Refusal::Conflict { .. })) && world.changes.is_empty());
}

#[test]
fn times_across_midnight_of_a_day_and_of_a_minute_are_booked_once() {
    let any = |spec: &mut booking_domain::event_type::EventTypeSpec| {
        spec.durations = booking_domain::event_type::Durations::new(&[1, 7, 1440]).unwrap();
        spec.slot_interval_minutes = Some(1);
    };
    let mut world = World::new().with_resource(1, 1).with_offer(offer(1, &[(1, &[1])], any));
    world.books(None, room(1, 23, 55, 7)).unwrap();
    world.books(None, room(1, 23, 54, 1)).unwrap();
    for taken in [room(1, 23, 55, 1), room(1, 0, 0, 1440), room(1, 23, 48, 7)] {
        assert!(matches!(world.books(None, taken), Err(Refusal::SlotBooked { .. })), "{taken}");
    }
}
