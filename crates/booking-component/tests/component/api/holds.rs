//! Holding, waiting, leaving, and being told.

use std::time::Duration;

use booking_client::{Edited, PlaceChange, Revision, SlotChange};
use booking_domain::availability::SlotState;
use booking_domain::event_type::EventTypeSpec;
use booking_domain::hold::Standing;
use booking_domain::refusal::{Loss, Refusal};
use booking_proto::v1;
use booking_proto::v1::catalog_service_client::CatalogServiceClient;
use futures::{FutureExt, StreamExt, stream};
use tokio::time::timeout;
use tonic::{Code, Request};

use super::on_both_ways;
use super::world::{KEY, World, at, beat, position, refusal, rules, session, that_day};

const SOON: Duration = Duration::from_secs(2);

on_both_ways! {
    who_comes_first_holds_and_heartbeats_never_change_the_order
    a_held_time_is_refused_to_everybody_else
    a_time_is_said_to_be_held_until_its_deadline_even_if_its_holder_would_need_something_else_now
    whoever_waits_for_what_wider_buffers_blocked_holds_once_it_is_free
    whoever_waits_is_told_at_once_that_they_hold
    a_watcher_sees_held_then_free_and_not_one_word_in_between
    a_session_holds_one_time_of_an_event_type
    nobody_can_be_sent_away_with_their_pseudonym
    whoever_has_a_revision_is_told_whether_it_still_says_the_same
    a_stream_of_heartbeats_ends_when_it_goes_silent
    a_key_is_asked_for_before_a_request_id_is_judged
}

/// The ttl of these tests is a second.
async fn a_stream_of_heartbeats_ends_when_it_goes_silent(world: &World) {
    let studio = world.studio().await.id;
    let who = session();
    let beats = stream::iter(0..5).then(move |_| async move {
        tokio::time::sleep(Duration::from_millis(900)).await;
        vec![beat(studio, 9, who)]
    });
    let mut updates = world.api.keep_alive(beats.chain(stream::pending())).await.unwrap();
    for _ in 0..5 {
        assert!(timeout(SOON, updates.next()).await.unwrap().unwrap().is_ok(), "who beats is kept");
    }
    let ended = async { while updates.next().await.is_some_and(|told| told.is_ok()) {} };
    timeout(Duration::from_secs(6), ended).await.expect("the stream ends");
}

async fn a_key_is_asked_for_before_a_request_id_is_judged(world: &World) {
    let request = || v1::CreateResourceRequest { request_id: "\u{e4}".to_owned(), ..Default::default() };
    let mut calls = CatalogServiceClient::new(world.component.routes());
    assert_eq!(calls.create_resource(request()).await.unwrap_err().code(), Code::Unauthenticated);
    let keyed = |mut request: Request<v1::CreateResourceRequest>| {
        request.metadata_mut().insert("authorization", format!("Bearer {KEY}").parse().unwrap());
        request
    };
    let refused = calls.create_resource(keyed(Request::new(request()))).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
}

async fn who_comes_first_holds_and_heartbeats_never_change_the_order(world: &World) {
    let studio = world.studio().await.id;
    let (first, second, third) = (session(), session(), session());
    for (expected, who) in [first, second, third].into_iter().enumerate() {
        assert_eq!(position(&world.beat(studio, 9, who).await.unwrap()) as usize, expected);
    }
    for (expected, who) in [(2, third), (0, first), (1, second), (2, third)] {
        assert_eq!(position(&world.beat(studio, 9, who).await.unwrap()), expected);
    }
    let room = world.beat(studio, 9, first).await.unwrap().room;
    world.api.leave(room, first).await.unwrap();
    assert_eq!(position(&world.beat(studio, 9, third).await.unwrap()), 1);
    assert_eq!(position(&world.beat(studio, 9, second).await.unwrap()), 0);
    assert_eq!(position(&world.beat(studio, 9, first).await.unwrap()), 2);
}

