//! The contract to read: as OpenAPI, and as a page that needs nothing from elsewhere.

use std::sync::LazyLock;

use axum::Router;
use axum::routing::get;
use http::HeaderName;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

use crate::http::state::SharedState;
use crate::http::{docs_page, openapi};

/// Where the document is.
pub const DOCUMENT: &str = "/api/v1/openapi.json";
/// Where the page is.
pub const PAGE: &str = "/api/docs";

static TEXT: LazyLock<String> = LazyLock::new(openapi::text);
static HTML: LazyLock<String> = LazyLock::new(|| docs_page::html(&openapi::document()));
const STYLE: &str = include_str!("../docs_page/style.css");

type Headers = [(HeaderName, &'static str); 2];

const fn headers(content_type: &'static str) -> Headers {
    [(CONTENT_TYPE, content_type), (CACHE_CONTROL, "no-cache")]
}

/// The routes. They describe the contract and are no part of it.
pub fn routes() -> Router<SharedState> {
    Router::new()
        .route(DOCUMENT, get(async || (headers("application/json"), TEXT.as_str())))
        .route(PAGE, get(async || (headers("text/html; charset=utf-8"), HTML.as_str())))
        .route("/api/docs/style.css", get(async || (headers("text/css; charset=utf-8"), STYLE)))
}
