//! Every error is a problem, whatever it is about.

use app::http::model::problem::Problem;
use axum::response::IntoResponse;
use booking_client::CallError;
use booking_domain::code::Code;
use booking_domain::finding::{Finding, Reason};
use booking_domain::interval::Interval;
use booking_domain::refusal::{Loss, Refusal};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::day::{DAY, at};
use crate::test_server::{Answered, KEY, TestServer, answered, over_http2};

fn is_problem(answer: &Answered) -> bool {
    let told = ["type", "title", "detail", "code"].iter().all(|member| answer.json[*member].is_string());
    told && answer.header("content-type") == "application/problem+json" && answer.json["status"] == answer.status
}

fn refusal(code: Code) -> Option<Refusal> {
    let minute = at("10:00").parse().unwrap();
    let reasons = vec![Finding { reason: Reason::Booked, detail: "because".to_owned() }];
    let alternatives = vec![Interval::lasting(minute, 30).unwrap()];
    Some(match code {
        Code::InvalidArgument => Refusal::field("a.b", "is wrong"),
        Code::Unauthenticated => Refusal::Unauthenticated,
        Code::PermissionDenied => Refusal::PermissionDenied,
        Code::NotFound => Refusal::not_found("thing"),
        Code::SlotHeld => Refusal::SlotHeld { held_until: minute, alternatives },
        Code::SlotBooked => Refusal::SlotBooked { reasons, alternatives },
        Code::HoldLost => Refusal::HoldLost(Loss::Ended),
        Code::Conflict => Refusal::conflict("in the way"),
        Code::IdempotencyMismatch => Refusal::IdempotencyMismatch,
        Code::SlotUnavailable => Refusal::SlotUnavailable { reasons, alternatives },
        Code::TooManyHolds => Refusal::too_many_holds("too many", Some(7)),
        Code::TooManyBookings => Refusal::too_many_bookings("too many", Some(7)),
        Code::RateLimited => Refusal::RateLimited { retry_after_s: 7 },
        Code::Unavailable => Refusal::Unavailable,
        Code::Internal => return None,
    })
}

/// The members that only some codes have.
fn extras(code: Code) -> Vec<&'static str> {
    match code {
        Code::InvalidArgument => vec!["errors"],
        Code::SlotHeld => vec!["held_until", "alternatives"],
        Code::SlotBooked | Code::SlotUnavailable => vec!["reasons", "alternatives"],
        Code::TooManyHolds | Code::TooManyBookings | Code::RateLimited | Code::Unavailable => vec!["retry_after"],
        Code::Internal => vec!["request_id"],
        _ => vec![],
    }
}

#[tokio::test]
async fn every_code_becomes_its_problem() {
    for code in Code::ALL {
        let error = refusal(code).map_or(CallError::Failed { request_id: Some("r-1".to_owned()) }, CallError::Refused);
        let response = Problem::from(error).into_response();
        assert_eq!(response.status().as_u16(), code.http_status(), "{code:?}");
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        let waits = extras(code).contains(&"retry_after");
        assert_eq!(response.headers().contains_key("retry-after"), waits, "{code:?}");
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        let json: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((&json["code"], &json["status"]), (&json!(code.slug()), &json!(code.http_status())));
        assert_eq!(json["type"], format!("urn:holdfast:problem:{}", code.slug()));
        let mut members: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
        members.retain(|member| !["type", "title", "status", "detail", "code"].contains(member));
        let mut expected = extras(code);
        expected.sort_unstable();
        assert_eq!(members, expected, "{code:?}");
    }
}

#[tokio::test]
async fn the_document_names_the_codes_and_reasons_that_there_are() {
    let document = app::http::openapi::document();
    let names = |schema: &str| document["components"]["schemas"][schema]["enum"].clone();
    assert_eq!(names("ProblemCode"), Code::ALL.iter().map(|code| code.slug()).collect::<Value>());
    assert_eq!(names("ReasonCode"), Reason::ALL.iter().map(|reason| reason.slug()).collect::<Value>());
}

#[tokio::test]
async fn what_no_route_serves_is_a_problem() {
    let server = TestServer::open().await;
    for path in ["/api", "/api/v1/nothing", "/api/v2/bookings", "/api/v1/bookings/x/y/z"] {
        let answer = server.get(path).await;
        assert_eq!((answer.status, answer.code(), is_problem(&answer)), (404, "not_found", true), "{path}");
    }
    for (method, path, allowed) in [
        (Method::PUT, "bookings", "POST"),
        (Method::GET, "presence/heartbeat", "POST"),
        (Method::DELETE, "event-types/x/slots", "GET"),
        (Method::POST, "/healthz", "GET"),
    ] {
        let answer = answered(server.request(method, path)).await;
        assert_eq!((answer.status, is_problem(&answer)), (405, true), "{path}");
        assert!(answer.header("allow").contains(allowed), "{path}: {}", answer.header("allow"));
    }
}

#[tokio::test]
async fn what_is_no_id_names_nothing() {
    let server = TestServer::open().await;
    for path in ["event-types/x/slots", "event-types/x/days", "event-types/%FF/explain", "event-types/x/slots/stream"] {
        let answer = server.get(&format!("{path}?from={DAY}&to={DAY}&start={}", at("10:00"))).await;
        assert_eq!((answer.status, answer.code(), is_problem(&answer)), (404, "not_found", true), "{path}");
    }
    for path in ["resources/x", "schedules/x", "event-types/x", "bookings/x/history", "bookings/x"] {
        let answer = server.admin(Method::GET, path, Value::Null).await;
        assert_eq!((answer.status, answer.code(), is_problem(&answer)), (404, "not_found", true), "{path}");
    }
}

