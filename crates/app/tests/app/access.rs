//! Who may do what: every operation of the document, with whatever a caller can show, is answered as the one table says.

use std::collections::BTreeSet;

use booking_domain::access::{Action, Role, may};
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use crate::tenants::{key, revoke, strangers_key};
use crate::test_server::{KEY, TestServer, session};

/// Operations whose names are not the table's.
const NAMED_OTHERWISE: [(&str, Action); 6] = [
    ("list_public_event_types", Action::ListBookingPages),
    ("get_public_event_type", Action::GetBookingPage),
    ("get_public_logo", Action::GetLogo),
    ("get_event_type_page", Action::GetPageAddress),
    ("watch_live_presence", Action::WatchPresence),
    ("get_booking_calendar", Action::GetBooking),
];
/// What the process says of itself, or takes note of, without asking the component or anybody for a key.
const FOR_EVERYBODY: [&str; 4] = ["is_alive", "is_ready", "show_metrics", "report_page_error"];

/// What somebody can show, and how that is understood.
enum Shown {
    Nothing,
    Key(String, Role),
    RevokedKey(String),
}

impl Shown {
    async fn all(server: &TestServer) -> [Self; 5] {
        let (id, revoked) = key(server, "admin").await;
        revoke(server, &id).await;
        [
            Self::Nothing,
            Self::RevokedKey(revoked),
            Self::Key(key(server, "front").await.1, Role::Front),
            Self::Key(strangers_key(server).await, Role::Owner),
            Self::Key(KEY.to_owned(), Role::Owner),
        ]
    }

    /// The status of a denial, if this is one. Over HTTP, whoever shows nothing is the public.
    fn denial(&self, action: Action) -> Option<u16> {
        match self {
            Self::Nothing => may(Role::Front, action).is_err().then_some(401),
            Self::Key(_, role) => may(*role, action).is_err().then_some(403),
            Self::RevokedKey(_) => Some(401),
        }
    }

    fn show(&self, request: RequestBuilder) -> RequestBuilder {
        match self {
            Self::Nothing => request,
            Self::Key(key, _) | Self::RevokedKey(key) => request.bearer_auth(key),
        }
    }
}

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nothing => f.write_str("nothing"),
            Self::Key(key, role) => write!(f, "the {role:?}'s key {key}"),
            Self::RevokedKey(_) => f.write_str("a revoked key"),
        }
    }
}

/// One operation of the document.
struct Operation {
    id: String,
    method: Method,
    path: String,
    /// How it is said that one proves who one is: by any of these.
    security: BTreeSet<String>,
}

fn operations() -> Vec<Operation> {
    let document = app::http::openapi::document();
    let paths = document["paths"].as_object().unwrap();
    let items = paths.iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| Operation {
            id: operation["operationId"].as_str().unwrap().to_owned(),
            method: method.to_uppercase().parse().unwrap(),
            path: path.clone(),
            security: schemes(operation),
        })
    });
    items.collect()
}

fn schemes(operation: &Value) -> BTreeSet<String> {
    let ways = operation["security"].as_array().into_iter().flatten();
    ways.flat_map(|way| way.as_object().unwrap().keys().cloned()).collect()
}

impl Operation {
    /// Its row in the table; none for what is for everybody.
    fn action(&self) -> Option<Action> {
        let named = |action: &&Action| snake_case(**action) == self.id;
        let otherwise = NAMED_OTHERWISE.iter().find(|(id, _)| *id == self.id).map(|(_, action)| *action);
        let action = Action::ALL.iter().find(named).copied().or(otherwise);
        assert_ne!(action.is_some(), FOR_EVERYBODY.contains(&self.id.as_str()), "{} is not in the table", self.id);
        action
    }

    /// A call of it about nothing that is there; with everything wrong with it that can be, or nothing but that.
    fn call(&self, server: &TestServer, all_wrong: bool) -> RequestBuilder {
        let (about, query, body) = if all_wrong { ("%00", "?x=1", "{") } else { (&*session(), "", "{}") };
        let path = self.path.split('/').map(|part| if part.starts_with('{') { about } else { part });
        let path = format!("{}{query}", path.collect::<Vec<_>>().join("/"));
        let request = server.request(self.method.clone(), &path);
        let has_body = [Method::POST, Method::PATCH].contains(&self.method);
        if has_body { request.header("content-type", "application/json").body(body) } else { request }
    }
}

/// An action as an operation is named: `list_bookings`.
fn snake_case(action: Action) -> String {
    let mut name = String::new();
    for letter in format!("{action:?}").chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    name
}

#[tokio::test]
async fn every_operation_is_answered_as_the_table_says_whatever_is_shown() {
    let server = TestServer::with(&["--rate-limit", "0"]).await;
    let all = Shown::all(&server).await;
    for operation in operations() {
        let action = operation.action();
        for (shown, all_wrong) in all.iter().flat_map(|shown| [(shown, true), (shown, false)]) {
            let answer = shown.show(operation.call(&server, all_wrong)).send().await.unwrap();
            let denied = Some(answer.status().as_u16()).filter(|status| [401, 403].contains(status));
            let expected = action.and_then(|action| shown.denial(action));
            assert_eq!(denied, expected, "{} with {shown}, all wrong: {all_wrong}", operation.id);
            assert_eq!(answer.headers().contains_key("www-authenticate"), denied == Some(401), "{}", operation.id);
        }
    }
}

/// Over HTTP no stream carries heartbeats: each is a call.
#[test]
fn every_row_of_the_table_but_one_is_an_operation() {
    let over_http: BTreeSet<_> = operations().iter().filter_map(Operation::action).map(snake_case).collect();
    let missing: Vec<_> = Action::ALL.iter().filter(|action| !over_http.contains(&snake_case(**action))).collect();
    assert_eq!(missing, [&Action::KeepAlive]);
}

#[test]
fn the_document_says_who_needs_a_key() {
    for operation in operations() {
        let for_operators = operation.action().is_some_and(|action| may(Role::Front, action).is_err());
        let only_key = operation.security == BTreeSet::from(["api_key".to_owned()]);
        assert_eq!(only_key, for_operators, "{}", operation.id);
    }
}
