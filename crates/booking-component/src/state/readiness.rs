//! What was found when the component was last asked whether it can serve.

use std::time::Instant;

use tokio::sync::Mutex;

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

/// What was found when the store was last tried.
#[derive(Default)]
pub struct Readiness {
    pub(crate) last: Mutex<Option<(Instant, Result<(), NotReady>)>>,
}
