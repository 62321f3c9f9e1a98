//! What one of several nodes on one database knows of itself, and has not told the others yet.

mod known;

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};

use booking_domain::id::OrganizationId;
use tokio::sync::Notify;
use uuid::Uuid;

use self::known::Known;
use crate::store::nodes::Nodes;

/// This node's part in the node.
pub struct Node {
    pub(crate) nodes: Nodes,
    /// This node's name in invalidations.
    pub(crate) name: Uuid,
    /// The organizations of which the others have not been told yet.
    pending: Mutex<BTreeSet<OrganizationId>>,
    pub(crate) wake: Notify,
    pub(crate) known: Mutex<Known>,
    /// Whether this node's clock has followed the database's before.
    pub(crate) follows: AtomicBool,
}

impl Node {
    /// A node of this name among those on this database.
    pub fn new(nodes: Nodes, name: Uuid) -> Self {
        Self {
            nodes,
            name,
            pending: Mutex::default(),
            wake: Notify::new(),
            known: Mutex::default(),
            follows: AtomicBool::default(),
        }
    }

    /// The database as the place where nodes meet.
    pub const fn nodes(&self) -> &Nodes {
        &self.nodes
    }

    /// Something of this organization was committed here, and the others shall know.
    pub fn tell(&self, organization: OrganizationId) {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner).insert(organization);
        self.wake.notify_one();
    }

    /// The organizations of which the others have not been told, who are told now.
    pub fn take_pending(&self) -> BTreeSet<OrganizationId> {
        std::mem::take(&mut *self.pending.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
