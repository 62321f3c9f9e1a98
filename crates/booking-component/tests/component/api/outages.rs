//! A database that does not do all it should: callers are told that the service is away, and it comes back by itself.

use std::time::{Duration, Instant};

use booking_domain::refusal::Refusal;
use postgres_cluster::Cluster;
use sqlx::{Connection, Executor, PgConnection};

use super::world::{Home, World, refusal, rules, session};

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
    let world = World::open(Home::Url(cluster.url("postgres")), rules(), false).await;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_takes_a_write_is_ready() {
    for home in [Home::folder(), Home::database().await] {
        let world = World::open(home, rules(), false).await;
        assert_eq!(world.component.probe().check().await, Ok(()));
    }
}
