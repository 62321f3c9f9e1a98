//! Resources, for operators.

use axum::Json;
use booking_domain::id::ResourceId;
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
use crate::http::model::resource::{ChangedResource, NewResource, Resource, ResourcePatch, Resources};
use crate::http::model::time::Id;
use crate::http::request::{IdempotencyKey, IfMatch, PathId, QueryParams};
use crate::http::state::SharedState;

/// The routes.
pub fn routes() -> OpenApiRouter<SharedState> {
    OpenApiRouter::new().routes(routes!(list_resources, create_resource)).routes(routes!(
        get_resource,
        update_resource,
        delete_resource
    ))
}

/// Make a resource
#[utoipa::path(
    post, path = "/resources", tag = "Resources", security(("api_key" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key and body answer what they answered the first time, for 24 hours", min_length = 1, max_length = 255)),
    request_body = NewResource,
    responses((status = 201, description = "It is made", body = Resource, headers(("Location" = String), ("ETag" = String)))),
)]
pub async fn create_resource(
    Admin(api): Admin,
    IdempotencyKey(key): IdempotencyKey,
    OperatorJson(fields): OperatorJson<NewResource>,
) -> HttpResult<Created<NewResource>> {
    let made = api.create_resource(&fields.parse()?, key).await?;
    Ok(Created { under: "/resources", entity: (&made).into() })
}

/// List the resources
#[utoipa::path(
    get, path = "/resources", tag = "Resources", security(("api_key" = [])), params(PageQuery),
    responses((status = 200, description = "One page of them", body = Resources)),
)]
pub async fn list_resources(
    Admin(api): Admin,
    QueryParams(page): QueryParams<PageQuery>,
) -> HttpResult<Json<Resources>> {
    let page = api.list_resources(page.parse()?).await?;
    Ok(Json(Resources { resources: page.items.iter().map(Into::into).collect(), next_page_token: page.next }))
}

/// Show a resource
#[utoipa::path(
    get, path = "/resources/{id}", tag = "Resources", security(("api_key" = [])),
    params(("id" = Id, Path, description = "Which one")),
    responses((status = 200, description = "It", body = Resource, headers(("ETag" = String)))),
)]
pub async fn get_resource(Admin(api): Admin, PathId(id): PathId<ResourceId>) -> HttpResult<Resource> {
    Ok((&api.get_resource(id).await?).into())
}

/// Change some fields of a resource
///
/// What is not given stays; `null` clears what may be absent. Nothing is taken away from a hold or a booking: the answer says which no
/// longer fit.
#[utoipa::path(
    patch, path = "/resources/{id}", tag = "Resources", security(("api_key" = [])),
    params(
        ("id" = Id, Path, description = "Which one"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that was read; refused as `conflict` when it is stale"),
    ),
    request_body = ResourcePatch,
    responses((status = 200, description = "It, changed", body = ChangedResource, headers(("ETag" = String)))),
)]
pub async fn update_resource(
    Admin(api): Admin,
    PathId(id): PathId<ResourceId>,
    IfMatch(seen): IfMatch,
    OperatorJson(Members(given)): OperatorJson<Members>,
) -> HttpResult<ChangedResource> {
    let patch = ResourcePatch::parse(given, seen)?;
    let current = api.get_resource(id).await?;
    let spec = patch.apply(&current.spec)?;
    let changed = api.update_resource(id, &spec, patch.version.unwrap_or(current.stamp.version)).await?;
    Ok((&changed).into())
}

/// Delete a resource
///
/// Refused as `conflict` while an event type or a live booking needs it.
#[utoipa::path(
    delete, path = "/resources/{id}", tag = "Resources", security(("api_key" = [])),
    params(("id" = Id, Path, description = "Which one")),
    responses((status = 204, description = "It is gone")),
)]
pub async fn delete_resource(Admin(api): Admin, PathId(id): PathId<ResourceId>) -> HttpResult<StatusCode> {
    api.delete_resource(id).await?;
    Ok(StatusCode::NO_CONTENT)
}
