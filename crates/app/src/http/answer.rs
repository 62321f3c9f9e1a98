//! How handlers answer: a value, or a problem with its headers.

use axum::response::{IntoResponse, Response};
use booking_client::CallError;
use booking_component::outage::Outage;
use booking_domain::code::Code;
use booking_domain::refusal::Refusal;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};

use crate::http::model::problem::Problem;

/// The media type of every error (RFC 9457, 3).
pub const PROBLEM_JSON: &str = "application/problem+json";
/// When to try again after the service was away, in seconds: restarts are short.
const AWAY_S: u32 = 1;

/// Whether the component accepts the key of the front, of which a process is one at most.
pub static FRONT_KEY: Outage = Outage::of("--front-key, without which the public is not served");

/// A value, or why there is none.
pub type HttpResult<T> = Result<T, Problem>;

/// A number for a request that failed, under which it is logged. No secret, and 64 random bits are enough for no other to have it.
pub fn request_id() -> String {
    format!("{:016x}", fastrand::u64(..))
}

impl Problem {
    /// A failure that was logged under this id.
    pub fn failure(request_id: String) -> Self {
        let told = Self::new(Code::Internal, "something broke on our side; it is logged under this request id");
        Self { request_id: Some(request_id), ..told }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::from(&refusal)
    }
}

impl From<CallError> for Problem {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Refused(Refusal::Unavailable) | CallError::Unreachable => {
                Self { retry_after: Some(AWAY_S), ..Self::from(&Refusal::Unavailable) }
            }
            CallError::NotAFront => {
                FRONT_KEY.refuse(&error);
                Self { retry_after: Some(AWAY_S), ..Self::from(&Refusal::Unavailable) }
            }
            CallError::Refused(refusal) => Self::from(&refusal),
            // The other side has logged what it gave an id.
            CallError::Failed { request_id: Some(id) } => Self::failure(id),
            CallError::Failed { request_id: None } => {
                let id = request_id();
                tracing::error!(request_id = id, "the booking service failed without saying why");
                Self::failure(id)
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
