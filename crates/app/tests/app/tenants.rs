//! Tenants cannot see each other.

use app::cli::{Cli, CliCommand};
use booking_component::keyring::Scope;
use booking_component::open_keyring;
use booking_component::store::organizations::{self, StoredOrganization};
use booking_component::store::{Store, StoreSettings};
use booking_domain::id::OrganizationId;
use booking_domain::organization::OrganizationSpec;
use booking_domain::schedule::Stamp;
use booking_domain::text::{Name, Slug};
use clap::Parser;
use reqwest::Method;
use serde_json::{Value, json};

use crate::day::{DAY, at};
use crate::test_server::{Answered, TestServer, answered, booking, session};

async fn with_key(server: &TestServer, (method, path): (Method, &str), key: &str) -> Answered {
    answered(server.request(method, path).bearer_auth(key)).await
}

/// A key that allows this, made as an operator makes one, and its id.
pub(crate) async fn key(server: &TestServer, role: &str) -> (String, String) {
    let database = server.database();
    let flags = ["holdfast", "keys", "create", "--database-url", &database, "--name", "a test", "--role", role];
    let CliCommand::Keys(keys) = Cli::try_parse_from(flags).unwrap().command else { panic!() };
    let told = app::cli::keys::run(keys.action).await.unwrap();
    let (id, key) = told.trim().split_once('\n').unwrap();
    (id.to_owned(), key.to_owned())
}

/// Revokes a key beside the server, as an operator does.
pub(crate) async fn revoke(server: &TestServer, id: &str) {
    let flags = ["holdfast", "keys", "revoke", "--database-url", &server.database(), id];
    let CliCommand::Keys(keys) = Cli::try_parse_from(flags).unwrap().command else { panic!() };
    app::cli::keys::run(keys.action).await.unwrap();
}

/// The `admin` key of another organization, which begins to exist.
pub(crate) async fn strangers_key(server: &TestServer) -> String {
    let now = booking_domain::DateTime::from_timestamp(1_700_000_000, 0).unwrap();
    let organization = StoredOrganization {
        id: OrganizationId::new(session().parse().unwrap()),
        slug: Slug::parse("other").unwrap(),
        spec: OrganizationSpec::named(Name::parse("Other").unwrap()),
        catalog_version: 1,
        stamp: Stamp { created_at: now, updated_at: now, version: 1 },
    };
    let store = Store::open(&server.database(), StoreSettings::default()).await.unwrap();
    let mut tx = store.write().await.unwrap();
    organizations::insert(&mut tx, &organization).await.unwrap();
    tx.commit().await.unwrap();
    store.close().await;
    let keyring = open_keyring(&server.database()).await.unwrap();
    let made = keyring.create(Scope::Admin(organization.id), Name::parse("theirs").unwrap()).await.unwrap();
    keyring.close().await;
    made.1
}

