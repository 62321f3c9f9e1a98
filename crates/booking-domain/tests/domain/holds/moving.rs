//! Times held for a booking that shall move: it is judged as if it were not there, and stays where it is until then.

use booking_domain::availability::Owner;
use booking_domain::booking::{Booking, Transition};
use booking_domain::conflict::ConflictReason;
use booking_domain::hold::change::Departure;
use booking_domain::hold::command::Heartbeat;
use booking_domain::hold::{Place, SlotKey};
use booking_domain::refusal::{Loss, Refusal};

use crate::holds::world::{World, beat, held, hour_at, minutes, offer, position, room};

impl World {
    fn moves(&mut self, session: u8, booking: &Booking, to: SlotKey) -> Result<Place, Refusal> {
        self.heartbeat(Heartbeat { moving: Some(booking.id), ..beat(session, to) })
    }

    /// What is taken of the first resource, in minutes after eight, by whom.
    fn taken(&self) -> Vec<(i64, i64, bool)> {
        let units = self.working_set.occupancy.values().next().unwrap();
        let eight = hour_at(8, 0).slot.start();
        let since = |instant| (instant - eight) / 60;
        let claim = |claim: &booking_domain::availability::Claim| {
            let is_hold = matches!(claim.owner, Owner::Hold(_));
            (since(claim.blocked.start()).num_seconds(), since(claim.blocked.end()).num_seconds(), is_hold)
        };
        units.claims.iter().map(claim).collect()
    }
}

#[test]
fn a_hold_beside_the_booking_that_moves_claims_only_what_that_lacks() {
    let mut world = World::of_one_room();
    let booking = world.books(None, hour_at(10, 0)).unwrap();
    let hold = held(world.moves(1, &booking, hour_at(10, 15))).expect("as if the booking were not there");
    assert_eq!(hold.resource_ids.len(), 1);
    assert_eq!(world.taken(), [(120, 180, false), (180, 195, true)]);
    assert!(
        matches!(world.beats(2, hour_at(11, 15)), Ok(place) if held(Ok(place.clone())).is_some()),
        "what is beyond"
    );
    assert!(
        matches!(world.beats(3, hour_at(10, 45)), Err(Refusal::SlotBooked { .. })),
        "to everybody else it is there"
    );

    let moved = world.reschedules(&booking, hour_at(10, 15), 1).unwrap();
    assert_eq!((moved.slot, moved.stamp.version), (hour_at(10, 15).slot, 2));
    assert_eq!(world.departures(), [(1, Departure::Booked)]);
    assert_eq!(world.taken(), [(135, 195, false), (195, 255, true)]);
}

#[test]
fn letting_go_leaves_the_booking_as_it_was() {
    let mut world = World::of_one_room();
    let booking = world.books(None, hour_at(10, 0)).unwrap();
    world.moves(1, &booking, hour_at(10, 30)).unwrap();
    world.leaves(1, hour_at(10, 30));
    assert_eq!(world.taken(), [(120, 180, false)]);
}

#[test]
fn a_shorter_time_within_the_booking_needs_no_claim_and_a_longer_one_around_it_needs_two() {
    let mut world = World::of_one_room();
    let booking = world.books(None, hour_at(10, 0)).unwrap();
    let inside = room(1, 10, 15, 30);
    assert!(held(world.moves(1, &booking, inside)).is_some());
    assert_eq!(world.taken(), [(120, 180, false)]);
    let moved = world.reschedules(&booking, inside, 1).unwrap();
    assert_eq!(world.taken(), [(135, 165, false)]);

    let around = room(1, 9, 45, 90);
    let hold = held(world.moves(1, &moved, around)).unwrap();
    assert_eq!(world.taken(), [(105, 135, true), (135, 165, false), (165, 195, true)]);
    assert_eq!(hold.resource_ids.len(), 1, "one resource, in two claims");
    world.reschedules(&moved, around, 1).unwrap();
    assert_eq!(world.taken(), [(105, 195, false)]);
}

#[test]
fn a_booking_does_not_count_towards_the_limit_of_where_it_moves() {
    let mut world = World::new().with_resource(1, 1).with_offer(offer(1, &[(1, &[1])], |spec| {
        spec.limits.per_day = Some(1);
    }));
    let booking = world.books(None, hour_at(10, 0)).unwrap();
    assert!(held(world.moves(1, &booking, hour_at(14, 0))).is_some());
    assert!(matches!(world.beats(2, hour_at(16, 0)), Err(Refusal::SlotUnavailable { .. })), "the day has its one");
    assert!(world.reschedules(&booking, hour_at(14, 0), 1).is_ok());
}

#[test]
fn a_booking_and_the_hold_to_which_it_moves_count_once_towards_a_limit() {
    let mut world = World::new().with_resource(1, 1).with_offer(offer(1, &[(1, &[1])], |spec| {
        spec.limits.per_day = Some(2);
    }));
    let booking = world.books(None, hour_at(10, 0)).unwrap();
    world.moves(1, &booking, hour_at(14, 0)).unwrap();
    assert!(held(world.beats(2, hour_at(16, 0))).is_some(), "there will be two, not three");
}

