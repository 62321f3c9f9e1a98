//! API keys: who may call. Only the hash of a key is kept.

use booking_domain::id::{ApiKeyId, OrganizationId};
use booking_domain::text::Name;
use chrono::{DateTime, Utc};
use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

use super::columns::{At, id_list};
use super::{StoreError, Tx};
use crate::secret::Digest;

/// What a key allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything in one organization, whose owner its bearer is.
    Admin(OrganizationId),
    /// What a separate HTTP front does, for every organization.
    Front,
}

/// A stored key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredKey {
    /// Its public id.
    pub id: ApiKeyId,
    /// What it allows.
    pub scope: Scope,
    /// What people call it.
    pub name: Name,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Since when it does not work any more.
    pub revoked_at: Option<DateTime<Utc>>,
}

rows! {
    struct ApiKeyRow {
        id: Uuid,
        organization_id: Option<Uuid>,
        name: String,
        created_at: At,
        revoked_at: Option<At>,
    }
}

statements! {
    INSERT = "INSERT INTO api_keys (id, organization_id, role, name, key_hash, created_at, revoked_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    FIND_BY_HASH = "SELECT id, organization_id, name, created_at, revoked_at FROM api_keys WHERE key_hash = $1";
    LIST_VALID = concat!("SELECT k.id FROM json_each($1) AS e CROSS JOIN api_keys AS k
        WHERE k.id = ", column!(id "id"), " AND k.revoked_at IS NULL");
    LIST = "SELECT id, organization_id, name, created_at, revoked_at FROM api_keys ORDER BY id";
    REVOKE = "UPDATE api_keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
}

impl ApiKeyRow {
    fn read(self) -> StoredKey {
        StoredKey {
            id: ApiKeyId::new(self.id),
            scope: self.organization_id.map_or(Scope::Front, |id| Scope::Admin(OrganizationId::new(id))),
            name: Name::stored(self.name),
            created_at: self.created_at.0,
            revoked_at: self.revoked_at.map(|at| at.0),
        }
    }
}

/// Inserts a key with the hash of its secret. A hash that exists is a conflict: `Taken("api_keys_key_hash")`.
///
/// # Errors
/// `Conflict::Taken` as said, `Conflict::Missing` when there is no such organization; or the database fails.
pub async fn insert(tx: &mut Tx, key: &StoredKey, hash: Digest) -> Result<(), StoreError> {
    let (organization, role) = match key.scope {
        Scope::Admin(organization) => (Some(organization.uuid()), "admin"),
        Scope::Front => (None, "front"),
    };
    execute!(
        tx,
        query(INSERT)
            .bind(key.id.uuid())
            .bind(organization)
            .bind(role)
            .bind(key.name.as_str())
            .bind(hash)
            .bind(At(key.created_at))
            .bind(key.revoked_at.map(At))
    )?;
    Ok(())
}

/// The key with this hash, revoked or not.
///
/// # Errors
/// The database fails, or a row of this key is `Corrupt`.
pub async fn find_by_hash(tx: &mut Tx, hash: Digest) -> Result<Option<StoredKey>, StoreError> {
    let row: Option<ApiKeyRow> = fetch_optional!(tx, query_as(FIND_BY_HASH).bind(hash))?;
    Ok(row.map(ApiKeyRow::read))
}

/// Those of these keys that exist and are not revoked.
///
/// # Errors
/// The database fails.
pub async fn list_valid(tx: &mut Tx, keys: &[ApiKeyId]) -> Result<Vec<ApiKeyId>, StoreError> {
    let ids: Vec<Uuid> = fetch_all!(tx, query_scalar(LIST_VALID).bind(id_list(keys)?))?;
    Ok(ids.into_iter().map(ApiKeyId::new).collect())
}

/// Every key of every organization, in id order.
///
/// # Errors
/// The database fails, or a row of a key is `Corrupt`.
pub async fn list(tx: &mut Tx) -> Result<Vec<StoredKey>, StoreError> {
    let rows: Vec<ApiKeyRow> = fetch_all!(tx, query_as(LIST))?;
    Ok(rows.into_iter().map(ApiKeyRow::read).collect())
}

/// Ends a key; whether it worked until now.
///
/// # Errors
/// The database fails.
pub async fn revoke(tx: &mut Tx, id: ApiKeyId, at: DateTime<Utc>) -> Result<bool, StoreError> {
    let changed = execute!(tx, query(REVOKE).bind(id.uuid()).bind(At(at)))?;
    Ok(changed > 0)
}
