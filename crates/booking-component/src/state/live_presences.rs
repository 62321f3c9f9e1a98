//! What was last seen of everybody in an organization's rooms, for as long as somebody watches.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use booking_domain::hold::LivePresence;
use booking_domain::hold::live::LiveDifference;
use booking_domain::id::OrganizationId;
use tokio::time::Instant;

/// What was last seen of each organization that somebody watches.
#[derive(Default)]
pub struct LivePresenceCache(Mutex<HashMap<OrganizationId, Arc<tokio::sync::Mutex<LastSeen>>>>);

/// Everybody in an organization's rooms.
pub(crate) type Everybody = Arc<Vec<LivePresence>>;

/// What was last seen of one organization, and when.
#[derive(Default)]
pub(crate) struct LastSeen {
    /// Kept by those who were told.
    pub(crate) seen: Weak<Vec<LivePresence>>,
    /// How many count there had been before the look.
    pub(crate) count: u64,
    /// Not looked at again before.
    pub(crate) rested_at: Option<Instant>,
    /// What was different from what was seen before.
    pub(crate) difference: Option<(Weak<Vec<LivePresence>>, Arc<LiveDifference>)>,
}

impl LivePresenceCache {
    /// What was last seen of this one.
    pub(crate) fn of(&self, organization: OrganizationId) -> Arc<tokio::sync::Mutex<LastSeen>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, last| Arc::strong_count(last) > 1);
        all.entry(organization).or_default().clone()
    }
}
