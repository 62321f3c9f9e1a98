//! Several nodes on one PostgreSQL: what they promise together, through faults.

use std::time::{Duration, Instant};

use booking_client::{CallStream, PlaceChange, SlotChange};
use booking_component::Component;
use booking_component::clock::{Boot, Clock, ClockStep, SteadyClock};
use booking_component::config::Config;
use booking_domain::availability::SlotState;
use booking_domain::page::PageRequest;
use booking_domain::refusal::Refusal;
use booking_domain::{DateTime, Utc};
use chrono::TimeDelta;
use futures::StreamExt;
use futures::future::join_all;
use sqlx::Executor;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::world::{Api, World, api_of, at, beat, booking, position, refusal, rules, session, that_day};

const SOON: Duration = Duration::from_secs(3);

/// The next thing that a stream tells.
async fn next<T>(stream: &mut CallStream<T>) -> T {
    timeout(SOON, stream.next()).await.expect("it is told soon").unwrap().unwrap()
}

/// Watches the day of a studio, past the snapshot.
async fn watching(api: &Api, world: &World) -> (booking_domain::id::EventTypeId, CallStream<SlotChange>) {
    let studio = world.studio().await.id;
    let mut seen = api.watch_slots(&that_day(studio)).await.unwrap();
    assert!(matches!(next(&mut seen).await, SlotChange::Snapshot(_)));
    (studio, seen)
}

