//! What would be offered if something were different, for operators.

use axum::Json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::answer::HttpResult;
use crate::http::body::JsonBody;
use crate::http::caller::Admin;
use crate::http::model::preview::{Preview, PreviewRequest};
use crate::http::state::SharedState;

/// The routes.
pub fn routes() -> OpenApiRouter<SharedState> {
    OpenApiRouter::new().routes(routes!(preview_availability))
}

/// Show what a change would do
///
/// The slots of a range as they would be if an event type, a schedule or a block were different; which are gone and which are new; and
/// whom the change would concern. It is judged as everything is, and nothing is stored.
#[utoipa::path(
    post, path = "/availability/preview", tag = "Availability", security(("api_key" = [])),
    request_body = PreviewRequest,
    responses((status = 200, description = "What would be", body = Preview)),
)]
pub async fn preview_availability(
    Admin(api): Admin,
    JsonBody(asked): JsonBody<PreviewRequest>,
) -> HttpResult<Json<Preview>> {
    let preview = api.preview_availability(&asked.parse()?).await?;
    Ok(Json((&preview).into()))
}
