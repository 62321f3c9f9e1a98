//! What every room of the component shares: the store, the clock, the ids, and what is kept in memory.

use std::error::Error;
use std::sync::Arc;

use booking_domain::hold::{HoldRules, Place};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::clock::Clock;
use crate::computing::Computing;
use crate::disk::Disk;
use crate::ids::{Ids, random_id};
use crate::outage::Outage;
use crate::state::alarm::Alarm;
use crate::state::catalogs::Catalogs;
use crate::state::followers::{Followers, PlaceKey};
use crate::state::invalidations::Invalidations;
use crate::state::leases::Leases;
use crate::state::leases::in_database::DatabaseLeases;
use crate::state::live_presences::LivePresenceCache;
use crate::state::node::Node;
use crate::state::presence_index::PresenceIndex;
use crate::state::readiness::Readiness;
use crate::state::renewals::Renewals;
use crate::state::slot_watches::SlotWatches;
use crate::store::nodes::ArmReason;
use crate::store::{Store, StoreError};
use crate::tasks::Tasks;

/// Lists of bookings that are read at once: half of the connections with which an embedded store reads.
const LISTS_AT_ONCE: usize = 2;

/// What every room of the component shares.
pub struct Engine {
    /// This run of the process.
    pub run: Uuid,
    /// The store.
    pub store: Store,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The ids.
    pub ids: Ids,
    /// The hold protocol's settings.
    pub rules: HoldRules,
    /// The catalogs as they were last read.
    pub catalogs: Catalogs,
    /// Who is in which room.
    pub leases: Leases,
    /// Wakes the task that ends what is due.
    pub expiry: Alarm,
    /// Who follows which place.
    pub followers: Followers,
    /// What was last seen of who is where.
    pub live: LivePresenceCache,
    /// What slots are watched.
    pub slots: SlotWatches,
    /// The disk under an embedded store.
    pub disk: Arc<Disk>,
    /// The tasks that run beside the calls, ended with the component.
    pub tasks: Tasks,
    /// Whether the component can serve.
    pub readiness: Readiness,
    /// Whether the store refuses calls.
    pub outage: Arc<Outage>,
    /// Where long computing runs.
    pub computing: Computing,
    /// Lets few read lists of bookings at once: however long a search takes, those who hold and book find a connection.
    pub lists: Semaphore,
    /// Who wants to know when slots may have changed.
    pub invalidations: Invalidations,
    /// The other nodes, if the store may be shared.
    pub node: Option<Node>,
}

impl Engine {
    /// Takes note of an outage that was met beside the calls.
    pub fn notice(&self, failure: &StoreError) {
        self.outage.notice(failure);
        self.end_if_damaged(failure);
    }

    /// A damaged file is no outage that passes: what is written into it is lost, so the process ends.
    pub fn end_if_damaged(&self, failure: &StoreError) {
        if let StoreError::Damaged(_) = failure {
            self.tasks.fail(failure.to_string());
        }
    }

    /// Tells of what failed beside the calls and is tried again: of an outage as of one, however often it is tried meanwhile.
    pub fn tell(&self, failure: &StoreError, failed: &'static str) {
        if failure.is_outage() {
            self.notice(failure);
        } else {
            tracing::error!(
                failed,
                error = failure as &dyn Error,
                "something failed beside the calls; it is tried again"
            );
        }
    }

    /// An engine over this store, which is up to date; nothing runs yet.
    pub fn new(store: Store, clock: Arc<dyn Clock>, rules: HoldRules) -> Self {
        let (tasks, run) = (Tasks::default(), random_id());
        let (leases, node) = match store.nodes() {
            None => (Leases::InMemory(PresenceIndex::new(rules)), None),
            Some(nodes) => {
                let renewals = Renewals::open(&tasks, nodes.clone(), rules.ttl);
                let leases = Leases::InDatabase(DatabaseLeases::new(store.clone(), rules, renewals));
                (leases, Some(Node::new(nodes, run)))
            }
        };
        Self {
            run,
            store,
            clock,
            rules,
            leases,
            node,
            computing: Computing::beside_calls(tasks.clone()),
            tasks,
            ids: Ids::default(),
            catalogs: Catalogs::default(),
            disk: Arc::default(),
            expiry: Alarm::default(),
            followers: Followers::default(),
            live: LivePresenceCache::default(),
            slots: SlotWatches::default(),
            readiness: Readiness::default(),
            outage: Arc::new(Outage::of("the store, without which nobody can hold or book")),
            lists: Semaphore::new(LISTS_AT_ONCE),
            invalidations: Invalidations::default(),
        }
    }

    /// Where a session stands in a room now.
    ///
    /// # Errors
    /// The store fails.
    pub async fn place(&self, place: PlaceKey) -> Result<Option<Place>, StoreError> {
        let organization = self.catalogs.organization_of(place.0.event_type_id);
        self.leases.place(organization, place).await
    }

    /// Gives every presence in a shared store its full time again.
    ///
    /// # Errors
    /// The store fails.
    pub async fn arm(&self, why: ArmReason) -> Result<(), StoreError> {
        let Some(node) = &self.node else { return Ok(()) };
        if node.nodes().arm(self.rules.ttl, why).await? {
            tracing::warn!(?why, "every lease is given its full time again");
        }
        Ok(())
    }
}
