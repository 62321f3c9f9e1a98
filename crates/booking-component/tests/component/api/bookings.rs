//! Booking: holds that become bookings, races, and what frees a time.

use booking_client::{PlaceChange, RequestId, RescheduleRequest, TransitionRequest};
use booking_domain::allow::Allow;
use booking_domain::booking::BookingStatus;
use booking_domain::id::BookingId;
use booking_domain::page::PageRequest;
use booking_domain::refusal::Refusal;
use booking_domain::text::Prose;
use futures::StreamExt;
use futures::future::join_all;

use super::on_both_ways;
use super::world::{World, api_of, at, booking, position, refusal, session};

on_both_ways! {
    a_hold_becomes_the_booking_and_those_who_wait_are_told
    a_rush_makes_one_booking_for_any_instant
    the_same_idempotency_key_gives_the_same_booking
    a_booking_moves_onto_a_time_that_overlaps_its_own
    cancelling_and_declining_free_exactly_what_was_theirs
    a_booking_is_shown_to_nobody_without_its_token
}

pub(super) fn step(id: BookingId) -> TransitionRequest {
    TransitionRequest { id, reason: Prose::default(), version: None, management_token: None }
}

async fn a_hold_becomes_the_booking_and_those_who_wait_are_told(world: &World) {
    let studio = world.studio().await.id;
    let (first, second) = (session(), session());
    let room = world.beat(studio, 9, first).await.unwrap().room;
    world.beat(studio, 9, second).await.unwrap();
    let mut told = world.api.follow_place(room, second).await.unwrap();
    told.next().await.unwrap().unwrap();
    let made = world.book(studio, 9, Some(first)).await.unwrap();
    assert_eq!(made.booking.status, BookingStatus::Confirmed);
    assert_eq!(made.booking.resources.len(), 1);
    match told.next().await.unwrap().unwrap() {
        PlaceChange::Gone(Refusal::SlotBooked { alternatives, .. }) => assert_eq!(alternatives.len(), 5),
        other => panic!("{other:?}"),
    }
    assert!(matches!(refusal(world.beat(studio, 9, second).await), Refusal::SlotBooked { .. }));
    assert!(world.slots(studio).await.iter().all(|slot| !slot.interval.overlaps(made.booking.slot)));
}

