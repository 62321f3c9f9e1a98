//! Invalidations: the word that something in an organization was committed, so that whoever watches looks again.
//!
//! An invalidation carries no state. A missed one is made up for by the next look, and many fold into one. What is seen in lines, and what is
//! seen in lists of slots, is told apart: a session that shows something new makes nobody look at slots.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use booking_domain::id::OrganizationId;
use tokio::sync::watch;

/// Passes invalidations on, by organization. Each counts its invalidations.
#[derive(Default)]
pub struct Invalidations {
    organizations: Mutex<HashMap<OrganizationId, Counts>>,
}

/// How often something was committed that can be seen in lines, and in lists of slots.
#[derive(Default)]
struct Counts {
    lines: watch::Sender<u64>,
    slots: u64,
}

impl Invalidations {
    /// Something was committed that those who see lines may see.
    pub fn notify_lines(&self, organization: OrganizationId) {
        self.of(organization, |counts| counts.lines.send_modify(|count| *count += 1));
    }

    /// Something was committed by which lists of slots may be different.
    pub fn notify_slots(&self, organization: OrganizationId) {
        self.of(organization, |counts| counts.slots += 1);
    }

    /// Hears of everything that is committed from now on and can be seen in lines.
    pub fn subscribe_lines(&self, organization: OrganizationId) -> watch::Receiver<u64> {
        self.of(organization, |counts| counts.lines.subscribe())
    }

    /// How often lists of slots may have become different. As long as it is the same, they are by nothing but the time.
    pub fn commits(&self, organization: OrganizationId) -> u64 {
        self.of(organization, |counts| counts.slots)
    }

    fn of<T>(&self, organization: OrganizationId, with: impl FnOnce(&mut Counts) -> T) -> T {
        let mut organizations = self.organizations.lock().unwrap_or_else(PoisonError::into_inner);
        with(organizations.entry(organization).or_default())
    }
}
