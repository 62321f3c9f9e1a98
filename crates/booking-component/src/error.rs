//! Why a call has no answer.

use booking_domain::refusal::Refusal;

use crate::store::StoreError;

/// Why a call has no answer.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The caller can act on it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The machinery broke; the caller learns nothing about how.
    #[error(transparent)]
    Failed(StoreError),
}

/// An answer, or why there is none.
pub type Answer<T> = Result<T, ServiceError>;

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(why) => {
                tracing::warn!(%why, "the store is not available");
                Self::Refused(Refusal::Unavailable)
            }
            // Told once, by who watches the database.
            StoreError::Away | StoreError::ReadOnly | StoreError::Displaced(_) => Self::Refused(Refusal::Unavailable),
            StoreError::Moved | StoreError::Unarmed => {
                tracing::warn!(why = %error, "others were in the way too often");
                Self::Refused(Refusal::Unavailable)
            }
            StoreError::PageToken => Self::Refused(Refusal::field("page_token", "is not a token of this list")),
            other => Self::Failed(other),
        }
    }
}
