//! Tenants cannot see each other.

use app::cli::{Cli, Command};
use clap::Parser;
use reqwest::Method;
use serde_json::{Value, json};

use crate::house::{Answered, House, answered, at, booking, session};

/// Every call about one thing of another organization: nothing is there.
#[tokio::test]
async fn a_front_key_may_do_nothing_that_an_operator_may() {
    let house = House::open().await;
    let id = house.offer("room").await;
    let uid = house.book(&id, "10:00", None).await.json["uid"].as_str().unwrap().to_owned();
    let key = front_key(&house).await;
    for (method, path) in [
        (Method::GET, "resources".to_owned()),
        (Method::GET, "schedules".to_owned()),
        (Method::GET, "event-types".to_owned()),
        (Method::GET, "bookings".to_owned()),
        (Method::GET, "presence/live".to_owned()),
        (Method::GET, format!("event-types/{id}")),
        (Method::GET, format!("bookings/{uid}/history")),
        (Method::POST, format!("bookings/{uid}/confirm")),
    ] {
        let answer = with_key(&house, (method, &path), &key).await;
        assert_eq!((answer.status, answer.code()), (403, "permission_denied"), "{path}");
    }
    let seen = with_key(&house, (Method::GET, &format!("bookings/{uid}")), &key).await;
    assert!([403, 404].contains(&seen.status), "{}", seen.text);
}

async fn with_key(house: &House, (method, path): (Method, &str), key: &str) -> Answered {
    answered(house.request(method, path).bearer_auth(key)).await
}

/// A key with the role of a front, made as an operator makes one.
async fn front_key(house: &House) -> String {
    let database = format!("sqlite://{}", house.folder.path().join("holdfast.db").display());
    let flags = ["holdfast", "keys", "create", "--database-url", &database, "--name", "a front", "--role", "front"];
    let Command::Keys(keys) = Cli::try_parse_from(flags).unwrap().command else { panic!() };
    app::keys::run(keys.action).await.unwrap().lines().last().unwrap().to_owned()
}

#[tokio::test]
async fn a_front_elsewhere_serves_the_same_over_grpc() {
    let house = House::open().await;
    let id = house.offer("room").await;
    let key = front_key(&house).await;
    let far = House::with(&["--component-url", &format!("http://{}", house.grpc), "--front-key", &key]).await;
    assert_eq!(far.get("/readyz").await.status, 200);
    let holder = session();
    assert_eq!(far.beat(&id, "10:00", &holder).await.json["state"], "holding");
    assert_eq!(house.beat(&id, "10:00", &session()).await.json["state"], "waiting");
    assert_eq!(house.book(&id, "10:00", None).await.code(), "slot_held");
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
    let far = House::with(&["--component-url", "http://127.0.0.1:1", "--front-key", "hf_x"]).await;
    assert_eq!(far.get("/healthz").await.status, 200);
    for path in ["/readyz", "public/default/event-types"] {
        let answer = far.get(path).await;
        assert_eq!((answer.status, answer.code()), (503, "unavailable"), "{path}");
        assert_eq!(answer.header("retry-after"), "1");
    }
}
