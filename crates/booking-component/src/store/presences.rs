//! Presences: which session is in which room. They are written by `changes` alone.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use booking_domain::address::AddressKey;
use booking_domain::allow::Allow;
use booking_domain::availability::UnitRef;
use booking_domain::hold::fixed_term::FixedTerm;
use booking_domain::hold::time_held::TimeHeld;
use booking_domain::hold::{Hold, Presence, Pseudonym, RoomData, SessionKey, SlotKey};
use booking_domain::id::{BookingId, EventTypeId, OrganizationId, PresenceId, ResourceId};
use booking_domain::interval::Interval;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use sqlx::query_as;
use uuid::Uuid;

use super::columns::{At, Sound, from_json, id_list, json};
use super::{StoreError, Tx};
use crate::secret::Digest;

const TABLE: &str = "presence";

rows! {
    struct PresenceRow {
        organization_id: Uuid,
        id: Uuid,
        event_type_id: Uuid,
        starts_at: At,
        ends_at: At,
        session_hash: Digest,
        who: String,
        address: Option<String>,
        wanted_resource_id: Option<Uuid>,
        data: Option<String>,
        joined_at: At,
        expires_at: At,
        hold_deadline_at: Option<At>,
        hold_extended: bool,
        hold_version: i64,
        session_held_ms: i64,
        address_held_ms: i64,
        moving_booking_id: Option<Uuid>,
        kept_units: Option<String>,
        allowed: Option<String>,
        fixed_until: Option<At>,
        fixed_by_operator: bool,
    }
}

/// What the reading statements have in common. A presence whose heartbeat was lost in a crash counts as silent since it joined,
/// until start-up has armed everybody again.
macro_rules! select {
    ($from:literal, $rest:literal) => {
        concat!(
            "SELECT p.organization_id, p.id, p.event_type_id, p.starts_at, p.ends_at, p.session_hash, p.who, p.address,
             p.wanted_resource_id, p.data, p.joined_at, COALESCE(h.expires_at, p.joined_at) AS expires_at,
             p.hold_deadline_at, p.hold_extended, p.hold_version, p.session_held_ms, p.address_held_ms, p.moving_booking_id,
             p.kept_units, p.allowed, p.fixed_until, p.fixed_by_operator FROM ",
            $from,
            " LEFT JOIN presence_heartbeats AS h ON h.organization_id = p.organization_id AND h.presence_id = p.id ",
            $rest
        )
    };
}

