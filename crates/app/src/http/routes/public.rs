//! What an organization offers, for its public pages.

use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use booking_client::{CallError, NumberedLogo};
use booking_domain::id::EventTypeId;
use booking_domain::page::PageRequest;
use booking_domain::refusal::Refusal;
use booking_domain::text::Slug;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::answer::HttpResult;
use crate::http::caller::Public;
use crate::http::channel::Api;
use crate::http::model::page::PageQuery;
use crate::http::model::public::{EventTypePage, PublicEventTypeAnswer, PublicEventTypes};
use crate::http::model::time::Id;
use crate::http::request::{PathId, QueryParams, is_known};
use crate::http::state::SharedState;

/// The routes.
pub fn routes() -> OpenApiRouter<SharedState> {
    OpenApiRouter::new()
        .routes(routes!(list_public_event_types))
        .routes(routes!(get_public_event_type))
        .routes(routes!(get_public_logo))
        .routes(routes!(get_event_type_page))
}

/// The slug in a path. What is no slug names nothing.
fn slug(text: &str, what: &'static str) -> Result<Slug, Refusal> {
    Slug::parse(text).map_err(|_| Refusal::not_found(what))
}

/// List what an organization offers
#[utoipa::path(
    get, path = "/public/{org}/event-types", tag = "Booking pages",
    params(("org" = String, Path, description = "The organization's slug", example = "default"), PageQuery),
    responses((status = 200, description = "The active event types", body = PublicEventTypes)),
)]
pub async fn list_public_event_types(
    Public(api): Public,
    Path(org): Path<String>,
    QueryParams(page): QueryParams<PageQuery>,
) -> HttpResult<Json<PublicEventTypes>> {
    Ok(Json(listed(&api, &org, page.parse()?).await?))
}

/// What an organization offers.
///
/// # Errors
/// As the calls say; `not_found` too where the path cannot be an organization's.
pub async fn listed(api: &Api, org: &str, page: PageRequest) -> HttpResult<PublicEventTypes> {
    let pages = api.list_booking_pages(&slug(org, "organization")?, page).await?;
    Ok(PublicEventTypes {
        organization: (&pages.organization).into(),
        event_types: pages.page.items.iter().map(Into::into).collect(),
        next_page_token: pages.page.next,
    })
}

/// Show one thing that an organization offers
#[utoipa::path(
    get, path = "/public/{org}/event-types/{slug}", tag = "Booking pages",
    params(
        ("org" = String, Path, description = "The organization's slug", example = "default"),
        ("slug" = String, Path, description = "The event type's slug", example = "live-room"),
    ),
    responses((status = 200, description = "The active event type", body = PublicEventTypeAnswer)),
)]
pub async fn get_public_event_type(
    Public(api): Public,
    Path((org, name)): Path<(String, String)>,
) -> HttpResult<Json<PublicEventTypeAnswer>> {
    Ok(Json(one(&api, &org, &name).await?))
}

/// One thing that an organization offers.
///
/// # Errors
/// As the calls say; `not_found` too where the path cannot be an event type's.
pub async fn one(api: &Api, org: &str, name: &str) -> HttpResult<PublicEventTypeAnswer> {
    let (org, name) = (slug(org, "organization")?, slug(name, "event type")?);
    // The organization is told with its list, so the shortest one is asked for.
    let whose = PageRequest { size: 1, token: None };
    let (pages, page) = futures::try_join!(api.list_booking_pages(&org, whose), api.get_booking_page(&org, &name))?;
    Ok(PublicEventTypeAnswer { organization: (&pages.organization).into(), event_type: (&page).into() })
}

/// Which logo is asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LogoQuery {
    /// The number in `logo_url`: the answer to it never changes.
    #[param(required = false, value_type = i64, minimum = 1)]
    version: Option<String>,
}

impl LogoQuery {
    fn version(&self) -> Result<Option<i64>, Refusal> {
        let number = |text: &String| text.parse().ok().filter(|version| *version >= 1);
        let wrong = || Refusal::field("version", "must be a whole number from 1");
        self.version.as_ref().map(|text| number(text).ok_or_else(wrong)).transpose()
    }
}

/// Show an organization's logo
#[utoipa::path(
    get, path = "/public/{org}/logo", tag = "Booking pages",
    params(("org" = String, Path, description = "The organization's slug", example = "default"), LogoQuery),
    responses((
        status = 200, description = "The image", headers(("ETag" = String)),
        content((String = "image/png"), (String = "image/jpeg"), (String = "image/webp")),
    )),
)]
pub async fn get_public_logo(
    Public(api): Public,
    Path(org): Path<String>,
    QueryParams(asked): QueryParams<LogoQuery>,
    headers: HeaderMap,
) -> HttpResult<Response> {
    let asked = asked.version()?;
    let NumberedLogo { logo, version } = api.get_logo(&slug(&org, "organization")?).await?;
    let is_current = asked == Some(version);
    let keep = if is_current { "public, max-age=31536000, immutable" } else { "no-cache" };
    let tag = format!("\"{version}\"");
    let about = [(CACHE_CONTROL, keep), (ETAG, tag.as_str())];
    if is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    Ok((about, [(CONTENT_TYPE, logo.kind().media_type())], logo.bytes().to_vec()).into_response())
}

/// Show what is behind an event type's id
///
/// For the bearer of a booking, who knows no more of its event type than that.
#[utoipa::path(
    get, path = "/event-types/{id}/page", tag = "Booking pages",
    params(("id" = Id, Path, description = "The event type")),
    responses((status = 200, description = "Whose it is, and what is offered", body = EventTypePage)),
)]
pub async fn get_event_type_page(
    Public(api): Public,
    PathId(id): PathId<EventTypeId>,
) -> HttpResult<Json<EventTypePage>> {
    let address = api.get_page_address(id).await?;
    let whose = PageRequest { size: 1, token: None };
    let offered = async {
        match api.get_booking_page(&address.organization, &address.slug).await {
            Err(CallError::Refused(Refusal::NotFound { .. })) => Ok(None),
            answered => answered.map(Some),
        }
    };
    let (pages, page) = futures::try_join!(api.list_booking_pages(&address.organization, whose), offered)?;
    Ok(Json(EventTypePage { organization: (&pages.organization).into(), event_type: page.as_ref().map(Into::into) }))
}