#[tokio::test]
async fn another_organization_sees_nothing_and_changes_nothing() {
    let server = TestServer::open().await;
    let id = server.offer("room").await;
    let uid = server.book(&id, "10:00", None).await.json["uid"].as_str().unwrap().to_owned();
    let event_type = server.admin(Method::GET, &format!("event-types/{id}"), Value::Null).await.json;
    let schedule = event_type["schedule_id"].as_str().unwrap();
    let resource = event_type["requirements"][0]["resource_ids"][0].as_str().unwrap();
    let key = strangers_key(&server).await;
    for path in ["resources", "schedules", "event-types", "bookings", "presence/live"] {
        let answer = with_key(&server, (Method::GET, path), &key).await;
        let lists: Vec<&Value> = answer.json.as_object().unwrap().values().filter(|value| value.is_array()).collect();
        assert_eq!((answer.status, lists), (200, vec![&json!([])]), "{path}");
    }
    let theirs = with_key(&server, (Method::GET, "organization"), &key).await.json;
    assert_eq!(theirs["slug"], "other", "each key has its own organization");
    let renamed =
        answered(server.request(Method::PATCH, "organization").bearer_auth(&key).json(&json!({"name": "X"}))).await;
    assert_eq!(renamed.status, 200);
    assert_eq!(server.get("public/default/event-types").await.json["organization"]["name"], "Holdfast");
    let mut calls = Vec::new();
    for thing in [format!("resources/{resource}"), format!("schedules/{schedule}"), format!("event-types/{id}")] {
        for method in [Method::GET, Method::PATCH, Method::DELETE] {
            calls.push((method, thing.clone(), json!({"name": "theirs"})));
        }
    }
    for step in ["confirm", "decline", "complete", "cancel"] {
        calls.push((Method::POST, format!("bookings/{uid}/{step}"), json!({})));
    }
    calls.push((Method::POST, format!("bookings/{uid}/reschedule"), json!({"start": at("12:00")})));
    calls.push((Method::GET, format!("bookings/{uid}"), json!({})));
    calls.push((Method::GET, format!("bookings/{uid}/history"), json!({})));
    let range = format!("from={DAY}&to={DAY}");
    let slot = format!("start={}&duration_minutes=30", at("12:00"));
    for path in
        [format!("days?{range}"), format!("slots?{range}"), format!("slots/stream?{range}"), format!("explain?{slot}")]
    {
        calls.push((Method::GET, format!("event-types/{id}/{path}"), json!({})));
    }
    calls.push((Method::GET, format!("presence?event_type_id={id}&{slot}"), json!({})));
    calls.push((Method::POST, "bookings".to_owned(), booking(&id, "12:00", None)));
    let beat = json!({"event_type_id": id, "start": at("12:00"), "duration_minutes": 30, "session_id": session()});
    calls.push((Method::POST, "presence/heartbeat".to_owned(), beat));
    for (method, path, body) in calls {
        let answer = answered(server.request(method.clone(), &path).bearer_auth(&key).json(&body)).await;
        assert_eq!((answer.status, answer.code()), (404, "not_found"), "{method} {path}");
    }
    let mut stolen = event_type.clone();
    for name in ["id", "created_at", "updated_at", "version"] {
        stolen.as_object_mut().unwrap().remove(name);
    }
    let answer = answered(server.request(Method::POST, "event-types").bearer_auth(&key).json(&stolen)).await;
    assert!((400..500).contains(&answer.status), "others' resources cannot be offered: {}", answer.text);
    let after = server.admin(Method::GET, &format!("event-types/{id}"), Value::Null).await.json;
    assert_eq!(after, event_type);
}

#[tokio::test]
async fn a_front_elsewhere_serves_the_same_over_grpc() {
    let server = TestServer::open().await;
    let id = server.offer("room").await;
    let (_, key) = key(&server, "front").await;
    let far = TestServer::with(&["--component-url", &format!("http://{}", server.grpc), "--front-key", &key]).await;
    assert_eq!(far.get("/readyz").await.status, 200);
    let holder = session();
    assert_eq!(far.beat(&id, "10:00", &holder).await.json["state"], "holding");
    assert_eq!(server.beat(&id, "10:00", &session()).await.json["state"], "waiting");
    assert_eq!(server.book(&id, "10:00", None).await.code(), "slot_held");
    assert_eq!(far.book(&id, "10:00", Some(&holder)).await.status, 201);
    let list = far.admin(Method::GET, "bookings", Value::Null).await.json;
    assert_eq!(list["bookings"].as_array().unwrap().len(), 1);
    let mut wrong = booking(&id, "11:00", None);
    wrong["resource_id"] = json!(session());
    let refused = far.post("bookings", wrong).await;
    assert!((400..500).contains(&refused.status), "{}", refused.text);
    assert_eq!(
        far.get(&format!("presence?event_type_id={id}&start={}&duration_minutes=30", at("10:00"))).await.status,
        200
    );
}

#[tokio::test]
async fn a_front_whose_component_is_away_says_so() {
    let far = TestServer::with(&["--component-url", "http://127.0.0.1:1", "--front-key", "hf_x"]).await;
    assert_eq!(far.get("/healthz").await.status, 200);
    for path in ["/readyz", "public/default/event-types"] {
        let answer = far.get(path).await;
        assert_eq!((answer.status, answer.code()), (503, "unavailable"), "{path}");
        assert_eq!(answer.header("retry-after"), "1");
    }
}
