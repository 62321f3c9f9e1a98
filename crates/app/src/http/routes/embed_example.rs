//! The demo's page of some other site, which embeds the booking pages.

use axum::Router;
use axum::routing::get;
use http::header::CONTENT_TYPE;

use crate::http::state::SharedState;

const PAGE: &str = include_str!("embed_example/page.html");
const STYLE: &str = include_str!("embed_example/style.css");
const SCRIPT: &str = include_str!("embed_example/script.js");

/// The routes.
pub fn routes() -> Router<SharedState> {
    let text = |kind: &'static str, text: &'static str| get(move || async move { ([(CONTENT_TYPE, kind)], text) });
    Router::new()
        .route("/embed-example.html", text("text/html; charset=utf-8", PAGE))
        .route("/embed-example.css", text("text/css; charset=utf-8", STYLE))
        .route("/embed-example.js", text("text/javascript; charset=utf-8", SCRIPT))
}
