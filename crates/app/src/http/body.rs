//! Request bodies: JSON within bounds, and where exactly it is wrong.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request};
use booking_domain::limits;
use bytes::Bytes;
use http::Method;
use http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;

use crate::http::json::parse;
use crate::http::model::problem::Problem;

/// Longest body, in bytes: all that a booker may say fits, in letters that JSON may write as six each.
pub const BODY_BYTES: usize = 128 * 1024;
/// Longest body of an operator, in bytes: the largest event type, schedule and organization fit. It is read once its key was found right.
pub const OPERATOR_BODY_BYTES: usize = 2 * 1024 * 1024;
/// How long a body may take to arrive: it is short.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// A JSON body. No body is an empty object.
pub struct JsonBody<T>(pub T);

/// The same of an operator, for whoever takes [`Admin`](crate::http::caller::Admin) before it: long, as what is offered may be.
pub struct OperatorJson<T>(pub T);

/// A JSON body whatever the content type says, as `sendBeacon` sends it.
pub struct BeaconJson<T>(pub T);

/// The same, and short: what anybody may send unasked, and what is kept of it, is little.
pub struct BriefJson<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        read_json(request, BODY_BYTES).await.map(Self)
    }
}

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for OperatorJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        read_json(request, OPERATOR_BODY_BYTES).await.map(Self)
    }
}

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for BeaconJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let bytes = read(request.into_body(), BODY_BYTES).await?;
        Ok(Self(parse(&bytes)?))
    }
}

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for BriefJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let bytes = read(request.into_body(), limits::PAGE_ERROR_BYTES).await?;
        Ok(Self(parse(&bytes)?))
    }
}

/// What a body says that says that it is JSON.
async fn read_json<T: DeserializeOwned>(request: Request, most: usize) -> Result<T, Problem> {
    let says_json = is_json(&request);
    let bytes = read(request.into_body(), most).await?;
    if !bytes.is_empty() && !says_json {
        return Err(Problem::of_request(415, "content-type", "must be application/json"));
    }
    Ok(parse(&bytes)?)
}

/// Whether this is JSON that says what shall be. Of what is made of JSON (RFC 6839), only a merge patch (RFC 7396) says that; a
/// JSON patch (RFC 6902), for one, is a list of things to do.
fn is_json(request: &Request) -> bool {
    let says = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = says.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/json" => true,
        "application/merge-patch+json" => request.method() == Method::PATCH,
        _ => false,
    }
}

async fn read(body: Body, most: usize) -> Result<Bytes, Problem> {
    match tokio::time::timeout(BODY_TIMEOUT, to_bytes(body, most)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) if is_too_long(&error) => {
            Err(Problem::of_request(413, "body", &format!("must be at most {} KiB", most / 1024)))
        }
        Ok(Err(_)) => Err(Problem::of_request(400, "body", "did not arrive whole")),
        Err(_) => Err(Problem::of_request(408, "body", "did not arrive in time")),
    }
}

fn is_too_long(error: &axum::Error) -> bool {
    let source = std::error::Error::source(error);
    source.is_some_and(|source| source.is::<http_body_util::LengthLimitError>())
}
