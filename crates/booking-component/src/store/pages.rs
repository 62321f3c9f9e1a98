//! Pages by key: a token names the last entry of a page, so that entries inserted meanwhile neither repeat nor hide others.

use booking_domain::page::{Page, PageRequest};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::StoreError;

/// The id after which a page begins; the least one for the first page.
pub(super) fn after_id(page: &PageRequest) -> Result<Uuid, StoreError> {
    page.token.as_deref().map_or(Ok(Uuid::nil()), |token| Uuid::try_parse(token).map_err(|_| StoreError::PageToken))
}

/// The start and id after which a page begins; nothing for the first page.
pub(super) fn after_start(page: &PageRequest) -> Result<Option<(DateTime<Utc>, Uuid)>, StoreError> {
    let Some(token) = page.token.as_deref() else { return Ok(None) };
    let parsed = token.split_once('.').and_then(|(start, id)| {
        let start = DateTime::from_timestamp_millis(start.parse().ok()?)?;
        Some((start, Uuid::try_parse(id).ok()?))
    });
    parsed.map(Some).ok_or(StoreError::PageToken)
}

/// The token of the entry with this start and id.
pub(super) fn start_token(start: DateTime<Utc>, id: Uuid) -> String {
    format!("{}.{}", start.timestamp_millis(), id.as_simple())
}

/// How many rows to read: one more than shown tells whether there is a next page.
pub(super) fn rows_to_read(page: &PageRequest) -> i64 {
    i64::from(page.size) + 1
}

/// The page of these entries, of which one may be too many.
pub(super) fn page_of<T>(mut items: Vec<T>, page: &PageRequest, token: impl Fn(&T) -> String) -> Page<T> {
    let size = page.size as usize;
    let more = items.len() > size;
    items.truncate(size);
    let next = if more { items.last().map(token) } else { None };
    Page { items, next }
}
