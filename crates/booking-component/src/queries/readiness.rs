//! Whether the component can do what it promises: the store takes a write, and every task is up.

use std::time::{Duration, Instant};

use crate::engine::Engine;
use crate::state::readiness::NotReady;

/// How long the store may take for a write before it counts as unable to: well under the time after which callers are told that
/// it is away, and within what those who ask for readiness wait.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long an answer is good for at most: a write a second, shared by all who ask, costs the disk nothing that matters.
pub(crate) const FRESH: Duration = Duration::from_secs(1);
/// How long it is good for where nobody asks: a machine that rests shall be let rest.
pub(crate) const FRESH_AT_REST: Duration = Duration::from_secs(5);

impl Engine {
    /// Whether the component can serve. The store is tried unless that was done within `fresh`.
    ///
    /// # Errors
    /// It cannot.
    pub async fn is_ready(&self, fresh: Duration) -> Result<(), NotReady> {
        let down = self.tasks.down();
        if !down.is_empty() {
            return Err(NotReady::Down(down));
        }
        if !self.store.takes_writes() {
            return Err(NotReady::ReadOnly);
        }
        tokio::time::timeout(PATIENCE, self.try_store(fresh)).await.unwrap_or(Err(NotReady::Late))
    }

    async fn try_store(&self, fresh: Duration) -> Result<(), NotReady> {
        let mut last = self.readiness.last.lock().await;
        if let Some((at, found)) = &*last {
            let fresh = if found.is_ok() && !self.outage.lasts() { fresh } else { FRESH };
            if at.elapsed() < fresh {
                return found.clone();
            }
        }
        // What is found once somebody gave up waiting is found by nobody; until then, it could not be written.
        *last = Some((Instant::now(), Err(NotReady::Late)));
        let found = match self.store.touch().await {
            Ok(()) => {
                self.outage.serves();
                Ok(())
            }
            Err(failure) => {
                self.notice(&failure);
                Err(NotReady::ReadOnly)
            }
        };
        *last = Some((Instant::now(), found.clone()));
        found
    }
}
