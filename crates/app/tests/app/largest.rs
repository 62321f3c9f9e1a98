//! The largest of everything that the rules allow arrives, however its letters are written; and what is wrong with it is told.

use booking_domain::limits;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Map, Value, json};

use crate::test_server::{Answered, KEY, TestServer, answered, booking};

/// A letter of four bytes, which JSON may write as twelve.
const LONG: &str = "\u{20bb7}";
/// A letter of three bytes, which JSON may write as six.
const WIDE: &str = "\u{5927}";

/// JSON in ASCII alone, as many programs write it (RFC 8259, 7).
fn escaped(body: &Value) -> String {
    let text = body.to_string();
    let letters = text.chars().map(|c| match c {
        c if c.is_ascii() => c.to_string(),
        c => c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect(),
    });
    letters.collect()
}

/// Sends this as an operator, or as the public.
async fn send(server: &TestServer, (method, path): (Method, &str), key: Option<&str>, body: &Value) -> Answered {
    let request = server.request(method, path).header(CONTENT_TYPE, "application/json").body(escaped(body));
    answered(key.into_iter().fold(request, |request, key| request.bearer_auth(key))).await
}

async fn made(server: &TestServer, path: &str, body: &Value) -> Value {
    let answer = send(server, (Method::POST, path), Some(KEY), body).await;
    assert_eq!(answer.status, 201, "{} {}", path, answer.text.chars().take(300).collect::<String>());
    answer.json
}

fn question(n: usize, label: &str, options: &[String]) -> Value {
    let kind = if options.is_empty() { "textarea" } else { "select" };
    json!({"key": format!("{}{n:02}", "k".repeat(61)), "label": label, "kind": kind, "required": false, "options": options})
}

/// As many questions as there may be, with as many options, of which each is as long as all together may be.
fn questions() -> Vec<Value> {
    let label = LONG.repeat(limits::NAME_CHARS);
    let all = limits::QUESTIONS * limits::QUESTION_OPTIONS;
    let each = (limits::QUESTIONS_CHARS - limits::QUESTIONS * limits::NAME_CHARS) / all;
    let option = |n: usize| format!("{n:03}{}", LONG.repeat(each - 3));
    let options: Vec<String> = (0..limits::QUESTION_OPTIONS).map(option).collect();
    (0..limits::QUESTIONS).map(|n| question(n, &label, &options)).collect()
}

async fn largest_event_type(server: &TestServer) -> Value {
    let room = |n: usize| json!({"name": format!("Room {n}"), "kind": "room", "time_zone": "UTC"});
    let mut rooms = Vec::new();
    for n in 0..limits::REQUIREMENT_RESOURCES {
        rooms.push(made(server, "resources", &room(n)).await["id"].clone());
    }
    let text = LONG.repeat(limits::TEXT_CHARS);
    let requirement = json!({"count": 1, "resource_ids": rooms});
    json!({
        "slug": "s".repeat(limits::SLUG_BYTES), "title": LONG.repeat(limits::NAME_CHARS), "description": text,
        "durations_minutes": (1..=limits::DURATIONS).collect::<Vec<_>>(), "questions": questions(),
        "schedule_id": made(server, "schedules", &largest_schedule()).await["id"],
        "requirements": vec![requirement; limits::REQUIREMENTS], "location": {"kind": "other", "value": text},
    })
}

/// Every hour of every week, and of every day of two years.
fn largest_schedule() -> Value {
    let hour = |hour: usize| json!({"start": format!("{hour:02}:00"), "end": format!("{:02}:00", hour + 1)});
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let weekly = days.iter().flat_map(|day| {
        (0..24).map(move |n| {
            let mut window = hour(n);
            window["weekday"] = json!(day);
            window
        })
    });
    let first: chrono::NaiveDate = "2027-01-01".parse().unwrap();
    let hours: Vec<Value> = (0..limits::OVERRIDE_WINDOWS).map(hour).collect();
    let days = (0..limits::OVERRIDES as u64).map(|n| json!({"date": first + chrono::Days::new(n), "hours": hours}));
    json!({
        "name": LONG.repeat(limits::NAME_CHARS), "time_zone": "UTC",
        "weekly_hours": weekly.collect::<Vec<_>>(), "overrides": days.collect::<Vec<_>>(),
    })
}

