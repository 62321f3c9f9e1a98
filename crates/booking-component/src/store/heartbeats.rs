//! Heartbeats: when each presence ends unless another one comes. Not worth a disk write each: see `presence_heartbeats`.

use booking_domain::id::{OrganizationId, PresenceId};
use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::query;

use super::columns::{At, json};
use super::{StoreError, Tx};

statements! {
    SAVE_ALL = concat!("WITH wanted AS MATERIALIZED (SELECT ", column!(id "organization"), " AS organization_id, ",
        column!(id "id"), " AS id, ", column!(number "expires_at"), " AS expires_at FROM json_each($1) AS e)
        UPDATE presence_heartbeats SET expires_at = w.expires_at FROM wanted AS w
        WHERE presence_heartbeats.organization_id = w.organization_id AND presence_heartbeats.presence_id = w.id");
    REARM = "INSERT INTO presence_heartbeats
        (organization_id, presence_id, session_hash, event_type_id, starts_at, ends_at, expires_at, alarm_at)
        SELECT p.organization_id, p.id, p.session_hash, p.event_type_id, p.starts_at, p.ends_at,
            COALESCE(p.fixed_until, $1), COALESCE(p.fixed_until, $1) FROM presence AS p WHERE true
        ON CONFLICT (organization_id, presence_id) DO UPDATE SET expires_at = excluded.expires_at";
}

#[derive(Serialize)]
struct Heartbeat {
    organization: OrganizationId,
    id: PresenceId,
    expires_at: At,
}

/// Notes when these presences end, for a shutdown. Those that are gone meanwhile are passed over.
///
/// # Errors
/// The database fails.
pub async fn save_all(tx: &mut Tx, beats: &[(OrganizationId, PresenceId, DateTime<Utc>)]) -> Result<(), StoreError> {
    let beat =
        |(organization, id, at): &(_, _, _)| Heartbeat { organization: *organization, id: *id, expires_at: At(*at) };
    let mut list: Vec<Heartbeat> = beats.iter().map(beat).collect();
    // In the order of keys, so that two writers never wait for each other.
    list.sort_unstable_by_key(|beat| beat.id);
    execute!(tx, query(SAVE_ALL).bind(json(&list)?))?;
    Ok(())
}

/// Gives every presence until `expires_at`, for a start: heartbeats that came while nobody listened are not counted against
/// anybody. What lasts for a fixed term lasts for that, and no longer. Gives how many there are.
///
/// # Errors
/// The database fails.
pub async fn rearm(tx: &mut Tx, expires_at: DateTime<Utc>) -> Result<u64, StoreError> {
    execute!(tx, query(REARM).bind(At(expires_at)))
}
