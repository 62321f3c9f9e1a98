//! What a booking keeps when it moves, through the calls.

use booking_client::{
    BookingRef, CreateBooking, CreatedBooking, HeartbeatRequest, RescheduleRequest, SlotRequest, SlotsRequest,
};
use booking_domain::allow::Allow;
use booking_domain::booking::Booking;
use booking_domain::event_type::{EventTypeSpec, Requirement};
use booking_domain::hold::SessionId;
use booking_domain::id::{EventTypeId, ResourceId};
use booking_domain::refusal::Refusal;
use booking_domain::text::Prose;

use super::on_both_ways;
use super::world::{World, at, beat, booking, refusal, session, slot, that_day};

on_both_ways! {
    who_was_asked_for_is_kept_or_the_move_is_refused
    somebody_else_can_be_chosen_by_whoever_moves_a_booking
    whom_a_hold_was_made_for_is_kept_by_the_booking_that_it_becomes
}

/// Lessons by Ann or by Bob, in a room.
struct Lessons {
    id: EventTypeId,
    room: ResourceId,
    ann: ResourceId,
    bob: ResourceId,
}

impl Lessons {
    async fn offered(world: &World) -> Self {
        let [room, ann, bob] =
            [world.resource("Room", 1).await, world.resource("Ann", 1).await, world.resource("Bob", 1).await];
        let one = |of: &[ResourceId]| Requirement::new(1, of.to_vec()).unwrap();
        let requirements = vec![one(&[ann.id, bob.id]), one(&[room.id])];
        let spec = EventTypeSpec { requirements, ..world.spec("lesson", &[60], &[]) };
        let id = world.api.create_event_type(&spec, None).await.unwrap().id;
        Self { id, room: room.id, ann: ann.id, bob: bob.id }
    }

    fn slot(&self, hour: u32, resource_id: Option<ResourceId>) -> SlotRequest {
        SlotRequest { resource_id, ..slot(self.id, hour) }
    }

    async fn book(&self, world: &World, hour: u32, who: Option<ResourceId>) -> CreatedBooking {
        let asked = CreateBooking { slot: self.slot(hour, who), ..booking(self.id, hour, None) };
        world.api.create_booking(&asked).await.unwrap()
    }

    async fn hold(&self, world: &World, hour: u32, who: Option<ResourceId>) -> SessionId {
        let session = session();
        let asked = HeartbeatRequest { slot: self.slot(hour, who), ..beat(self.id, hour, session) };
        world.api.heartbeat(&asked).await.unwrap();
        session
    }
}

fn moved(made: &CreatedBooking, hour: u32) -> RescheduleRequest {
    RescheduleRequest {
        id: made.booking.id,
        start: at(hour),
        duration_minutes: None,
        session_id: None,
        resource_id: None,
        allow: Allow::NOTHING,
        reason: Prose::default(),
        version: None,
        management_token: Some(made.management_token.clone()),
    }
}

fn has(booking: &Booking, who: ResourceId) -> bool {
    booking.resources.iter().any(|resource| resource.id == who)
}

async fn who_was_asked_for_is_kept_or_the_move_is_refused(world: &World) {
    let lessons = Lessons::offered(world).await;
    let made = lessons.book(world, 9, Some(lessons.bob)).await;
    assert_eq!(made.booking.wanted, Some(lessons.bob));
    lessons.book(world, 20, Some(lessons.bob)).await;
    let seen = world.api.reschedule_booking(&moved(&made, 11)).await.unwrap();
    assert!(has(&seen, lessons.bob) && has(&seen, lessons.room), "{seen:?}");

    let held = lessons.hold(world, 13, None).await;
    let onto = RescheduleRequest { session_id: Some(held), ..moved(&made, 13) };
    assert!(has(&world.api.reschedule_booking(&onto).await.unwrap(), lessons.bob), "although the hold had Ann");

    let alone = EventTypeSpec { ..world.spec("bob", &[60], &[lessons.bob]) };
    let alone = world.api.create_event_type(&alone, None).await.unwrap().id;
    world.book(alone, 15, None).await.unwrap();
    let moving = Some(BookingRef { id: made.booking.id, management_token: None });
    let listed = world.api.list_slots(&SlotsRequest { moving, ..that_day(lessons.id) }).await.unwrap();
    let starts: Vec<_> = listed.iter().map(|slot| slot.interval.start()).collect();
    assert!(starts.contains(&at(13)) && !starts.contains(&at(15)) && !starts.contains(&at(20)), "{starts:?}");
    assert!(
        world.slots(lessons.id).await.iter().any(|slot| slot.interval.start() == at(15)),
        "for others Ann is there"
    );
    match refusal(world.api.reschedule_booking(&moved(&made, 15)).await) {
        Refusal::SlotBooked { alternatives, .. } => {
            let clashes = |hour| alternatives.iter().any(|slot| slot.start() == at(hour));
            assert!(!alternatives.is_empty() && !clashes(15) && !clashes(20), "{alternatives:?}");
        }
        other => panic!("{other:?}"),
    }
    let kept = world.api.get_booking(made.booking.id, Some(&made.management_token)).await.unwrap();
    assert_eq!((kept.slot.start(), kept.wanted), (at(13), Some(lessons.bob)));
}

async fn somebody_else_can_be_chosen_by_whoever_moves_a_booking(world: &World) {
    let lessons = Lessons::offered(world).await;
    let made = lessons.book(world, 9, Some(lessons.bob)).await;
    let asked = RescheduleRequest { resource_id: Some(lessons.ann), ..moved(&made, 11) };
    let chosen = world.api.reschedule_booking(&asked).await.unwrap();
    assert!(has(&chosen, lessons.ann) && chosen.wanted == Some(lessons.ann), "{chosen:?}");
    assert!(has(&world.api.reschedule_booking(&moved(&made, 12)).await.unwrap(), lessons.ann));
    let other = world.resource("Elsewhere", 1).await.id;
    let wrong = RescheduleRequest { resource_id: Some(other), ..moved(&made, 14) };
    let Refusal::InvalidArgument { errors } = refusal(world.api.reschedule_booking(&wrong).await) else { panic!() };
    assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["resource_id"]);
}

async fn whom_a_hold_was_made_for_is_kept_by_the_booking_that_it_becomes(world: &World) {
    let lessons = Lessons::offered(world).await;
    let held = lessons.hold(world, 9, Some(lessons.bob)).await;
    let made = world.book(lessons.id, 9, Some(held)).await.unwrap();
    assert_eq!(made.booking.wanted, Some(lessons.bob));
    assert!(has(&world.api.reschedule_booking(&moved(&made, 11)).await.unwrap(), lessons.bob));
}
