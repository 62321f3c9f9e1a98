//! Renewals in a shared store: all that come while one flush is on its way go with the next one, in one statement.
//!
//! A heartbeat is acknowledged after its flush only: what the database did not renew, was not renewed.

use std::collections::BTreeMap;

use booking_domain::refusal::Refusal;
use booking_domain::{DateTime, Utc};
use chrono::TimeDelta;
use tokio::sync::{mpsc, oneshot};

use crate::store::nodes::{Beat, Nodes};

/// Renewals that may wait; more are turned away at once.
const QUEUE: usize = 16_384;
/// Renewals of one flush.
const BATCH: usize = 2_000;

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
    /// Opens the queue; the task that flushes it ends when it is dropped.
    pub fn open(nodes: Nodes, ttl: TimeDelta) -> (Self, impl Future<Output = ()> + Send) {
        let (queue, waiting) = mpsc::channel(QUEUE);
        (Self { queue }, flush_all(nodes, ttl, waiting))
    }

    /// Renews a lease with the next flush.
    pub async fn renew(&self, beat: Beat) -> Renewed {
        let (reply, renewed) = oneshot::channel();
        self.queue.try_send(Waiting { beat, reply }).map_err(|_| Refusal::Unavailable)?;
        renewed.await.map_err(|_| Refusal::Unavailable)?
    }
}

async fn flush_all(nodes: Nodes, ttl: TimeDelta, mut waiting: mpsc::Receiver<Waiting>) {
    let mut arrived = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut arrived, BATCH).await > 0 {
        let beats: Vec<Beat> = arrived.iter().map(|each| each.beat).collect();
        let renewed = nodes.renew(&beats, ttl).await.map(BTreeMap::from_iter);
        if let Err(failure) = &renewed {
            tracing::debug!(%failure, beats = beats.len(), "leases could not be renewed");
        }
        for Waiting { beat, reply } in arrived.drain(..) {
            let lease = renewed.as_ref().map(|leases| leases.get(&beat.presence).copied());
            // Whoever hung up does not need the answer.
            let _ = reply.send(lease.map_err(|_| Refusal::Unavailable));
        }
    }
}
