//! Leases that last without heartbeats.

use chrono::{DateTime, Utc};

/// A lease that lasts until then without a heartbeat, for whoever cannot send one every few seconds: who pays elsewhere, or has
/// to ask somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FixedTerm {
    /// Until when.
    pub until: DateTime<Utc>,
    /// Whether an operator asked for it: then its hold's deadline is not before its end.
    pub of_operator: bool,
}
