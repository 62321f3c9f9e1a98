//! How often one address may ask, and who says which address that is.

use booking_client::{ApiKey, CallError, ManagementToken, RescheduleRequest, TransitionRequest, make_booking_api};
use booking_domain::allow::Allow;
use booking_domain::refusal::Refusal;
use reqwest::Method;
use serde_json::{Value, json};

use crate::day::{DAY, at};
use crate::test_server::{Answered, KEY, TestServer, answered, session};

#[tokio::test]
async fn a_flood_from_one_address_is_turned_away_and_told_when_to_come_back() {
    let server = TestServer::with(&["--rate-limit", "1", "--trusted-proxies", "127.0.0.0/8"]).await;
    let from = async |address: &str| {
        let request = server.request(Method::GET, "public/default/event-types");
        answered(request.header("X-Forwarded-For", address)).await
    };
    for _ in 0..5 {
        assert_eq!(from("1.2.3.4, 203.0.113.1").await.status, 200);
    }
    let refused = from("5.6.7.8, 203.0.113.1").await;
    assert_eq!((refused.status, refused.code()), (429, "rate_limited"));
    assert_eq!(refused.header("retry-after"), refused.json["retry_after"].to_string());
    assert_eq!(from("203.0.113.2").await.status, 200, "others are not concerned");
    let keyed = server.request(Method::GET, "resources").bearer_auth(KEY).header("X-Forwarded-For", "203.0.113.1");
    assert_eq!(answered(keyed).await.status, 200, "nor is an operator");
    assert_eq!(server.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn without_a_trusted_proxy_nobody_else_says_the_address() {
    let server = TestServer::with(&["--rate-limit", "1"]).await;
    let mut statuses = Vec::new();
    for i in 0..7 {
        let request = server.request(Method::GET, "public/default/event-types");
        statuses.push(answered(request.header("X-Forwarded-For", format!("203.0.113.{i}"))).await.status);
    }
    assert!(statuses.ends_with(&[429]), "{statuses:?}");
}

#[tokio::test]
async fn who_guesses_keys_is_turned_away() {
    let server = TestServer::with(&["--rate-limit", "1"]).await;
    let guess = async || answered(server.request(Method::GET, "resources").bearer_auth("hf_guess")).await.status;
    let mut statuses = Vec::new();
    for _ in 0..7 {
        statuses.push(guess().await);
    }
    assert!(statuses.starts_with(&[401; 5]) && statuses.ends_with(&[429]), "{statuses:?}");
    assert_eq!(server.get("public/default/event-types").await.status, 200);
}

/// Every way in which a secret can be shown over HTTP: method, path, secret, and what is said of a wrong one.
fn ways(event_type: &str, uid: &str) -> Vec<(Method, String, String, u16)> {
    let (key, words, token) = ("hf_guess".to_owned(), "plain words".to_owned(), "0123456789abcdef".repeat(4));
    let slots = format!("event-types/{event_type}/slots?from={DAY}&to={DAY}");
    let stream = format!("event-types/{event_type}/slots/stream?from={DAY}&to={DAY}");
    let mut ways = vec![
        (Method::GET, "resources".to_owned(), key.clone(), 401),
        (Method::POST, "resources".to_owned(), token.clone(), 401),
        (Method::GET, "resources".to_owned(), words.clone(), 401),
        (Method::GET, "public/default/event-types".to_owned(), key.clone(), 401),
        (Method::GET, slots, key.clone(), 401),
        (Method::GET, stream, words.clone(), 401),
        (Method::GET, "presence/live/stream".to_owned(), key.clone(), 401),
    ];
    for path in ["bookings", "presence/heartbeat", "presence/leave", "presence/extend", "presence/stream"] {
        ways.push((Method::POST, path.to_owned(), key.clone(), 401));
    }
    for (method, step) in [(Method::GET, ""), (Method::POST, "/cancel"), (Method::POST, "/reschedule")] {
        for (secret, said) in [(&key, 401), (&words, 404), (&token, 404)] {
            ways.push((method.clone(), format!("bookings/{uid}{step}"), secret.clone(), said));
        }
    }
    ways
}

#[tokio::test]
async fn every_wrong_secret_counts_by_every_way_and_no_right_one_is_refused() {
    let server = TestServer::with(&["--rate-limit", "1", "--trusted-proxies", "127.0.0.0/8"]).await;
    let event_type = server.offer("room").await;
    let made = server.book(&event_type, "10:00", None).await.json;
    let (uid, token) = (made["uid"].as_str().unwrap(), made["management_token"].as_str().unwrap());
    for (nth, (method, path, secret, said)) in ways(&event_type, uid).into_iter().enumerate() {
        let from = format!("203.0.113.{nth}");
        let shown = async |method: &Method, path: &str, secret: &str| {
            let request = server.request(method.clone(), path).header("X-Forwarded-For", &from).bearer_auth(secret);
            answered(request).await
        };
        let mut statuses = Vec::new();
        for _ in 0..8 {
            statuses.push(shown(&method, &path, &secret).await.status);
        }
        assert!(
            statuses.starts_with(&[said; 5]) && statuses.ends_with(&[429]),
            "{method} {path} {secret}: {statuses:?}"
        );
        for (path, secret) in
            [("resources", KEY), (&format!("bookings/{uid}"), token), (&format!("bookings/{uid}"), KEY)]
        {
            assert_eq!(shown(&Method::GET, path, secret).await.status, 200, "{secret} after {method} {path}");
        }
    }
    let metrics = server.get("/metrics").await.text;
    assert!(metrics.contains("holdfast_wrong_secrets_total{answer=\"refused\"}"), "{metrics}");
}

#[tokio::test]
async fn a_flood_from_an_address_does_not_keep_a_booker_behind_it_from_their_booking() {
    let server = TestServer::with(&["--rate-limit", "1"]).await;
    let event_type = server.offer("room").await;
    let made = server.book(&event_type, "10:00", None).await.json;
    let path = format!("bookings/{}", made["uid"].as_str().unwrap());
    while server.get("public/default/event-types").await.status == 200 {}
    let shown = async |method: Method, path: String| -> Answered {
        let request = server.request(method, &path).bearer_auth(made["management_token"].as_str().unwrap());
        answered(request.json(&json!({}))).await
    };
    assert_eq!(shown(Method::GET, path.clone()).await.status, 200);
    assert_eq!(shown(Method::POST, format!("{path}/cancel")).await.status, 200);
    let mut statuses = Vec::new();
    for _ in 0..7 {
        statuses.push(shown(Method::GET, path.clone()).await.status);
    }
    assert!(statuses.ends_with(&[429]), "a token has so many calls of its own: {statuses:?}");
}

#[tokio::test]
async fn a_key_of_a_front_is_nobody_special_over_http() {
    let server = TestServer::with(&["--rate-limit", "1"]).await;
    server.offer("room").await;
    let (_, key) = crate::tenants::key(&server, "front").await;
    let shown = async |path: &str| answered(server.request(Method::GET, path).bearer_auth(&key)).await.status;
    assert_eq!(shown("resources").await, 403);
    let mut statuses = Vec::new();
    for _ in 0..8 {
        statuses.push(shown("public/default/event-types").await);
    }
    assert!(statuses.starts_with(&[200; 5]) && statuses.ends_with(&[429]), "{statuses:?}");
}

#[tokio::test]
async fn wrong_secrets_count_over_grpc_and_right_ones_are_let_in() {
    let server = TestServer::with(&["--rate-limit", "0"]).await;
    let event_type = server.offer("room").await;
    let made = server.book(&event_type, "10:00", None).await.json;
    let id = made["uid"].as_str().unwrap().parse().unwrap();
    let right = ManagementToken::parse(made["management_token"].as_str().unwrap()).unwrap();
    let (_, front_key) = crate::tenants::key(&server, "front").await;
    let channel = booking_client::connect(&format!("http://{}", server.grpc)).unwrap();
    let api = |key: &str| make_booking_api(channel.clone()).with_key(ApiKey::parse(key).unwrap());
    let wrong = ManagementToken::parse(&"0123456789abcdef".repeat(4)).unwrap();
    let front = |last: u8| api(&front_key).on_behalf_of(None, Some([203, 0, 113, last].into()));
    let step = |token: &ManagementToken| TransitionRequest {
        id,
        management_token: Some(token.clone()),
        reason: Default::default(),
        version: None,
    };
    let start = booking_domain::DateTime::parse_from_rfc3339(&at("12:00")).unwrap().to_utc();
    let moved = RescheduleRequest {
        allow: Allow::NOTHING,
        id,
        start,
        duration_minutes: None,
        session_id: None,
        resource_id: None,
        reason: Default::default(),
        management_token: Some(wrong.clone()),
        version: None,
    };
    let (mut told, mut refused) = ([0; 4], [0; 4]);
    for _ in 0..130 {
        let answers = [
            api("hf_guess").get_organization().await.map(drop),
            front(1).get_booking(id, Some(&wrong)).await.map(drop),
            front(2).cancel_booking(&step(&wrong)).await.map(drop),
            front(3).reschedule_booking(&moved).await.map(drop),
        ];
        for (way, answer) in answers.into_iter().enumerate() {
            match answer {
                Err(CallError::Refused(Refusal::Unauthenticated | Refusal::NotFound { .. })) => told[way] += 1,
                Err(CallError::Refused(Refusal::RateLimited { .. })) => refused[way] += 1,
                other => panic!("{other:?}"),
            }
        }
    }
    assert!(told.iter().all(|told| *told >= 100) && refused.iter().all(|refused| *refused > 0), "{told:?} {refused:?}");
    api(KEY).get_organization().await.unwrap();
    front(1).get_booking(id, Some(&right)).await.unwrap();
    front(2).cancel_booking(&step(&right)).await.unwrap();
}

#[tokio::test]
async fn who_shows_nothing_or_something_for_somebody_else_guesses_nothing() {
    let server = TestServer::with(&["--rate-limit", "1"]).await;
    let id = server.offer("room").await;
    let beat = json!({"event_type_id": id, "start": at("10:00"), "duration_minutes": 30, "session_id": session()});
    for _ in 0..10 {
        assert_eq!(server.get("resources").await.status, 401);
        let basic = server.request(Method::GET, "resources").basic_auth("proxy", Some("password"));
        assert_eq!(answered(basic).await.status, 401);
    }
    assert_eq!(server.admin(Method::POST, "presence/heartbeat", beat).await.status, 200);
    assert_eq!(server.admin(Method::GET, "resources", Value::Null).await.status, 200);
}
