//! Pages of bookings under a filter.

mod paths;
mod walk;

use booking_domain::booking::{Booking, BookingFilter};
use booking_domain::id::{BookingId, OrganizationId};
use booking_domain::page::{Page, PageRequest};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use self::walk::{Found, Question, Walk, race};
use super::find_by_ids;
use crate::store::pages::{after_start, start_token};
use crate::store::search::Terms;
use crate::store::{StoreError, Tx};

pub use self::paths::{POSTGRES_LISTS, SQLITE_LISTS};

/// The bookings of a page and the one after it. First those that began before `from` and have not ended by then, then those that
/// begin from then on: so both begin where what is looked for begins.
async fn keys(tx: &mut Tx, question: &Question<'_>, page: &PageRequest) -> Result<Found, StoreError> {
    let wanted = page.size as usize + 1;
    let from = question.filter.from.unwrap_or(DateTime::UNIX_EPOCH);
    let before = question.filter.to.unwrap_or(DateTime::<Utc>::MAX_UTC);
    let after = after_start(page)?.unwrap_or((DateTime::UNIX_EPOCH, Uuid::nil()));
    let mut found = Found::default();
    if question.filter.from.is_some() && after.0 < from {
        found = race(tx, question, vec![Walk::underway(from, after, before)], wanted).await?;
    }
    if found.given_up_after.is_none() && found.keys.len() < wanted {
        let walks = Walk::all(question, after.max((from, Uuid::nil())), before);
        let rest = race(tx, question, walks, wanted - found.keys.len()).await?;
        found.keys.extend(rest.keys);
        found.given_up_after = rest.given_up_after;
    }
    Ok(found)
}

/// A page of the bookings that the filter shows, in the order of start and id.
///
/// # Errors
/// `PageToken` when the list did not give the token out; the database fails, or a row of a booking is `Corrupt`.
pub async fn list(
    tx: &mut Tx,
    organization: OrganizationId,
    filter: &BookingFilter,
    page: &PageRequest,
) -> Result<Page<Booking>, StoreError> {
    let question = Question { organization, filter, terms: filter.text.as_ref().map(Terms::of) };
    let Found { mut keys, given_up_after } = keys(tx, &question, page).await?;
    let more = keys.len() > page.size as usize;
    keys.truncate(page.size as usize);
    let end = if more { keys.last().copied() } else { given_up_after };
    let ids: Vec<BookingId> = keys.iter().map(|(_, id)| BookingId::new(*id)).collect();
    let mut items = find_by_ids(tx, organization, &ids).await?;
    items.sort_unstable_by_key(|booking| (booking.slot.start(), booking.id));
    Ok(Page { items, next: end.map(|(start, id)| start_token(start, id)) })
}