#[test]
fn who_waits_to_move_is_promoted_beside_their_booking() {
    let mut world = World::of_one_room();
    let booking = world.books(None, hour_at(10, 0)).unwrap();
    world.beats(2, hour_at(11, 0)).unwrap();
    assert_eq!(position(world.moves(1, &booking, hour_at(10, 30))), Some(1), "somebody holds the other half");
    world.leaves(2, hour_at(11, 0));
    assert!(world.holds(1, hour_at(10, 30)));
    assert_eq!(world.taken(), [(120, 180, false), (180, 210, true)]);
}

#[test]
fn a_hold_for_a_move_ends_when_its_booking_ends_or_goes_elsewhere() {
    let mut world = World::of_one_room();
    let booking = world.books(None, hour_at(10, 0)).unwrap();
    world.moves(1, &booking, hour_at(10, 30)).unwrap();
    world.steps(&booking, Transition::Cancel).unwrap();
    assert_eq!(world.departures(), [(1, Departure::BookingChanged)]);
    assert_eq!(world.taken(), []);
    let wrong = world.moves(1, &booking, hour_at(10, 30)).unwrap_err();
    assert!(matches!(wrong, Refusal::Conflict { reason: Some(ConflictReason::WrongStatus { .. }), .. }), "{wrong:?}");

    let booking = world.books(None, hour_at(12, 0)).unwrap();
    world.moves(1, &booking, hour_at(12, 30)).unwrap();
    world.reschedules(&booking, hour_at(16, 0), None).unwrap();
    assert_eq!(world.departures(), [(1, Departure::BookingChanged)]);
    assert_eq!(world.taken(), [(480, 540, false)]);
}

#[test]
fn what_is_held_for_a_move_makes_no_other_booking() {
    let mut world = World::of_one_room();
    let booking = world.books(None, hour_at(10, 0)).unwrap();
    world.moves(1, &booking, hour_at(10, 30)).unwrap();
    assert!(matches!(world.books(1, hour_at(10, 30)), Err(Refusal::SlotBooked { .. })));
    let other = world.books(None, hour_at(8, 0)).unwrap();
    assert!(matches!(world.reschedules(&other, hour_at(10, 30), 1), Err(Refusal::SlotBooked { .. })));
    assert!(world.holds(1, hour_at(10, 30)), "a refusal takes nothing");
}

#[test]
fn a_booking_of_another_event_type_cannot_move_there() {
    let mut world = World::of_one_room().with_offer(offer(2, &[(1, &[1])], |_| {}));
    let booking = world.books(None, hour_at(10, 0)).unwrap();
    let Err(Refusal::InvalidArgument { errors }) = world.moves(1, &booking, room(2, 12, 0, 60)) else { panic!() };
    assert_eq!(errors[0].field, "moving");
    let unknown = Booking { id: booking_domain::id::BookingId::new(uuid::Uuid::from_u128(5)), ..booking };
    assert_eq!(world.moves(1, &unknown, hour_at(12, 0)), Err(Refusal::not_found("booking")));
}

#[test]
fn its_own_length_stays_allowed_to_a_booking() {
    let mut world = World::of_one_room();
    let booking = world.books(None, hour_at(10, 0)).unwrap();
    world = world.with_offer(offer(1, &[(1, &[1])], |spec| {
        spec.durations = booking_domain::event_type::Durations::new(&[30]).unwrap();
    }));
    assert!(matches!(world.beats(2, hour_at(14, 0)), Err(Refusal::SlotUnavailable { .. })), "an hour is not on offer");
    assert!(held(world.moves(1, &booking, hour_at(14, 0))).is_some());
    world.pass(minutes(0));
    let again = world.moves(1, &booking, hour_at(14, 0)).unwrap();
    assert_eq!(again.expires_at, world.now + world.rules.ttl, "a heartbeat is the same place");
    assert!(world.reschedules(&booking, hour_at(14, 0), 1).is_ok());
    let other = world.books(None, room(1, 8, 0, 30)).unwrap();
    assert!(matches!(world.moves(1, &other, hour_at(16, 0)), Err(Refusal::SlotUnavailable { .. })), "not its own");
}

#[test]
fn buffers_around_a_booking_that_moves_are_its_own() {
    let mut world = World::new().with_resource(1, 1).with_offer(offer(1, &[(1, &[1])], |spec| {
        spec.buffer_after_minutes = 30;
    }));
    let booking = world.books(None, hour_at(10, 0)).unwrap();
    world.moves(1, &booking, hour_at(11, 15)).unwrap();
    assert_eq!(world.taken(), [(120, 210, false), (210, 285, true)], "the buffer of where it was lets it in");
    world.reschedules(&booking, hour_at(11, 15), 1).unwrap();
    assert_eq!(world.taken(), [(195, 285, false)]);
    assert_eq!(Loss::BookingChanged.to_string(), "the booking that should move there has changed");
}
