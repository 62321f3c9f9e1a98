//! Bookings: what is booked, by whom, and what happened to it. They are written by `changes` alone.

pub mod erasing;
mod listing;
pub(super) mod lost_words;
mod row;
pub(super) mod words;

use booking_domain::availability::Appointment;
use booking_domain::booking::{Actor, Booking, HistoryEntry, HistoryKind};
use booking_domain::hold::SlotKey;
use booking_domain::id::{BookingId, EventTypeId, OrganizationId};
use booking_domain::interval::Interval;
use booking_domain::page::Page;
use booking_domain::request::ListHistory;
use booking_domain::text::Prose;
use booking_domain::{DateTime, Utc};
use serde::Serialize;
use sqlx::query_as;
use uuid::Uuid;

pub use self::listing::{POSTGRES_LISTS, SQLITE_LISTS, list};
pub(super) use self::row::STATEMENTS as ROW_STATEMENTS;
use self::row::{BookingRow, with_resources};
pub(super) use self::words::WORD_STATEMENTS;
pub use self::words::index_arrived;
use super::columns::{At, Sound, id_list, json};
use super::pages::{page_of, rows_to_read};
use super::presences::room;
use super::{StoreError, Tx};
use crate::secret::Digest;

/// What the statements that read whole bookings have in common. (No join with what is offered: PostgreSQL begins with it, without
/// statistics in a small database, with them in a large one, and looks at all of it for each booking that is wanted.)
macro_rules! select {
    ($from:literal, $rest:expr) => {
        concat!(
            "SELECT b.id, b.event_type_id, b.event_type_title, b.status, b.starts_at, b.ends_at, b.time_zone, b.booker_name,
             b.booker_email, b.booker_phone, b.booker_notes, b.answers, b.ended_reason, b.created_at, b.updated_at, b.version,
             b.staff_notes, b.calendar_sequence, b.wanted_resource_id,
             (SELECT t.location FROM event_types AS t
                WHERE t.organization_id = b.organization_id AND t.id = b.event_type_id) AS location FROM ",
            $from,
            " ",
            $rest
        )
    };
}

rows! {
    struct HistoryRow {
        number: i64,
        happened_at: At,
        kind: String,
        actor: String,
        starts_at: At,
        ends_at: At,
        reason: String,
    }
}

