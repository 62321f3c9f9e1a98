//! Which page of a list, as it is written.

use crate::draft::reader::{Draft, Reader};
use crate::draft::written::WrittenNumber;
use crate::limits::{PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX};
use crate::page::PageRequest;

/// A [`PageRequest`], as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageDraft {
    /// How many entries at most.
    pub page_size: Option<WrittenNumber>,
    /// Where the last page ended.
    pub page_token: Option<String>,
}

impl PageDraft {
    /// Of a list that had no pages once: whoever does not say how many gets as many as there may be.
    #[must_use]
    pub fn as_long_as_may_be(self) -> Self {
        Self { page_size: self.page_size.or(Some(PAGE_SIZE_MAX.into())), ..self }
    }
}

impl Draft for PageDraft {
    type Parsed = PageRequest;

    fn read(self, r: &mut Reader<'_>) -> Option<PageRequest> {
        let size = r.optional_number("page_size", self.page_size, 1..=PAGE_SIZE_MAX)?;
        let token = self.page_token.filter(|token| !token.is_empty());
        Some(PageRequest { size: size.unwrap_or(PAGE_SIZE_DEFAULT), token })
    }
}
