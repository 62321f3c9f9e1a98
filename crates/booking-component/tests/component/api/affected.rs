//! What a change of the catalog concerns: nothing is taken away from a hold or a booking, and the answer says which no longer fit.

use booking_client::Affected;
use booking_domain::event_type::{EventType, EventTypeSpec, Requirement};
use booking_domain::id::{BookingId, EventTypeId, ResourceId};
use booking_domain::refusal::Refusal;
use booking_domain::resource::{Capacity, Resource};
use booking_domain::schedule::{Schedule, Window};
use booking_domain::text::Name;

use super::on_both_ways;
use super::world::{World, position, refusal, session};

on_both_ways! {
    shorter_hours_name_what_lies_outside
    who_works_less_names_what_they_were_booked_for
    a_resource_out_of_order_names_what_was_to_take_it
    lost_units_name_what_takes_them
    what_is_switched_off_keeps_its_holds_and_bookings
    a_change_of_buffers_says_how_many_keep_theirs
    what_fits_as_before_is_not_named
}

/// Open day and night, for what is changed by a test.
async fn schedule(world: &World) -> Schedule {
    let spec = world.api.get_schedule(world.schedule).await.unwrap().spec;
    world.api.create_schedule(&spec, None).await.unwrap()
}

/// The same schedule, open until noon.
async fn close_at_noon(world: &World, schedule: &Schedule) -> Affected {
    let mut spec = schedule.spec.clone();
    spec.hours.weekly = std::array::from_fn(|_| vec![Window::new(0, 12 * 60).unwrap()]);
    world.api.update_schedule(schedule.id, &spec, schedule.stamp.version).await.unwrap().affected
}

async fn update(world: &World, event_type: &EventType, change: impl FnOnce(&mut EventTypeSpec)) -> Affected {
    let mut now = world.api.get_event_type(event_type.id).await.unwrap();
    change(&mut now.spec);
    world.api.update_event_type(now.id, &now.spec, now.stamp.version).await.unwrap().affected
}

async fn booked(world: &World, event_type: EventTypeId, hour: u32) -> BookingId {
    world.book(event_type, hour, None).await.unwrap().booking.id
}

fn counts(affected: &Affected) -> (u32, u32) {
    (affected.holds, affected.waiting)
}

async fn shorter_hours_name_what_lies_outside(world: &World) {
    let (room, hours) = (world.resource("Room", 1).await.id, schedule(world).await);
    let mut spec = world.spec("visit", &[60], &[room]);
    spec.schedule_id = hours.id;
    let visit = world.api.create_event_type(&spec, None).await.unwrap().id;
    booked(world, visit, 9).await;
    let (later, late) = (booked(world, visit, 17).await, booked(world, visit, 13).await);
    let (holder, waiter) = (session(), session());
    world.beat(visit, 15, holder).await.unwrap();
    world.beat(visit, 15, waiter).await.unwrap();
    world.beat(visit, 10, session()).await.unwrap();
    let affected = close_at_noon(world, &hours).await;
    assert_eq!((counts(&affected), affected.bookings), ((1, 1), vec![late, later]));
    assert_eq!(position(&world.beat(visit, 15, holder).await.unwrap()), 0, "a hold is a promise");
    let refused = refusal(world.beat(visit, 15, waiter).await);
    assert!(matches!(refused, Refusal::SlotUnavailable { .. }), "{refused:?}");
}

/// One of two people, the first of whom works by a schedule of their own.
async fn team(world: &World) -> (Resource, Resource, Schedule, EventType) {
    let (ann, bob, hours) = (world.resource("Ann", 1).await, world.resource("Bob", 1).await, schedule(world).await);
    let mut spec = ann.spec.clone();
    spec.schedule_id = Some(hours.id);
    let ann = world.api.update_resource(ann.id, &spec, 1).await.unwrap().now;
    let mut spec = world.spec("lesson", &[60], &[]);
    spec.requirements = vec![Requirement::new(1, vec![ann.id, bob.id]).unwrap()];
    let lesson = world.api.create_event_type(&spec, None).await.unwrap();
    (ann, bob, hours, lesson)
}

