//! The leases of a shared store: the database knows who is where, and until when. What this node remembers of it is good for
//! renewing quickly, for as long as it is true.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Instant;

use booking_domain::hold::change::Change;
use booking_domain::hold::{HoldRules, Place, Presence, SessionKey, SlotKey};
use booking_domain::id::{EventTypeId, OrganizationId, PresenceId};
use booking_domain::{DateTime, Utc};

use crate::error::ServiceResult;
use crate::state::presence_index::{PresenceIndex, Renewal, RoomChange};
use crate::state::renewals::Renewals;
use crate::store::nodes::{self, Beat};
use crate::store::{Store, StoreError, Tx, presences};

/// Places remembered at most, a few hundred bytes each. When there are more, all are read again as they are needed.
const REMEMBERED: usize = 100_000;

/// Who is in which room, as the database knows it.
pub struct DatabaseLeases {
    store: Store,
    rules: HoldRules,
    renewals: Renewals,
    memory: Mutex<Memory>,
    last_looks: Mutex<HashMap<SlotKey, Weak<LastLook>>>,
    looks: AtomicU64,
}

/// When a look at a room began, and what it saw.
type LastLook = tokio::sync::Mutex<Option<(Instant, Arc<PresenceIndex>)>>;

/// What was read of places. The database renews nobody by it if anything changed since.
type Memory = HashMap<(SlotKey, SessionKey), Remembered>;

#[derive(Clone)]
struct Remembered {
    organization: OrganizationId,
    presence: Presence,
    place: Place,
    /// The number of the last change in the event type.
    number: i64,
}

impl DatabaseLeases {
    /// Leases over this store.
    pub fn new(store: Store, rules: HoldRules, renewals: Renewals) -> Self {
        Self {
            store,
            rules,
            renewals,
            memory: Mutex::default(),
            last_looks: Mutex::default(),
            looks: AtomicU64::default(),
        }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Renews the lease of a place that is remembered, if that is still all true.
    ///
    /// # Errors
    /// Refused as `unavailable` when the store cannot renew it now.
    pub async fn renew(&self, renewal: &Renewal<'_>, now: DateTime<Utc>) -> ServiceResult<Option<Place>> {
        let remembered = self.memory().get(&(renewal.wish.room, renewal.session)).cloned();
        let Some(Remembered { organization, presence, place, number }) = remembered else { return Ok(None) };
        if !presence.is_renewed_by(&renewal.wish, renewal.data, now + self.rules.ttl) {
            return Ok(None);
        }
        let renewed = self.renewals.renew(Beat { organization, presence: presence.id, number }).await?;
        Ok(renewed.map(|expires_at| Place { expires_at, ..place }))
    }

    /// Reads a room, and remembers who is there.
    ///
    /// # Errors
    /// The store fails.
    pub async fn recall(&self, organization: OrganizationId, room: SlotKey) -> Result<(), StoreError> {
        let mut tx = self.store.read().await?;
        let present = presences::list_in_room(&mut tx, organization, room).await?;
        let number = nodes::line_number(&mut tx, organization, room.event_type_id).await?;
        let index = PresenceIndex::of(self.rules, organization, present.clone());
        let mut memory = self.memory();
        if memory.len() + present.len() > REMEMBERED {
            memory.clear();
        }
        for presence in present {
            if let Some(place) = index.place(room, presence.session) {
                memory.insert((room, presence.session), Remembered { organization, presence, place, number });
            }
        }
        Ok(())
    }

    /// An index with everybody who is in this room now. Who asks while another look is awaited shares the next one, so that one
    /// change in a line is one look, however many wait there.
    ///
    /// # Errors
    /// The store fails.
    pub async fn index_of(
        &self,
        organization: OrganizationId,
        room: SlotKey,
    ) -> Result<Arc<PresenceIndex>, StoreError> {
        let (asked, last) = (Instant::now(), self.last_look(room));
        let mut last = last.lock().await;
        if let Some((_, index)) = last.as_ref().filter(|(began, _)| *began > asked) {
            return Ok(index.clone());
        }
        let began = Instant::now();
        let mut tx = self.store.read().await?;
        self.looks.fetch_add(1, Ordering::Relaxed);
        let present = presences::list_in_room(&mut tx, organization, room).await?;
        let index = Arc::new(PresenceIndex::of(self.rules, organization, present));
        *last = Some((began, index.clone()));
        Ok(index)
    }

    /// The last look at a room, for as long as anybody waits for one.
    fn last_look(&self, room: SlotKey) -> Arc<LastLook> {
        let mut looks = self.last_looks.lock().unwrap_or_else(PoisonError::into_inner);
        looks.retain(|_, look| look.strong_count() > 0);
        if let Some(look) = looks.get(&room).and_then(Weak::upgrade) {
            return look;
        }
        let look = Arc::default();
        looks.insert(room, Arc::downgrade(&look));
        look
    }

    /// How often a room was looked at.
    pub fn looks(&self) -> u64 {
        self.looks.load(Ordering::Relaxed)
    }

    /// An index with everybody who is in one of the organization's rooms now.
    ///
    /// # Errors
    /// The store fails.
    pub async fn index_of_all(&self, organization: OrganizationId) -> Result<PresenceIndex, StoreError> {
        let mut tx = self.store.read().await?;
        Ok(PresenceIndex::of(self.rules, organization, presences::list_of_organization(&mut tx, organization).await?))
    }

    /// The rooms of these event types in which somebody waits.
    ///
    /// # Errors
    /// The store fails.
    pub async fn waiting_rooms(
        &self,
        organization: OrganizationId,
        event_types: &[EventTypeId],
    ) -> Result<Vec<SlotKey>, StoreError> {
        let mut tx = self.store.read().await?;
        nodes::waiting_rooms(&mut tx, organization, event_types).await
    }

    /// Locks the leases of those who seem late, and reads them again: a renewal may just have been acknowledged, by any node.
    ///
    /// # Errors
    /// The store fails, or another transaction keeps one of the leases for too long.
    pub async fn lock_late(
        tx: &mut Tx,
        organization: OrganizationId,
        (line, now): (&mut [Presence], DateTime<Utc>),
    ) -> Result<(), StoreError> {
        let late: Vec<PresenceId> = line.iter().filter(|p| p.expires_at <= now).map(|p| p.id).collect();
        if late.is_empty() {
            return Ok(());
        }
        let leases: HashMap<_, _> = nodes::lock_leases(tx, organization, &late).await?.into_iter().collect();
        for presence in line {
            presence.expires_at = leases.get(&presence.id).copied().unwrap_or(presence.expires_at);
        }
        Ok(())
    }

    /// What those who follow rooms have to be told of committed changes.
    pub fn told(changes: &[Change], before: &BTreeMap<PresenceId, Presence>) -> Vec<RoomChange> {
        let stands = |now: &Presence| before.get(&now.id).is_some_and(|was| was.hold == now.hold);
        let told = changes.iter().filter_map(|change| match change {
            Change::Present(presence) if stands(presence) => None,
            Change::Present(presence) => Some(RoomChange { room: presence.room, departed: None }),
            Change::Departed(presence, why) => {
                Some(RoomChange { room: presence.room, departed: Some((presence.session, why.clone())) })
            }
            _ => None,
        });
        told.collect()
    }
}
