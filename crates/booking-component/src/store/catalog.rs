//! The catalog: all that an organization offers, read at once.

use booking_domain::event_type::EventType;
use booking_domain::id::OrganizationId;
use booking_domain::resource::Resource;
use booking_domain::schedule::Schedule;
use uuid::Uuid;

use super::organizations::StoredOrganization;
use super::{StoreError, Tx, event_types, organizations, resources, schedules};

/// All that an organization offers.
#[derive(Clone, Debug)]
pub struct StoredCatalog {
    /// The number of the last change to it.
    pub version: i64,
    /// Whose it is.
    pub organization: StoredOrganization,
    /// Its resources, in id order.
    pub resources: Vec<Resource>,
    /// Its schedules, in id order.
    pub schedules: Vec<Schedule>,
    /// Its event types, in id order.
    pub event_types: Vec<EventType>,
}

/// The catalog of an organization, in four statements; nothing when there is no such organization.
///
/// # Errors
/// The database fails, or a row of what is offered is `Corrupt`.
pub async fn load(tx: &mut Tx, organization: OrganizationId) -> Result<Option<StoredCatalog>, StoreError> {
    let Some(found) = organizations::find(tx, organization).await? else { return Ok(None) };
    Ok(Some(StoredCatalog {
        version: found.catalog_version,
        organization: found,
        resources: resources::read_after(tx, organization, Uuid::nil(), i64::MAX).await?,
        schedules: schedules::read_after(tx, organization, Uuid::nil(), i64::MAX).await?,
        event_types: event_types::read_after(tx, organization, Uuid::nil(), i64::MAX).await?,
    }))
}