statements! {
    FIND = with_wanted!("$2": id "id"; select!("wanted AS w CROSS JOIN bookings AS b",
        "WHERE b.organization_id = w.organization_id AND b.id = w.id ORDER BY b.id"));
    APPOINTMENTS = with_wanted!("$2": id "event_type", number "from_at", number "to_at";
        "SELECT b.event_type_id, b.id, b.starts_at FROM wanted AS w
        CROSS JOIN (SELECT 'pending' AS status UNION ALL SELECT 'confirmed' UNION ALL SELECT 'completed'
          UNION ALL SELECT 'no_show') AS s CROSS JOIN bookings AS b
        WHERE b.organization_id = w.organization_id AND b.event_type_id = w.event_type AND b.status = s.status
          AND b.starts_at >= w.from_at AND b.starts_at < w.to_at");
    LIST_OPEN = with_wanted!("$2": id "event_type", number "from_at", number "to_at";
        "SELECT b.event_type_id, b.id, b.starts_at, b.ends_at FROM wanted AS w
        CROSS JOIN (SELECT 'pending' AS status UNION ALL SELECT 'confirmed') AS s CROSS JOIN bookings AS b
        WHERE b.organization_id = w.organization_id AND b.event_type_id = w.event_type AND b.status = s.status
          AND b.starts_at >= w.from_at AND b.starts_at < w.to_at
        LIMIT $3");
    UNANSWERED = "SELECT organization_id, id FROM bookings WHERE status = 'pending' AND starts_at <= $1
        ORDER BY starts_at LIMIT $2";
    FIND_TOKEN_HASH = "SELECT management_token_hash FROM bookings WHERE organization_id = $1 AND id = $2";
    HISTORY = "SELECT number, happened_at, kind, actor, starts_at, ends_at, reason FROM booking_history
        WHERE organization_id = $1 AND booking_id = $2 AND number > $3 ORDER BY number LIMIT $4";
}

/// A range of one event type, as `APPOINTMENTS` takes it.
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

impl HistoryRow {
    fn read(self) -> Result<HistoryEntry, StoreError> {
        let kind = HistoryKind::ALL.into_iter().find(|kind| kind.name() == self.kind);
        let actor = Actor::ALL.into_iter().find(|actor| actor.name() == self.actor);
        Ok(HistoryEntry {
            at: self.happened_at.0,
            kind: kind.sound("booking_history")?,
            actor: actor.sound("booking_history")?,
            slot: self.starts_at.until(self.ends_at, "booking_history")?,
            reason: Prose::stored(self.reason),
        })
    }
}

/// The booking with this id.
///
/// # Errors
/// The database fails, or a row of the booking is `Corrupt`.
pub async fn find(tx: &mut Tx, organization: OrganizationId, id: BookingId) -> Result<Option<Booking>, StoreError> {
    Ok(find_by_ids(tx, organization, &[id]).await?.pop())
}

/// The bookings with these ids, in id order; those that do not exist are not in the answer.
///
/// # Errors
/// The database fails, or a row of one of them is `Corrupt`.
pub async fn find_by_ids(
    tx: &mut Tx,
    organization: OrganizationId,
    ids: &[BookingId],
) -> Result<Vec<Booking>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let list = id_list(ids)?;
    let rows: Vec<BookingRow> = fetch_all!(tx, query_as(FIND).bind(organization.uuid()).bind(list))?;
    with_resources(tx, organization, rows).await
}

/// The bookings of these event types that start in these ranges and take their time: what counts towards limits. Each once.
///
/// # Errors
/// The database fails.
pub async fn appointments(
    tx: &mut Tx,
    organization: OrganizationId,
    ranges: &[(EventTypeId, Interval)],
) -> Result<Vec<(EventTypeId, Appointment)>, StoreError> {
    let list = json(&ranges.iter().map(Range::of).collect::<Vec<_>>())?;
    let mut rows: Vec<(Uuid, Uuid, At)> = fetch_all!(tx, query_as(APPOINTMENTS).bind(organization.uuid()).bind(list))?;
    rows.sort_unstable_by_key(|(event_type, booking, start)| (*event_type, start.0, *booking));
    rows.dedup_by_key(|(_, booking, _)| *booking);
    let appointment = |(event_type, booking, start): (Uuid, Uuid, At)| {
        (EventTypeId::new(event_type), Appointment::of_booking(BookingId::new(booking), start.0))
    };
    Ok(rows.into_iter().map(appointment).collect())
}

/// The pending and confirmed bookings of these event types that start in these ranges: at most so many, whichever they are.
///
/// # Errors
/// The database fails, or a row of a booking is `Corrupt`.
pub async fn list_open(
    tx: &mut Tx,
    organization: OrganizationId,
    (ranges, most): (&[(EventTypeId, Interval)], usize),
) -> Result<Vec<(SlotKey, BookingId)>, StoreError> {
    if ranges.is_empty() {
        return Ok(Vec::new());
    }
    let list = json(&ranges.iter().map(Range::of).collect::<Vec<_>>())?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let rows: Vec<(Uuid, Uuid, At, At)> =
        fetch_all!(tx, query_as(LIST_OPEN).bind(organization.uuid()).bind(list).bind(most))?;
    let open = |(event_type, id, from, to)| Ok((room(event_type, from, to)?, BookingId::new(id)));
    rows.into_iter().map(open).collect()
}

/// Requests that nobody answered until now, by which time they have begun: at most so many, the oldest first.
///
/// # Errors
/// The database does not serve.
pub async fn unanswered(
    tx: &mut Tx,
    now: DateTime<Utc>,
    most: i64,
) -> Result<Vec<(OrganizationId, BookingId)>, StoreError> {
    let rows: Vec<(Uuid, Uuid)> = fetch_all!(tx, query_as(UNANSWERED).bind(At(now)).bind(most))?;
    Ok(rows.into_iter().map(|(organization, id)| (OrganizationId::new(organization), BookingId::new(id))).collect())
}

/// The hash of the token with which the booker manages this booking.
///
/// # Errors
/// The database fails.
pub async fn find_token_hash(
    tx: &mut Tx,
    organization: OrganizationId,
    id: BookingId,
) -> Result<Option<Digest>, StoreError> {
    let row: Option<(Digest,)> =
        fetch_optional!(tx, query_as(FIND_TOKEN_HASH).bind(organization.uuid()).bind(id.uuid()))?;
    Ok(row.map(|(hash,)| hash))
}

/// What happened to a booking, oldest first.
///
/// # Errors
/// `PageToken` when the list did not give the token out; the database fails, or a row of the history is `Corrupt`.
pub async fn history(
    tx: &mut Tx,
    organization: OrganizationId,
    asked: &ListHistory,
) -> Result<Page<HistoryEntry>, StoreError> {
    let after = asked.page.token.as_deref().map_or(Ok(0), str::parse::<i64>).map_err(|_| StoreError::PageToken)?;
    let rows: Vec<HistoryRow> = fetch_all!(
        tx,
        query_as(HISTORY).bind(organization.uuid()).bind(asked.id.uuid()).bind(after).bind(rows_to_read(&asked.page))
    )?;
    let Page { items, next } = page_of(rows, &asked.page, |row| row.number.to_string());
    Ok(Page { items: items.into_iter().map(HistoryRow::read).collect::<Result<_, _>>()?, next })
}
