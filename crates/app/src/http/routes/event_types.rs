//! Event types, for operators.

use axum::Json;
use booking_domain::id::EventTypeId;
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Created;
use crate::http::answer::HttpResult;
use crate::http::body::OperatorJson;
use crate::http::caller::Admin;
use crate::http::json::members::Members;
use crate::http::model::entity::EntityFields;
use crate::http::model::event_type::{ChangedEventType, EventType, EventTypePatch, EventTypes, NewEventType};
use crate::http::model::page::PageQuery;
use crate::http::model::time::Id;
use crate::http::request::{IdempotencyKey, IfMatch, PathId, QueryParams};
use crate::http::state::SharedState;

/// The routes.
pub fn routes() -> OpenApiRouter<SharedState> {
    OpenApiRouter::new().routes(routes!(list_event_types, create_event_type)).routes(routes!(
        get_event_type,
        update_event_type,
        delete_event_type
    ))
}

/// Make an event type
#[utoipa::path(
    post, path = "/event-types", tag = "Event types", security(("api_key" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key and body answer what they answered the first time, for 24 hours", min_length = 1, max_length = 255)),
    request_body = NewEventType,
    responses((status = 201, description = "It is made", body = EventType, headers(("Location" = String), ("ETag" = String)))),
)]
pub async fn create_event_type(
    Admin(api): Admin,
    IdempotencyKey(key): IdempotencyKey,
    OperatorJson(fields): OperatorJson<NewEventType>,
) -> HttpResult<Created<NewEventType>> {
    let made = api.create_event_type(&fields.parse()?, key).await?;
    Ok(Created { under: "/event-types", entity: (&made).into() })
}

/// List the event types
#[utoipa::path(
    get, path = "/event-types", tag = "Event types", security(("api_key" = [])), params(PageQuery),
    responses((status = 200, description = "One page of them", body = EventTypes)),
)]
pub async fn list_event_types(
    Admin(api): Admin,
    QueryParams(page): QueryParams<PageQuery>,
) -> HttpResult<Json<EventTypes>> {
    let page = api.list_event_types(page.parse()?).await?;
    Ok(Json(EventTypes { event_types: page.items.iter().map(Into::into).collect(), next_page_token: page.next }))
}

/// Show an event type
#[utoipa::path(
    get, path = "/event-types/{id}", tag = "Event types", security(("api_key" = [])),
    params(("id" = Id, Path, description = "Which one")),
    responses((status = 200, description = "It", body = EventType, headers(("ETag" = String)))),
)]
pub async fn get_event_type(Admin(api): Admin, PathId(id): PathId<EventTypeId>) -> HttpResult<EventType> {
    Ok((&api.get_event_type(id).await?).into())
}

/// Change some fields of an event type
///
/// What is not given stays; `null` clears what may be absent. Nothing is taken away from a hold or a booking: the answer says which no
/// longer fit.
#[utoipa::path(
    patch, path = "/event-types/{id}", tag = "Event types", security(("api_key" = [])),
    params(
        ("id" = Id, Path, description = "Which one"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that was read; refused as `conflict` when it is stale"),
    ),
    request_body = EventTypePatch,
    responses((status = 200, description = "It, changed", body = ChangedEventType, headers(("ETag" = String)))),
)]
pub async fn update_event_type(
    Admin(api): Admin,
    PathId(id): PathId<EventTypeId>,
    IfMatch(seen): IfMatch,
    OperatorJson(Members(given)): OperatorJson<Members>,
) -> HttpResult<ChangedEventType> {
    let patch = EventTypePatch::parse(given, seen)?;
    let current = api.get_event_type(id).await?;
    let spec = patch.apply(&current.spec)?;
    let changed = api.update_event_type(id, &spec, patch.version.unwrap_or(current.stamp.version)).await?;
    Ok((&changed).into())
}

/// Delete an event type
///
/// Refused as `conflict` while it has bookings.
#[utoipa::path(
    delete, path = "/event-types/{id}", tag = "Event types", security(("api_key" = [])),
    params(("id" = Id, Path, description = "Which one")),
    responses((status = 204, description = "It is gone")),
)]
pub async fn delete_event_type(Admin(api): Admin, PathId(id): PathId<EventTypeId>) -> HttpResult<StatusCode> {
    api.delete_event_type(id).await?;
    Ok(StatusCode::NO_CONTENT)
}
