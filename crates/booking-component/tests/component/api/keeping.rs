//! What is kept: an operator says for how long, and how full the disk may become.

use std::sync::Arc;
use std::time::{Duration, Instant};

use booking_client::{ApiKey, CallError};
use booking_component::Component;
use booking_component::clock::Clock;
use booking_component::config::{Config, Keeping};
use booking_component::keyring::Scope;
use booking_domain::allow::Allow;
use booking_domain::booking::BookingFilter;
use booking_domain::page::PageRequest;
use booking_domain::refusal::Refusal;
use booking_domain::text::Name;
use chrono::TimeDelta;

use super::clock::SetClock;
use super::world::{Api, Home, KEY, World, api_of, at, beat, booking, refusal, rules, session};

/// A component on this store that keeps what is said, by this clock.
async fn keeping(world: World, clock: Arc<dyn Clock>, keeping: Keeping) -> (Home, Component) {
    let (database_url, home) = (world.url(), world.stopped().await);
    let admin_key = Some(KEY.to_owned());
    let config = Config { database_url, hold_rules: rules(), organization_name: "Studio", admin_key, keeping };
    (home, Component::start_by(clock, config).await.unwrap())
}

/// Waits until this is so.
async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let started = Instant::now();
    while !is_so().await {
        assert!(started.elapsed() < Duration::from_secs(10), "{what}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ended_longer_ago_than_is_kept_is_erased_and_nothing_else_is() {
    let world = World::in_process().await;
    let studio = world.studio().await.id;
    world.book(studio, 9, None).await.unwrap();
    let kept = world.book(studio, 18, None).await.unwrap().booking.id;
    let clock = SetClock::start();
    // Between the ends of the two, a day later.
    clock.pass(at(12) + TimeDelta::days(1) - clock.now());
    let (_home, component) = keeping(world, clock, Keeping { ended_days: Some(1), ..Keeping::default() }).await;
    let api = api_of(&component);
    let found = async || {
        let page = api.list_bookings(&BookingFilter::default(), PageRequest::default()).await.unwrap();
        page.items.iter().map(|booking| booking.id).collect::<Vec<_>>()
    };
    until("what ended is erased", async || found().await.len() < 2).await;
    assert_eq!(found().await, [kept]);
}

/// The calls of the public.
async fn public(component: &Component) -> Api {
    let (_, key) = component.keyring().create(Scope::Front, Name::parse("A front").unwrap()).await.unwrap();
    api_of(component).with_key(ApiKey::parse(&key).unwrap()).on_behalf_of(None, Some([192, 0, 2, 1].into()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_disk_that_is_nearly_full_the_public_writes_nothing_and_operators_do() {
    let world = World::in_process().await;
    let studio = world.studio().await.id;
    let nearly_full = Keeping { free_disk_bytes: u64::MAX, ..Keeping::default() };
    let (_home, component) = keeping(world, SetClock::start(), nearly_full).await;
    until("the disk is looked at", async || component.disk().free_bytes().is_some()).await;
    let (public, operator) = (public(&component).await, api_of(&component));
    assert_eq!(refusal(public.heartbeat(&beat(studio, 9, session())).await), Refusal::Unavailable);
    assert_eq!(refusal(public.create_booking(&booking(studio, 9, None)).await), Refusal::Unavailable);
    let made = operator.create_booking(&booking(studio, 9, None)).await.unwrap();
    let moved = booking_client::RescheduleRequest {
        allow: Allow::NOTHING,
        id: made.booking.id,
        start: at(12),
        duration_minutes: None,
        session_id: None,
        resource_id: None,
        reason: Default::default(),
        version: None,
        management_token: Some(made.management_token.clone()),
    };
    let refused: Result<_, CallError> = public.reschedule_booking(&moved).await;
    assert_eq!(refusal(refused), Refusal::Unavailable);
    operator.reschedule_booking(&moved).await.unwrap();
}