async fn a_held_time_is_refused_to_everybody_else(world: &World) {
    let studio = world.studio().await;
    let other = world.event_type("tour", &[60], &studio.spec.resource_ids()).await.id;
    let place = world.beat(studio.id, 9, session()).await.unwrap();
    let waiting = session();
    world.beat(studio.id, 9, waiting).await.unwrap();
    for (event_type, who) in
        [(studio.id, None), (studio.id, Some(waiting)), (studio.id, Some(session())), (other, None)]
    {
        match refusal(world.book(event_type, 9, who).await) {
            Refusal::SlotHeld { held_until, alternatives } => {
                assert!(held_until > place.expires_at);
                assert_eq!(alternatives.first().map(|slot| slot.start()), Some(at(10).min(alternatives[0].start())));
                assert_eq!(alternatives.len(), 5);
            }
            refused => panic!("{refused:?}"),
        }
    }
}

async fn a_time_is_said_to_be_held_until_its_deadline_even_if_its_holder_would_need_something_else_now(world: &World) {
    let studio = world.studio().await;
    let other = world.event_type("tour", &[60], &studio.spec.resource_ids()).await.id;
    let Standing::Holding(hold) = world.beat(studio.id, 9, session()).await.unwrap().standing else {
        panic!("nobody else is there");
    };
    let elsewhere = world.resource("Studio B", 1).await;
    let spec = world.spec("live-room", &[60], &[elsewhere.id]);
    world.api.update_event_type(studio.id, &spec, studio.stamp.version).await.unwrap();
    match refusal(world.book(other, 9, None).await) {
        Refusal::SlotHeld { held_until, .. } => assert_eq!(held_until, hold.deadline),
        refused => panic!("{refused:?}"),
    }
}

async fn whoever_waits_for_what_wider_buffers_blocked_holds_once_it_is_free(world: &World) {
    let room = world.resource("Studio A", 1).await.id;
    let narrow = world.spec("live-room", &[60], &[room]);
    let wide = EventTypeSpec { buffer_before_minutes: 180, ..narrow.clone() };
    let studio = world.api.create_event_type(&wide, None).await.unwrap();
    let (noon, early) = (session(), session());
    let held = world.beat(studio.id, 12, noon).await.unwrap();
    assert_eq!(position(&world.beat(studio.id, 9, early).await.unwrap()), 1);
    world.api.update_event_type(studio.id, &narrow, studio.stamp.version).await.unwrap();
    assert_eq!(position(&world.beat(studio.id, 9, early).await.unwrap()), 1, "noon was held by the wide ones");
    world.api.leave(held.room, noon).await.unwrap();
    assert_eq!(position(&world.beat(studio.id, 9, early).await.unwrap()), 0);
}

async fn whoever_waits_is_told_at_once_that_they_hold(world: &World) {
    let studio = world.studio().await.id;
    let (first, second) = (session(), session());
    let room = world.beat(studio, 9, first).await.unwrap().room;
    world.beat(studio, 9, second).await.unwrap();
    let mut told = world.api.follow_place(room, second).await.unwrap();
    let mut next = async || match timeout(SOON, told.next()).await.unwrap().unwrap().unwrap() {
        PlaceChange::Place(place) => position(&place),
        PlaceChange::Gone(refusal) => panic!("{refusal:?}"),
    };
    assert_eq!(next().await, 1);
    world.api.leave(room, first).await.unwrap();
    assert_eq!(next().await, 0);
    world.api.leave(room, second).await.unwrap();
    assert!(matches!(
        timeout(SOON, told.next()).await,
        Ok(Some(Ok(PlaceChange::Gone(Refusal::HoldLost(Loss::Ended)))))
    ));
    assert!(timeout(SOON, told.next()).await.unwrap().is_none());
}

async fn a_watcher_sees_held_then_free_and_not_one_word_in_between(world: &World) {
    let studio = world.studio().await.id;
    let mut seen = world.api.watch_slots(&that_day(studio)).await.unwrap();
    let Some(Ok(SlotChange::Snapshot(slots))) = seen.next().await else { panic!("no snapshot") };
    assert_eq!(slots, world.slots(studio).await);

    let who = session();
    let place = world.beat(studio, 9, who).await.unwrap();
    // 8:30, 9:00 and 9:30 overlap the hour that is held.
    for expected in ["08:30", "09:00", "09:30"] {
        let change = timeout(SOON, seen.next()).await.unwrap().unwrap().unwrap();
        let SlotChange::Slot(slot) = change else { panic!("{change:?}") };
        assert_eq!(
            (slot.interval.start().format("%H:%M").to_string().as_str(), slot.state),
            (expected, SlotState::Held)
        );
    }
    for _ in 0..20 {
        world.beat(studio, 9, who).await.unwrap();
    }
    assert!(seen.next().now_or_never().is_none());
    let change = timeout(SOON, seen.next()).await.unwrap().unwrap().unwrap();
    assert!(matches!(change, SlotChange::Slot(slot) if slot.state == SlotState::Free), "{change:?}");
    assert!(world.api.follow_place(place.room, who).await.is_err());
}

