//! The pages of the web app: one document for all of them, in which an address finds written already what it shows.

pub mod assets;

use axum::extract::{FromRequestParts, Request, State};
use axum::response::{Html, IntoResponse, Response};
use booking_domain::code::Code;
use booking_domain::page::PageRequest;
use http::header::{ALLOW, CACHE_CONTROL};
use http::request::Parts;
use http::{Method, StatusCode};
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

use crate::http::answer::HttpResult;
use crate::http::caller::Public;
use crate::http::model::BASE;
use crate::http::model::problem::Problem;
use crate::http::model::public::{PublicEventTypeAnswer, PublicEventTypes};
use crate::http::routes::public;
use crate::http::state::SharedState;
use crate::pages::assets::Asset;

/// The document, a template: what it is given is named in [`View`].
const DOCUMENT: &str = "index.html";
/// Whose pages are at the root, on a server that has one organization.
const HOME: &str = "default";
/// Below which path each booking has its page.
const BOOKINGS: &str = "bookings";
/// Below which path pages may be of any depth.
const CONSOLE: &str = "admin";

/// What a browser asks for that no route serves: a file, or the page that the web app shows there.
pub async fn serve(State(app): State<SharedState>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let path = parts.uri.path().trim_start_matches('/').to_owned();
    if path == "api" || path.starts_with("api/") {
        return Problem::new(Code::NotFound, "there is no such path").into_response();
    }
    if !matches!(parts.method, Method::GET | Method::HEAD) {
        return ([(ALLOW, "GET,HEAD")], StatusCode::METHOD_NOT_ALLOWED).into_response();
    }
    match Asset::find(&path, &parts.headers) {
        Some(file) if path != DOCUMENT => file.respond(&parts.headers),
        _ if looks_like_file(&path) => Problem::new(Code::NotFound, "there is no such file").into_response(),
        _ => page(&app, &mut parts, path.trim_end_matches('/')).await,
    }
}

/// Whether this can only be the name of a file.
fn looks_like_file(path: &str) -> bool {
    path.starts_with(assets::HASHED) || path.rsplit('/').next().is_some_and(|last| last.contains('.'))
}

/// The document, with what is at this path. Where that cannot be told now, the web app asks again and says what it learns.
async fn page(app: &SharedState, parts: &mut Parts, path: &str) -> Response {
    let Some(document) = assets::text(DOCUMENT) else {
        return Problem::new(Code::NotFound, "this build has no web app in it").into_response();
    };
    let found = first_answer(app, parts, path).await;
    let status = match &found {
        Err(problem) if problem.status == StatusCode::NOT_FOUND.as_u16() => StatusCode::NOT_FOUND,
        _ => StatusCode::OK,
    };
    let view = View::of(found.ok().flatten());
    let mut writer = Environment::new();
    writer.set_undefined_behavior(UndefinedBehavior::Chainable);
    match writer.render_named_str(DOCUMENT, &document, Serde(view)) {
        Ok(text) => (status, [(CACHE_CONTROL, "no-cache")], Html(text)).into_response(),
        Err(error) => {
            tracing::error!(%error, "the web app's document cannot be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The first question that the web app would ask at this path, answered; nothing where it would ask none.
///
/// # Errors
/// Why there is no answer; `not_found` also where there is no page.
async fn first_answer(app: &SharedState, parts: &mut Parts, path: &str) -> HttpResult<Option<FirstAnswer>> {
    let segments: Vec<&str> = path.split('/').collect();
    let (org, slug) = match segments.as_slice() {
        [""] => (HOME, None),
        [BOOKINGS, _] | [CONSOLE, ..] => return Ok(None),
        [org] => (*org, None),
        [org, slug] => (*org, Some(*slug)),
        _ => return Err(Problem::new(Code::NotFound, "there is no such page")),
    };
    let Public(api) = Public::from_request_parts(parts, app).await?;
    let path = format!("{BASE}/public/{org}/event-types");
    Ok(Some(match slug {
        None => FirstAnswer { path, body: Body::List(public::listed(&api, org, PageRequest::default()).await?) },
        Some(slug) => {
            let body = Body::One(Box::new(public::one(&api, org, slug).await?));
            FirstAnswer { path: format!("{path}/{slug}"), body }
        }
    }))
}

/// What the document is given.
#[derive(Serialize)]
struct View {
    /// What the page is called, in tabs and where its link is shown.
    title: String,
    /// What is said below the title where its link is shown.
    description: String,
    /// What is shown, as the contract has it.
    answer: Option<FirstAnswer>,
}

/// An answer of the contract, which the web app finds in the document instead of asking for it.
#[derive(Serialize)]
struct FirstAnswer {
    /// The path of the question.
    path: String,
    body: Body,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Body {
    List(PublicEventTypes),
    One(Box<PublicEventTypeAnswer>),
}

impl View {
    fn of(answer: Option<FirstAnswer>) -> Self {
        let promise = "Choose a time. It is held for you while you book it.";
        let (title, description) = match answer.as_ref().map(|answer| &answer.body) {
            None => ("Holdfast".to_owned(), ""),
            Some(Body::List(list)) => (list.organization.name.clone(), ""),
            Some(Body::One(page)) => (
                format!("{} · {}", page.event_type.title, page.organization.name),
                page.event_type.description.as_str(),
            ),
        };
        let description = if description.is_empty() { promise } else { description }.to_owned();
        Self { title, description, answer }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_told_from_files() {
        for page in ["", "default", "default/live-room", "default/live-room/", "bookings/0198", "admin/bookings/1"] {
            assert!(!looks_like_file(page), "{page}");
        }
        for file in ["assets/x.js", "assets/x", "robots.txt", "a/b.c"] {
            assert!(looks_like_file(file), "{file}");
        }
    }
}
