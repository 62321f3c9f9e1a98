//! What the public may not do: book more than the organization lets them, and anything at all when they are blocked.

use booking_client::{ApiKey, CreateBooking, RescheduleRequest};
use booking_component::keyring::Scope;
use booking_domain::allow::Allow;
use booking_domain::booking::BookingFilter;
use booking_domain::id::EventTypeId;
use booking_domain::organization::public::{BookingCaps, Cap, EmailPattern};
use booking_domain::page::PageRequest;
use booking_domain::refusal::Refusal;
use booking_domain::text::{Email, Name, Prose, Slug};
use chrono::TimeDelta;
use futures::future::join_all;

use super::on_both_ways;
use super::world::{Api, World, beat, booking, refusal, session};

on_both_ways! {
    a_race_of_a_hundred_does_not_pass_a_cap
    a_booking_that_ends_makes_room_for_another_but_not_for_one_more_that_day
    what_operators_book_is_not_counted
    whoever_is_blocked_can_neither_hold_nor_book
    a_booking_is_moved_by_its_booker_so_many_times
}

/// The calls that an HTTP front makes for the public, on whichever node.
async fn public(world: &World) -> Api {
    let name = Name::parse("A front").unwrap();
    let (_, key) = world.component.keyring().create(Scope::Front, name).await.unwrap();
    let slug = Slug::parse("default").unwrap();
    world.api.with_key(ApiKey::parse(&key).unwrap()).on_behalf_of(Some(slug), Some([192, 0, 2, 1].into()))
}

async fn lesson(world: &World) -> EventTypeId {
    let room = world.resource("A room", 200).await.id;
    world.event_type("lesson", &[30], &[room]).await.id
}

/// A booking of this half hour.
fn at_half_hour(event_type: EventTypeId, nth: i64) -> CreateBooking {
    let mut asked = booking(event_type, 0, None);
    asked.slot.start += TimeDelta::minutes(30 * nth);
    asked
}

async fn caps(world: &World, open: u32, made_in_a_day: u32) {
    let mut current = world.api.get_organization().await.unwrap();
    let per_email = Cap { open: Some(open), made_in_a_day: Some(made_in_a_day) };
    current.spec.booking_caps = BookingCaps { per_email, ..BookingCaps::default() };
    world.api.update_organization(&current.spec, current.stamp.version).await.unwrap();
}

async fn a_race_of_a_hundred_does_not_pass_a_cap(world: &World) {
    let (event_type, api) = (lesson(world).await, public(world).await);
    caps(world, 7, 1_000).await;
    let race = (0..100).map(|nth| {
        let (api, mut asked) = (api.clone(), at_half_hour(event_type, nth % 40));
        // Letters' case makes nobody another person.
        asked.booker.email = Some(Email::parse(["ada@example.org", "Ada@Example.org"][nth as usize % 2]).unwrap());
        async move { api.create_booking(&asked).await }
    });
    let (made, refused): (Vec<_>, Vec<_>) = join_all(race).await.into_iter().partition(Result::is_ok);
    assert_eq!(made.len(), 7);
    for answer in refused {
        assert!(matches!(refusal(answer), Refusal::TooManyBookings { retry_after_s: None, .. }));
    }
    let filter = BookingFilter { email: Some(Email::parse("ada@example.org").unwrap()), ..BookingFilter::default() };
    assert_eq!(world.api.list_bookings(&filter, PageRequest::longest()).await.unwrap().items.len(), 7);
    let mut other = at_half_hour(event_type, 1);
    other.booker.email = Some(Email::parse("bob@example.org").unwrap());
    assert!(api.create_booking(&other).await.is_ok(), "others are others");
}

async fn a_booking_that_ends_makes_room_for_another_but_not_for_one_more_that_day(world: &World) {
    let (event_type, api) = (lesson(world).await, public(world).await);
    caps(world, 1, 2).await;
    let first = api.create_booking(&at_half_hour(event_type, 1)).await.unwrap();
    let refused = refusal(api.create_booking(&at_half_hour(event_type, 2)).await);
    assert!(matches!(refused, Refusal::TooManyBookings { retry_after_s: None, .. }));
    let mut cancelled = super::bookings::step(first.booking.id);
    cancelled.management_token = Some(first.management_token);
    api.cancel_booking(&cancelled).await.unwrap();
    api.create_booking(&at_half_hour(event_type, 2)).await.unwrap();
    match refusal(api.create_booking(&at_half_hour(event_type, 3)).await) {
        Refusal::TooManyBookings { retry_after_s: Some(seconds), .. } => assert!((86_000..=86_401).contains(&seconds)),
        other => panic!("{other:?}"),
    }
}

async fn what_operators_book_is_not_counted(world: &World) {
    let (event_type, api) = (lesson(world).await, public(world).await);
    caps(world, 1, 1).await;
    for nth in 0..3 {
        world.api.create_booking(&at_half_hour(event_type, nth)).await.unwrap();
    }
    api.create_booking(&at_half_hour(event_type, 3)).await.unwrap();
    assert!(api.create_booking(&at_half_hour(event_type, 4)).await.is_err());
}

async fn whoever_is_blocked_can_neither_hold_nor_book(world: &World) {
    let (event_type, api) = (lesson(world).await, public(world).await);
    let mut current = world.api.get_organization().await.unwrap();
    current.spec.blocked.emails = vec![EmailPattern::parse("@example.org").unwrap()];
    let current = world.api.update_organization(&current.spec, current.stamp.version).await.unwrap();
    let by_email = refusal(api.create_booking(&at_half_hour(event_type, 1)).await);
    assert!(matches!(by_email, Refusal::Denied { .. }));
    assert!(api.heartbeat(&beat(event_type, 9, session())).await.is_ok(), "nobody has said who they are");
    assert!(world.api.create_booking(&at_half_hour(event_type, 1)).await.is_ok(), "an operator books for anybody");

    let mut spec = current.spec;
    spec.blocked.emails.clear();
    spec.blocked.addresses = vec!["192.0.2.0/24".parse().unwrap()];
    world.api.update_organization(&spec, current.stamp.version).await.unwrap();
    assert_eq!(refusal(api.create_booking(&at_half_hour(event_type, 1)).await), by_email, "in the same words");
    assert_eq!(refusal(api.heartbeat(&beat(event_type, 9, session())).await), by_email);
    let elsewhere = api.on_behalf_of(Some(Slug::parse("default").unwrap()), Some([192, 0, 3, 1].into()));
    assert!(elsewhere.create_booking(&at_half_hour(event_type, 1)).await.is_ok());
}

async fn a_booking_is_moved_by_its_booker_so_many_times(world: &World) {
    let (event_type, api) = (lesson(world).await, public(world).await);
    let made = api.create_booking(&at_half_hour(event_type, 1)).await.unwrap();
    let moved = |nth: i64| RescheduleRequest {
        allow: Allow::NOTHING,
        id: made.booking.id,
        start: at_half_hour(event_type, nth).slot.start,
        duration_minutes: None,
        session_id: None,
        resource_id: None,
        reason: Prose::default(),
        version: None,
        management_token: Some(made.management_token.clone()),
    };
    for nth in 2..22 {
        api.reschedule_booking(&moved(nth)).await.unwrap();
    }
    assert!(matches!(refusal(api.reschedule_booking(&moved(30)).await), Refusal::Conflict { .. }));
    assert!(world.api.reschedule_booking(&moved(30)).await.is_ok(), "an operator still moves it");
}