/// How long it takes until the watcher sees this state at 9:00.
async fn until(seen: &mut CallStream<SlotChange>, state: SlotState) -> Duration {
    let started = Instant::now();
    loop {
        if let SlotChange::Slot(slot) = next(seen).await
            && slot.interval.start() == at(9)
        {
            assert_eq!(slot.state, state);
            return started.elapsed();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hold_on_one_node_is_seen_on_the_other_at_once_and_ends_for_both() {
    let world = World::on_postgres().await;
    let node = world.another_node().await;
    let (studio, mut seen) = watching(&api_of(&node), &world).await;
    world.beat(studio, 9, session()).await.unwrap();
    // Usually a few milliseconds; the bound is that of a lost hint.
    assert!(until(&mut seen, SlotState::Held).await < Duration::from_millis(1_500));
    assert!(until(&mut seen, SlotState::Free).await < Duration::from_millis(2_000));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_watcher_hears_of_a_hold_on_another_node_although_every_notification_is_lost() {
    let world = World::on_postgres().await;
    let node = world.another_node().await;
    let (studio, mut seen) = watching(&api_of(&node), &world).await;
    let mut database = world.database().await;
    let deafened = async {
        loop {
            database.execute(DEAFEN).await.unwrap();
        }
    };
    let told = async {
        world.beat(studio, 9, session()).await.unwrap();
        until(&mut seen, SlotState::Held).await
    };
    tokio::select! {
        () = deafened => {}
        after = told => assert!(after < Duration::from_millis(1_500), "{after:?}"),
    }
}

/// Ends every connection that listens.
const DEAFEN: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND query LIKE 'LISTEN%'";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_waits_on_one_node_is_told_when_the_holder_leaves_on_another() {
    let world = World::on_postgres().await;
    let node = world.another_node().await;
    let there = api_of(&node);
    let studio = world.studio().await.id;
    let (first, second) = (session(), session());
    let room = world.beat(studio, 9, first).await.unwrap().room;
    assert_eq!(position(&there.heartbeat(&beat(studio, 9, second)).await.unwrap()), 1);
    let mut told = there.follow_place(room, second).await.unwrap();
    assert!(matches!(next(&mut told).await, PlaceChange::Place(place) if position(&place) == 1));
    world.api.leave(room, first).await.unwrap();
    assert!(matches!(next(&mut told).await, PlaceChange::Place(place) if position(&place) == 0));
    // Taken elsewhere by a booking of its own: whoever follows learns that the time is gone.
    let third = session();
    world.beat(studio, 9, third).await.unwrap();
    let mut told = there.follow_place(room, third).await.unwrap();
    assert!(matches!(next(&mut told).await, PlaceChange::Place(place) if position(&place) == 1));
    world.book(studio, 9, Some(second)).await.unwrap();
    assert!(matches!(next(&mut told).await, PlaceChange::Gone(Refusal::SlotBooked { .. })));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_on_two_nodes_rush_at_overlapping_times_and_one_wins_each_instant() {
    let world = World::on_postgres().await;
    let node = world.another_node().await;
    let studio = world.studio().await.id;
    let apis = [world.api.clone(), api_of(&node)];
    let rush = (0..100_u32).map(|number| {
        let api = apis[number as usize % 2].clone();
        let mut request = booking(studio, 9, None);
        request.slot.duration_minutes = Some([60, 90, 120][number as usize % 3]);
        request.slot.start += TimeDelta::minutes(30 * i64::from(number % 4));
        async move { api.create_booking(&request).await }
    });
    let mut booked = Vec::new();
    for answer in join_all(rush).await {
        match answer {
            Ok(made) => booked.push(made.booking.slot),
            lost => assert!(matches!(refusal(lost), Refusal::SlotBooked { .. })),
        }
    }
    assert!(!booked.is_empty());
    for (number, one) in booked.iter().enumerate() {
        assert!(booked[number + 1..].iter().all(|other| !one.overlaps(*other)), "{booked:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_over_many_resources_in_any_mix_neither_deadlock_nor_fail() {
    let world = World::on_postgres().await;
    let node = world.another_node().await;
    let mut rooms = Vec::new();
    for name in ["A", "B", "C", "D"] {
        rooms.push(world.resource(name, 1).await.id);
    }
    let mut event_types = Vec::new();
    for (slug, wanted) in [("ab", [0, 1]), ("ba", [1, 0]), ("bc", [1, 2]), ("cd", [2, 3]), ("da", [3, 0])] {
        event_types.push(world.event_type(slug, &[60], &wanted.map(|at| rooms[at])).await.id);
    }
    let apis = [world.api.clone(), api_of(&node)];
    let mix = (0..120_usize).map(|number| {
        let (api, event_type) = (apis[number % 2].clone(), event_types[number % event_types.len()]);
        async move {
            let who = session();
            let place = match api.heartbeat(&beat(event_type, 9, who)).await {
                Ok(place) => place,
                late => return matches!(refusal(late), Refusal::SlotBooked { .. }).then_some(false),
            };
            if position(&place) == 0 && number % 3 == 0 {
                return Some(api.create_booking(&booking(event_type, 9, Some(who))).await.is_ok());
            }
            api.leave(place.room, who).await.unwrap();
            None
        }
    });
    let booked = join_all(mix).await.into_iter().flatten().filter(|booked| *booked).count();
    assert!(booked <= 2, "two pairs of four rooms: {booked}");
    let live = world.api.list_live_presence(PageRequest::longest()).await.unwrap();
    assert_eq!(live.items, [], "everybody has left, booked, or was sent away");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_goes_on_through_another_node_with_its_hold_and_its_place_in_line() {
    let world = World::on_postgres().await;
    let node = world.another_node().await;
    let studio = world.studio().await.id;
    let (first, second) = (session(), session());
    let held = world.beat(studio, 9, first).await.unwrap();
    world.beat(studio, 9, second).await.unwrap();
    let there = api_of(&node);
    // Until what the first node gave is long over.
    let renewed = async {
        loop {
            let place = there.heartbeat(&beat(studio, 9, first)).await.unwrap();
            assert_eq!(place.standing, held.standing);
            assert_eq!(position(&there.heartbeat(&beat(studio, 9, second)).await.unwrap()), 1);
            if place.expires_at > held.expires_at + rules().ttl {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(SOON, renewed).await.expect("every heartbeat is a full ttl again");
    assert!(there.create_booking(&booking(studio, 9, Some(first))).await.is_ok());
}

/// A clock that was set wrong.
struct WrongClock(SteadyClock, TimeDelta);

impl Clock for WrongClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.now() + self.1
    }

    fn step(&self) -> Option<ClockStep> {
        None
    }

    fn take(&self, _: ClockStep) {}

    fn boot(&self) -> Option<Boot> {
        None
    }

    fn follow(&self, now: DateTime<Utc>) {
        self.0.follow(now - self.1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_whose_clock_is_an_hour_off_changes_nothing() {
    let world = World::on_postgres().await;
    let studio = world.studio().await.id;
    for hours in [-1, 1] {
        let wrong = WrongClock(SteadyClock::start(), TimeDelta::hours(hours));
        let config = Config {
            database_url: world.url(),
            hold_rules: rules(),
            organization_name: "Studio",
            admin_key: None,
            keeping: Default::default(),
        };
        let node = Component::start_by(std::sync::Arc::new(wrong), config).await.unwrap();
        let there = api_of(&node);
        let (first, second) = (session(), session());
        let here = world.beat(studio, 9, first).await.unwrap();
        let waits = there.heartbeat(&beat(studio, 9, second)).await.unwrap();
        assert_eq!((position(&here), position(&waits)), (0, 1));
        assert!((waits.expires_at - here.expires_at).abs() < TimeDelta::milliseconds(500));
        assert_eq!(position(&world.beat(studio, 9, first).await.unwrap()), 0, "nobody is late by that clock");
        node.stop().await;
        for who in [first, second] {
            world.api.leave(here.room, who).await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leases_that_a_crash_of_the_database_lost_are_armed_once_and_nobody_loses_a_hold() {
    let world = World::on_postgres().await;
    let studio = world.studio().await.id;
    let (first, second) = (session(), session());
    world.beat(studio, 9, first).await.unwrap();
    let mut database = world.database().await;
    // What a crash does to unlogged tables.
    database.execute("TRUNCATE presence_heartbeats; TRUNCATE armed").await.unwrap();
    let node = world.another_node().await;
    assert_eq!(position(&api_of(&node).heartbeat(&beat(studio, 9, second)).await.unwrap()), 1);
    assert_eq!(position(&world.beat(studio, 9, first).await.unwrap()), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_start_at_once_on_an_empty_database_found_one_organization() {
    let world = World::on_postgres().await;
    let empty = crate::support::postgres::Database::create().await;
    let mut starts = JoinSet::new();
    for _ in 0..4 {
        let config = Config {
            database_url: empty.url.clone(),
            hold_rules: rules(),
            organization_name: "Studio",
            admin_key: None,
            keeping: Default::default(),
        };
        starts.spawn(async { Component::start(config).await.unwrap() });
    }
    let nodes = starts.join_all().await;
    assert_eq!(nodes.iter().filter(|node| node.first_key().is_some()).count(), 1);
    drop(world);
}
