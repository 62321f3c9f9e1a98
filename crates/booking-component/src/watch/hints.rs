//! Hints: the word that something in an organization was committed, so that whoever watches looks again.
//!
//! A hint carries no state. A missed one is made up for by the next look, and many fold into one.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use booking_domain::id::OrganizationId;
use tokio::sync::watch;

/// Passes hints on, by organization.
#[derive(Default)]
pub struct Hints {
    organizations: Mutex<HashMap<OrganizationId, watch::Sender<u64>>>,
}

impl Hints {
    /// Something was committed.
    pub fn give(&self, organization: OrganizationId) {
        let mut organizations = self.organizations.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = organizations.get(&organization) {
            sender.send_modify(|count| *count += 1);
            if sender.receiver_count() == 0 {
                organizations.remove(&organization);
            }
        }
    }

    /// Hears of everything that is committed from now on.
    pub fn hear(&self, organization: OrganizationId) -> watch::Receiver<u64> {
        let mut organizations = self.organizations.lock().unwrap_or_else(PoisonError::into_inner);
        organizations.entry(organization).or_insert_with(|| watch::Sender::new(0)).subscribe()
    }
}
