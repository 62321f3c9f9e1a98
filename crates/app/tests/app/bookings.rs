//! Bookings: made, seen, and looked after.

use reqwest::Method;
use serde_json::{Value, json};

use crate::day::at;
use crate::test_server::{Answered, KEY, TestServer, answered, booking, client, session};

async fn bearing(server: &TestServer, (method, path): (Method, &str), bearer: &str, body: Value) -> Answered {
    let request = server.request(method, path).bearer_auth(bearer);
    answered(if body.is_null() { request } else { request.json(&body) }).await
}

#[tokio::test]
async fn a_booking_answers_all_that_the_booker_needs() {
    let server = TestServer::with(&["--public-url", "https://book.example.org"]).await;
    let questions = json!([{"key": "why", "label": "Why?", "kind": "text", "required": true}, {"key": "ok", "label": "Ok?", "kind": "checkbox"}]);
    let id = server
        .offer_with("room", json!({"questions": questions, "location": {"kind": "online", "value": "https://x"}}))
        .await;
    let mut body = booking(&id, "10:00", None);
    body["answers"] = json!({"why": "because", "ok": true});
    body["booker"] = json!({"name": "Ada", "email": "ada@example.org", "phone": "+49 40 1234", "notes": "hi"});
    let made = server.post("bookings", body.clone()).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let (uid, token) = (made.json["uid"].as_str().unwrap(), made.json["management_token"].as_str().unwrap());
    assert_eq!(made.json["manage_url"], format!("https://book.example.org/bookings/{uid}#token={token}"));
    assert_eq!(made.json["status"], "confirmed");
    assert_eq!((&made.json["start"], &made.json["end"]), (&json!(at("10:00")), &json!(at("10:30"))));
    assert_eq!(made.json["booker"], body["booker"]);
    assert_eq!(made.json["answers"], body["answers"]);
    assert_eq!(made.json["resources"][0]["name"], "Room");
    assert_eq!(made.json["resource_ids"][0], made.json["resources"][0]["id"]);
    assert_eq!(made.json["location"]["kind"], "online");
    assert_eq!((&made.json["time_zone"], &made.json["event_type_title"]), (&json!("Europe/Berlin"), &json!("A room")));
    let mut wrong = booking(&id, "11:00", None);
    wrong["answers"] = json!({"ok": "yes", "what": "x"});
    let wrong = server.post("bookings", wrong).await;
    assert_eq!((wrong.status, wrong.code()), (400, "invalid_argument"), "{}", wrong.text);
}

#[tokio::test]
async fn only_the_token_or_a_key_shows_a_booking() {
    let server = TestServer::open().await;
    let id = server.offer("room").await;
    let made = server.book(&id, "10:00", None).await.json;
    let path = format!("bookings/{}", made["uid"].as_str().unwrap());
    let other = server.book(&id, "11:00", None).await.json;
    let shown = async |bearer: &str| bearing(&server, (Method::GET, &path), bearer, Value::Null).await;
    assert_eq!(server.get(&path).await.status, 404);
    for stranger in [other["management_token"].as_str().unwrap(), &"0".repeat(64), "nonsense"] {
        assert_eq!(shown(stranger).await.code(), "not_found", "{stranger}");
    }
    assert_eq!(shown("hf_unknown").await.code(), "unauthenticated");
    for good in [made["management_token"].as_str().unwrap(), KEY] {
        let seen = shown(good).await;
        assert_eq!((seen.status, &seen.json["uid"]), (200, &made["uid"]));
        assert!(seen.json.get("management_token").is_none());
    }
}

#[tokio::test]
async fn a_key_that_looks_like_a_token_is_tried_as_a_key() {
    let key = "a".repeat(64);
    let mut server = TestServer::open().await;
    let id = server.offer("room").await;
    let uid = server.book(&id, "10:00", None).await.json["uid"].as_str().unwrap().to_owned();
    server.close().await;
    let again = TestServer::with(&["--database-url", &server.database(), "--admin-key", &key]).await;
    let path = format!("bookings/{uid}");
    assert_eq!(bearing(&again, (Method::GET, &path), &key, Value::Null).await.status, 200);
    assert_eq!(bearing(&again, (Method::GET, &path), &"b".repeat(64), Value::Null).await.code(), "not_found");
}

