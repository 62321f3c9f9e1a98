//! Which page of a list.

use booking_domain::draft::page::PageDraft;

use crate::convert::fields::text;

/// Which page these fields mean.
pub(crate) fn draft(page_size: Option<u32>, page_token: String) -> PageDraft {
    PageDraft { page_size: page_size.map(Into::into), page_token: text(page_token) }
}
