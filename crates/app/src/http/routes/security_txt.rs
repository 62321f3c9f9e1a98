//! Where to report a fault in security, for programs and people who look for it in the usual place (RFC 9116).

use std::time::SystemTime;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use http::HeaderName;
use http::header::CONTENT_TYPE;

use crate::http::state::SharedState;

/// Where it is (RFC 9116, 3).
const PATH: &str = "/.well-known/security.txt";
/// How long what it says can be relied on, in days: less than a year is recommended (RFC 9116, 2.5.5).
const GOOD_FOR_DAYS: i64 = 90;

/// The route, for a server whose operator says where to report.
pub fn routes() -> Router<SharedState> {
    Router::new().route(PATH, get(show))
}

#[expect(clippy::disallowed_methods, reason = "the file says until when it is good, and nothing is decided by it")]
async fn show(State(app): State<SharedState>) -> ([(HeaderName, &'static str); 1], String) {
    let expires = DateTime::<Utc>::from(SystemTime::now()) + TimeDelta::days(GOOD_FOR_DAYS);
    let contact = app.security_contact.as_deref().unwrap_or_default();
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], text(contact, &app.public_url, expires))
}

fn text(contact: &str, public_url: &str, expires: DateTime<Utc>) -> String {
    let expires = expires.to_rfc3339_opts(SecondsFormat::Secs, true);
    format!("Contact: {contact}\nExpires: {expires}\nCanonical: {public_url}{PATH}\nPreferred-Languages: en, de\n")
}
