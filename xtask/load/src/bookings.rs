//! Bookings over gRPC, each with a request id of its own, by many clients at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use booking_domain::availability::Slot;
use clap::Args;
use futures::future::try_join_all;
use tokio::sync::Barrier;

use crate::offers::daily;
use crate::stage::{Place, Stage};

/// How long bookings are counted.
const PATIENCE: Duration = Duration::from_secs(5);

/// How much is booked at once.
#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    place: Place,
    /// Clients, each with a connection and a resource of its own
    #[arg(long, default_value_t = 64)]
    clients: usize,
}

/// Prints bookings a second.
pub async fn run(options: Options) -> Result<()> {
    let start = Arc::new(Barrier::new(options.clients));
    let mut clients = Vec::with_capacity(options.clients);
    for _ in 0..options.clients {
        let stage = options.place.stage(daily(chrono_tz::UTC, 0, 24)?, 15).await?;
        let slots = stage.free_slots().await?;
        let start = start.clone();
        #[expect(clippy::disallowed_methods, reason = "this program only ends when all its clients have")]
        let task = tokio::spawn(async move { book(&stage, slots, &start).await });
        clients.push(async move { task.await? });
    }
    let counted: f64 = try_join_all(clients).await?.iter().sum();
    println!("bookings_per_second {counted:.0}");
    Ok(())
}

/// Bookings a second of one client, which takes one free slot after another.
async fn book(stage: &Stage, slots: Vec<Slot>, start: &Barrier) -> Result<f64> {
    start.wait().await;
    let begun = Instant::now();
    let mut booked = 0.0;
    for slot in slots {
        stage.api.create_booking(&stage.booking(&slot)?).await.context("cannot book")?;
        booked += 1.0;
        if begun.elapsed() > PATIENCE {
            break;
        }
    }
    Ok(booked / begun.elapsed().as_secs_f64())
}
