//! Pages of bookings under a filter, each read along the index that fits the filter best.

use booking_domain::booking::{Booking, BookingFilter};
use booking_domain::id::OrganizationId;
use booking_domain::page::{Page, PageRequest};
use chrono::{DateTime, Utc};
use sqlx::query_as;
use uuid::Uuid;

use super::row::{BookingRow, with_resources};
use super::select;
use crate::store::columns::At;
use crate::store::pages::{after_start, page_of, rows_to_read, start_token};
use crate::store::presences::LONGEST_SLOT;
use crate::store::{StoreError, Tx};

/// A list along the index of one table (`$at`: its start and id), under every condition of the filter; those that are null hold.
macro_rules! along {
    ($from:literal, $key:literal, $at:literal) => {
        select!(
            $from,
            concat!(
                "WHERE ", $key, " AND (", $at, ") > ($2, $3) AND b.starts_at < $4 AND b.ends_at > $5
                 AND (b.status = $6 OR $6 IS NULL)
                 AND (b.event_type_id = $7 OR $7 IS NULL)
                 AND (b.email_key = $8 OR $8 IS NULL)
                 AND (instr(b.search_text, $9) > 0 OR $9 IS NULL)
                 AND (EXISTS (SELECT 1 FROM booking_resources AS q WHERE q.organization_id = b.organization_id
                     AND q.booking_id = b.id AND q.resource_id = $10) OR $10 IS NULL)
                 ORDER BY ", $at, " LIMIT $11"
            )
        )
    };
}

statements! {
    LIST_STATEMENTS:
    BY_START = along!("bookings AS b", "b.organization_id = $1", "b.starts_at, b.id");
    BY_EVENT_TYPE = along!("bookings AS b", "b.organization_id = $1 AND b.event_type_id = $7", "b.starts_at, b.id");
    BY_EMAIL = along!("bookings AS b", "b.organization_id = $1 AND b.email_key = $8", "b.starts_at, b.id");
    BY_RESOURCE = along!(
        "booking_resources AS r JOIN bookings AS b ON b.organization_id = r.organization_id AND b.id = r.booking_id",
        "r.organization_id = $1 AND r.resource_id = $10",
        "r.starts_at, r.booking_id"
    );
}

/// The statement whose index leaves the fewest bookings to look at.
fn statement(filter: &BookingFilter) -> &'static str {
    match filter {
        BookingFilter { email: Some(_), .. } => BY_EMAIL,
        BookingFilter { resource_id: Some(_), .. } => BY_RESOURCE,
        BookingFilter { event_type_id: Some(_), .. } => BY_EVENT_TYPE,
        _ => BY_START,
    }
}

/// Where a list begins: after the last page's end, and not before what can still end after `from`.
fn begin(filter: &BookingFilter, page: &PageRequest) -> Result<(DateTime<Utc>, Uuid), StoreError> {
    let earliest = filter.from.map_or(DateTime::UNIX_EPOCH, |from| from - LONGEST_SLOT);
    let least = (earliest, Uuid::nil());
    Ok(after_start(page)?.map_or(least, |after| after.max(least)))
}

/// A page of the bookings that the filter shows, in the order of start and id.
pub async fn list(
    tx: &mut Tx,
    organization: OrganizationId,
    filter: &BookingFilter,
    page: &PageRequest,
) -> Result<Page<Booking>, StoreError> {
    let (after_start, after_id) = begin(filter, page)?;
    let rows: Vec<BookingRow> = fetch_all!(
        tx,
        query_as(statement(filter))
            .bind(organization.uuid())
            .bind(At(after_start))
            .bind(after_id)
            .bind(At(filter.to.unwrap_or(DateTime::<Utc>::MAX_UTC)))
            .bind(At(filter.from.unwrap_or(DateTime::UNIX_EPOCH)))
            .bind(filter.status.map(|status| status.name()))
            .bind(filter.event_type_id.map(|id| id.uuid()))
            .bind(filter.email.as_ref().map(|email| email.as_str().to_lowercase()))
            .bind(filter.text.as_ref().map(|text| text.as_str().to_lowercase()))
            .bind(filter.resource_id.map(|id| id.uuid()))
            .bind(rows_to_read(page))
    )?;
    let bookings = with_resources(tx, organization, rows).await?;
    Ok(page_of(bookings, page, |booking| start_token(booking.slot.start(), booking.id.uuid())))
}
