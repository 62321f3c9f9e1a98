//! Pages of lists.

use crate::limits::{PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX};

/// Which page of a list is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// How many entries at most.
    pub size: u32,
    /// Where the last page ended: its `next`, opaque to the caller.
    pub token: Option<String>,
}

impl PageRequest {
    /// The first page, as long as one may be.
    pub const fn longest() -> Self {
        Self { size: PAGE_SIZE_MAX, token: None }
    }
}

impl Default for PageRequest {
    fn default() -> Self {
        Self { size: PAGE_SIZE_DEFAULT, token: None }
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The entries.
    pub items: Vec<T>,
    /// The token of the next page, when there is one.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// The same page of other things.
    pub fn map<U>(self, each: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(each).collect(), next: self.next }
    }
}