#[tokio::test]
async fn the_booker_moves_and_cancels_with_the_token() {
    let server = TestServer::open().await;
    let id = server.offer("room").await;
    let made = server.book(&id, "10:00", None).await.json;
    let (uid, token) = (made["uid"].as_str().unwrap(), made["management_token"].as_str().unwrap());
    let (reschedule, cancel) = (format!("bookings/{uid}/reschedule"), format!("bookings/{uid}/cancel"));
    for path in [&reschedule, &cancel] {
        assert_eq!(server.post(path, json!({"start": at("12:00")})).await.status, 404, "{path}");
    }
    // Onto a time that overlaps its own.
    let moved =
        bearing(&server, (Method::POST, &reschedule), token, json!({"start": at("10:00"), "duration_minutes": 60}))
            .await;
    assert_eq!(
        (moved.status, &moved.json["uid"], &moved.json["end"]),
        (200, &made["uid"], &json!(at("11:00"))),
        "{}",
        moved.text
    );
    assert_eq!(server.book(&id, "10:30", None).await.code(), "slot_booked");
    let wrong = bearing(&server, (Method::POST, &reschedule), token, json!({"start": "soon"})).await;
    assert_eq!(wrong.wrong(), ["start"]);
    let cancelled = bearing(&server, (Method::POST, &cancel), token, json!({"reason": "ill"})).await;
    assert_eq!((&cancelled.json["status"], &cancelled.json["ended_reason"]), (&json!("cancelled"), &json!("ill")));
    assert_eq!(bearing(&server, (Method::POST, &cancel), token, Value::Null).await.code(), "conflict");
    assert_eq!(server.book(&id, "10:30", None).await.status, 201);
    let history = server.admin(Method::GET, &format!("bookings/{uid}/history"), Value::Null).await.json;
    let kinds: Vec<_> = history["entries"].as_array().unwrap().iter().map(|e| e["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["created", "rescheduled", "cancelled"]);
    assert_eq!(history["entries"][2]["actor"], "booker");
}

#[tokio::test]
async fn the_operator_confirms_declines_and_completes() {
    let server = TestServer::open().await;
    let id = server.offer_with("room", json!({"requires_confirmation": true})).await;
    let made = async |time: &str| server.book(&id, time, None).await.json["uid"].as_str().unwrap().to_owned();
    let step = async |uid: &str, step: &str, body: Value| {
        server.admin(Method::POST, &format!("bookings/{uid}/{step}"), body).await
    };
    let (first, second) = (made("10:00").await, made("11:00").await);
    assert_eq!(step(&first, "complete", Value::Null).await.code(), "conflict");
    assert_eq!(step(&first, "confirm", json!({"version": 7})).await.code(), "conflict");
    assert_eq!(step(&first, "confirm", Value::Null).await.json["status"], "confirmed");
    for (of, told, reason) in
        [(&first, "complete", "not_started"), (&first, "no-show", "not_started"), (&first, "confirm", "wrong_status")]
    {
        let refused = step(of, told, json!({})).await;
        assert_eq!((refused.code(), &refused.json["reason"]), ("conflict", &json!(reason)), "{told}");
    }
    let stale = step(&first, "cancel", json!({"version": 7})).await.json;
    assert_eq!((&stale["reason"], &stale["current_version"]), (&json!("stale_version"), &json!(2)));
    assert_eq!(step(&second, "decline", json!({"reason": "full"})).await.json["status"], "declined");
    assert_eq!(server.book(&id, "11:00", None).await.status, 201, "declining frees");
}

#[tokio::test]
async fn bookings_are_found_by_each_filter() {
    let server = TestServer::open().await;
    let (id, other) = (server.offer("room").await, server.offer("other").await);
    let first = server.book(&id, "10:00", None).await.json;
    server.book(&other, "12:00", None).await;
    let found = async |query: &str| {
        let answer = server.admin(Method::GET, &format!("bookings?{query}"), Value::Null).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json["bookings"].as_array().unwrap().len()
    };
    let resource = first["resource_ids"][0].as_str().unwrap();
    for (query, count) in [
        ("", 2),
        ("status=confirmed", 2),
        ("status=pending", 0),
        (&format!("resource_id={resource}"), 1),
        (&format!("event_type_id={id}"), 1),
        ("email=ADA@example.org", 2),
        ("email=eve@example.org", 0),
        ("q=ada", 2),
        (&format!("from={}", at("11:00")), 1),
        (&format!("to={}", at("11:00")), 1),
    ] {
        assert_eq!(found(query).await, count, "{query}");
    }
    let wrong = server.admin(Method::GET, "bookings?status=x&from=y&resource_id=z&page_size=0", Value::Null).await;
    assert_eq!(wrong.wrong(), ["status", "resource_id", "from", "page_size"]);
}

#[tokio::test]
async fn an_idempotency_key_is_its_callers_own() {
    let server = TestServer::open().await;
    let id = server.offer("room").await;
    let book = async |key: Option<&str>, time: &str, session: Option<&str>| {
        let request = server.request(Method::POST, "bookings").header("Idempotency-Key", "order-1");
        let request = key.iter().fold(request, |request, key| request.bearer_auth(key));
        answered(request.json(&booking(&id, time, session))).await
    };
    let stranger = book(None, "09:00", None).await;
    assert_eq!(stranger.status, 201, "{}", stranger.text);
    let operator = book(Some(KEY), "10:00", None).await;
    assert_eq!(operator.status, 201, "a stranger's key is not the operator's: {}", operator.text);
    let ours = session();
    let by_session = book(None, "11:00", Some(&ours)).await;
    assert_eq!(by_session.status, 201, "a key at an address is not a session's: {}", by_session.text);
    for (key, time, session, first) in [
        (None, "09:00", None, stranger),
        (Some(KEY), "10:00", None, operator),
        (None, "11:00", Some(&*ours), by_session),
    ] {
        assert_eq!(book(key, time, session).await.json, first.json);
    }
    assert_eq!(book(Some(KEY), "09:00", None).await.code(), "idempotency_mismatch");
}

#[tokio::test]
async fn the_same_key_gives_the_same_booking() {
    let server = TestServer::open().await;
    let id = server.offer("room").await;
    let body = booking(&id, "10:00", None);
    let book = async |body: &Value| {
        answered(server.request(Method::POST, "bookings").header("Idempotency-Key", "once").json(body)).await
    };
    let (first, again) = (book(&body).await, book(&body).await);
    assert_eq!((first.status, again.status), (201, 201), "{}", again.text);
    assert_eq!(
        (&first.json["uid"], &first.json["management_token"]),
        (&again.json["uid"], &again.json["management_token"])
    );
    assert_eq!(book(&booking(&id, "11:00", None)).await.code(), "idempotency_mismatch");
}

#[tokio::test]
async fn a_hold_becomes_a_booking_and_nobody_elses() {
    let server = TestServer::open().await;
    let id = server.offer("room").await;
    let (holder, stranger) = (session(), session());
    assert_eq!(server.beat(&id, "10:00", &holder).await.json["state"], "holding");
    for other in [None, Some(stranger.as_str())] {
        let refused = server.book(&id, "10:00", other).await;
        assert_eq!((refused.status, refused.code()), (409, "slot_held"), "{}", refused.text);
        assert!(refused.json["held_until"].is_string());
        assert_eq!(refused.json["alternatives"].as_array().unwrap().len(), 5);
        assert!(refused.json["alternatives"][0]["start"].is_string());
    }
    assert_eq!(server.book(&id, "10:00", Some(&holder)).await.status, 201);
    let refused = server.book(&id, "10:00", None).await;
    assert_eq!((refused.status, refused.code()), (409, "slot_booked"));
    assert!(!refused.json["reasons"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn a_rush_for_overlapping_times_books_no_instant_twice() {
    let server = TestServer::with(&["--rate-limit", "0", "--max-presences-per-address", "0"]).await;
    let id = server.offer("room").await;
    let mut rush = futures::stream::FuturesUnordered::new();
    for i in 0..200 {
        let mut body = booking(&id, if i % 2 == 0 { "10:00" } else { "10:30" }, None);
        body["duration_minutes"] = json!(if i % 4 < 2 { 60 } else { 30 });
        rush.push(server.post("bookings", body));
    }
    let mut taken: Vec<(String, String)> = Vec::new();
    while let Some(answer) = futures::StreamExt::next(&mut rush).await {
        match answer.status {
            201 => taken.push((answer.json["start"].to_string(), answer.json["end"].to_string())),
            409 => {}
            status => panic!("{status}: {}", answer.text),
        }
    }
    taken.sort();
    assert!(!taken.is_empty());
    assert!(taken.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{taken:?}");
}

#[tokio::test]
async fn a_link_or_a_number_is_for_whom_the_visit_is_confirmed() {
    let server = TestServer::open().await;
    let link = "https://meet.example/room?pwd=s3cret";
    let more = json!({"location": {"kind": "online", "value": link}, "requires_confirmation": true});
    let id = server.offer_with("call", more).await;
    let made = server.book(&id, "10:00", None).await;
    let (uid, token) = (made.json["uid"].as_str().unwrap(), made.json["management_token"].as_str().unwrap());
    let mine = async || bearing(&server, (Method::GET, &format!("bookings/{uid}")), token, Value::Null).await;
    let step = async |step: &str| server.admin(Method::POST, &format!("bookings/{uid}/{step}"), Value::Null).await;

    let page = server.get("public/default/event-types/call").await;
    let list = server.get("public/default/event-types").await;
    for public in [&page, &list, &made, &mine().await] {
        assert!(public.text.contains("online") && !public.text.contains("s3cret"), "{}", public.text);
    }
    let document = answered(client().get(format!("{}/default/call", server.url))).await.text;
    assert!(document.contains("A room") && !document.contains("s3cret"), "{document}");

    assert_eq!(step("confirm").await.json["location"]["value"], link);
    assert_eq!(mine().await.json["location"], json!({"kind": "online", "value": link}));
    assert_eq!(step("cancel").await.json["location"]["value"], link, "its operators know it");
    assert_eq!(mine().await.json["location"], json!({"kind": "online", "value": ""}));
}
