//! One question that is watched.

use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::slot_snapshot::SlotSnapshot;
use crate::http::answer::HttpResult;

/// What all lists take that anybody keeps.
pub(super) type Total = Arc<AtomicUsize>;

/// One question that is watched, and what is seen of it.
pub(super) struct Topic {
    pub(super) snapshot: Mutex<SlotSnapshot>,
    pub(super) total: Total,
    /// What became of the first call: nothing yet, a snapshot, or why there is none.
    pub(super) begun: watch::Sender<Option<HttpResult<()>>>,
    /// When nobody watches any more.
    pub(super) left: CancellationToken,
}

impl Topic {
    /// Nothing is seen yet.
    pub(super) fn new(total: &Total) -> Self {
        let (begun, left) = (watch::Sender::new(None), CancellationToken::new());
        Self { snapshot: Mutex::new(SlotSnapshot::new(total)), total: total.clone(), begun, left }
    }

    /// What is seen now.
    pub(super) fn snapshot(&self) -> MutexGuard<'_, SlotSnapshot> {
        self.snapshot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