async fn a_rush_makes_one_booking_for_any_instant(world: &World) {
    let studio = world.studio().await.id;
    let lengths = [60, 90, 120];
    let rush = (0..200).map(|n| {
        let mut asked = booking(studio, 9, None);
        asked.slot.start += chrono::TimeDelta::minutes(30 * (n % 3));
        asked.slot.duration_minutes = lengths.get(n as usize % 3).copied();
        let api = world.api.clone();
        async move { api.create_booking(&asked).await }
    });
    let answers = join_all(rush).await;
    let (made, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    let made: Vec<_> = made.into_iter().map(|made| made.unwrap().booking.slot).collect();
    assert!(!made.is_empty());
    for (nth, one) in made.iter().enumerate() {
        assert!(made.iter().skip(nth + 1).all(|other| !one.overlaps(*other)), "{made:?}");
    }
    for answer in refused {
        assert!(matches!(refusal(answer), Refusal::SlotBooked { .. }));
    }
}

async fn the_same_idempotency_key_gives_the_same_booking(world: &World) {
    let studio = world.studio().await.id;
    let mut asked = booking(studio, 9, None);
    asked.request_id = Some(RequestId::parse("once").unwrap());
    let first = world.api.create_booking(&asked).await.unwrap();
    let again = world.api.create_booking(&asked).await.unwrap();
    assert_eq!(again, first);
    assert!(world.api.get_booking(again.booking.id, Some(&again.management_token)).await.is_ok());
    asked.slot.start = at(12);
    assert_eq!(refusal(world.api.create_booking(&asked).await), Refusal::IdempotencyMismatch);
    let twins = join_all((0..8).map(|_| {
        let mut asked = booking(studio, 15, None);
        asked.request_id = Some(RequestId::parse("twins").unwrap());
        let api = world.api.clone();
        async move { api.create_booking(&asked).await.unwrap().booking.id }
    }))
    .await;
    assert!(twins.iter().all(|id| Some(id) == twins.first()), "{twins:?}");
}

async fn a_booking_moves_onto_a_time_that_overlaps_its_own(world: &World) {
    let studio = world.studio().await.id;
    let made = world.book(studio, 9, None).await.unwrap();
    let moved = RescheduleRequest {
        allow: Allow::NOTHING,
        id: made.booking.id,
        start: at(9) + chrono::TimeDelta::minutes(30),
        duration_minutes: None,
        session_id: None,
        resource_id: None,
        reason: Prose::default(),
        version: Some(1),
        management_token: Some(made.management_token.clone()),
    };
    let after = world.api.reschedule_booking(&moved).await.unwrap();
    assert_eq!((after.id, after.slot.start(), after.stamp.version), (made.booking.id, moved.start, 2));
    assert!(matches!(refusal(world.api.reschedule_booking(&moved).await), Refusal::Conflict { .. }));
    assert!(world.book(studio, 8, None).await.is_ok());
    assert!(matches!(refusal(world.book(studio, 10, None).await), Refusal::SlotBooked { .. }));
}

async fn cancelling_and_declining_free_exactly_what_was_theirs(world: &World) {
    let room = world.resource("Room", 2).await;
    let mut spec = world.spec("asked", &[60], &[room.id]);
    spec.requires_confirmation = true;
    let event_type = world.api.create_event_type(&spec, None).await.unwrap().id;
    let mut asked = booking(event_type, 9, None);
    asked.status = Some(BookingStatus::Pending);
    let one = world.api.create_booking(&asked).await.unwrap().booking;
    let two = world.api.create_booking(&asked).await.unwrap().booking;
    assert_eq!(one.status, BookingStatus::Pending);
    assert!(matches!(refusal(world.book(event_type, 9, None).await), Refusal::SlotBooked { .. }));
    assert_eq!(world.api.decline_booking(&step(one.id)).await.unwrap().status, BookingStatus::Declined);
    let three = world.book(event_type, 9, None).await.unwrap().booking;
    assert!(matches!(refusal(world.book(event_type, 9, None).await), Refusal::SlotBooked { .. }));
    world.api.confirm_booking(&step(two.id)).await.unwrap();
    world.api.cancel_booking(&step(three.id)).await.unwrap();
    assert!(matches!(refusal(world.api.cancel_booking(&step(three.id)).await), Refusal::Conflict { .. }));
    assert_eq!(position(&world.beat(event_type, 9, session()).await.unwrap()), 0);
    let history = world.api.list_booking_history(two.id, PageRequest::longest()).await.unwrap();
    assert_eq!(history.items.iter().map(|entry| entry.kind.name()).collect::<Vec<_>>(), ["created", "confirmed"]);
}

async fn a_booking_is_shown_to_nobody_without_its_token(world: &World) {
    let studio = world.studio().await.id;
    let made = world.book(studio, 9, None).await.unwrap();
    let front = booking_client::ApiKey::parse(world.component.front_key()).unwrap();
    // The key of the front in one node's process is of no use to another node.
    let public = api_of(&world.component).with_key(front);
    let other = world.book(studio, 12, None).await.unwrap();
    assert!(public.get_booking(made.booking.id, Some(&made.management_token)).await.is_ok());
    for token in [None, Some(&other.management_token)] {
        assert!(matches!(refusal(public.get_booking(made.booking.id, token).await), Refusal::NotFound { .. }));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_took_a_resource_keeps_it_when_the_event_type_stops_to_need_it() {
    let world = World::in_process().await;
    let (old, new) = (world.resource("Old room", 1).await.id, world.resource("New room", 1).await.id);
    let event_type = world.event_type("moving", &[60], &[old]).await;
    let other = world.event_type("old-room", &[60], &[old]).await.id;
    let (holder, waiting) = (session(), session());
    let booked = world.book(event_type.id, 12, None).await.unwrap().booking;
    world.beat(event_type.id, 9, holder).await.unwrap();
    assert_eq!(position(&world.beat(other, 9, waiting).await.unwrap()), 1);
    assert_eq!(position(&world.beat(other, 15, session()).await.unwrap()), 0);

    let spec = world.spec("moving", &[60], &[new]);
    world.api.update_event_type(event_type.id, &spec, event_type.stamp.version).await.unwrap();
    assert_eq!(position(&world.beat(other, 9, waiting).await.unwrap()), 1);
    let made = world.book(event_type.id, 9, Some(holder)).await.unwrap().booking;
    assert_eq!(made.resources.first().map(|resource| resource.id), Some(old));
    assert!(matches!(refusal(world.beat(other, 9, waiting).await), Refusal::SlotBooked { .. }));
    for booking in [made, booked] {
        let start = booking.slot.start();
        world.api.cancel_booking(&step(booking.id)).await.unwrap();
        assert_eq!(world.slots(other).await.iter().filter(|slot| slot.interval.start() == start).count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_hold_on_a_resource_that_is_needed_no_more_still_ends() {
    let world = World::in_process().await;
    let (old, new) = (world.resource("Old room", 1).await.id, world.resource("New room", 1).await.id);
    let event_type = world.event_type("moving", &[60], &[old]).await;
    let other = world.event_type("old-room", &[60], &[old]).await.id;
    let waiting = session();
    let room = world.beat(event_type.id, 9, session()).await.unwrap().room;
    let place = world.beat(other, 9, waiting).await.unwrap();
    world.api.update_event_type(event_type.id, &world.spec("moving", &[60], &[new]), 1).await.unwrap();
    let mut told = world.api.follow_place(place.room, waiting).await.unwrap();
    let promoted = async {
        while let Some(Ok(PlaceChange::Place(place))) = told.next().await {
            if position(&place) == 0 {
                return;
            }
        }
        panic!("the place ended");
    };
    let kept_alive = async {
        loop {
            world.beat(other, 9, waiting).await.unwrap();
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    };
    tokio::select! {
        () = promoted => {}
        () = kept_alive => {}
        () = tokio::time::sleep(std::time::Duration::from_secs(10)) => panic!("{room} was held for ever"),
    }
}
