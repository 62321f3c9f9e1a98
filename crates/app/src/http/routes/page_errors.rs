//! What breaks in a page is seen by who runs the server: one line in the log, and a count.

use axum::extract::State;
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::answer::HttpResult;
use crate::http::body::BriefJson;
use crate::http::browser::Browser;
use crate::http::caller::Reporter;
use crate::http::model::page_error::PageError;
use crate::http::state::SharedState;

/// The routes.
pub fn routes() -> OpenApiRouter<SharedState> {
    OpenApiRouter::new().routes(routes!(report_page_error))
}

/// Tell that a page fell over
///
/// For the pages themselves: what broke and where, nothing of who uses them. It is logged and counted in
/// `holdfast_page_errors_total`. Few are taken from one address, and few in all. The body is read as JSON whatever its content
/// type.
#[utoipa::path(
    post, path = "/page-errors", tag = "Operations", request_body = PageError,
    responses((status = 204, description = "It is told")),
)]
pub async fn report_page_error(
    State(app): State<SharedState>,
    Reporter(Browser { engine, version }): Reporter,
    BriefJson(report): BriefJson<PageError>,
) -> HttpResult<StatusCode> {
    let told = report.parse()?;
    app.metrics.page_error(told.page, engine);
    // Each text is a field of its own, which the log writes in quotes and escapes.
    tracing::warn!(
        page = told.page.as_str(),
        error = told.name.as_str(),
        said = told.message.as_str(),
        at = told.at.as_deref(),
        engine = engine.as_str(),
        version,
        "a page fell over"
    );
    Ok(StatusCode::NO_CONTENT)
}
