//! Editing a stored thing under an optimistic lock, and deleting one that nothing names.

use booking_domain::conflict::{UsedBy, UserKind};
use booking_domain::id::OrganizationId;
use chrono::{DateTime, Utc};
use sqlx::{query, query_as};
use uuid::Uuid;

use super::catalog_version::touch_catalog;
use super::columns::Sound;
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

/// Deletes one thing of the catalog; whether there was one. A conflict, `InUse`, while `users` finds anything that names it.
///
/// The database itself refuses to delete what is named, but SQLite counts all who name it first.
pub(super) async fn delete_unused(
    tx: &mut Tx,
    (organization, id): (OrganizationId, Uuid),
    (users, delete): (&'static str, &'static str),
) -> Result<bool, StoreError> {
    let rows: Vec<(String, Uuid)> = fetch_all!(tx, query_as(users).bind(organization.uuid()).bind(id))?;
    let mut by: Vec<UsedBy> = rows.into_iter().map(used_by).collect::<Result<_, _>>()?;
    by.sort_unstable_by_key(|used| (used.kind.name(), used.id));
    by.dedup();
    if !by.is_empty() {
        return Err(StoreError::Conflict(Conflict::InUse(by)));
    }
    let deleted = execute!(tx, query(delete).bind(organization.uuid()).bind(id)).map_err(StoreError::of_deletion)?;
    touch_catalog(tx, organization).await?;
    Ok(deleted > 0)
}

fn used_by((kind, id): (String, Uuid)) -> Result<UsedBy, StoreError> {
    Ok(UsedBy { kind: UserKind::from_name(&kind).sound("users")?, id })
}

/// Why an edit changed no row: the thing is gone (nothing), or it has this version now, and not the one that was read (a conflict).
pub(super) fn unchanged<T>(version: Option<i64>) -> Result<Option<T>, StoreError> {
    match version {
        Some(current_version) => Err(StoreError::Conflict(Conflict::Stale { current_version })),
        None => Ok(None),
    }
}
