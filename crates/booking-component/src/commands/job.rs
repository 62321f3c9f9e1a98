//! What is queued, and what comes of it.

use booking_domain::hold::command::{Command, Outcome};
use booking_domain::id::OrganizationId;
use booking_domain::secret::ManagementToken;

use crate::commands::idempotency::Once;

/// One thing to decide.
#[derive(Debug)]
pub struct Job {
    /// Whose line or booking it is.
    pub organization: OrganizationId,
    /// What to decide.
    pub command: Command,
    /// The call's idempotency key, if it has one.
    pub once: Option<Once>,
    /// The management token of a new booking, or of one that gets another.
    pub token: Option<ManagementToken>,
}

impl Job {
    /// A job without an idempotency key.
    pub fn new(organization: OrganizationId, command: Command) -> Self {
        Self { organization, command, once: None, token: None }
    }
}

/// What was decided, and the token that a booking got by it.
#[derive(Clone, Debug)]
pub struct Served {
    /// The decision's answer.
    pub outcome: Outcome,
    /// The management token.
    pub token: Option<ManagementToken>,
}