async fn a_session_holds_one_time_of_an_event_type(world: &World) {
    let studio = world.studio().await.id;
    let (who, other) = (session(), session());
    world.beat(studio, 9, who).await.unwrap();
    assert_eq!(position(&world.beat(studio, 9, other).await.unwrap()), 1);
    assert_eq!(position(&world.beat(studio, 12, who).await.unwrap()), 0);
    assert_eq!(position(&world.beat(studio, 9, other).await.unwrap()), 0);
}

async fn whoever_has_a_revision_is_told_whether_it_still_says_the_same(world: &World) {
    let event_type = world.studio().await;
    let studio = event_type.id;
    let ask = async |have: Option<&Revision>| world.api.list_slots_unless(&that_day(studio), have).await.unwrap();
    // The first look of all teaches the component whose event type this is.
    ask(None).await;
    let Edited::New(before, revision) = ask(None).await else { panic!("nobody had a revision") };
    // Where other nodes may commit, too, a revision cannot be told without a look.
    let Some(revision) = revision else { return assert_eq!(ask(None).await, Edited::New(before, None)) };
    assert_eq!(ask(Some(&revision)).await, Edited::Same);
    assert!(matches!(ask(Some(&Revision::parse("1.2.3").unwrap())).await, Edited::New(..)));
    world.beat(studio, 9, session()).await.unwrap();
    let Edited::New(held, other) = ask(Some(&revision)).await else { panic!("a hold changes what is listed") };
    assert_ne!(held, before);
    assert_eq!(held, world.slots(studio).await);
    assert_eq!(ask(other.as_ref()).await, Edited::Same);
    let mut spec = event_type.spec.clone();
    spec.active = false;
    world.api.update_event_type(studio, &spec, event_type.stamp.version).await.unwrap();
    assert!(matches!(ask(other.as_ref()).await, Edited::New(slots, _) if slots.is_empty()));
}

async fn nobody_can_be_sent_away_with_their_pseudonym(world: &World) {
    let studio = world.studio().await.id;
    let who = session();
    let place = world.beat(studio, 9, who).await.unwrap();
    assert_ne!(place.who.0, who.expose().to_string());
    world.api.leave(place.room, session()).await.unwrap();
    assert_eq!(position(&world.beat(studio, 9, who).await.unwrap()), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_ends_in_time_and_not_before() {
    let world = World::in_process().await;
    let studio = world.studio().await.id;
    let (first, second) = (session(), session());
    let place = world.beat(studio, 9, first).await.unwrap();
    world.beat(studio, 9, second).await.unwrap();
    let mut told = world.api.follow_place(place.room, second).await.unwrap();
    told.next().await.unwrap().unwrap();
    let started = tokio::time::Instant::now();
    // The second one's heartbeats keep it in line; the first one is silent.
    let promoted = loop {
        match timeout(Duration::from_millis(100), told.next()).await {
            Ok(Some(Ok(PlaceChange::Place(place)))) => break place,
            Ok(other) => panic!("{other:?}"),
            Err(_) => drop(world.api.heartbeat(&beat(studio, 9, second)).await.unwrap()),
        }
    };
    assert_eq!(position(&promoted), 0);
    let ttl = rules().ttl.to_std().unwrap();
    let waited = started.elapsed();
    assert!(waited >= ttl - Duration::from_millis(150) && waited < ttl + Duration::from_secs(1), "{waited:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_hold_outlives_a_restart() {
    let world = World::in_process().await;
    let studio = world.studio().await.id;
    let (first, second) = (session(), session());
    let before = world.beat(studio, 9, first).await.unwrap();
    world.beat(studio, 9, second).await.unwrap();
    let world = world.restarted().await;
    assert!(matches!(refusal(world.book(studio, 9, None).await), Refusal::SlotHeld { .. }));
    assert_eq!(position(&world.beat(studio, 9, second).await.unwrap()), 1);
    let after = world.beat(studio, 9, first).await.unwrap();
    assert_eq!(after.standing, before.standing);
}
