//! Idempotency: what was answered to calls that must not be done twice. Only the hash of a key is kept.

use booking_domain::id::OrganizationId;
use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::{query, query_as};

use super::columns::{At, json};
use super::{StoreError, Tx};
use crate::secret::Digest;

/// Which call an answer was given to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallKey {
    /// The name of the call.
    pub call: String,
    /// The hash of the caller's key, with whatever scopes it.
    pub key: Digest,
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// To which call.
    pub key: CallKey,
    /// The hash of what was asked.
    pub fingerprint: Digest,
    /// The answer, as the service wrote it.
    pub answer: String,
    /// When it was answered.
    pub created_at: DateTime<Utc>,
}

rows! {
    struct RecordRow {
        call: String,
        key_hash: Digest,
        fingerprint: Digest,
        answer: String,
        created_at: At,
    }
}

statements! {
    FIND_MANY = with_wanted!("$2": text "call", bytes "key"; "SELECT i.call, i.key_hash, i.fingerprint, i.answer, i.created_at
        FROM wanted AS w CROSS JOIN idempotency AS i
        WHERE i.organization_id = w.organization_id AND i.call = w.call AND i.key_hash = w.key");
    INSERT_MANY = "INSERT INTO idempotency (organization_id, call, key_hash, fingerprint, answer, created_at)
        SELECT $1, e.value ->> 'call', unhex(e.value ->> 'key'), unhex(e.value ->> 'fingerprint'), e.value ->> 'answer',
               CAST(e.value ->> 'created_at' AS BIGINT)
        FROM json_each($2) AS e";
    PURGE = "DELETE FROM idempotency WHERE created_at < $1";
}

#[derive(Serialize)]
struct Key<'a> {
    call: &'a str,
    key: Digest,
}

#[derive(Serialize)]
struct Answered<'a> {
    call: &'a str,
    key: Digest,
    fingerprint: Digest,
    answer: &'a str,
    created_at: At,
}

impl<'a> Answered<'a> {
    fn of(record: &'a Record) -> Self {
        let Record { key: CallKey { call, key }, fingerprint, answer, created_at } = record;
        Self { call, key: *key, fingerprint: *fingerprint, answer, created_at: At(*created_at) }
    }
}

/// What was answered to these calls; those that were not answered are not in it. A key that was given twice is in it twice.
///
/// # Errors
/// The database fails.
pub async fn find_many(tx: &mut Tx, organization: OrganizationId, keys: &[CallKey]) -> Result<Vec<Record>, StoreError> {
    let list = json(&keys.iter().map(|key| Key { call: &key.call, key: key.key }).collect::<Vec<_>>())?;
    let rows: Vec<RecordRow> = fetch_all!(tx, query_as(FIND_MANY).bind(organization.uuid()).bind(list))?;
    let record = |row: RecordRow| Record {
        key: CallKey { call: row.call, key: row.key_hash },
        fingerprint: row.fingerprint,
        answer: row.answer,
        created_at: row.created_at.0,
    };
    Ok(rows.into_iter().map(record).collect())
}

/// Keeps these answers. One that exists is a conflict: somebody else did the same call meanwhile.
///
/// # Errors
/// `Conflict::Taken` as said; or the database fails.
pub async fn insert_many(tx: &mut Tx, organization: OrganizationId, records: &[Record]) -> Result<(), StoreError> {
    let list = json(&records.iter().map(Answered::of).collect::<Vec<_>>())?;
    execute!(tx, query(INSERT_MANY).bind(organization.uuid()).bind(list))?;
    Ok(())
}

/// Forgets what was answered before `before`; how many answers there were.
///
/// # Errors
/// The database fails.
pub async fn purge(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64, StoreError> {
    execute!(tx, query(PURGE).bind(At(before)))
}
