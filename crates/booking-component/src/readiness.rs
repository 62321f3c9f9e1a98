//! Whether the component can do what it promises: the store takes a write, and every task is up.

use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use crate::engine::Engine;
use crate::service::Service;

/// How long the store may take for a write before it counts as unable to: well under the time after which callers are told that
/// it is away, and within what those who ask for readiness wait.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long an answer is good for at most: a write a second, shared by all who ask, costs the disk nothing that matters.
const FRESH: Duration = Duration::from_secs(1);
/// How long it is good for where nobody asks: a machine that rests shall be let rest.
pub const FRESH_AT_REST: Duration = Duration::from_secs(5);

/// Why the component cannot serve.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotReady {
    /// The store does not take a write.
    #[error("the store takes no writes")]
    ReadOnly,
    /// The store does not answer, or not in time.
    #[error("the store does not answer in time")]
    Late,
    /// Some tasks are down.
    #[error("not running: {}", .0.join(", "))]
    Down(Vec<&'static str>),
}

/// Asks a component in this process whether it can serve.
#[derive(Clone)]
pub struct Probe(pub(crate) Service);

impl Probe {
    /// Whether it can serve: a store that takes a write, and every task.
    ///
    /// # Errors
    /// It cannot.
    pub async fn check(&self) -> Result<(), NotReady> {
        self.0.is_ready(FRESH).await
    }
}

/// What was found when the store was last tried.
#[derive(Default)]
pub struct Readiness {
    last: Mutex<Option<(Instant, Result<(), NotReady>)>>,
}

impl Readiness {
    /// Whether the component can serve. The store is tried unless that was done within `fresh`.
    ///
    /// # Errors
    /// It cannot.
    pub async fn check(&self, engine: &Engine, fresh: Duration) -> Result<(), NotReady> {
        let down = engine.tasks.down();
        if !down.is_empty() {
            return Err(NotReady::Down(down));
        }
        if !engine.store.takes_writes() {
            return Err(NotReady::ReadOnly);
        }
        tokio::time::timeout(PATIENCE, self.try_store(engine, fresh)).await.unwrap_or(Err(NotReady::Late))
    }

    async fn try_store(&self, engine: &Engine, fresh: Duration) -> Result<(), NotReady> {
        let mut last = self.last.lock().await;
        if let Some((at, found)) = &*last {
            let fresh = if found.is_ok() { fresh } else { FRESH };
            if at.elapsed() < fresh {
                return found.clone();
            }
        }
        let was_ready = last.as_ref().is_none_or(|(_, found)| found.is_ok());
        // What is found once somebody gave up waiting is found by nobody; until then, it could not be written.
        *last = Some((Instant::now(), Err(NotReady::Late)));
        let found = engine.store.touch().await.map_err(|failure| {
            // Once, though it may be asked for as long as it lasts.
            if was_ready {
                tracing::warn!(error = &failure as &dyn std::error::Error, "the store takes no writes");
            }
            NotReady::ReadOnly
        });
        if !was_ready && found.is_ok() {
            tracing::info!("the store takes writes again");
        }
        *last = Some((Instant::now(), found.clone()));
        found
    }
}
