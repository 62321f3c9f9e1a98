//! The hook that is asked before the public may hold or book.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use http::StatusCode;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::day::at;
use crate::test_server::{KEY, TestServer, answered, session};

/// A hook that answers what it is told to, and keeps what it was asked.
struct Hook {
    url: String,
    answer: Arc<Mutex<(StatusCode, String)>>,
    asked: Arc<Mutex<Vec<Value>>>,
    _serving: JoinSet<()>,
}

type Kept = (Arc<Mutex<(StatusCode, String)>>, Arc<Mutex<Vec<Value>>>);

async fn answer(State((answer, asked)): State<Kept>, body: String) -> (StatusCode, String) {
    asked.lock().unwrap().push(serde_json::from_str(&body).unwrap());
    let told = answer.lock().unwrap().clone();
    if told.1 == "never" {
        std::future::pending::<()>().await;
    }
    told
}

impl Hook {
    async fn open() -> Self {
        let (answer_of, asked) = (Arc::new(Mutex::new((StatusCode::OK, String::new()))), Arc::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/check?secret=s", listener.local_addr().unwrap());
        let router = Router::new().route("/check", post(answer)).with_state((answer_of.clone(), Arc::clone(&asked)));
        let mut serving = JoinSet::new();
        serving.spawn(async move { axum::serve(listener, router).await.unwrap() });
        let hook = Self { url, answer: answer_of, asked, _serving: serving };
        hook.says(200, json!({"allow": true}));
        hook
    }

    fn says(&self, status: u16, body: Value) {
        *self.answer.lock().unwrap() = (StatusCode::from_u16(status).unwrap(), body.to_string());
    }

    fn asked(&self) -> Vec<Value> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

fn beat(event_type: &Value, session: &str) -> Value {
    json!({"event_type_id": event_type, "start": at("10:00"), "session_id": session})
}

fn booking(event_type: &Value) -> Value {
    let booker = json!({"name": "Ada", "email": "ada@example.org"});
    json!({"event_type_id": event_type, "start": at("12:00"), "booker": booker})
}

#[tokio::test]
async fn a_hold_asks_once_and_a_booking_asks_with_the_name_of_who_books() {
    let hook = Hook::open().await;
    let server = TestServer::with(&["--check-url", &hook.url]).await;
    let (event_type, ada) = (json!(server.offer("room").await), session());
    let request = server.request(Method::POST, "presence/heartbeat").header("Check-Token", "captcha");
    assert_eq!(answered(request.json(&beat(&event_type, &ada))).await.status, 200);
    assert_eq!(server.post("presence/heartbeat", beat(&event_type, &ada)).await.status, 200);
    let asked = json!({"action": "hold", "event_type_id": event_type, "start": at("10:00"), "address": "127.0.0.1",
        "token": "captcha"});
    assert_eq!(hook.asked(), [asked], "renewing asks nobody");

    assert_eq!(server.post("bookings", booking(&event_type)).await.status, 201);
    let asked = json!({"action": "book", "event_type_id": event_type, "start": at("12:00"), "address": "127.0.0.1",
        "email": "ada@example.org"});
    assert_eq!(hook.asked(), [asked]);
}

#[tokio::test]
async fn a_booking_that_is_sent_again_asks_once() {
    let hook = Hook::open().await;
    let server = TestServer::with(&["--check-url", &hook.url]).await;
    let event_type = json!(server.offer("room").await);
    let book = async |key: &str, token: &str| {
        let request = server.request(Method::POST, "bookings").header("Idempotency-Key", key);
        answered(request.header("Check-Token", token).json(&booking(&event_type))).await
    };
    let made = book("once", "captcha").await;
    assert_eq!((made.status, hook.asked().len()), (201, 1));
    hook.says(403, json!({}));
    let again = book("once", "captcha").await;
    assert_eq!((again.status, &again.json["uid"]), (201, &made.json["uid"]), "the captcha is good once");
    assert_eq!(hook.asked(), [] as [Value; 0]);
    assert_eq!((book("twice", "captcha").await.status, hook.asked().len()), (403, 1));
}

#[tokio::test]
async fn whom_the_hook_refuses_is_told_why_and_operators_are_not_asked_about() {
    let hook = Hook::open().await;
    let server = TestServer::with(&["--check-url", &hook.url]).await;
    let event_type = json!(server.offer("room").await);
    for (status, body, detail) in [
        (200, json!({"allow": false, "detail": "Please solve the puzzle."}), "Please solve the puzzle."),
        (403, json!({"allow": true, "detail": "Not you."}), "Not you."),
        (403, json!("no object"), "this was not let through"),
        (200, json!({"allow": false}), "this was not let through"),
    ] {
        hook.says(status, body);
        for (path, body) in [("presence/heartbeat", beat(&event_type, &session())), ("bookings", booking(&event_type))]
        {
            let refused = server.post(path, body).await;
            assert_eq!((refused.status, refused.code()), (403, "permission_denied"), "{}", refused.text);
            assert_eq!(refused.json["detail"], detail);
        }
    }
    hook.asked();
    let request = server.request(Method::POST, "presence/heartbeat").bearer_auth(KEY);
    assert_eq!(answered(request.json(&beat(&event_type, &session()))).await.status, 200);
    assert_eq!(server.admin(Method::POST, "bookings", booking(&event_type)).await.status, 201);
    assert_eq!(hook.asked(), [] as [Value; 0]);
}

#[tokio::test]
async fn a_hook_that_says_nothing_that_can_be_read_keeps_the_door_closed() {
    let hook = Hook::open().await;
    let server = TestServer::with(&["--check-url", &hook.url]).await;
    let event_type = json!(server.offer("room").await);
    for (status, body) in [
        (500, json!({"allow": true})),
        (302, json!({"allow": true})),
        (200, json!("never")),
        (200, json!({"allow": "yes"})),
        (200, json!({"allow": true, "detail": "x".repeat(20_000)})),
    ] {
        hook.says(status, body.clone());
        if body == json!("never") {
            hook.answer.lock().unwrap().1 = "never".to_owned();
        }
        let began = Instant::now();
        let refused = server.post("presence/heartbeat", beat(&event_type, &session())).await;
        assert_eq!((refused.status, refused.code()), (503, "unavailable"), "{status}");
        assert!(began.elapsed() < Duration::from_secs(4), "nobody waits for it for long");
    }
}

#[tokio::test]
async fn one_address_keeps_the_hook_busy_with_a_few_questions_and_no_more() {
    let hook = Hook::open().await;
    let server = TestServer::with(&["--check-url", &hook.url, "--trusted-proxies", "127.0.0.1"]).await;
    let event_type = json!(server.offer("room").await);
    *hook.answer.lock().unwrap() = (StatusCode::OK, "never".to_owned());
    let ask = |from: &'static str| {
        let request = server.request(Method::POST, "presence/heartbeat").header("X-Forwarded-For", from);
        answered(request.json(&beat(&event_type, &session())))
    };
    let crowd = futures::future::join_all((0..40).map(|_| ask("203.0.113.1")));
    let (crowd, neighbour) = tokio::join!(crowd, ask("203.0.113.2"));
    let refused = crowd.iter().filter(|answer| answer.status == 429).count();
    assert_eq!(refused, 32, "the others waited for the hook");
    assert_eq!(neighbour.status, 503, "a neighbour has their own turn: {}", neighbour.text);
    assert_eq!(hook.asked().len(), 9);
}
