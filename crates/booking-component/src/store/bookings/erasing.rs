//! Erasing bookings that ended long ago, with all that was kept of them: a few at a time, each found by its place in the list. They
//! have their words: whatever has none yet gets them before anybody serves.

use std::collections::BTreeSet;

use booking_domain::id::{BookingId, OrganizationId, ResourceId};
use chrono::{DateTime, Utc};
use sqlx::{query, query_as};
use uuid::Uuid;

use super::lost_words::forget;
use super::words::WordEntry;
use crate::store::columns::{At, id_list};
use crate::store::{StoreError, Tx, resources};

statements! {
    ERASING_STATEMENTS:
    OVER = "SELECT b.id, b.starts_at, b.ends_at, b.search_text FROM bookings AS b
        WHERE b.organization_id = $1 AND (b.starts_at, b.id) > ($2, $3) AND b.starts_at < $4
        ORDER BY b.starts_at, b.id LIMIT $5";
    TAKEN = with_wanted!("$2": id "id"; "SELECT DISTINCT b.resource_id FROM wanted AS w CROSS JOIN booking_resources AS b
        WHERE b.organization_id = w.organization_id AND b.booking_id = w.id");
    ERASE_CLAIMS = with_wanted!("$2": id "id"; "DELETE FROM claims WHERE (booking_id, organization_id) IN (
        SELECT w.id, w.organization_id FROM wanted AS w)");
    ERASE_RESOURCES = with_wanted!("$2": id "id"; "DELETE FROM booking_resources
        WHERE (organization_id, booking_id) IN (SELECT w.organization_id, w.id FROM wanted AS w)");
    ERASE_HISTORY = with_wanted!("$2": id "id"; "DELETE FROM booking_history
        WHERE (organization_id, booking_id) IN (SELECT w.organization_id, w.id FROM wanted AS w)");
    ERASE_TALLIES = with_wanted!("$2": id "id"; "DELETE FROM public_bookings
        WHERE (organization_id, booking_id) IN (SELECT w.organization_id, w.id FROM wanted AS w)");
    ERASE_BOOKINGS = with_wanted!("$2": id "id"; "DELETE FROM bookings
        WHERE (organization_id, id) IN (SELECT w.organization_id, w.id FROM wanted AS w)");
}

/// Everything of a booking but what hangs on its words. The booking itself comes last: the others refer to it.
const PARTS: [&str; 5] = [ERASE_CLAIMS, ERASE_RESOURCES, ERASE_HISTORY, ERASE_TALLIES, ERASE_BOOKINGS];

rows! {
    struct OverRow {
        id: Uuid,
        starts_at: At,
        ends_at: At,
        search_text: String,
    }
}

/// Where a walk through an organization's bookings has come to.
#[derive(Clone, Copy, Debug)]
pub struct ErasingCursor {
    starts_at: DateTime<Utc>,
    id: Uuid,
}

impl ErasingCursor {
    /// Before all bookings.
    pub const START: Self = Self { starts_at: DateTime::<Utc>::MIN_UTC, id: Uuid::nil() };
}

/// One step of erasing.
#[derive(Clone, Copy, Debug)]
pub struct ErasedBatch {
    /// How many bookings are gone.
    pub erased: usize,
    /// Where to go on; nothing when all have been looked at.
    pub next: Option<ErasingCursor>,
}

/// Erases those of the next `most` bookings that ended before `before`.
///
/// # Errors
/// The database fails. Then nothing of the batch may be committed.
pub async fn erase_ended(
    tx: &mut Tx,
    organization: OrganizationId,
    (from, before): (ErasingCursor, DateTime<Utc>),
    most: i64,
) -> Result<ErasedBatch, StoreError> {
    let start = At(from.starts_at.max(DateTime::UNIX_EPOCH));
    let rows: Vec<OverRow> =
        fetch_all!(tx, query_as(OVER).bind(organization.uuid()).bind(start).bind(from.id).bind(At(before)).bind(most))?;
    let next = rows
        .last()
        .filter(|_| rows.len() as i64 == most)
        .map(|row| ErasingCursor { starts_at: row.starts_at.0, id: row.id });
    let over: Vec<OverRow> = rows.into_iter().filter(|row| row.ends_at.0 < before).collect();
    let ids: Vec<BookingId> = over.iter().map(|row| BookingId::new(row.id)).collect();
    if !ids.is_empty() {
        erase(tx, organization, &ids).await?;
        forget_words(tx, organization, &over).await?;
    }
    Ok(ErasedBatch { erased: ids.len(), next })
}

/// Whoever changes one of these bookings has its resources locked.
async fn erase(tx: &mut Tx, organization: OrganizationId, ids: &[BookingId]) -> Result<(), StoreError> {
    let list = id_list(ids)?;
    let taken: Vec<(Uuid,)> = fetch_all!(tx, query_as(TAKEN).bind(organization.uuid()).bind(list.as_str()))?;
    let taken: BTreeSet<ResourceId> = taken.into_iter().map(|(id,)| ResourceId::new(id)).collect();
    resources::lock(tx, &taken.into_iter().collect::<Vec<_>>()).await?;
    for statement in PARTS {
        execute!(tx, query(statement).bind(organization.uuid()).bind(list.as_str()))?;
    }
    Ok(())
}

/// Erases the words of these bookings, and forgets those that no booking has any more.
async fn forget_words(tx: &mut Tx, organization: OrganizationId, over: &[OverRow]) -> Result<(), StoreError> {
    let entries = over.iter().flat_map(|row| WordEntry::all_in(&row.search_text, row.id, At(row.starts_at.0)));
    forget(tx, organization, &entries.collect::<Vec<_>>()).await
}
