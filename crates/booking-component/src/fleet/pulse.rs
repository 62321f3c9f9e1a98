//! The pulse: every second, whether the database is there, what time it has, and whether something was missed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;

use crate::engine::Engine;
use crate::fleet::numbers::catch_up;
use crate::store::StoreError;
use crate::store::nodes::{Because, Seen};

/// How often one looks.
const EVERY: Duration = Duration::from_secs(1);
/// How often while the database is away.
const WHILE_AWAY: Duration = Duration::from_millis(200);
/// After an outage of this length, leases have ended only because nobody could renew them.
const OUTAGE: Duration = Duration::from_secs(1);

/// Looks until the component stops.
pub async fn run(engine: Arc<Engine>) {
    let mut away_since: Option<Instant> = None;
    loop {
        match beat(&engine, away_since).await {
            Ok(()) => {
                if away_since.take().is_some() {
                    tracing::info!("the database is back");
                }
                tokio::time::sleep(EVERY).await;
            }
            Err(failure) => {
                if away_since.is_none() {
                    tracing::warn!(%failure, "the database is away");
                }
                away_since.get_or_insert_with(Instant::now);
                if let Some(fleet) = &engine.fleet {
                    fleet.nodes.note_away(true);
                }
                tokio::time::sleep(WHILE_AWAY).await;
            }
        }
    }
}

async fn beat(engine: &Engine, away_since: Option<Instant>) -> Result<(), StoreError> {
    let Some(fleet) = &engine.fleet else { return Ok(()) };
    let seen = look(engine).await?;
    if away_since.is_some_and(|since| since.elapsed() > OUTAGE) {
        engine.arm(Because::Unreachable).await?;
    } else if !seen.armed {
        engine.arm(Because::Restarted).await?;
    }
    // Armed first: whoever is served from now on is taken for late only if it is.
    fleet.nodes.note_away(false);
    catch_up(engine, &engine.catalogs.organizations()).await
}

/// Looks at the database once, and sets the clock by it.
pub async fn look(engine: &Engine) -> Result<Seen, StoreError> {
    let Some(fleet) = &engine.fleet else { return Err(StoreError::Away) };
    let asked = Instant::now();
    let seen = fleet.nodes.look().await?;
    // The answer was given about half way between question and now.
    let halfway = TimeDelta::from_std(asked.elapsed() / 2).unwrap_or_default();
    engine.clock.follow(seen.now + halfway);
    Ok(seen)
}
