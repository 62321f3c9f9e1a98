//! Whether the process lives and can serve, and what it has counted.

use axum::extract::{Request, State};
use booking_domain::code::Code;
use http::header::CONTENT_TYPE;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::answer::HttpResult;
use crate::http::caller::client;
use crate::http::model::problem::Problem;
use crate::http::proxies::is_forwarded;
use crate::http::state::SharedState;

/// The routes.
pub fn routes() -> OpenApiRouter<SharedState> {
    OpenApiRouter::new().routes(routes!(is_alive)).routes(routes!(is_ready)).routes(routes!(show_metrics))
}

/// Say that the process lives
#[utoipa::path(
    get, path = "/healthz", tag = "Operations",
    responses((status = 200, description = "It lives", body = String, content_type = "text/plain")),
)]
pub async fn is_alive() -> &'static str {
    "ok\n"
}

/// Say whether it can serve
#[utoipa::path(
    get, path = "/readyz", tag = "Operations",
    responses((status = 200, description = "It can serve", body = String, content_type = "text/plain")),
)]
pub async fn is_ready(State(app): State<SharedState>) -> HttpResult<&'static str> {
    let ready = if app.closing.is_cancelled() { Err("it is closing".to_owned()) } else { app.check_component().await };
    let away = || Problem::from(booking_client::CallError::Unreachable);
    ready.map(|()| "ready\n").map_err(|detail| Problem { detail, ..away() })
}

/// What was counted, for whoever may see it.
type Counted = ([(http::HeaderName, &'static str); 1], String);

/// Show what was counted, as Prometheus reads it
///
/// Metrics have a port of their own (`--metrics-addr`). Here, they are shown only where the server listens on this machine alone, and
/// to whoever asks from this machine without anybody in between.
#[utoipa::path(
    get, path = "/metrics", tag = "Operations",
    responses((status = 200, description = "Counters and gauges", body = String, content_type = "text/plain")),
)]
pub async fn show_metrics(State(app): State<SharedState>, request: Request) -> HttpResult<Counted> {
    let is_local = client(&request, &app).is_loopback() && !is_forwarded(request.headers());
    if !(app.has_metrics && is_local) {
        return Err(Problem::new(Code::NotFound, "there is no such path"));
    }
    Ok(metrics(State(app)).await)
}

/// What was counted.
pub async fn metrics(State(app): State<SharedState>) -> Counted {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.metrics.text())
}
