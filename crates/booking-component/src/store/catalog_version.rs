//! The version of what an organization offers: it grows with each change, so that whoever keeps a copy knows when it is old.

use booking_domain::id::OrganizationId;
use sqlx::query;

use super::{StoreError, Tx};

statements! {
    TOUCH_CATALOG = "UPDATE organizations SET catalog_version = catalog_version + 1 WHERE id = $1";
}

/// Counts a change to what the organization offers. Every write to the catalog in this store calls it.
///
/// # Errors
/// The database fails.
pub async fn touch_catalog(tx: &mut Tx, id: OrganizationId) -> Result<(), StoreError> {
    execute!(tx, query(TOUCH_CATALOG).bind(id.uuid()))?;
    Ok(())
}
