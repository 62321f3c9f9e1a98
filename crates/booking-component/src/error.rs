//! Why a call has no answer.

use booking_domain::refusal::Refusal;

use crate::store::StoreError;

/// Why a call has no answer.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The caller can act on it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store cannot serve now; the caller is told that the service is not available.
    #[error(transparent)]
    Away(StoreError),
    /// The machinery broke; the caller learns nothing about how.
    #[error(transparent)]
    Failed(StoreError),
}

impl ServiceError {
    /// What the caller is told.
    ///
    /// # Errors
    /// What broke, of which the caller is told nothing.
    pub fn refusal(self) -> Result<Refusal, StoreError> {
        match self {
            Self::Refused(refusal) => Ok(refusal),
            Self::Away(_) => Ok(Refusal::Unavailable),
            Self::Failed(failure) => Err(failure),
        }
    }
}

/// An answer, or why there is none.
pub type ServiceResult<T> = Result<T, ServiceError>;

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            away if away.is_outage() => Self::Away(away),
            StoreError::PageToken => Self::Refused(Refusal::field("page_token", "is not a token of this list")),
            other => Self::Failed(other),
        }
    }
}
