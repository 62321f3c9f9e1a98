//! Which slots are watched, and what was last told of them: one list of a week's slots for all who watch any of it.

pub(crate) mod table;
pub mod touch;
pub(crate) mod week_list;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use booking_domain::id::{OrganizationId, ResourceId};
use tokio::sync::{Notify, Semaphore};
use tokio::time::Instant;

use self::table::{LIST_BYTES, ListTable, Looked};
use self::touch::Touch;
use self::week_list::{Kept, WeekList};

/// Lists that are looked at for the first time at once, each by somebody who waits for it: what all who ask have to share.
const FIRST_LOOKS: usize = 4;

/// The slots that somebody watches now.
pub struct SlotWatches {
    table: Mutex<ListTable>,
    /// Rung when something is due earlier than it was.
    pub(crate) wake: Notify,
    pub(crate) firsts: Semaphore,
    /// What all lists take that anybody still keeps.
    pub(crate) bytes: Arc<AtomicUsize>,
    pub(crate) watchers: AtomicUsize,
    pub(crate) next_id: AtomicU64,
    looks: AtomicU64,
}

/// How much is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watched {
    /// Lists of a week's slots.
    pub lists: usize,
    /// What they take, in bytes.
    pub bytes: usize,
    /// Who watches.
    pub watchers: usize,
    /// How often lists were looked at again since the component began.
    pub looks: u64,
}

impl Default for SlotWatches {
    fn default() -> Self {
        Self {
            table: Mutex::default(),
            wake: Notify::new(),
            firsts: Semaphore::new(FIRST_LOOKS),
            bytes: Arc::default(),
            watchers: AtomicUsize::default(),
            next_id: AtomicU64::default(),
            looks: AtomicU64::default(),
        }
    }
}

impl SlotWatches {
    pub(crate) fn table(&self) -> MutexGuard<'_, ListTable> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the lists be looked at again that depend on what was touched.
    pub fn touch(&self, organization: OrganizationId, touched: &[Touch]) {
        if !touched.is_empty() {
            self.table().touch(organization, touched);
            self.wake.notify_one();
        }
    }

    /// Makes every list of an organization be looked at again.
    pub fn touch_all(&self, organization: OrganizationId) {
        self.table().touch_all(organization);
        self.wake.notify_one();
    }

    /// The resources on which lists of these organizations depend.
    pub fn resources(&self, organizations: &[OrganizationId]) -> BTreeSet<(OrganizationId, ResourceId)> {
        self.table().resources(organizations)
    }

    /// How much is watched now.
    pub fn watched(&self) -> Watched {
        let lists = self.table().len();
        Watched {
            lists,
            bytes: self.bytes.load(Ordering::Relaxed) + lists * LIST_BYTES,
            watchers: self.watchers.load(Ordering::Relaxed),
            looks: self.looks.load(Ordering::Relaxed),
        }
    }

    /// Waits until something is due earlier than it was.
    pub(crate) async fn touched(&self) {
        self.wake.notified().await;
    }

    pub(crate) fn take_due(&self) -> Option<(WeekList, Arc<Kept>)> {
        let due = self.table().take_due()?;
        self.looks.fetch_add(1, Ordering::Relaxed);
        Some(due)
    }

    pub(crate) fn next_due(&self) -> Option<Instant> {
        self.table().next_due()
    }

    pub(crate) fn looked(&self, list: WeekList, looked: Looked) {
        self.table().looked(list, looked);
    }
}
