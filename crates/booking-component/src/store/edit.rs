//! Editing a stored thing under an optimistic lock.

use chrono::{DateTime, Utc};

use super::{Conflict, StoreError};

/// A change of one stored thing.
#[derive(Debug)]
pub struct Edit<'a, Id, Spec> {
    /// Which one.
    pub id: Id,
    /// What it shall say.
    pub spec: &'a Spec,
    /// The version that the caller read, if it matters.
    pub version: Option<i64>,
    /// The current time.
    pub at: DateTime<Utc>,
}

impl<Id: Copy, Spec> Clone for Edit<'_, Id, Spec> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Id: Copy, Spec> Copy for Edit<'_, Id, Spec> {}

impl<Id, Spec> Edit<'_, Id, Spec> {
    /// The version to compare with; 0, which none has, means any.
    pub(super) fn expected(&self) -> i64 {
        self.version.unwrap_or(0)
    }
}

/// Why an edit changed no row: the thing is gone (nothing), or it has another version (a conflict).
pub(super) fn unchanged<T>(found: Option<T>) -> Result<Option<T>, StoreError> {
    match found {
        Some(_) => Err(StoreError::Conflict(Conflict::Stale)),
        None => Ok(None),
    }
}