/// The presences in the wanted ranges.
macro_rules! list_in {
    ($rest:literal) => {
        concat!("WITH RECURSIVE ", wanted!("$2": id "event_type", number "from_at", number "to_at"), ", ",
            lengths!("event_type", "presence", "event_type_id"), " ",
            select!("lengths AS l CROSS JOIN presence AS p", "WHERE p.organization_id = l.organization_id
            AND p.event_type_id = l.event_type AND p.ends_at - p.starts_at = l.length AND p.ends_at - p.starts_at > 0
            AND p.starts_at > l.from_at - l.length AND p.starts_at < l.to_at"), $rest)
    };
}

statements! {
    LIST_IN = list_in!("");
    LIST_SOME_IN = list_in!(" LIMIT $3");
    /// Without statistics, SQLite takes all who have no deadline for few, and would look through them.
    WAITING_IN = concat!("WITH RECURSIVE ", wanted!("$2": id "event_type", number "from_at", number "to_at"), ", ",
        lengths!("event_type", "presence", "event_type_id"), "
        SELECT p.event_type_id, p.starts_at, p.ends_at, count(*) FROM lengths AS l CROSS JOIN presence AS p
        WHERE p.organization_id = l.organization_id AND p.event_type_id = l.event_type AND p.ends_at - p.starts_at = l.length
          AND p.ends_at - p.starts_at > 0 AND p.starts_at > l.from_at - l.length AND p.starts_at < l.to_at
          AND coalesce(p.hold_deadline_at, 0) = 0
        GROUP BY p.event_type_id, p.starts_at, p.ends_at");
    LIST_IN_ROOM = select!("presence AS p", "WHERE p.organization_id = $1 AND p.event_type_id = $2 AND p.starts_at = $3
        AND p.ends_at = $4");
    LIST_OF_SESSIONS = with_wanted!("$2": bytes "id"; select!("wanted AS w CROSS JOIN presence AS p",
        "WHERE p.organization_id = w.organization_id AND p.session_hash = w.id"));
    LIST_ALL = select!("presence AS p", "ORDER BY p.organization_id, p.id");
    LIST_OF_ORGANIZATION = select!("presence AS p", "WHERE p.organization_id = $1");
    ROOMS_OF = with_wanted!("$2": id "id"; "SELECT p.event_type_id, p.starts_at, p.ends_at
        FROM wanted AS w CROSS JOIN presence AS p WHERE p.organization_id = w.organization_id AND p.id = w.id");
    ROOMS_OF_MOVES = with_wanted!("$2": id "id"; "SELECT p.event_type_id, p.starts_at, p.ends_at
        FROM wanted AS w CROSS JOIN presence AS p WHERE p.organization_id = w.organization_id AND p.moving_booking_id = w.id");
    DEADLINES_OF = with_wanted!("$2": id "id"; "SELECT p.id, p.hold_deadline_at
        FROM wanted AS w CROSS JOIN presence AS p WHERE p.organization_id = w.organization_id AND p.id = w.id
        AND p.hold_deadline_at IS NOT NULL");
    TALLY_BY_ADDRESS = with_wanted!("$2": text "id"; "SELECT p.address, p.id
        FROM wanted AS w CROSS JOIN presence AS p WHERE p.organization_id = w.organization_id AND p.address = w.id");
    HELD = concat!("WITH wanted AS MATERIALIZED (SELECT ", column!(id "organization"), " AS organization_id, ",
        column!(id "presence"), " AS presence_id FROM json_each($1) AS e)
        SELECT c.presence_id, c.resource_id FROM wanted AS w CROSS JOIN claims AS c
        WHERE c.organization_id = w.organization_id AND c.presence_id = w.presence_id");
}

/// A range of one event type, as `LIST_IN` takes it.
#[derive(Serialize)]
struct Range {
    event_type: EventTypeId,
    from_at: At,
    to_at: At,
}

impl Range {
    fn of((event_type, range): &(EventTypeId, Interval)) -> Self {
        Self { event_type: *event_type, from_at: At(range.start()), to_at: At(range.end()) }
    }
}

/// A presence that holds, as `HELD` takes it.
#[derive(Serialize)]
struct Holder {
    organization: Uuid,
    presence: Uuid,
}

/// The resources that presences hold, in id order.
type Held = BTreeMap<Uuid, Vec<ResourceId>>;

impl PresenceRow {
    fn read(self, held: &mut Held) -> Result<(OrganizationId, Presence), StoreError> {
        let kept = self.kept_units.as_deref().map(read_kept).transpose()?.unwrap_or_default();
        let hold = self.hold_deadline_at.map(|deadline| Hold {
            deadline: deadline.0,
            extended: self.hold_extended,
            version: self.hold_version,
            resource_ids: with_kept(held.remove(&self.id).unwrap_or_default(), &kept),
        });
        let fixed_term =
            self.fixed_until.map(|until| FixedTerm { until: until.0, of_operator: self.fixed_by_operator });
        let presence = Presence {
            id: PresenceId::new(self.id),
            room: room(self.event_type_id, self.starts_at, self.ends_at)?,
            session: self.session_hash.into(),
            who: Pseudonym(self.who),
            address: self.address.as_deref().map(read_address).transpose()?,
            wanted: self.wanted_resource_id.map(ResourceId::new),
            moving: self.moving_booking_id.map(BookingId::new),
            allow: self.allowed.as_deref().map(read_allowed).transpose()?.unwrap_or_default(),
            data: self.data.as_deref().map(RoomData::parse).transpose().sound(TABLE)?,
            joined_at: self.joined_at.0,
            expires_at: self.expires_at.0,
            fixed_term,
            hold,
            kept,
            held_by_deadline: time_held(self.session_held_ms, self.address_held_ms),
        };
        Ok((OrganizationId::new(self.organization_id), presence))
    }
}

/// The units that a booking which shall move has kept, as they are written.
fn read_kept(text: &str) -> Result<Vec<UnitRef>, StoreError> {
    let pairs: Vec<(ResourceId, u32)> = from_json(TABLE, text)?;
    Ok(pairs.into_iter().map(|(resource_id, unit)| UnitRef { resource_id, unit }).collect())
}

/// The resources that are claimed, and those of which all is kept, in id order.
fn with_kept(mut held: Vec<ResourceId>, kept: &[UnitRef]) -> Vec<ResourceId> {
    held.extend(kept.iter().map(|unit| unit.resource_id));
    held.sort_unstable();
    held.dedup();
    held
}

/// The rules that were set aside, as they are written.
fn read_allowed(text: &str) -> Result<Allow, StoreError> {
    let codes: Vec<String> = from_json(TABLE, text)?;
    Allow::of(codes.iter().map(String::as_str)).sound(TABLE)
}

/// The room of these columns.
pub(super) fn room(event_type: Uuid, starts_at: At, ends_at: At) -> Result<SlotKey, StoreError> {
    Ok(SlotKey { event_type_id: EventTypeId::new(event_type), slot: starts_at.until(ends_at, TABLE)? })
}

/// How long times were held, of these columns.
pub(super) fn time_held(by_session_ms: i64, by_address_ms: i64) -> TimeHeld {
    TimeHeld { by_session: TimeDelta::milliseconds(by_session_ms), by_address: TimeDelta::milliseconds(by_address_ms) }
}

/// The address of a column.
pub(super) fn read_address(text: &str) -> Result<AddressKey, StoreError> {
    text.parse::<IpAddr>().map(AddressKey::from).sound(TABLE)
}

/// Who is in the rooms of these event types whose slots overlap these ranges: each once, in the order of joining.
///
/// # Errors
/// The database fails, or a row of a presence is `Corrupt`.
pub async fn list_in(
    tx: &mut Tx,
    organization: OrganizationId,
    ranges: &[(EventTypeId, Interval)],
) -> Result<Vec<Presence>, StoreError> {
    let list = json(&ranges.iter().map(Range::of).collect::<Vec<_>>())?;
    let rows = fetch_all!(tx, query_as(LIST_IN).bind(organization.uuid()).bind(list))?;
    read_line(tx, rows).await
}

/// The same, but at most so many of them, whichever they are.
///
/// # Errors
/// The database fails, or a row of a presence is `Corrupt`.
pub async fn list_some_in(
    tx: &mut Tx,
    organization: OrganizationId,
    (ranges, most): (&[(EventTypeId, Interval)], usize),
) -> Result<Vec<Presence>, StoreError> {
    if ranges.is_empty() {
        return Ok(Vec::new());
    }
    let list = json(&ranges.iter().map(Range::of).collect::<Vec<_>>())?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let rows = fetch_all!(tx, query_as(LIST_SOME_IN).bind(organization.uuid()).bind(list).bind(most))?;
    read_line(tx, rows).await
}

/// The rooms in which somebody waits, of these event types and with a slot that overlaps these ranges, one range for each event type;
/// and how many wait there.
///
/// # Errors
/// The database fails, or a row of a room is `Corrupt`.
pub async fn waiting_in(
    tx: &mut Tx,
    organization: OrganizationId,
    ranges: &[(EventTypeId, Interval)],
) -> Result<Vec<(SlotKey, usize)>, StoreError> {
    if ranges.is_empty() {
        return Ok(Vec::new());
    }
    let list = json(&ranges.iter().map(Range::of).collect::<Vec<_>>())?;
    let rows: Vec<(Uuid, At, At, i64)> = fetch_all!(tx, query_as(WAITING_IN).bind(organization.uuid()).bind(list))?;
    let counted = |(event_type, from, to, count): (Uuid, At, At, i64)| {
        Ok((room(event_type, from, to)?, usize::try_from(count).sound(TABLE)?))
    };
    rows.into_iter().map(counted).collect()
}

/// Who is in this room, in the order of joining.
///
/// # Errors
/// The database fails, or a row of a presence is `Corrupt`.
pub async fn list_in_room(
    tx: &mut Tx,
    organization: OrganizationId,
    room: SlotKey,
) -> Result<Vec<Presence>, StoreError> {
    let rows = fetch_all!(
        tx,
        query_as(LIST_IN_ROOM)
            .bind(organization.uuid())
            .bind(room.event_type_id.uuid())
            .bind(At(room.slot.start()))
            .bind(At(room.slot.end()))
    )?;
    read_line(tx, rows).await
}

/// Every presence of these sessions in the organization, in the order of joining.
///
/// # Errors
/// The database fails, or a row of a presence is `Corrupt`.
pub async fn list_of_sessions(
    tx: &mut Tx,
    organization: OrganizationId,
    sessions: &[SessionKey],
) -> Result<Vec<Presence>, StoreError> {
    if sessions.is_empty() {
        return Ok(Vec::new());
    }
    let list = id_list(&sessions.iter().map(|session| Digest::from(*session)).collect::<Vec<_>>())?;
    let rows = fetch_all!(tx, query_as(LIST_OF_SESSIONS).bind(organization.uuid()).bind(list))?;
    read_line(tx, rows).await
}

/// Every presence of every organization, for start-up.
///
/// # Errors
/// The database fails, or a row of a presence is `Corrupt`.
pub async fn list_all(tx: &mut Tx) -> Result<Vec<(OrganizationId, Presence)>, StoreError> {
    let rows = fetch_all!(tx, query_as(LIST_ALL))?;
    read(tx, rows).await
}

/// Every presence in the organization, in the order of joining.
///
/// # Errors
/// The database fails, or a row of a presence is `Corrupt`.
pub async fn list_of_organization(tx: &mut Tx, organization: OrganizationId) -> Result<Vec<Presence>, StoreError> {
    let rows = fetch_all!(tx, query_as(LIST_OF_ORGANIZATION).bind(organization.uuid()))?;
    read_line(tx, rows).await
}

/// The rooms of these presences.
///
/// # Errors
/// The database fails, or a row of a presence is `Corrupt`.
pub async fn rooms_of(
    tx: &mut Tx,
    organization: OrganizationId,
    presences: &[PresenceId],
) -> Result<Vec<SlotKey>, StoreError> {
    let rows: Vec<(Uuid, At, At)> =
        fetch_all!(tx, query_as(ROOMS_OF).bind(organization.uuid()).bind(id_list(presences)?))?;
    rows.into_iter().map(|(event_type, from, to)| room(event_type, from, to)).collect()
}

/// The rooms of whoever would move these bookings.
///
/// # Errors
/// The database fails, or a row of a presence is `Corrupt`.
pub async fn rooms_of_moves(
    tx: &mut Tx,
    organization: OrganizationId,
    bookings: &[BookingId],
) -> Result<Vec<SlotKey>, StoreError> {
    if bookings.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Uuid, At, At)> =
        fetch_all!(tx, query_as(ROOMS_OF_MOVES).bind(organization.uuid()).bind(id_list(bookings)?))?;
    rows.into_iter().map(|(event_type, from, to)| room(event_type, from, to)).collect()
}

/// When the holds of these presences end, of those that hold.
///
/// # Errors
/// The database fails.
pub async fn deadlines_of(
    tx: &mut Tx,
    organization: OrganizationId,
    presences: &BTreeSet<PresenceId>,
) -> Result<BTreeMap<PresenceId, DateTime<Utc>>, StoreError> {
    if presences.is_empty() {
        return Ok(BTreeMap::new());
    }
    let list = id_list(&Vec::from_iter(presences))?;
    let rows: Vec<(Uuid, At)> = fetch_all!(tx, query_as(DEADLINES_OF).bind(organization.uuid()).bind(list))?;
    Ok(rows.into_iter().map(|(id, deadline)| (PresenceId::new(id), deadline.0)).collect())
}

/// The presences from each of these addresses in the organization, so that caps can be counted without those already known.
///
/// # Errors
/// The database fails, or a row of a presence is `Corrupt`.
pub async fn tally_by_address(
    tx: &mut Tx,
    organization: OrganizationId,
    addresses: &[AddressKey],
) -> Result<BTreeMap<AddressKey, Vec<PresenceId>>, StoreError> {
    if addresses.is_empty() {
        return Ok(BTreeMap::new());
    }
    let texts: Vec<String> = addresses.iter().map(AddressKey::to_string).collect();
    let list = id_list(&texts.iter().map(String::as_str).collect::<Vec<_>>())?;
    let rows: Vec<(String, Uuid)> = fetch_all!(tx, query_as(TALLY_BY_ADDRESS).bind(organization.uuid()).bind(list))?;
    let mut tally: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (address, id) in rows {
        tally.entry(read_address(&address)?).or_default().push(PresenceId::new(id));
    }
    Ok(tally)
}

async fn read_line(tx: &mut Tx, rows: Vec<PresenceRow>) -> Result<Vec<Presence>, StoreError> {
    let mut line: Vec<_> = read(tx, rows).await?.into_iter().map(|(_, presence)| presence).collect();
    line.sort_unstable_by_key(|presence| presence.id);
    Ok(line)
}

async fn read(tx: &mut Tx, mut rows: Vec<PresenceRow>) -> Result<Vec<(OrganizationId, Presence)>, StoreError> {
    rows.sort_by_key(|row| (row.organization_id, row.id));
    rows.dedup_by_key(|row| row.id);
    let mut held = held_by(tx, &rows).await?;
    rows.into_iter().map(|row| row.read(&mut held)).collect()
}

async fn held_by(tx: &mut Tx, rows: &[PresenceRow]) -> Result<Held, StoreError> {
    let holding = rows.iter().filter(|row| row.hold_deadline_at.is_some());
    let holders: Vec<_> = holding.map(|row| Holder { organization: row.organization_id, presence: row.id }).collect();
    let mut held = Held::new();
    if holders.is_empty() {
        return Ok(held);
    }
    let pairs: Vec<(Uuid, Uuid)> = fetch_all!(tx, query_as(HELD).bind(json(&holders)?))?;
    for (presence, resource) in pairs {
        held.entry(presence).or_default().push(ResourceId::new(resource));
    }
    Ok(held)
}
