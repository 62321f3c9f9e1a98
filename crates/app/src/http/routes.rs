//! Every route: one file for each aggregate, each handler thin: parse, one call, answer.

pub mod availability;
pub mod blocks;
pub mod booking;
pub mod bookings;
pub mod docs;
pub mod embed_example;
pub mod event_types;
pub mod health;
pub mod organization;
pub mod page_errors;
pub mod presence;
pub mod preview;
pub mod public;
pub mod resources;
pub mod schedules;
pub mod security_txt;

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::{ETAG, LOCATION};
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;

use crate::http::model::BASE;
use crate::http::model::entity::{ChangedEntity, Entity};
use crate::http::openapi;
use crate::http::state::SharedState;

/// Every route of the contract, with its description.
pub fn described() -> OpenApiRouter<SharedState> {
    let contract = OpenApiRouter::new()
        .merge(public::routes())
        .merge(availability::routes())
        .merge(preview::routes())
        .merge(presence::routes())
        .merge(bookings::routes())
        .merge(booking::routes())
        .merge(event_types::routes())
        .merge(resources::routes())
        .merge(blocks::routes())
        .merge(schedules::routes())
        .merge(organization::routes())
        .merge(page_errors::routes());
    OpenApiRouter::with_openapi(openapi::base::base()).nest(BASE, contract).merge(health::routes())
}

/// A stored thing was made.
pub struct Created<F> {
    /// The collection's path below [`BASE`].
    pub under: &'static str,
    /// The thing.
    pub entity: Entity<F>,
}

impl<F: Serialize> IntoResponse for Created<F> {
    fn into_response(self) -> Response {
        let path = format!("{}/{}", self.under, self.entity.id.0.as_hyphenated());
        located(&path, self.entity)
    }
}

impl<F: Serialize> IntoResponse for Entity<F> {
    fn into_response(self) -> Response {
        tagged(self.version, Json(self))
    }
}

impl<F: Serialize> IntoResponse for ChangedEntity<F> {
    fn into_response(self) -> Response {
        tagged(self.entity.version, Json(self))
    }
}

/// What was made, and that it is at this path below [`BASE`].
fn located(path: &str, made: impl IntoResponse) -> Response {
    let location = HeaderValue::try_from(format!("{BASE}{path}")).ok();
    let mut response = (StatusCode::CREATED, made).into_response();
    response.headers_mut().extend(location.map(|location| (LOCATION, location)));
    response
}

/// A stored thing, with this version as its entity tag.
fn tagged(version: i64, thing: impl IntoResponse) -> Response {
    let tag = HeaderValue::try_from(format!("\"{version}\"")).ok();
    let mut response = thing.into_response();
    response.headers_mut().extend(tag.map(|tag| (ETAG, tag)));
    response
}
