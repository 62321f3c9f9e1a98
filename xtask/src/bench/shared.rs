//! The same on PostgreSQL: renewals beside Redis, new holds and bookings beside bare inserts under the same constraint.

use anyhow::Result;
use postgres_cluster::Cluster;

use super::figures::Figures;
use super::measured::{place, server_on};
use super::pgbench::Bare;
use super::redis::Redis;
use super::report::{Aim, Figure, Row, Table};

/// Clients that take holds, and clients that book.
const HOLDERS: usize = 16;
const BOOKERS: usize = 64;

/// Holds, renewals and bookings of one node on a database of its own.
pub(super) fn run() -> Result<Table> {
    let redis = Redis::start()?;
    let locks = redis.locks_per_second(1)?;
    drop(redis);
    let cluster = Cluster::start_durable()?;
    let bare = Bare::make(cluster.url("postgres"))?;
    let (few, many) = (bare.claims_per_second(HOLDERS)?, bare.claims_per_second(BOOKERS)?);
    drop(bare);
    let server = server_on(&cluster.url("postgres"))?;
    let renewals = Figures::of_load(&["renewals", "--batch", "20"], &place(&server))?.get("renewals_per_second")?;
    let holds = Figures::of_load(&["holds", "--clients", &HOLDERS.to_string()], &place(&server))?;
    let bookings = Figures::of_load(&["bookings", "--clients", &BOOKERS.to_string()], &place(&server))?;
    server.stop()?;
    let insert = |clients| format!("bare insert under the constraint, {clients} clients");
    Ok(Table {
        title: "PostgreSQL",
        method: format!(
            "One node, and PostgreSQL on the same machine, with every commit on the disk. Renewals as above, 20 holds a message. \
             {HOLDERS} clients, each taking one new hold after another, and {BOOKERS} clients, each booking with a request id, each client on a \
             resource of its own. Beside them, `pgbench` with prepared statements inserts one claim a transaction into a table that has \
             the same columns and the same exclusion constraint, and nothing else."
        ),
        rows: vec![
            row("renewals", renewals, ("Redis `SET NX PX`, unpipelined", locks), 1.5),
            row("new holds", holds.get("holds_per_second")?, (&insert(HOLDERS), few), 0.6),
            row("bookings", bookings.get("bookings_per_second")?, (&insert(BOOKERS), many), 0.5),
        ],
    })
}

fn row(what: &str, ours: f64, (peer, theirs): (&str, f64), least: f64) -> Row {
    Row {
        what: what.to_owned(),
        ours: Figure::Rate(ours),
        peer: Some((peer.to_owned(), Figure::Rate(theirs))),
        aim: Some(Aim::AtLeast(least)),
    }
}
