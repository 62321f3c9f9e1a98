//! Until when a booker may call off or move a visit, and what waits for an answer afterwards.

use booking_domain::booking::{Actor, Booking, BookingStatus, Transition};
use booking_domain::conflict::ConflictReason;
use booking_domain::event_type::EventTypeSpec;
use booking_domain::hold::command::{Command, Outcome, Step};
use booking_domain::refusal::Refusal;
use booking_domain::text::Prose;

use crate::holds::world::{World, hour_at, minutes, offer};

fn world(edit: impl Fn(&mut EventTypeSpec)) -> World {
    World::new().with_resource(1, 1).with_offer(offer(1, &[(1, &[1])], edit))
}

fn cancels(world: &mut World, booking: &Booking, actor: Actor) -> Result<Outcome, Refusal> {
    let (booking_id, transition) = (booking.id, Transition::Cancel);
    world.decide(&Command::Step(Step { booking_id, transition, version: None, reason: Prose::default(), actor }))
}

fn is_too_late<T: std::fmt::Debug>(answer: Result<T, Refusal>) -> bool {
    match answer {
        Ok(_) => false,
        Err(Refusal::Conflict { reason: Some(ConflictReason::TooLate), .. }) => true,
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn a_booker_calls_off_until_so_long_before_and_operators_always() {
    for (until, last) in [(None, 0), (Some(0), 0), (Some(90), 90)] {
        let mut world = world(|spec| spec.cancel_until_minutes = until);
        let booking = world.books(None, hour_at(14, 0)).unwrap();
        world.now = booking.slot.start() - minutes(last);
        assert!(is_too_late(cancels(&mut world, &booking, Actor::Booker)), "{until:?}");
        assert!(
            world.reschedules(&booking, hour_at(16, 0), None).is_ok() == (last > 0),
            "a move has a time of its own"
        );
        assert!(cancels(&mut world, &booking, Actor::Operator).is_ok());
        let other = world.books(None, hour_at(18, 0)).unwrap();
        world.now = other.slot.start() - minutes(last + 1);
        assert!(!is_too_late(cancels(&mut world, &other, Actor::Booker)), "{until:?}");
    }
}

#[test]
fn a_booker_moves_until_so_long_before() {
    let mut world = world(|spec| spec.move_until_minutes = Some(90));
    let booking = world.books(None, hour_at(14, 0)).unwrap();
    world.now = booking.slot.start() - minutes(90);
    assert!(is_too_late(world.reschedules(&booking, hour_at(18, 0), None)));
    world.now -= minutes(1);
    assert!(!is_too_late(world.reschedules(&booking, hour_at(18, 0), None)));
}

#[test]
fn what_a_booker_moves_waits_for_an_answer_again_unless_it_need_not() {
    for (confirms, again, status) in [
        (true, true, BookingStatus::Pending),
        (true, false, BookingStatus::Confirmed),
        (false, true, BookingStatus::Confirmed),
    ] {
        let mut world = world(|spec| {
            spec.requires_confirmation = confirms;
            spec.reconfirm_moves = again;
        });
        let booking = world.books(None, hour_at(14, 0)).unwrap();
        assert_eq!(world.reschedules(&booking, hour_at(16, 0), None).unwrap().status, status, "{confirms} {again}");
    }
}
