//! Renewals in a shared store: all that come while one flush is on its way go with the next one, in one statement.
//!
//! A heartbeat is acknowledged after its flush only: what the database did not renew, was not renewed.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use booking_domain::refusal::Refusal;
use booking_domain::{DateTime, Utc};
use chrono::TimeDelta;
use tokio::sync::{Mutex, mpsc, oneshot};

use crate::store::StoreError;
use crate::store::nodes::{Beat, Nodes};
use crate::tasks::Tasks;

/// Renewals that may wait; more are turned away at once.
const QUEUE: usize = 16_384;
/// Renewals of one flush.
const BATCH: usize = 2_000;
/// How long a flush may take: two of them, one after the other, have to fit into the time after which a call is told that the
/// store is away.
const PATIENCE: Duration = Duration::from_secs(2);

/// Until when a lease was renewed; nothing when it was not.
type Renewed = Result<Option<DateTime<Utc>>, Refusal>;

struct Waiting {
    beat: Beat,
    reply: oneshot::Sender<Renewed>,
}

/// Where renewals queue.
pub struct Renewals {
    queue: mpsc::Sender<Waiting>,
}

impl Renewals {
    /// Opens the queue, and keeps up a task that flushes it.
    pub fn open(tasks: &Tasks, nodes: Nodes, ttl: TimeDelta) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let waiting = Arc::new(Mutex::new(waiting));
        tasks.keep("renewing leases", move || flush_all(nodes.clone(), ttl, waiting.clone()));
        Self { queue }
    }

    /// Renews a lease with the next flush.
    ///
    /// # Errors
    /// Refused as `unavailable` when as many wait as may, or when the flush fails.
    pub async fn renew(&self, beat: Beat) -> Renewed {
        let (reply, renewed) = oneshot::channel();
        self.queue.try_send(Waiting { beat, reply }).map_err(|_| Refusal::Unavailable)?;
        renewed.await.map_err(|_| Refusal::Unavailable)?
    }
}

async fn flush_all(nodes: Nodes, ttl: TimeDelta, waiting: Arc<Mutex<mpsc::Receiver<Waiting>>>) {
    let mut waiting = waiting.lock().await;
    let mut arrived = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut arrived, BATCH).await > 0 {
        let beats: Vec<Beat> = arrived.iter().map(|each| each.beat).collect();
        let renewed = tokio::time::timeout(PATIENCE, nodes.renew(&beats, ttl)).await;
        let renewed = renewed.unwrap_or(Err(StoreError::Away)).map(BTreeMap::from_iter);
        if let Err(failure) = &renewed {
            tracing::debug!(error = failure as &dyn Error, beats = beats.len(), "leases could not be renewed");
        }
        for Waiting { beat, reply } in arrived.drain(..) {
            let lease = renewed.as_ref().map(|leases| leases.get(&beat.presence).copied());
            // Whoever hung up does not need the answer.
            let _ = reply.send(lease.map_err(|_| Refusal::Unavailable));
        }
    }
}
