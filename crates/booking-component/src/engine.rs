//! What every room of the component shares: the store, the clock, the ids, and what is kept in memory.

use std::sync::Arc;

use booking_domain::hold::{HoldRules, Place};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::clock::Clock;
use crate::computing::Computing;
use crate::disk::Disk;
use crate::fleet::Fleet;
use crate::ids::Ids;
use crate::presence::expiry::Alarm;
use crate::presence::followers::{Followers, PlaceKey};
use crate::presence::lobby::Lobby;
use crate::readiness::Readiness;
use crate::service::catalogs::Catalogs;
use crate::store::nodes::Because;
use crate::store::{Store, StoreError};
use crate::tasks::Tasks;
use crate::watch::hints::Hints;
use crate::watch::presences::LiveBoards;
use crate::watch::slots::SlotWatches;

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
    pub lobby: Lobby,
    /// Wakes the task that ends what is due.
    pub expiry: Alarm,
    /// Who follows which place.
    pub followers: Followers,
    /// What was last seen of who is where.
    pub boards: LiveBoards,
    /// What slots are watched.
    pub slots: SlotWatches,
    /// The disk under an embedded store.
    pub disk: Arc<Disk>,
    /// The tasks that run beside the calls, ended with the component.
    pub tasks: Tasks,
    /// Whether the component can serve.
    pub readiness: Readiness,
    /// Where long computing runs.
    pub computing: Computing,
    /// Lets few read lists of bookings at once: however long a search takes, those who hold and book find a connection.
    pub lists: Semaphore,
    /// Who wants to know when slots may have changed.
    pub hints: Hints,
    /// The other nodes, if the store may be shared.
    pub fleet: Option<Fleet>,
}

impl Engine {
    /// Where a session stands in a room now.
    pub async fn place(&self, place: PlaceKey) -> Result<Option<Place>, StoreError> {
        let organization = self.catalogs.organization_of(place.0.event_type_id);
        self.lobby.place(organization, place).await
    }

    /// Gives every presence in a shared store its full time again.
    pub async fn arm(&self, why: Because) -> Result<(), StoreError> {
        let Some(fleet) = &self.fleet else { return Ok(()) };
        if fleet.nodes().arm(self.rules.ttl, why).await? {
            tracing::warn!(?why, "every lease is given its full time again");
        }
        Ok(())
    }
}
