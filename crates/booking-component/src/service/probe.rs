//! Asking a component in this process whether it can serve.

use crate::queries::readiness::FRESH;
use crate::service::Service;
use crate::state::readiness::NotReady;

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
