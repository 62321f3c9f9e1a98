//! The free times that come next: those that lists show, however far away.

use booking_client::NextSlotsRequest;
use booking_domain::availability::SlotState;
use booking_domain::event_type::{EventTypeSpec, PeriodLimits};
use booking_domain::id::EventTypeId;
use booking_domain::interval::Interval;
use booking_domain::refusal::Refusal;
use booking_domain::{DateTime, Tz, Utc};
use chrono::Datelike;

use super::on_both_ways;
use super::world::{World, at, refusal, session};

on_both_ways! {
    the_next_free_times_are_those_that_lists_show
    what_is_full_is_passed_over_up_to_the_horizon
}

fn after(event_type_id: EventTypeId, after: DateTime<Utc>) -> NextSlotsRequest {
    let after = Some(after);
    NextSlotsRequest { event_type_id, count: 10, after, duration_minutes: None, resource_id: None, time_zone: None }
}

async fn next(world: &World, asked: &NextSlotsRequest) -> Vec<Interval> {
    world.api.list_next_slots(asked).await.unwrap().slots
}

async fn the_next_free_times_are_those_that_lists_show(world: &World) {
    let studio = world.studio().await;
    world.book(studio.id, 9, None).await.unwrap();
    world.beat(studio.id, 11, session()).await.unwrap();
    let listed = world.slots(studio.id).await.into_iter();
    let free = listed.filter(|slot| slot.state == SlotState::Free && slot.interval.start() > at(8));
    let free: Vec<Interval> = free.map(|slot| slot.interval).take(10).collect();
    assert_eq!(free.len(), 10);
    assert_eq!(next(world, &after(studio.id, at(8))).await, free);
    let three = NextSlotsRequest { count: 3, ..after(studio.id, at(8)) };
    assert_eq!(next(world, &three).await, free[..3]);
    let further = next(world, &after(studio.id, free[0].start())).await;
    assert_eq!(further[..9], free[1..], "what is asked after is not told again");
    let long = NextSlotsRequest { duration_minutes: Some(120), ..after(studio.id, at(8)) };
    assert_eq!(next(world, &long).await[0], Interval::new(at(12), at(14)).unwrap());
    let zone = NextSlotsRequest { time_zone: Some(Tz::Pacific__Kiritimati), ..after(studio.id, at(8)) };
    let told = world.api.list_next_slots(&zone).await.unwrap();
    assert_eq!(told.dated().next().unwrap().0, at(8).date_naive().succ_opt().unwrap(), "it is tomorrow there");
    let other = world.resource("Another room", 1).await.id;
    let elsewhere = NextSlotsRequest { resource_id: Some(other), ..after(studio.id, at(8)) };
    assert!(matches!(refusal(world.api.list_next_slots(&elsewhere).await), Refusal::InvalidArgument { .. }));
}

async fn what_is_full_is_passed_over_up_to_the_horizon(world: &World) {
    let studio = world.studio().await;
    let limits = PeriodLimits { per_month: Some(1), ..PeriodLimits::default() };
    let spec = EventTypeSpec { limits, ..studio.spec };
    let studio = world.api.update_event_type(studio.id, &spec, studio.stamp.version).await.unwrap().now;
    world.book(studio.id, 9, None).await.unwrap();
    let first = next(world, &after(studio.id, at(10))).await[0].start();
    assert!(first - at(10) > chrono::TimeDelta::days(14), "the month is full: {first}");
    assert_eq!(first.day(), 1, "but not the next one: {first}");
    let spec = EventTypeSpec { horizon_days: 30, ..spec };
    let studio = world.api.update_event_type(studio.id, &spec, studio.stamp.version).await.unwrap().now;
    assert_eq!(next(world, &after(studio.id, at(10))).await, [], "nothing is offered so far ahead");
    assert!(!next(world, &after(studio.id, DateTime::UNIX_EPOCH)).await.is_empty(), "what has been is not told");
    let spec = EventTypeSpec { active: false, ..spec };
    world.api.update_event_type(studio.id, &spec, studio.stamp.version).await.unwrap();
    assert_eq!(next(world, &after(studio.id, DateTime::UNIX_EPOCH)).await, [], "what is not offered");
}
