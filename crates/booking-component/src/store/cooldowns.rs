//! Cooldowns: holds that ended lately, as long as they count for their session and address. They are written by `changes`.

use booking_domain::address::AddressKey;
use booking_domain::hold::change::Cooldown;
use booking_domain::hold::{SessionKey, SlotKey};
use booking_domain::id::{EventTypeId, OrganizationId, PresenceId};
use booking_domain::text::Prose;
use chrono::{DateTime, Utc};
use sqlx::{query, query_as};
use uuid::Uuid;

use super::columns::{At, id_list};
use super::presences::{read_address, time_held};
use super::{StoreError, Tx};
use crate::secret::Digest;

const TABLE: &str = "cooldowns";

rows! {
    struct CooldownRow {
        presence_id: Uuid,
        event_type_id: Uuid,
        starts_at: At,
        ends_at: At,
        session_hash: Digest,
        address: Option<String>,
        session_held_ms: i64,
        address_held_ms: i64,
        extended: bool,
        until_at: At,
        told: bool,
        released_reason: Option<String>,
    }
}

macro_rules! select {
    ($wanted:literal, $which:literal) => {
        concat!(
            "SELECT c.presence_id, c.event_type_id, c.starts_at, c.ends_at, c.session_hash, c.address,
             c.session_held_ms, c.address_held_ms, c.extended, c.until_at, c.told, c.released_reason
             FROM ",
            $wanted,
            " AS w CROSS JOIN cooldowns AS c
             WHERE c.organization_id = w.organization_id AND ",
            $which,
            " AND c.until_at > $4"
        )
    };
}

statements! {
    // Two seeks for each, since no index is by session or address. `UNION` gives each cooldown once.
    LIST = concat!("WITH ", wanted!("sessions", "$2": bytes "id"), ", ", wanted!("addresses", "$3": text "id"), " ",
        select!("sessions", "c.session_hash = w.id"), " UNION ", select!("addresses", "c.address = w.id"));
    PURGE = "DELETE FROM cooldowns WHERE until_at <= $1";
}

impl CooldownRow {
    fn read(self) -> Result<Cooldown, StoreError> {
        let slot = self.starts_at.until(self.ends_at, TABLE)?;
        Ok(Cooldown {
            presence_id: PresenceId::new(self.presence_id),
            room: SlotKey { event_type_id: EventTypeId::new(self.event_type_id), slot },
            session: self.session_hash.into(),
            address: self.address.as_deref().map(read_address).transpose()?,
            held: time_held(self.session_held_ms, self.address_held_ms),
            extended: self.extended,
            until: self.until_at.0,
            told: self.told,
            released: self.released_reason.map(Prose::stored),
        })
    }
}

/// What counts for these sessions and addresses, in no order.
///
/// # Errors
/// The database fails, or a row of one of them is `Corrupt`.
pub async fn list(
    tx: &mut Tx,
    organization: OrganizationId,
    (sessions, addresses): (&[SessionKey], &[AddressKey]),
    now: DateTime<Utc>,
) -> Result<Vec<Cooldown>, StoreError> {
    if sessions.is_empty() && addresses.is_empty() {
        return Ok(Vec::new());
    }
    let sessions = id_list(&sessions.iter().map(|session| Digest::from(*session)).collect::<Vec<_>>())?;
    let texts: Vec<String> = addresses.iter().map(AddressKey::to_string).collect();
    let addresses = id_list(&texts.iter().map(String::as_str).collect::<Vec<_>>())?;
    let rows: Vec<CooldownRow> =
        fetch_all!(tx, query_as(LIST).bind(organization.uuid()).bind(sessions).bind(addresses).bind(At(now)))?;
    rows.into_iter().map(CooldownRow::read).collect()
}

/// Deletes what counts for nobody any more; how many there were.
///
/// # Errors
/// The database fails.
pub async fn purge(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64, StoreError> {
    execute!(tx, query(PURGE).bind(At(now)))
}