async fn book_with(world: &World, lesson: EventTypeId, hour: u32, who: ResourceId) -> BookingId {
    let mut asked = super::world::booking(lesson, hour, None);
    asked.slot.resource_id = Some(who);
    world.api.create_booking(&asked).await.unwrap().booking.id
}

async fn who_works_less_names_what_they_were_booked_for(world: &World) {
    let (ann, bob, hours, lesson) = team(world).await;
    let with_ann = book_with(world, lesson.id, 14, ann.id).await;
    book_with(world, lesson.id, 9, ann.id).await;
    book_with(world, lesson.id, 15, bob.id).await;
    let affected = close_at_noon(world, &hours).await;
    assert_eq!((counts(&affected), affected.bookings), ((0, 0), vec![with_ann]));
}

async fn a_resource_out_of_order_names_what_was_to_take_it(world: &World) {
    let (ann, bob, _, lesson) = team(world).await;
    let with_ann = book_with(world, lesson.id, 14, ann.id).await;
    book_with(world, lesson.id, 14, bob.id).await;
    for _ in 0..3 {
        world.beat(lesson.id, 9, session()).await.unwrap();
    }
    let mut spec = ann.spec.clone();
    spec.active = false;
    let changed = world.api.update_resource(ann.id, &spec, ann.stamp.version).await.unwrap();
    assert_eq!(changed.affected.bookings, [with_ann]);
    assert_eq!(counts(&changed.affected), (1, 0), "who waits may still be served by the other");
    spec.name = Name::parse("Anne").unwrap();
    let again = world.api.update_resource(ann.id, &spec, changed.now.stamp.version).await.unwrap();
    assert_eq!(again.affected, Affected::default(), "that is no news");
}

async fn lost_units_name_what_takes_them(world: &World) {
    let rooms = world.resource("Rooms", 3).await;
    let practice = world.event_type("practice", &[60], &[rooms.id]).await.id;
    let all = [booked(world, practice, 9).await, booked(world, practice, 9).await, booked(world, practice, 9).await];
    let mut spec = rooms.spec.clone();
    spec.capacity = Capacity::new(2).unwrap();
    let affected = world.api.update_resource(rooms.id, &spec, 1).await.unwrap().affected;
    assert_eq!((counts(&affected), affected.bookings), ((0, 0), vec![all[2]]));
}

async fn what_is_switched_off_keeps_its_holds_and_bookings(world: &World) {
    let studio = world.studio().await;
    let uid = booked(world, studio.id, 9).await;
    let holder = session();
    world.beat(studio.id, 12, holder).await.unwrap();
    world.beat(studio.id, 12, session()).await.unwrap();
    let affected = update(world, &studio, |spec| spec.active = false).await;
    assert_eq!((counts(&affected), affected.bookings), ((1, 1), vec![uid]));
    assert!(world.book(studio.id, 12, Some(holder)).await.is_ok());
}

async fn a_change_of_buffers_says_how_many_keep_theirs(world: &World) {
    let studio = world.studio().await;
    booked(world, studio.id, 9).await;
    booked(world, studio.id, 12).await;
    let wider = update(world, &studio, |spec| spec.buffer_after_minutes = 30).await;
    assert_eq!(wider, Affected { keeping_buffers: 2, ..Affected::default() });
    booked(world, studio.id, 15).await;
    let renamed = update(world, &studio, |spec| spec.title = Name::parse("Live").unwrap()).await;
    assert_eq!(renamed.keeping_buffers, 2);
    let back = update(world, &studio, |spec| spec.buffer_after_minutes = 0).await;
    assert_eq!(back.keeping_buffers, 1);
}

async fn what_fits_as_before_is_not_named(world: &World) {
    let studio = world.studio().await;
    booked(world, studio.id, 9).await;
    world.beat(studio.id, 12, session()).await.unwrap();
    world.beat(studio.id, 12, session()).await.unwrap();
    let affected = update(world, &studio, |spec| spec.slot_interval_minutes = Some(60)).await;
    assert_eq!(affected, Affected::default());
}
