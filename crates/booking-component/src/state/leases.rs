//! The leases: who is in which room, and until when.
//!
//! With an embedded store the process is the only node, and its memory is the authority: the index renews leases without the
//! store. With a shared store the database is the authority, and memory only saves it work.

pub mod in_database;

use std::collections::BTreeMap;

use booking_domain::hold::change::Change;
use booking_domain::hold::{LivePresence, Place, Presence, Present, SessionKey, SlotKey};
use booking_domain::id::{EventTypeId, OrganizationId, PresenceId};
use booking_domain::page::{Page, PageRequest};
use booking_domain::{DateTime, Utc};

use crate::error::ServiceResult;
use crate::state::followers::PlaceKey;
use crate::state::leases::in_database::DatabaseLeases;
use crate::state::presence_index::{PresenceIndex, Renewal, RoomChange};
use crate::store::{StoreError, Tx};

/// Who is in which room, and until when.
pub enum Leases {
    /// This process alone knows.
    InMemory(PresenceIndex),
    /// The database knows.
    InDatabase(DatabaseLeases),
}

impl Leases {
    /// Renews a lease, when the heartbeat changes nothing that anybody could see. Otherwise nothing is done, and the command queue has to
    /// decide.
    ///
    /// # Errors
    /// Refused as `unavailable` where a shared store cannot renew it now.
    pub async fn renew(&self, renewal: &Renewal<'_>, now: DateTime<Utc>) -> ServiceResult<Option<Place>> {
        match self {
            Self::InMemory(index) => Ok(index.renew(renewal, now)),
            Self::InDatabase(shared) => shared.renew(renewal, now).await,
        }
    }

    /// Makes sure that a session in this room can be renewed, if it is there.
    ///
    /// # Errors
    /// A shared store fails.
    pub async fn recall(&self, organization: OrganizationId, room: SlotKey) -> Result<(), StoreError> {
        match self {
            Self::InMemory(_) => Ok(()),
            Self::InDatabase(shared) => shared.recall(organization, room).await,
        }
    }

    /// Where a session stands now. In an organization that this process does not serve yet, nobody stands anywhere.
    ///
    /// # Errors
    /// A shared store fails.
    pub async fn place(
        &self,
        organization: Option<OrganizationId>,
        (room, session): PlaceKey,
    ) -> Result<Option<Place>, StoreError> {
        match (self, organization) {
            (Self::InMemory(index), _) => Ok(index.place(room, session)),
            (Self::InDatabase(_), None) => Ok(None),
            (Self::InDatabase(shared), Some(of)) => Ok(shared.index_of(of, room).await?.place(room, session)),
        }
    }

    /// Whether the session is not in the room, as far as this process can be sure of that without asking.
    pub fn is_surely_absent(&self, room: SlotKey, session: SessionKey) -> bool {
        match self {
            Self::InMemory(index) => index.place(room, session).is_none(),
            Self::InDatabase(_) => false,
        }
    }

    /// Who is in a room, in line order: holders first, as they joined.
    ///
    /// # Errors
    /// A shared store fails.
    pub async fn present_in(&self, organization: OrganizationId, room: SlotKey) -> Result<Vec<Present>, StoreError> {
        match self {
            Self::InMemory(index) => Ok(index.present_in(room)),
            Self::InDatabase(shared) => Ok(shared.index_of(organization, room).await?.present_in(room)),
        }
    }

    /// Everybody in an organization's rooms, room by room in line order.
    ///
    /// # Errors
    /// A shared store fails.
    pub async fn live(&self, organization: OrganizationId) -> Result<Vec<LivePresence>, StoreError> {
        match self {
            Self::InMemory(index) => Ok(index.live(organization)),
            Self::InDatabase(shared) => Ok(shared.index_of_all(organization).await?.live(organization)),
        }
    }

    /// A page of everybody in an organization's rooms, room by room in line order.
    ///
    /// # Errors
    /// `PageToken` when no such list gave the token out; or a shared store fails.
    pub async fn live_page(
        &self,
        organization: OrganizationId,
        page: &PageRequest,
    ) -> Result<Page<LivePresence>, StoreError> {
        let after = page.token.as_deref().map(str::parse).transpose().map_err(|_| StoreError::PageToken)?;
        let size = page.size as usize;
        Ok(match self {
            Self::InMemory(index) => index.live_page(organization, after, size),
            Self::InDatabase(shared) => shared.index_of_all(organization).await?.live_page(organization, after, size),
        })
    }

    /// The rooms of these event types in which somebody waits.
    ///
    /// # Errors
    /// A shared store fails.
    pub async fn waiting_rooms(
        &self,
        organization: OrganizationId,
        event_types: &[EventTypeId],
    ) -> Result<Vec<SlotKey>, StoreError> {
        match self {
            Self::InMemory(index) => Ok(index.waiting_rooms(event_types)),
            Self::InDatabase(shared) => shared.waiting_rooms(organization, event_types).await,
        }
    }

    /// How often a room was looked at in a shared store, for those who follow a place there.
    pub fn looks(&self) -> u64 {
        match self {
            Self::InMemory(_) => 0,
            Self::InDatabase(shared) => shared.looks(),
        }
    }

    /// The leases as they are now, for presences that this transaction has read. Whoever is taken for late after this cannot be
    /// renewed any more until the transaction ends.
    ///
    /// # Errors
    /// A shared store fails, or another transaction keeps one of the leases for too long.
    pub async fn refresh(
        &self,
        tx: &mut Tx,
        organization: OrganizationId,
        (line, now): (&mut [Presence], DateTime<Utc>),
    ) -> Result<(), StoreError> {
        match self {
            Self::InMemory(index) => index.overlay_leases(line),
            Self::InDatabase(_) => DatabaseLeases::lock_late(tx, organization, (line, now)).await?,
        }
        Ok(())
    }

    /// Takes note of committed changes, and says what those who follow rooms have to be told.
    pub fn note(
        &self,
        organization: OrganizationId,
        (changes, before): (&[Change], &BTreeMap<PresenceId, Presence>),
    ) -> Vec<RoomChange> {
        match self {
            Self::InMemory(index) => index.mirror(organization, changes),
            Self::InDatabase(_) => DatabaseLeases::told(changes, before),
        }
    }
}
