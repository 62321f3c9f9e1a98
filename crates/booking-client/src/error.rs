//! Why a call gave no answer.

use booking_domain::refusal::Refusal;
use booking_proto::status::{self, StatusMeaning};
use tonic::Status;

/// Why a call gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The answer is no, and the caller can act on it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Something broke on the other side, or it answered what this side cannot read.
    #[error("the booking service failed{}", request_id.as_deref().map(|id| format!(" (request {id})")).unwrap_or_default())]
    Failed {
        /// Under which the other side logged it, if it said so.
        request_id: Option<String>,
    },
    /// The front's own key opens no door: it is unknown or revoked, or no `front` key. Whoever the front serves can do nothing about it.
    #[error("the booking service does not accept the front's key")]
    NotAFront,
    /// There was no answer in time, or no connection. Whether something was done is not known: ask, or call again with the same
    /// [`RequestId`](crate::RequestId).
    #[error("the booking service cannot be reached")]
    Unreachable,
}

impl From<Status> for CallError {
    fn from(status: Status) -> Self {
        match status::read(&status) {
            StatusMeaning::Refused(refusal) => Self::Refused(refusal),
            StatusMeaning::Failed { request_id } => Self::Failed { request_id },
            StatusMeaning::Unreachable => Self::Unreachable,
        }
    }
}

/// The answer in a message, in domain types.
pub(crate) fn answer<P, T: TryFrom<P, Error = Refusal>>(message: P) -> Result<T, CallError> {
    T::try_from(message).map_err(|malformed| {
        // Only the fields' names and what is wrong with them: their values may be secret.
        tracing::error!(%malformed, message = std::any::type_name::<P>(), "the booking service's answer is malformed");
        CallError::Failed { request_id: None }
    })
}
