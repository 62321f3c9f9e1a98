//! Whose turn it is where an event type chooses among several resources, from week to week.

use booking_client::{CreateBooking, CreatedBooking, SlotChange, SlotRequest, SlotsRequest};
use booking_domain::event_type::{EventType, EventTypeSpec, Requirement};
use booking_domain::id::{EventTypeId, ResourceId};
use chrono::{Days, TimeDelta};
use futures::StreamExt;

use super::bookings::step;
use super::on_both_ways;
use super::world::{World, at, booking, session, slot, that_day};

on_both_ways! {
    two_of_four_take_turns_from_week_to_week
    what_was_cancelled_or_let_go_is_nobodys_turn
    whoever_watches_a_later_week_sees_what_an_earlier_booking_leaves_of_it
}

/// Two of so many resources, in the order of their ids.
async fn pairs(world: &World, units: &[i64]) -> (EventType, Vec<ResourceId>) {
    let mut ids = Vec::new();
    for (n, units) in units.iter().enumerate() {
        ids.push(world.resource(&format!("Visitor {n}"), *units).await.id);
    }
    ids.sort_unstable();
    let requirements = vec![Requirement::new(2, ids.clone()).unwrap()];
    let spec = EventTypeSpec { requirements, ..world.spec("visit", &[60], &[]) };
    (world.api.create_event_type(&spec, None).await.unwrap(), ids)
}

async fn visit(world: &World, event_type: EventTypeId, week: i64) -> CreatedBooking {
    let slot = SlotRequest { start: at(9) + TimeDelta::weeks(week), ..slot(event_type, 9) };
    let asked = CreateBooking { slot, ..booking(event_type, 9, None) };
    world.api.create_booking(&asked).await.unwrap()
}

/// Which of them serve, by their places.
fn who(booked: &CreatedBooking, ids: &[ResourceId]) -> Vec<usize> {
    let serves = |id: &ResourceId| booked.booking.resources.iter().any(|resource| resource.id == *id);
    ids.iter().enumerate().filter(|(_, id)| serves(id)).map(|(place, _)| place).collect()
}

async fn two_of_four_take_turns_from_week_to_week(world: &World) {
    let (visits, ids) = pairs(world, &[1, 1, 1, 1]).await;
    let mut turns = Vec::new();
    for week in 0..6 {
        turns.push(who(&visit(world, visits.id, week).await, &ids));
    }
    assert_eq!(turns, [[0, 1], [2, 3], [0, 1], [2, 3], [0, 1], [2, 3]]);
}

async fn what_was_cancelled_or_let_go_is_nobodys_turn(world: &World) {
    let (visits, ids) = pairs(world, &[1, 1, 1, 1]).await;
    visit(world, visits.id, 0).await;
    let cancelled = visit(world, visits.id, 1).await.booking.id;
    world.api.cancel_booking(&step(cancelled)).await.unwrap();
    let ann = session();
    let place = world.beat(visits.id, 12, ann).await.unwrap();
    world.api.leave(place.room, ann).await.unwrap();
    assert_eq!(who(&visit(world, visits.id, 20).await, &ids), [2, 3]);
    assert_eq!(who(&visit(world, visits.id, 40).await, &ids), [0, 1]);
}

async fn whoever_watches_a_later_week_sees_what_an_earlier_booking_leaves_of_it(world: &World) {
    let (visits, _) = pairs(world, &[1, 1, 2]).await;
    let (from, to) = (at(0).date_naive() + Days::new(21), at(0).date_naive() + Days::new(21));
    let later = SlotsRequest { from, to, ..that_day(visits.id) };
    let mut seen = world.api.watch_slots(&later).await.unwrap();
    let Some(Ok(SlotChange::Snapshot(slots))) = seen.next().await else { panic!("no snapshot") };
    assert!(slots.iter().all(|slot| slot.remaining == 1), "two single units are taken first, which leaves two of one");
    visit(world, visits.id, 0).await;
    let told = tokio::time::timeout(std::time::Duration::from_secs(3), seen.next()).await;
    let Ok(Some(Ok(SlotChange::Slot(slot)))) = told else { panic!("{told:?}") };
    assert_eq!(slot.remaining, 2, "who did not serve comes first, twice");
}
