//! What handlers take from a request besides its body: ids in the path, queries, versions and idempotency keys.

use std::str::FromStr;

use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Path, Query};
use booking_client::{BlockRef, RequestId};
use booking_domain::id::{BookingId, EventTypeId, ResourceId, ScheduleId};
use booking_domain::invalid::Invalid;
use booking_domain::refusal::Refusal;
use http::HeaderMap;
use http::header::{IF_MATCH, IF_NONE_MATCH};
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::http::model::problem::Problem;

/// Carries the idempotency key of a request that creates.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// A kind of thing that a path names.
pub trait PathResource: FromStr {
    /// What it is called when it is not found.
    const WHAT: &'static str;
}

macro_rules! named {
    ($($id:ty = $what:literal)+) => {$(
        impl PathResource for $id {
            const WHAT: &'static str = $what;
        }
    )+};
}

named! {
    ResourceId = "resource"
    ScheduleId = "schedule"
    EventTypeId = "event type"
    BookingId = "booking"
}

/// The id in the path. What is no id names nothing.
pub struct PathId<I>(pub I);

impl<I: PathResource, S: Send + Sync> FromRequestParts<S> for PathId<I> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let nothing = || Problem::from(&Refusal::not_found(I::WHAT));
        let Path(text) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| nothing())?;
        text.parse().map(Self).map_err(|_| nothing())
    }
}

/// The block that a path names, under its resource. What is no id names nothing.
pub struct PathBlock(pub BlockRef);

impl<S: Send + Sync> FromRequestParts<S> for PathBlock {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let nothing = || Problem::from(&Refusal::not_found("block"));
        let named = Path::<(String, String)>::from_request_parts(parts, state).await;
        let Path((resource, block)) = named.map_err(|_| nothing())?;
        let (resource_id, id) = (resource.parse().map_err(|_| nothing())?, block.parse().map_err(|_| nothing())?);
        Ok(Self(BlockRef { resource_id, id }))
    }
}

/// The parameters of the query, as texts.
pub struct QueryParams<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for QueryParams<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read: Result<Query<T>, QueryRejection> = Query::from_request_parts(parts, state).await;
        let wrong = |_| Problem::of_request(400, "query", "must have each parameter once, in UTF-8");
        read.map(|Query(asked)| Self(asked)).map_err(wrong)
    }
}

/// The idempotency key, if there is one.
pub struct IdempotencyKey(pub Option<RequestId>);

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(IDEMPOTENCY_KEY) else { return Ok(Self(None)) };
        let key = RequestId::parse(&String::from_utf8_lossy(value.as_bytes()));
        key.map(|key| Self(Some(key))).map_err(|Invalid(message)| Refusal::field(IDEMPOTENCY_KEY, message).into())
    }
}

/// The version that `If-Match` names, if any.
pub struct IfMatch(pub Option<i64>);

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let wrong = |Invalid(message)| Problem::from(&Refusal::field("if-match", message));
        version(&parts.headers).map(Self).map_err(wrong)
    }
}

/// An entity tag is a version in quotes; a bare one is understood too.
fn version(headers: &HeaderMap) -> Result<Option<i64>, Invalid> {
    let Some(value) = headers.get(IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    let text = text.strip_prefix("W/").unwrap_or(text).trim_matches('"');
    match text {
        "*" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Invalid("must be a version in quotes, as ETag has it")),
    }
}

/// Whether the caller has what this entity tag names already. Something in between may have made the tag weak.
pub fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    known.flat_map(|value| value.split(',')).any(|known| known.trim().trim_start_matches("W/") == tag)
}
