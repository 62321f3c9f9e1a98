//! What was last seen of everybody in an organization's rooms, for as long as somebody watches.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use booking_domain::hold::LivePresence;
use booking_domain::hold::live::LiveDifference;
use booking_domain::id::OrganizationId;
use tokio::time::Instant;

/// What was last seen of each organization that somebody watches.
#[derive(Default)]
pub struct LiveBoards(Mutex<HashMap<OrganizationId, Arc<tokio::sync::Mutex<Board>>>>);

/// Everybody in an organization's rooms.
pub(crate) type Everybody = Arc<Vec<LivePresence>>;

/// What was last seen of one organization, and when.
#[derive(Default)]
pub(crate) struct Board {
    /// Kept by those who were told.
    pub(crate) seen: Weak<Vec<LivePresence>>,
    /// How many hints there had been before the look.
    pub(crate) hints: u64,
    /// Not looked at again before.
    pub(crate) rested_at: Option<Instant>,
    /// What was different from what was seen before.
    pub(crate) difference: Option<(Weak<Vec<LivePresence>>, Arc<LiveDifference>)>,
}

impl LiveBoards {
    /// What was last seen of this one.
    pub(crate) fn of(&self, organization: OrganizationId) -> Arc<tokio::sync::Mutex<Board>> {
        let mut boards = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        boards.retain(|_, board| Arc::strong_count(board) > 1);
        boards.entry(organization).or_default().clone()
    }
}
