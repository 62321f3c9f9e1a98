//! The whole HTTP side: routes, and what holds for every answer.

use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use booking_domain::code::Code;
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};

use crate::http::answer::request_id;
use crate::http::model::problem::Problem;
use crate::http::proxies::Proxies;
use crate::http::state::{AppState, SharedState};
use crate::http::{metrics, proxies, routes};
use crate::{live, pages};

/// Every route, with what holds for every answer.
pub fn router(app: SharedState) -> Router {
    let (described, _) = routes::described().split_for_parts();
    let example = if app.demo { routes::embed_example::routes() } else { Router::new() };
    let contact = if app.security_contact.is_some() { routes::security_txt::routes() } else { Router::new() };
    let all = described.merge(routes::docs::routes()).merge(example).merge(contact).fallback(pages::serve);
    // Typefaces are compressed in themselves; whatever else lies compressed is left as it is.
    let worth_it = DefaultPredicate::new().and(NotForContentType::const_new("font/"));
    let all = all.layer(from_fn_with_state(app.clone(), live::stream::bounded));
    wrapped(all.layer(CompressionLayer::new().compress_when(worth_it)), app)
}

/// Metrics alone, for a port of their own.
pub fn metrics_router(app: SharedState) -> Router {
    let nothing = || std::future::ready(Problem::new(Code::NotFound, "there is no such path"));
    Router::new().route("/metrics", get(routes::health::metrics)).fallback(nothing).with_state(app)
}

/// These routes, with what holds for every answer.
fn wrapped(routes: Router<SharedState>, app: SharedState) -> Router {
    let headers = from_fn_with_state(SecurityHeaders::new(&app), SecurityHeaders::add);
    routes
        .layer(from_fn(with_problems))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(headers)
        .layer(from_fn_with_state(Arc::clone(&app.metrics), metrics::counted))
        .layer(from_fn_with_state(Proxies::named(&app.trusted), proxies::noticed))
        .with_state(app)
}

/// Makes a problem of every error that is none yet.
async fn with_problems(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let is_plain = response.headers().get(CONTENT_TYPE).is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    match response.status() {
        status if status.as_u16() >= 400 && is_plain => as_problem(status, response),
        _ => response,
    }
}

fn as_problem(status: StatusCode, plain: Response) -> Response {
    let problem = match status {
        StatusCode::METHOD_NOT_ALLOWED => Problem::of_request(405, "method", "must be one that this path allows"),
        StatusCode::NOT_FOUND => Problem::new(Code::NotFound, "there is no such path"),
        status if status.is_client_error() => Problem::of_request(status.as_u16(), "request", "cannot be understood"),
        _ => failure("a handler failed"),
    };
    let mut response = problem.into_response();
    response.headers_mut().extend(plain.headers().get(ALLOW).map(|allow| (ALLOW, allow.clone())));
    response
}

fn failure(what: &str) -> Problem {
    let id = request_id();
    tracing::error!(request_id = id, "{what}");
    Problem::failure(id)
}

/// What panicked is in the log already; the id is logged beside it.
fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    failure("a handler panicked").into_response()
}

/// The headers that tell a browser what it may not do.
#[derive(Clone)]
struct SecurityHeaders(HeaderMap);

impl SecurityHeaders {
    fn new(app: &AppState) -> Self {
        let policy = format!(
            "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
             connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
             frame-ancestors {}",
            app.frame_ancestors
        );
        let mut headers = HeaderMap::new();
        headers.extend(HeaderValue::try_from(policy).ok().map(|policy| (CONTENT_SECURITY_POLICY, policy)));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        if app.public_url.starts_with("https:") {
            let year = HeaderValue::from_static("max-age=31536000");
            headers.insert(STRICT_TRANSPORT_SECURITY, year);
        }
        Self(headers)
    }

    async fn add(State(Self(headers)): State<Self>, request: Request<Body>, next: Next) -> Response {
        let mut response = next.run(request).await;
        let answered = response.headers_mut();
        answered.extend(headers.iter().map(|(name, value)| (name.clone(), value.clone())));
        // What is answered about bookings and slots is right for a moment only, and for one reader.
        answered.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        response
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use booking_client::ApiKey;
    use http_body_util::BodyExt;
    use tonic::service::Routes;
    use tower::Service;

    use super::*;
    use crate::http::address::Trusted;
    use crate::http::channel::ComponentChannel;
    use crate::http::listen::places::Places;
    use crate::http::state::{AppConfig, SharedState, app_state};

    /// The front of a component that answers nothing.
    fn lonely() -> SharedState {
        app_state(AppConfig {
            channel: ComponentChannel::InProcess(Routes::default()),
            probe: None,
            front_key: ApiKey::parse("hf_x").unwrap(),
            public_url: "http://localhost".to_owned(),
            trusted: Trusted::default(),
            places: Places::new(1, None, Trusted::default()),
            has_metrics: false,
            streams_per_address: None,
            rate_limit: None,
            frame_ancestors: "'none'".to_owned(),
            security_contact: None,
            demo: false,
            disk: None,
            check: None,
        })
    }

    async fn failure_at(mut router: Router, path: &str) -> serde_json::Value {
        let response = router.call(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(
            (response.status().as_u16(), response.headers()[CONTENT_TYPE].to_str().unwrap()),
            (500, "application/problem+json")
        );
        let body = response.into_body().collect().await.unwrap().to_bytes();
        serde_json::from_slice(&body).unwrap()
    }

    #[tokio::test]
    async fn a_panic_shows_a_request_id_and_nothing_else() {
        async fn panics() -> &'static str {
            panic!("the secret is out")
        }
        let problem = failure_at(wrapped(Router::new().route("/panic", get(panics)), lonely()), "/panic").await;
        assert_eq!(problem["code"], "internal");
        assert_eq!(problem["request_id"].as_str().map(str::len), Some(16));
        assert!(!problem.to_string().contains("secret"), "{problem}");
    }

    #[tokio::test]
    async fn a_failure_of_the_component_shows_a_request_id_and_nothing_else() {
        let problem = failure_at(router(lonely()), "/api/v1/public/default/event-types").await;
        assert_eq!(problem["code"], "internal");
        assert!(problem["request_id"].is_string() && !problem.to_string().contains("nimplemented"), "{problem}");
    }
}
