//! Claims: which unit of what is taken, when, and by whom. They are written by `changes` alone.

use std::collections::BTreeSet;

use booking_domain::availability::{Claim, Owner};
use booking_domain::id::{BookingId, OrganizationId, PresenceId, ResourceId};
use booking_domain::interval::Interval;
use serde::Serialize;
use sqlx::query_as;
use uuid::Uuid;

use super::columns::{At, ResourceRange, Sound, id_list, json};
use super::{StoreError, Tx};

const TABLE: &str = "claims";

rows! {
    struct ClaimRow {
        resource_id: Uuid,
        unit: i64,
        starts_at: At,
        ends_at: At,
        slot_starts_at: At,
        slot_ends_at: At,
        presence_id: Option<Uuid>,
        booking_id: Option<Uuid>,
    }
}

/// A claim's columns.
macro_rules! columns {
    () => {
        "c.resource_id, c.unit, c.starts_at, c.ends_at, c.slot_starts_at, c.slot_ends_at, c.presence_id, c.booking_id"
    };
}

/// The claims in the wanted ranges.
macro_rules! overlapping {
    () => {
        concat!("SELECT ", columns!(), " FROM lengths AS l CROSS JOIN claims AS c
            WHERE c.organization_id = l.organization_id AND c.resource_id = l.resource AND c.ends_at - c.starts_at = l.length
              AND c.ends_at - c.starts_at > 0 AND c.starts_at > l.from_at - l.length AND c.starts_at < l.to_at")
    };
}

/// A column of the last claim of a wanted resource whose slot begins before the range: a seek.
macro_rules! last {
    ($column:literal) => {
        concat!("(SELECT b.", $column, " FROM claims AS b
            WHERE b.organization_id = w.organization_id AND b.resource_id = w.resource AND b.slot_starts_at < w.from_at
              AND b.slot_starts_at < b.slot_ends_at
            ORDER BY b.slot_starts_at DESC, b.unit DESC LIMIT 1) AS ", $column)
    };
}

statements! {
    LIST = concat!(
        "WITH RECURSIVE ", wanted!("$2": id "resource", number "from_at", number "to_at", flag "chosen"), ", ",
        lengths!("resource", "claims", "resource_id"), ",
        lasts AS (SELECT w.organization_id, w.resource, ", last!("unit"), ", ", last!("starts_at"), "
            FROM wanted AS w WHERE w.chosen) ",
        overlapping!(), "
        UNION ALL SELECT ", columns!(), " FROM lasts AS l CROSS JOIN claims AS c
        WHERE c.organization_id = l.organization_id AND c.resource_id = l.resource AND c.unit = l.unit
          AND c.starts_at = l.starts_at");
    LIST_SOME = concat!(
        "WITH RECURSIVE ", wanted!("$2": id "resource", number "from_at", number "to_at"), ", ",
        lengths!("resource", "claims", "resource_id"), " ", overlapping!(), " LIMIT $3");
    OF_BOOKINGS = concat!("WITH ", wanted!("$2": id "id"), " SELECT ", columns!(), "
        FROM wanted AS w CROSS JOIN claims AS c WHERE c.organization_id = w.organization_id AND c.booking_id = w.id");
}

/// A range of one resource, as `LIST` takes it.
#[derive(Serialize)]
struct Range {
    #[serde(flatten)]
    range: ResourceRange,
    /// Whether the last claim before it is wanted, too.
    chosen: bool,
}

impl ClaimRow {
    fn read(self) -> Result<(ResourceId, Claim), StoreError> {
        let owner = match (self.presence_id, self.booking_id) {
            (Some(presence), None) => Some(Owner::Hold(PresenceId::new(presence))),
            (None, Some(booking)) => Some(Owner::Booking(BookingId::new(booking))),
            _ => None,
        };
        let claim = Claim {
            unit: u32::try_from(self.unit).sound(TABLE)?,
            slot: self.slot_starts_at.until(self.slot_ends_at, TABLE)?,
            blocked: self.starts_at.until(self.ends_at, TABLE)?,
            owner: owner.sound(TABLE)?,
        };
        Ok((ResourceId::new(self.resource_id), claim))
    }
}

/// The claims whose blocked range overlaps one of these ranges, and for each range of a resource that is `chosen` among others the
/// last one whose slot begins before it: each once, in the order of resource, start and unit.
///
/// # Errors
/// The database fails, or a row of a claim is `Corrupt`.
pub async fn list(
    tx: &mut Tx,
    organization: OrganizationId,
    (ranges, chosen): (&[(ResourceId, Interval)], &BTreeSet<ResourceId>),
) -> Result<Vec<(ResourceId, Claim)>, StoreError> {
    let range = |range| Range { range: ResourceRange::of(range), chosen: chosen.contains(&range.0) };
    let list = json(&ranges.iter().map(range).collect::<Vec<_>>())?;
    ordered(fetch_all!(tx, query_as(LIST).bind(organization.uuid()).bind(list))?)
}

/// The claims whose blocked range overlaps one of these ranges, but at most so many of them, whichever they are.
///
/// # Errors
/// The database fails, or a row of a claim is `Corrupt`.
pub async fn list_some(
    tx: &mut Tx,
    organization: OrganizationId,
    (ranges, most): (&[(ResourceId, Interval)], usize),
) -> Result<Vec<(ResourceId, Claim)>, StoreError> {
    if ranges.is_empty() {
        return Ok(Vec::new());
    }
    let list = json(&ranges.iter().map(ResourceRange::of).collect::<Vec<_>>())?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    ordered(fetch_all!(tx, query_as(LIST_SOME).bind(organization.uuid()).bind(list).bind(most))?)
}

/// The claims of these bookings.
///
/// # Errors
/// The database fails, or a row of a claim is `Corrupt`.
pub async fn of_bookings(
    tx: &mut Tx,
    organization: OrganizationId,
    bookings: &[BookingId],
) -> Result<Vec<(ResourceId, Claim)>, StoreError> {
    if bookings.is_empty() {
        return Ok(Vec::new());
    }
    ordered(fetch_all!(tx, query_as(OF_BOOKINGS).bind(organization.uuid()).bind(id_list(bookings)?))?)
}

fn ordered(rows: Vec<ClaimRow>) -> Result<Vec<(ResourceId, Claim)>, StoreError> {
    let mut claims: Vec<_> = rows.into_iter().map(ClaimRow::read).collect::<Result<_, _>>()?;
    claims.sort_unstable_by_key(|(resource, claim)| (*resource, claim.blocked.start(), claim.unit));
    claims.dedup();
    Ok(claims)
}
