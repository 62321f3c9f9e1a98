//! The fleet: several nodes on one database, kept in step. Each follows the database's clock, tells the others what it committed,
//! hears what they did, and compares numbers twice a second, so that no lost word matters for long.

mod hints;
mod numbers;
mod pulse;

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use booking_domain::id::OrganizationId;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::engine::Engine;
use crate::fleet::numbers::Known;
pub use crate::fleet::pulse::look;
use crate::store::nodes::Nodes;

/// This node's part in the fleet.
pub struct Fleet {
    nodes: Nodes,
    /// This node's name in hints.
    name: Uuid,
    /// The organizations of which the others have not been told yet.
    untold: Mutex<BTreeSet<OrganizationId>>,
    bell: Notify,
    known: Mutex<Known>,
    /// Whether this node's clock has followed the database's before.
    follows: AtomicBool,
}

impl Fleet {
    /// A node of this name among those on this database.
    pub fn new(nodes: Nodes, name: Uuid) -> Self {
        Self {
            nodes,
            name,
            untold: Mutex::default(),
            bell: Notify::new(),
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
        self.untold.lock().unwrap_or_else(PoisonError::into_inner).insert(organization);
        self.bell.notify_one();
    }

    fn take_untold(&self) -> BTreeSet<OrganizationId> {
        std::mem::take(&mut *self.untold.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Keeps this node in step, if it is one of several, until its component stops.
pub fn keep_in_step(engine: &Arc<Engine>) {
    if engine.fleet.is_some() {
        let (beating, speaking, listening) = (engine.clone(), engine.clone(), engine.clone());
        engine.tasks.keep("the pulse", move || pulse::run(beating.clone()));
        engine.tasks.keep("telling other nodes", move || hints::speak(speaking.clone()));
        engine.tasks.keep("hearing other nodes", move || hints::listen(listening.clone()));
    }
}
