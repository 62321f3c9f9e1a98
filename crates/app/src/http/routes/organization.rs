//! The organization itself, for its operators.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::answer::HttpResult;
use crate::http::body::OperatorJson;
use crate::http::caller::Admin;
use crate::http::json::members::Members;
use crate::http::model::organization::{OrganizationPatch, OrganizationProfile};
use crate::http::request::IfMatch;
use crate::http::state::SharedState;

/// The routes.
pub fn routes() -> OpenApiRouter<SharedState> {
    OpenApiRouter::new().routes(routes!(get_organization, update_organization))
}

/// Show the organization that the key belongs to
#[utoipa::path(
    get, path = "/organization", tag = "Organization", security(("api_key" = [])),
    responses((status = 200, description = "It", body = OrganizationProfile, headers(("ETag" = String)))),
)]
pub async fn get_organization(Admin(api): Admin) -> HttpResult<OrganizationProfile> {
    Ok((&api.get_organization().await?).into())
}

/// Change the organization's name, colour or logo, and what the public may do
///
/// What is not given stays; `null` clears what may be absent.
#[utoipa::path(
    patch, path = "/organization", tag = "Organization", security(("api_key" = [])),
    params(("If-Match" = Option<String>, Header, description = "The `ETag` that was read; refused as `conflict` when it is stale")),
    request_body = OrganizationPatch,
    responses((status = 200, description = "It, changed", body = OrganizationProfile, headers(("ETag" = String)))),
)]
pub async fn update_organization(
    Admin(api): Admin,
    IfMatch(seen): IfMatch,
    OperatorJson(Members(given)): OperatorJson<Members>,
) -> HttpResult<OrganizationProfile> {
    let patch = OrganizationPatch::parse(given, seen)?;
    let current = api.get_organization().await?;
    let spec = patch.apply(&current.spec)?;
    let changed = api.update_organization(&spec, patch.version.unwrap_or(current.stamp.version)).await?;
    Ok((&changed).into())
}
