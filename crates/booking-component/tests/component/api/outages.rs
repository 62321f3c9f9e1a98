//! A database that does not do all it should: callers are told that the service is away, and it comes back by itself.

use std::time::{Duration, Instant};

use booking_client::CallError;
use booking_domain::Tz;
use booking_domain::hold::{HoldRules, SessionId};
use booking_domain::id::EventTypeId;
use booking_domain::refusal::Refusal;
use booking_domain::resource::{Capacity, ResourceKind, ResourceSpec};
use booking_domain::text::{Name, Prose};
use chrono::TimeDelta;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use postgres_cluster::Cluster;
use sqlx::{Connection, Executor, PgConnection, SqliteConnection};

use super::world::{Home, World, refusal, rules, session, that_day};

/// Waits until this holds, for as long as somebody would wait for it.
async fn until(what: &str, holds: impl AsyncFn() -> bool) {
    let started = Instant::now();
    while !holds().await {
        assert!(started.elapsed() < Duration::from_secs(10), "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_primary_that_was_demoted_is_away_for_writes_and_comes_back() {
    let cluster = Cluster::start().unwrap();
    let patient = HoldRules { ttl: TimeDelta::seconds(4), ..rules() };
    let world = World::open(Home::Url(cluster.url("postgres")), patient, false).await;
    let studio = world.studio().await.id;
    let mut admin = PgConnection::connect(&cluster.url("template1")).await.unwrap();
    let who = session();
    let held = world.beat(studio, 9, who).await.unwrap();
    for read_only in ["on", "off"] {
        admin
            .execute(sqlx::AssertSqlSafe(format!("ALTER SYSTEM SET default_transaction_read_only = {read_only}")))
            .await
            .unwrap();
        admin.execute("SELECT pg_reload_conf()").await.unwrap();
        admin = PgConnection::connect(&cluster.url("template1")).await.unwrap();
        let ready = read_only == "off";
        until("readiness follows", async || world.component.probe().check().await.is_ok() == ready).await;
        if !ready {
            assert_eq!(refusal(world.book(studio, 11, None).await), Refusal::Unavailable);
            assert_eq!(refusal(world.beat(studio, 9, who).await), Refusal::Unavailable);
            assert!(!world.slots(studio).await.is_empty(), "who only looks is answered");
        }
        // A setting is made in a transaction, too.
        admin.execute("SET default_transaction_read_only = off").await.unwrap();
    }
    assert_eq!(world.beat(studio, 9, who).await.unwrap().standing, held.standing, "nobody loses a hold by it");
    world.book(studio, 11, None).await.unwrap();
}

/// Who waits for an answer is promised one within this time.
const PROMISED: Duration = Duration::from_secs(5);

/// Makes calls of every kind at once, for longer than each may wait, and says which were answered late or were not told that the
/// service is away.
async fn calls_that_are_wrong(world: &World, studio: EventTypeId, who: SessionId) -> Vec<String> {
    let mut calls = FuturesUnordered::new();
    for round in 0..12_u64 {
        for kind in ["renew", "join", "book", "make"] {
            calls.push(async move {
                tokio::time::sleep(Duration::from_millis(250 * round)).await;
                let asked = Instant::now();
                let resource = ResourceSpec {
                    name: Name::parse("B").unwrap(),
                    kind: ResourceKind::Room,
                    time_zone: Tz::UTC,
                    schedule_id: None,
                    capacity: Capacity::ONE,
                    description: Prose::default(),
                    active: true,
                };
                let answer = match kind {
                    "renew" => world.beat(studio, 9, who).await.map(drop),
                    "join" => world.beat(studio, 11, session()).await.map(drop),
                    "book" => world.book(studio, 15, None).await.map(drop),
                    _ => world.api.create_resource(&resource, None).await.map(drop),
                };
                let (took, is_away) =
                    (asked.elapsed(), matches!(answer, Err(CallError::Refused(Refusal::Unavailable))));
                (took > PROMISED || !is_away).then(|| format!("{kind} in round {round}: {answer:?} after {took:?}"))
            });
        }
    }
    let mut wrong = Vec::new();
    while let Some(found) = calls.next().await {
        wrong.extend(found);
    }
    wrong
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_to_a_frozen_database_is_answered_in_time_and_it_goes_on_when_it_thaws() {
    let mut cluster = Cluster::start().unwrap();
    let world = World::open(Home::Url(cluster.url("postgres")), rules(), false).await;
    let (studio, who) = (world.studio().await.id, session());
    world.beat(studio, 9, who).await.unwrap();
    cluster.freeze().unwrap();
    let asked = Instant::now();
    let looked = world.api.list_slots(&that_day(studio)).await;
    assert!(looked.is_err() && asked.elapsed() < PROMISED, "{looked:?} after {:?}", asked.elapsed());
    let wrong = calls_that_are_wrong(&world, studio, who).await;
    assert!(wrong.is_empty(), "{wrong:#?}");
    cluster.thaw().unwrap();
    until("a booking succeeds", async || world.book(studio, 20, None).await.is_ok()).await;
    assert_eq!(world.component.probe().check().await, Ok(()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_write_to_a_file_that_another_process_locks_is_answered_in_time_and_it_goes_on_afterwards() {
    let world = World::in_process().await;
    let (studio, who) = (world.studio().await.id, session());
    let mut other = SqliteConnection::connect(&world.url()).await.unwrap();
    other.execute("BEGIN EXCLUSIVE").await.unwrap();
    let wrong = calls_that_are_wrong(&world, studio, who).await;
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(!world.slots(studio).await.is_empty(), "who only looks is answered");
    other.execute("ROLLBACK").await.unwrap();
    until("a booking succeeds", async || world.book(studio, 20, None).await.is_ok()).await;
    assert_eq!(world.component.probe().check().await, Ok(()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_takes_a_write_is_ready() {
    for home in [Home::folder(), Home::database().await] {
        let world = World::open(home, rules(), false).await;
        assert_eq!(world.component.probe().check().await, Ok(()));
    }
}
