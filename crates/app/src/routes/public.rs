//! What an organization offers, for its public pages.

use axum::Json;
use axum::extract::Path;
use booking_domain::page::PageRequest;
use booking_domain::refusal::Refusal;
use booking_domain::text::Slug;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::Answer;
use crate::caller::Public;
use crate::front::Front;
use crate::model::page::PageQuery;
use crate::model::public::{PublicEventTypes, PublicPage};
use crate::request::Asked;

/// The routes.
pub fn routes() -> OpenApiRouter<Front> {
    OpenApiRouter::new().routes(routes!(list_public_event_types)).routes(routes!(get_public_event_type))
}

/// The slug in a path. What is no slug names nothing.
fn slug(text: &str, what: &'static str) -> Result<Slug, Refusal> {
    Slug::parse(text).map_err(|_| Refusal::NotFound { what })
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
    Asked(page): Asked<PageQuery>,
) -> Answer<Json<PublicEventTypes>> {
    let pages = api.list_booking_pages(&slug(&org, "organization")?, page.parse()?).await?;
    Ok(Json(PublicEventTypes {
        organization: (&pages.organization).into(),
        event_types: pages.page.items.iter().map(Into::into).collect(),
        next_page_token: pages.page.next,
    }))
}

/// Show one thing that an organization offers
#[utoipa::path(
    get, path = "/public/{org}/event-types/{slug}", tag = "Booking pages",
    params(
        ("org" = String, Path, description = "The organization's slug", example = "default"),
        ("slug" = String, Path, description = "The event type's slug", example = "live-room"),
    ),
    responses((status = 200, description = "The active event type", body = PublicPage)),
)]
pub async fn get_public_event_type(
    Public(api): Public,
    Path((org, name)): Path<(String, String)>,
) -> Answer<Json<PublicPage>> {
    let (org, name) = (slug(&org, "organization")?, slug(&name, "event type")?);
    // The organization is told with its list, so the shortest one is asked for.
    let whose = PageRequest { size: 1, token: None };
    let (pages, page) = futures::try_join!(api.list_booking_pages(&org, whose), api.get_booking_page(&org, &name))?;
    Ok(Json(PublicPage { organization: (&pages.organization).into(), event_type: (&page).into() }))
}
