//! The monitor: twice a second, whether the database is there, what time it has, and whether something was missed.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use chrono::TimeDelta;

use crate::cluster::catch_up::catch_up;
use crate::engine::Engine;
use crate::store::nodes::{ArmReason, DatabaseStatus};
use crate::store::{Reach, StoreError};

/// How often one looks.
const EVERY: Duration = Duration::from_millis(500);
/// How often while the database is away.
const WHILE_AWAY: Duration = Duration::from_millis(200);
/// An answer that took longer says too little about the time to correct a clock that has followed before.
const PROMPT: Duration = Duration::from_millis(50);
/// After an outage of this length, leases have ended only because nobody could renew them.
const OUTAGE: Duration = Duration::from_secs(1);

/// Looks until the component stops.
pub(super) async fn run(engine: Arc<Engine>) {
    let mut away_since: Option<Instant> = None;
    loop {
        match beat(&engine, away_since).await {
            Ok(()) => {
                away_since = None;
                tokio::time::sleep(EVERY).await;
            }
            Err(failure) => {
                engine.tell(&failure, "looking at the database");
                away_since.get_or_insert_with(Instant::now);
                if let Some(node) = &engine.node {
                    // Who only reads may go on with a database that takes no writes.
                    let read_only = matches!(failure, StoreError::ReadOnly);
                    node.nodes.note(if read_only { Reach::ReadOnly } else { Reach::Away });
                }
                tokio::time::sleep(WHILE_AWAY).await;
            }
        }
    }
}

async fn beat(engine: &Engine, away_since: Option<Instant>) -> Result<(), StoreError> {
    let Some(node) = &engine.node else { return Ok(()) };
    let seen = look(engine).await?;
    if !seen.writable {
        return Err(StoreError::ReadOnly);
    }
    if away_since.is_some_and(|since| since.elapsed() > OUTAGE) {
        engine.arm(ArmReason::Unreachable).await?;
    } else if !seen.armed {
        engine.arm(ArmReason::Restarted).await?;
    }
    // Armed first: whoever is served from now on is taken for late only if it is.
    node.nodes.note(Reach::Writable);
    catch_up(engine, &engine.catalogs.organizations()).await
}

/// Looks at the database once, and sets the clock by it, unless the answer was on its way for so long that it says little.
pub(crate) async fn look(engine: &Engine) -> Result<DatabaseStatus, StoreError> {
    let Some(node) = &engine.node else { return Err(StoreError::Away) };
    let seen = node.nodes.look().await?;
    if seen.took < PROMPT || !node.follows.swap(true, Ordering::Relaxed) {
        // The answer was given about half way between question and now.
        engine.clock.follow(seen.now + TimeDelta::from_std(seen.took / 2).unwrap_or_default());
    }
    Ok(seen)
}
