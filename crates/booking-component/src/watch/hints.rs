//! Hints: the word that something in an organization was committed, so that whoever watches looks again.
//!
//! A hint carries no state. A missed one is made up for by the next look, and many fold into one.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use booking_domain::id::OrganizationId;
use tokio::sync::watch;

/// Passes hints on, by organization. Each counts its hints.
#[derive(Default)]
pub struct Hints {
    organizations: Mutex<HashMap<OrganizationId, watch::Sender<u64>>>,
}

impl Hints {
    /// Something was committed.
    pub fn give(&self, organization: OrganizationId) {
        self.of(organization, |sender| sender.send_modify(|count| *count += 1));
    }

    /// Hears of everything that is committed from now on.
    pub fn hear(&self, organization: OrganizationId) -> watch::Receiver<u64> {
        self.of(organization, watch::Sender::subscribe)
    }

    /// How many hints there were. As long as it is the same, nothing was committed here.
    pub fn count(&self, organization: OrganizationId) -> u64 {
        self.of(organization, |sender| *sender.borrow())
    }

    fn of<T>(&self, organization: OrganizationId, with: impl FnOnce(&watch::Sender<u64>) -> T) -> T {
        let mut organizations = self.organizations.lock().unwrap_or_else(PoisonError::into_inner);
        with(organizations.entry(organization).or_insert_with(|| watch::Sender::new(0)))
    }
}