#[tokio::test]
async fn the_largest_event_type_arrives_and_a_larger_one_is_refused_by_name() {
    let server = TestServer::with(&["--rate-limit", "0"]).await;
    let mut event_type = largest_event_type(&server).await;
    let stored = made(&server, "event-types", &event_type).await;
    let path = format!("event-types/{}", stored["id"].as_str().unwrap());
    let shown = server.admin(Method::GET, &path, Value::Null).await.json;
    assert!(shown["questions"] == event_type["questions"], "every letter is there");
    let page = server.get(&format!("public/default/event-types/{}", "s".repeat(limits::SLUG_BYTES))).await;
    assert!(page.json["event_type"]["questions"] == event_type["questions"], "for the public, too");
    let change = json!({"questions": event_type["questions"], "description": ""});
    let changed = send(&server, (Method::PATCH, &path), Some(KEY), &change).await;
    assert_eq!((changed.status, &changed.json["version"]), (200, &json!(2)));

    let longer = format!("{}{LONG}", event_type["questions"][0]["options"][0].as_str().unwrap());
    event_type["questions"][0]["options"][0] = json!(longer);
    event_type["slug"] = json!("larger");
    let refused = send(&server, (Method::POST, "event-types"), Some(KEY), &event_type).await;
    assert_eq!((refused.status, refused.wrong()), (400, vec!["questions"]));
    assert_eq!(refused.json["errors"][0]["message"], "must have at most 100000 characters in all");
}

#[tokio::test]
async fn the_largest_organization_arrives() {
    let server = TestServer::open().await;
    let mut logo = b"\x89PNG\r\n\x1a\n".to_vec();
    logo.resize(limits::LOGO_BYTES, 0);
    let logo = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, logo);
    let networks: Vec<String> = (0..limits::BLOCKED_ENTRIES).map(|n| format!("2001:db8:ffff:{n:x}::/64")).collect();
    let letters = LONG.repeat((limits::EMAIL_BYTES - 16) / LONG.len());
    let emails: Vec<String> = (0..limits::BLOCKED_ENTRIES).map(|n| format!("{letters}{n:03}@example.org")).collect();
    let change = json!({
        "name": LONG.repeat(limits::NAME_CHARS), "logo": format!("data:image/png;base64,{logo}"),
        "blocked": {"addresses": networks, "emails": emails},
    });
    let changed = send(&server, (Method::PATCH, "organization"), Some(KEY), &change).await;
    assert_eq!(changed.status, 200, "{}", changed.text.chars().take(300).collect::<String>());
}

/// As many answers as there may be, as long as all together may be.
fn answers(count: usize) -> Map<String, Value> {
    let text = WIDE.repeat(limits::ANSWERS_CHARS / limits::QUESTIONS);
    (0..count).map(|n| (format!("{}{n:02}", "k".repeat(61)), json!(text))).collect()
}

#[tokio::test]
async fn the_most_that_a_booker_may_say_arrives() {
    let server = TestServer::open().await;
    let questions: Vec<Value> = (0..limits::QUESTIONS).map(|n| question(n, "Why?", &[])).collect();
    let id = server.offer_with("room", json!({"questions": questions})).await;
    let mut body = booking(&id, "10:00", None);
    let notes = WIDE.repeat(limits::TEXT_CHARS);
    body["booker"] = json!({
        "name": WIDE.repeat(limits::NAME_CHARS), "email": format!("{}@example.org", "a".repeat(limits::EMAIL_BYTES - 12)),
        "phone": "1".repeat(40), "notes": notes,
    });
    body["answers"] = answers(limits::QUESTIONS).into();
    let booked = send(&server, (Method::POST, "bookings"), None, &body).await;
    assert_eq!(booked.status, 201, "{}", booked.text.chars().take(300).collect::<String>());
    let path = format!("bookings/{}", booked.json["uid"].as_str().unwrap());
    let token = booked.json["management_token"].as_str().unwrap();
    let change = json!({"booker": {"notes": notes, "name": "Ada"}, "answers": body["answers"]});
    for (key, change) in [(token, change.clone()), (KEY, json!({"answers": change["answers"], "staff_notes": notes}))] {
        assert_eq!(send(&server, (Method::PATCH, &path), Some(key), &change).await.status, 200);
    }
    let longest = format!("{}00", "k".repeat(61));
    body["answers"][&longest] = json!(WIDE.repeat(limits::ANSWERS_CHARS / limits::QUESTIONS + 1));
    let refused = send(&server, (Method::POST, "bookings"), None, &body).await;
    assert_eq!((refused.status, refused.wrong()), (400, vec!["answers"]));
}

#[tokio::test]
async fn as_many_wrong_answers_are_told_as_there_are() {
    let server = TestServer::open().await;
    let asked =
        |n: usize| json!({"key": format!("question-{n}"), "label": "Which?", "kind": "select", "options": ["a", "b"]});
    let questions: Vec<Value> = (0..limits::QUESTIONS).map(asked).collect();
    let id = server.offer_with("room", json!({"questions": questions})).await;
    let mut body = booking(&id, "10:00", None);
    let wrong: Map<String, Value> = (0..limits::QUESTIONS).map(|n| (format!("question-{n}"), json!("c"))).collect();
    body["answers"] = wrong.into();
    let refused = server.post("bookings", body).await;
    assert_eq!((refused.status, refused.wrong().len()), (400, limits::QUESTIONS));
}
