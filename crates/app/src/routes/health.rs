//! Whether the process lives and can serve, and what it has counted.

use axum::extract::State;
use http::header::CONTENT_TYPE;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::Answer;
use crate::front::Front;
use crate::model::problem::Problem;

/// The routes.
pub fn routes() -> OpenApiRouter<Front> {
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
pub async fn is_ready(State(front): State<Front>) -> Answer<&'static str> {
    let ready =
        if front.closing.is_cancelled() { Err("it is closing".to_owned()) } else { front.check_component().await };
    let away = || Problem::from(booking_client::CallError::Unreachable);
    ready.map(|()| "ready\n").map_err(|detail| Problem { detail, ..away() })
}

/// Show what was counted, as Prometheus reads it
#[utoipa::path(
    get, path = "/metrics", tag = "Operations",
    responses((status = 200, description = "Counters and gauges", body = String, content_type = "text/plain")),
)]
pub async fn show_metrics(State(front): State<Front>) -> ([(http::HeaderName, &'static str); 1], String) {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], front.metrics.text())
}
