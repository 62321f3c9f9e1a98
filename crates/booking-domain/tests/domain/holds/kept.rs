//! What a booking keeps when it moves: whom it was made with, if somebody was asked for, and everybody else where they are free.

use std::sync::Arc;

use booking_domain::availability::Owner;
use booking_domain::booking::Booking;
use booking_domain::hold::SlotKey;
use booking_domain::hold::command::Heartbeat;
use booking_domain::id::ResourceId;
use booking_domain::refusal::Refusal;

use crate::holds::world::{World, beat, held, hour_at, offer, resource, room as room_of};

const ROOM: u8 = 1;
const ANN: u8 = 2;
const BOB: u8 = 3;

/// Ann or Bob, and a room that comes before them.
fn studio() -> World {
    let world = World::new().with_resource(ROOM, 1).with_resource(ANN, 1).with_resource(BOB, 1);
    world.with_offer(offer(1, &[(1, &[ANN, BOB]), (1, &[ROOM])], |_| {}))
}

/// The same, where Ann has been asked for at ten, and is the busier this week.
fn studio_that_asked_for_ann() -> (World, Booking) {
    let mut world = studio();
    let booking = world.books_wanting(None, hour_at(10, 0), Some(ANN)).unwrap();
    for hour in [16, 17] {
        world.books_wanting(None, hour_at(hour, 0), Some(ANN)).unwrap();
    }
    (world, booking)
}

fn taken(booking: &Booking) -> Vec<ResourceId> {
    booking.resources.iter().map(|taken| taken.id).collect()
}

fn holds_wanting(world: &mut World, session: u8, room: SlotKey, wanted: Option<u8>) {
    let mut beat = beat(session, room);
    beat.wanted = wanted.map(resource);
    world.heartbeat(beat).unwrap();
    assert!(world.holds(session, room));
}

#[test]
fn who_was_asked_for_is_kept_however_busy() {
    let (mut world, booking) = studio_that_asked_for_ann();
    assert_eq!(booking.wanted, Some(resource(ANN)));
    let moved = world.reschedules(&booking, hour_at(12, 0), None).unwrap();
    assert_eq!(taken(&moved), [resource(ROOM), resource(ANN)]);
    assert_eq!(moved.wanted, Some(resource(ANN)));
}

#[test]
fn who_was_asked_for_is_kept_by_a_move_onto_a_hold_that_has_somebody_else() {
    let (mut world, booking) = studio_that_asked_for_ann();
    holds_wanting(&mut world, 1, hour_at(12, 0), None);
    let hold = world.hold(1, hour_at(12, 0)).unwrap();
    assert_eq!(hold.resource_ids, [resource(ROOM), resource(BOB)], "nobody was asked for");
    let moved = world.reschedules(&booking, hour_at(12, 0), 1).unwrap();
    assert_eq!(taken(&moved), [resource(ROOM), resource(ANN)]);
    assert!(world.working_set.presences.is_empty());
    assert!(world.books_wanting(None, hour_at(10, 0), Some(ANN)).is_ok(), "where it was is free");
    assert_eq!(world.claims_of(Owner::Booking(booking.id)), 2, "and nothing is left of the hold");
}

#[test]
fn a_move_is_refused_where_who_was_asked_for_is_taken() {
    let (mut world, booking) = studio_that_asked_for_ann();
    let elsewhere = offer(2, &[(1, &[ANN])], |_| {});
    world = world.with_offer(elsewhere);
    world.books(None, room_of(2, 12, 0, 60)).unwrap();
    assert!(matches!(world.reschedules(&booking, hour_at(12, 0), None), Err(Refusal::SlotBooked { .. })));
    holds_wanting(&mut world, 1, hour_at(12, 0), None);
    assert!(matches!(world.reschedules(&booking, hour_at(12, 0), 1), Err(Refusal::SlotBooked { .. })));
    assert!(world.holds(1, hour_at(12, 0)), "a refusal takes nothing");
    assert_eq!(world.working_set.bookings[&booking.id], booking);
    assert_eq!(world.claims_of(Owner::Booking(booking.id)), 2);
}

#[test]
fn somebody_else_can_be_chosen_and_is_kept_from_then_on() {
    let (mut world, booking) = studio_that_asked_for_ann();
    let moved = world.reschedules_wanting(&booking, hour_at(12, 0), (None, Some(BOB))).unwrap();
    assert_eq!((taken(&moved), moved.wanted), (vec![resource(ROOM), resource(BOB)], Some(resource(BOB))));
    for hour in [13, 14] {
        world.books_wanting(None, hour_at(hour, 0), Some(BOB)).unwrap();
    }
    let again = world.reschedules(&moved, hour_at(11, 0), None).unwrap();
    assert_eq!(taken(&again), [resource(ROOM), resource(BOB)]);
}

