//! What every room of the component shares: the store, the clock, the ids, and what is kept in memory.

use std::sync::Arc;

use booking_domain::hold::HoldRules;

use crate::clock::Clock;
use crate::ids::Ids;
use crate::presence::board::Board;
use crate::presence::expiry::Alarm;
use crate::presence::followers::Followers;
use crate::service::catalogs::Catalogs;
use crate::store::Store;
use crate::tasks::Tasks;
use crate::watch::hints::Hints;
use crate::watch::slots::SlotWatches;

/// What every room of the component shares.
pub struct Engine {
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
    pub board: Board,
    /// Wakes the task that ends what is due.
    pub expiry: Alarm,
    /// Who follows which place.
    pub followers: Followers,
    /// What slots are watched.
    pub slots: SlotWatches,
    /// The tasks that run beside the calls, ended with the component.
    pub tasks: Tasks,
    /// Who wants to know when slots may have changed.
    pub hints: Hints,
}
