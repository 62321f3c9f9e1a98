//! Editing a stored thing under an optimistic lock, and deleting one that nothing names.

use booking_domain::id::OrganizationId;
use chrono::{DateTime, Utc};
use sqlx::{query, query_as};
use uuid::Uuid;

use super::catalog_version::touch_catalog;
use super::{Conflict, StoreError, Tx};

/// A change of one stored thing.
#[derive(Debug)]
pub struct Edit<'a, Id, Spec> {
    /// Which one.
    pub id: Id,
    /// What it shall say.
    pub spec: &'a Spec,
    /// The version that the caller read, if it matters.
    pub version: Option<i64>,
    /// The current time.
    pub at: DateTime<Utc>,
}

impl<Id: Copy, Spec> Clone for Edit<'_, Id, Spec> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Id: Copy, Spec> Copy for Edit<'_, Id, Spec> {}

impl<Id, Spec> Edit<'_, Id, Spec> {
    /// The version to compare with; 0, which none has, means any.
    pub(super) fn expected(&self) -> i64 {
        self.version.unwrap_or(0)
    }
}

/// Deletes one thing of the catalog; whether there was one. A conflict, `InUse`, while `user` finds anything that names it.
///
/// The database itself refuses to delete what is named, but SQLite counts all who name it first.
pub(super) async fn delete_unused(
    tx: &mut Tx,
    (organization, id): (OrganizationId, Uuid),
    (user, delete): (&'static str, &'static str),
) -> Result<bool, StoreError> {
    let user: Option<(Uuid,)> = fetch_optional!(tx, query_as(user).bind(organization.uuid()).bind(id))?;
    if user.is_some() {
        return Err(StoreError::Conflict(Conflict::InUse));
    }
    let deleted = execute!(tx, query(delete).bind(organization.uuid()).bind(id)).map_err(StoreError::of_deletion)?;
    touch_catalog(tx, organization).await?;
    Ok(deleted > 0)
}

/// Why an edit changed no row: the thing is gone (nothing), or it has another version (a conflict).
pub(super) fn unchanged<T>(found: Option<T>) -> Result<Option<T>, StoreError> {
    match found {
        Some(_) => Err(StoreError::Conflict(Conflict::Stale)),
        None => Ok(None),
    }
}
