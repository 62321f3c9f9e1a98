//! Schedules, for operators.

use axum::Json;
use booking_domain::id::ScheduleId;
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Created;
use crate::http::answer::HttpResult;
use crate::http::body::OperatorJson;
use crate::http::caller::Admin;
use crate::http::json::members::Members;
use crate::http::model::entity::EntityFields;
use crate::http::model::page::PageQuery;
use crate::http::model::schedule::{ChangedSchedule, NewSchedule, Schedule, SchedulePatch, Schedules};
use crate::http::model::time::Id;
use crate::http::request::{IdempotencyKey, IfMatch, PathId, QueryParams};
use crate::http::state::SharedState;

/// The routes.
pub fn routes() -> OpenApiRouter<SharedState> {
    OpenApiRouter::new().routes(routes!(list_schedules, create_schedule)).routes(routes!(
        get_schedule,
        update_schedule,
        delete_schedule
    ))
}

/// Make a schedule
#[utoipa::path(
    post, path = "/schedules", tag = "Schedules", security(("api_key" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key and body answer what they answered the first time, for 24 hours", min_length = 1, max_length = 255)),
    request_body = NewSchedule,
    responses((status = 201, description = "It is made", body = Schedule, headers(("Location" = String), ("ETag" = String)))),
)]
pub async fn create_schedule(
    Admin(api): Admin,
    IdempotencyKey(key): IdempotencyKey,
    OperatorJson(fields): OperatorJson<NewSchedule>,
) -> HttpResult<Created<NewSchedule>> {
    let made = api.create_schedule(&fields.parse()?, key).await?;
    Ok(Created { under: "/schedules", entity: (&made).into() })
}

/// List the schedules
#[utoipa::path(
    get, path = "/schedules", tag = "Schedules", security(("api_key" = [])), params(PageQuery),
    responses((status = 200, description = "One page of them", body = Schedules)),
)]
pub async fn list_schedules(
    Admin(api): Admin,
    QueryParams(page): QueryParams<PageQuery>,
) -> HttpResult<Json<Schedules>> {
    let page = api.list_schedules(page.parse()?).await?;
    Ok(Json(Schedules { schedules: page.items.iter().map(Into::into).collect(), next_page_token: page.next }))
}

/// Show a schedule
#[utoipa::path(
    get, path = "/schedules/{id}", tag = "Schedules", security(("api_key" = [])),
    params(("id" = Id, Path, description = "Which one")),
    responses((status = 200, description = "It", body = Schedule, headers(("ETag" = String)))),
)]
pub async fn get_schedule(Admin(api): Admin, PathId(id): PathId<ScheduleId>) -> HttpResult<Schedule> {
    Ok((&api.get_schedule(id).await?).into())
}

/// Change some fields of a schedule
///
/// What is not given stays; `null` clears what may be absent. Nothing is taken away from a hold or a booking: the answer says which no
/// longer fit.
#[utoipa::path(
    patch, path = "/schedules/{id}", tag = "Schedules", security(("api_key" = [])),
    params(
        ("id" = Id, Path, description = "Which one"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that was read; refused as `conflict` when it is stale"),
    ),
    request_body = SchedulePatch,
    responses((status = 200, description = "It, changed", body = ChangedSchedule, headers(("ETag" = String)))),
)]
pub async fn update_schedule(
    Admin(api): Admin,
    PathId(id): PathId<ScheduleId>,
    IfMatch(seen): IfMatch,
    OperatorJson(Members(given)): OperatorJson<Members>,
) -> HttpResult<ChangedSchedule> {
    let patch = SchedulePatch::parse(given, seen)?;
    let current = api.get_schedule(id).await?;
    let spec = patch.apply(&current.spec)?;
    let changed = api.update_schedule(id, &spec, patch.version.unwrap_or(current.stamp.version)).await?;
    Ok((&changed).into())
}

/// Delete a schedule
///
/// Refused as `conflict` while an event type needs it.
#[utoipa::path(
    delete, path = "/schedules/{id}", tag = "Schedules", security(("api_key" = [])),
    params(("id" = Id, Path, description = "Which one")),
    responses((status = 204, description = "It is gone")),
)]
pub async fn delete_schedule(Admin(api): Admin, PathId(id): PathId<ScheduleId>) -> HttpResult<StatusCode> {
    api.delete_schedule(id).await?;
    Ok(StatusCode::NO_CONTENT)
}