#[test]
fn somebody_else_can_be_chosen_for_the_same_time() {
    let (mut world, booking) = studio_that_asked_for_ann();
    let changed = world.reschedules_wanting(&booking, hour_at(10, 0), (None, Some(BOB))).unwrap();
    assert_eq!((taken(&changed), changed.slot), (vec![resource(ROOM), resource(BOB)], booking.slot));
    let again = world.reschedules_wanting(&booking, hour_at(10, 0), (None, Some(BOB))).unwrap();
    assert_eq!(again, changed, "whoever sends it again has changed it already");
    assert!(world.changes.is_empty());
}

#[test]
fn whom_a_hold_was_made_for_was_asked_for() {
    let (mut world, booking) = studio_that_asked_for_ann();
    holds_wanting(&mut world, 1, hour_at(12, 0), Some(BOB));
    let moved = world.reschedules(&booking, hour_at(12, 0), 1).unwrap();
    assert_eq!((taken(&moved), moved.wanted), (vec![resource(ROOM), resource(BOB)], Some(resource(BOB))));
    holds_wanting(&mut world, 2, hour_at(14, 0), Some(BOB));
    let made = world.books(2, hour_at(14, 0)).unwrap();
    assert_eq!(made.wanted, Some(resource(BOB)));
}

#[test]
fn whom_a_booking_has_without_having_asked_is_kept_where_they_are_free() {
    let mut world = studio();
    let booking = world.books(None, hour_at(10, 0)).unwrap();
    assert_eq!((taken(&booking), booking.wanted), (vec![resource(ROOM), resource(ANN)], None));
    world.books_wanting(None, hour_at(16, 0), Some(ANN)).unwrap();
    let moved = world.reschedules(&booking, hour_at(12, 0), None).unwrap();
    assert_eq!(taken(&moved), [resource(ROOM), resource(ANN)]);
    holds_wanting(&mut world, 1, hour_at(14, 0), None);
    let moved = world.reschedules(&moved, hour_at(14, 0), 1).unwrap();
    assert_eq!(taken(&moved), [resource(ROOM), resource(ANN)], "although the hold had somebody else");

    world = world.with_offer(offer(2, &[(1, &[ANN])], |_| {}));
    world.books(None, room_of(2, 18, 0, 60)).unwrap();
    let moved = world.reschedules(&moved, hour_at(18, 0), None).unwrap();
    assert_eq!((taken(&moved), moved.wanted), (vec![resource(ROOM), resource(BOB)], None));
}

#[test]
fn what_a_hold_promised_for_a_move_stands_when_the_offer_changes() {
    let mut world = studio();
    let booking = world.books(None, hour_at(10, 0)).unwrap();
    holds_wanting(&mut world, 1, hour_at(12, 0), None);
    let promised = world.hold(1, hour_at(12, 0)).unwrap().resource_ids.clone();
    for offer in world.working_set.offers.values_mut() {
        Arc::make_mut(offer).spec.active = false;
    }
    assert_eq!(taken(&world.reschedules(&booking, hour_at(12, 0), 1).unwrap()), promised);
    assert_eq!(world.claims_of(Owner::Booking(booking.id)), 2);
}

#[test]
fn a_hold_for_a_move_has_who_was_asked_for_without_being_told_again() {
    let (mut world, booking) = studio_that_asked_for_ann();
    let moves = Heartbeat { moving: Some(booking.id), ..beat(1, hour_at(12, 0)) };
    let first = held(world.heartbeat(moves.clone())).unwrap();
    assert_eq!(first.resource_ids, [resource(ROOM), resource(ANN)]);
    assert_eq!(held(world.heartbeat(moves)).unwrap(), first, "a heartbeat is the same place");

    world = world.with_offer(offer(2, &[(1, &[ANN])], |_| {}));
    world.books(None, room_of(2, 14, 0, 60)).unwrap();
    let refused = world.heartbeat(Heartbeat { moving: Some(booking.id), ..beat(2, hour_at(14, 0)) });
    assert!(matches!(refused, Err(Refusal::SlotBooked { .. })), "{refused:?}");
    let mut moves = Heartbeat { moving: Some(booking.id), ..beat(2, hour_at(14, 0)) };
    moves.wanted = Some(resource(BOB));
    assert_eq!(held(world.heartbeat(moves)).unwrap().resource_ids, [resource(ROOM), resource(BOB)]);
    let moved = world.reschedules(&booking, hour_at(14, 0), 2).unwrap();
    assert_eq!((taken(&moved), moved.wanted), (vec![resource(ROOM), resource(BOB)], Some(resource(BOB))));
}

#[test]
fn a_hold_for_a_move_has_whom_the_booking_has_where_they_are_free() {
    let mut world = studio();
    let booking = world.books(None, hour_at(10, 0)).unwrap();
    world.books_wanting(None, hour_at(16, 0), Some(ANN)).unwrap();
    let moves = Heartbeat { moving: Some(booking.id), ..beat(1, hour_at(10, 30)) };
    assert_eq!(held(world.heartbeat(moves)).unwrap().resource_ids, [resource(ROOM), resource(ANN)]);
    assert_eq!(taken(&world.reschedules(&booking, hour_at(10, 30), 1).unwrap()), taken(&booking));
}
