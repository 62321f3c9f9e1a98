//! A crowd: many clients, each with a connection and a resource of its own, who take one free slot after another.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use booking_domain::availability::Slot;
use clap::Args;
use futures::future::try_join_all;
use tokio::sync::Barrier;

use crate::offers::daily;
use crate::stage::{Place, Stage};

/// How long is counted.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many come at once.
#[derive(Args)]
pub(crate) struct Crowd {
    #[command(flatten)]
    place: Place,
    /// Clients
    #[arg(long, default_value_t = 64)]
    clients: usize,
}

impl Crowd {
    /// How many slots all of them take in a second.
    pub(crate) async fn per_second<T>(&self, take: fn(Stage, Slot) -> T) -> Result<f64>
    where
        T: Future<Output = Result<()>> + Send + 'static,
    {
        let start = Arc::new(Barrier::new(self.clients));
        let mut clients = Vec::with_capacity(self.clients);
        for _ in 0..self.clients {
            let stage = self.place.stage(daily(chrono_tz::UTC, 0, 24)?, 15).await?;
            let slots = stage.free_slots().await?;
            let start = start.clone();
            #[expect(clippy::disallowed_methods, reason = "this program only ends when all its clients have")]
            let task = tokio::spawn(async move {
                start.wait().await;
                take_all(stage, slots, take).await
            });
            clients.push(async move { task.await? });
        }
        Ok(try_join_all(clients).await?.iter().sum())
    }
}

async fn take_all<T: Future<Output = Result<()>>>(
    stage: Stage,
    slots: Vec<Slot>,
    take: fn(Stage, Slot) -> T,
) -> Result<f64> {
    let begun = Instant::now();
    let mut taken = 0.0;
    for slot in slots {
        take(stage.clone(), slot).await?;
        taken += 1.0;
        if begun.elapsed() > PATIENCE {
            break;
        }
    }
    Ok(taken / begun.elapsed().as_secs_f64())
}
