//! New holds over gRPC, by many clients at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use booking_client::HeartbeatRequest;
use booking_domain::availability::Slot;
use booking_domain::hold::{SessionId, Standing};
use clap::Args;
use futures::future::try_join_all;
use tokio::sync::Barrier;

use crate::offers::daily;
use crate::stage::{Place, Stage, random};

/// How long holds are counted.
const PATIENCE: Duration = Duration::from_secs(5);

/// How much is held at once.
#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    place: Place,
    /// Clients, each with a connection and a resource of its own
    #[arg(long, default_value_t = 16)]
    clients: usize,
}

/// Prints new holds a second.
pub async fn run(options: Options) -> Result<()> {
    let start = Arc::new(Barrier::new(options.clients));
    let mut clients = Vec::with_capacity(options.clients);
    for _ in 0..options.clients {
        let stage = options.place.stage(daily(chrono_tz::UTC, 0, 24)?, 15).await?;
        let slots = stage.free_slots().await?;
        let start = start.clone();
        #[expect(clippy::disallowed_methods, reason = "this program only ends when all its clients have")]
        let task = tokio::spawn(async move { hold(&stage, slots, &start).await });
        clients.push(async move { task.await? });
    }
    let counted: f64 = try_join_all(clients).await?.iter().sum();
    println!("holds_per_second {counted:.0}");
    Ok(())
}

/// Holds a second of one client, which takes one free slot after another, each for a session of its own.
async fn hold(stage: &Stage, slots: Vec<Slot>, start: &Barrier) -> Result<f64> {
    start.wait().await;
    let begun = Instant::now();
    let mut held = 0.0;
    for slot in slots {
        let beat = HeartbeatRequest {
            event_type_id: stage.event_type_id,
            start: slot.interval.start(),
            duration_minutes: Some(15),
            session_id: SessionId::parse(&random().to_string())?,
            resource_id: None,
            data: None,
        };
        let place = stage.api.heartbeat(&beat).await.context("cannot hold")?;
        ensure!(matches!(place.standing, Standing::Holding(_)), "somebody else holds a slot of the bench's own");
        held += 1.0;
        if begun.elapsed() > PATIENCE {
            break;
        }
    }
    Ok(held / begun.elapsed().as_secs_f64())
}