#[tokio::test]
async fn a_body_that_is_none_is_a_problem() {
    let server = TestServer::open().await;
    let post = async |kind: &str, body: String| {
        answered(server.request(Method::POST, "bookings").header("Content-Type", kind).body(body)).await
    };
    for (kind, body, status, field) in [
        ("application/json", "{".to_owned(), 400, "body"),
        ("application/json", "[]".to_owned(), 400, "body"),
        ("application/json", "null".to_owned(), 400, "body"),
        ("application/json", "\u{0}".to_owned(), 400, "body"),
        ("application/json", r#"{"event_type_id": 5}"#.to_owned(), 400, "event_type_id"),
        ("application/json", r#"{"booker": {"name": []}}"#.to_owned(), 400, "booker.name"),
        ("application/json", r#"{"bookr": {}}"#.to_owned(), 400, "bookr"),
        ("application/json", format!("\"{}\"", "x".repeat(129 * 1024)), 413, "body"),
        ("text/plain", "{}".to_owned(), 415, "content-type"),
        ("application/json-patch+json", "{}".to_owned(), 415, "content-type"),
        ("application/merge-patch+json", "{}".to_owned(), 415, "content-type"),
    ] {
        let answer = post(kind, body).await;
        assert_eq!(
            (answer.status, answer.code(), answer.wrong()),
            (status, "invalid_argument", vec![field]),
            "{}",
            answer.text
        );
        assert!(is_problem(&answer));
    }
    let deep = format!("{{\"answers\": {}1{}}}", "[".repeat(5_000), "]".repeat(5_000));
    assert_eq!(post("application/json", deep).await.status, 400);
    let empty = answered(server.request(Method::POST, "bookings")).await;
    let expected = ["event_type_id", "start", "booker.name", "booker.email"];
    assert_eq!((empty.status, empty.wrong()), (400, expected.to_vec()));
}

#[tokio::test]
async fn a_start_may_have_any_offset_and_is_a_whole_minute() {
    let server = TestServer::open().await;
    let id = server.offer("room").await;
    let explain = async |start: &str| server.get(&format!("event-types/{id}/explain?start={start}")).await;
    assert_eq!(explain(&format!("{DAY}T12:00:00%2B02:00")).await.json["bookable"], true);
    for wrong in ["2027-03-06T10:00:30Z", "2027-03-06T10:00:00.001Z", "2027-03-06T10:00:00", "10:00", ""] {
        let answer = explain(wrong).await;
        assert_eq!((answer.status, answer.wrong()), (400, vec!["start"]), "{wrong}");
    }
    let twice = server.get(&format!("event-types/{id}/explain?start={0}&start={0}", at("10:00"))).await;
    assert_eq!((twice.status, is_problem(&twice)), (400, true));
}

#[tokio::test]
async fn what_is_no_key_is_a_wrong_one() {
    let server = TestServer::open().await;
    for authorization in ["Bearer wrong", "Bearer ", "Basic abc", "Bearer \u{e4}", &format!("Bearer {KEY}x")] {
        let request = server.request(Method::GET, "resources");
        let value = reqwest::header::HeaderValue::from_bytes(authorization.as_bytes()).unwrap();
        let answer = answered(request.header("Authorization", value)).await;
        assert_eq!((answer.status, answer.code()), (401, "unauthenticated"), "{authorization}");
    }
}

#[tokio::test]
async fn a_booking_is_not_there_before_a_body_is_wrong() {
    let server = TestServer::with(&["--rate-limit", "0"]).await;
    let id = server.offer("room").await;
    let made = server.book(&id, "10:00", None).await.json;
    let (uid, token) = (made["uid"].as_str().unwrap(), made["management_token"].as_str().unwrap());
    for step in ["cancel", "reschedule"] {
        for secret in ["plain words", &"f".repeat(64)] {
            let request = server.request(Method::POST, &format!("bookings/{uid}/{step}")).bearer_auth(secret);
            let answer = answered(request.header("content-type", "application/json").body("{")).await;
            assert_eq!((answer.status, answer.code()), (404, "not_found"), "{step} {secret}");
        }
        let request = server.request(Method::POST, &format!("bookings/{uid}/{step}")).bearer_auth(token);
        let answer = answered(request.header("content-type", "application/json").body("{")).await;
        assert_eq!((answer.status, answer.wrong()), (400, vec!["body"]), "{step}");
    }
}

/// The whole answer to these bytes.
async fn raw(server: &TestServer, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(server.url.strip_prefix("http://").unwrap()).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn what_cannot_be_read_is_a_problem_too() {
    let server = TestServer::open().await;
    let long = format!("GET / HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n", "x".repeat(40 * 1024));
    let many = format!("GET / HTTP/1.1\r\nhost: a\r\n{}\r\n", "x: y\r\n".repeat(200));
    for (bytes, status, field) in [
        (long.as_bytes(), 431, "headers"),
        (many.as_bytes(), 431, "headers"),
        (b"\x16\x03\x01\x02\x00 hello\r\n\r\n".as_slice(), 400, "request"),
        (b"GET / HTTP/3.7\r\n\r\n", 400, "request"),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400, "request"),
    ] {
        let answer = raw(&server, bytes).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{head}");
        assert!(head.contains("content-type: application/problem+json"), "{head}");
        let problem: Value = serde_json::from_str(body).unwrap();
        assert_eq!((&problem["status"], &problem["errors"][0]["field"]), (&json!(status), &json!(field)));
    }
    let long = http::Request::get("/").header("x", "x".repeat(40 * 1024));
    let answer = over_http2(server.url.strip_prefix("http://").unwrap(), long).await;
    assert_eq!((answer.status, answer.wrong(), is_problem(&answer)), (431, vec!["headers"], true));
}
