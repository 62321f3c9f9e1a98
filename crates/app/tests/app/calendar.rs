//! Bookings as calendars read them (RFC 5545).

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};

use crate::day::at;
use crate::test_server::{Answered, KEY, TestServer, answered, booking};

/// The properties of a calendar and its event, unfolded and unescaped; a line that is none fails.
fn properties(file: &str) -> BTreeMap<String, String> {
    assert!(file.ends_with("END:VCALENDAR\r\n") && !file.replace("\r\n", "").contains(['\r', '\n']), "{file:?}");
    for line in file.split("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
    }
    let lines = file.replace("\r\n ", "");
    let property = |line: &str| {
        let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("{line:?} is no property"));
        (name.to_owned(), value.to_owned())
    };
    lines.lines().map(property).filter(|(name, _)| !["BEGIN", "END"].contains(&name.as_str())).collect()
}

async fn calendar(server: &TestServer, made: &Value, bearer: &str) -> Answered {
    let path = format!("bookings/{}/calendar.ics", made["uid"].as_str().unwrap());
    answered(server.request(Method::GET, &path).bearer_auth(bearer)).await
}

fn compact(time: &str) -> String {
    at(time).replace(['-', ':'], "")
}

#[tokio::test]
async fn a_calendar_is_told_of_a_booking_and_of_what_becomes_of_it() {
    let server = TestServer::with(&["--public-url", "https://book.example.org"]).await;
    let link = "https://meet.example/room?pwd=s3cret";
    let more = json!({
        "title": "Live room, with engineer; \\ loud", "requires_confirmation": true,
        "location": {"kind": "online", "value": link},
    });
    let id = server.offer_with("call", more).await;
    let made = server.book(&id, "10:00", None).await.json;
    let token = made["management_token"].as_str().unwrap();
    let uid = made["uid"].as_str().unwrap();
    let step = async |step: &str, body: Value| {
        let answer = server.admin(Method::POST, &format!("bookings/{uid}/{step}"), body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    };

    let asked = calendar(&server, &made, token).await;
    assert_eq!(asked.header("content-type"), "text/calendar; charset=utf-8; method=PUBLISH");
    let told = properties(&asked.text);
    let is = |name: &str, value: &str| assert_eq!(told[name], value, "{}", asked.text);
    is("UID", uid);
    is("SEQUENCE", "0");
    is("STATUS", "TENTATIVE");
    is("METHOD", "PUBLISH");
    is("DTSTART", &compact("10:00"));
    is("DTEND", &compact("10:30"));
    is("SUMMARY", r"Live room\, with engineer\; \\ loud");
    is("DESCRIPTION", &format!("https://book.example.org/bookings/{uid}#token={token}"));
    assert!(told["DTSTAMP"].ends_with('Z') && !told.contains_key("LOCATION"), "{}", asked.text);

    step("confirm", json!({})).await;
    let told = properties(&calendar(&server, &made, token).await.text);
    assert_eq!((&*told["STATUS"], &*told["SEQUENCE"], &*told["LOCATION"]), ("CONFIRMED", "1", link));
    step("reschedule", json!({"start": at("12:00")})).await;
    server.admin(Method::PATCH, &format!("bookings/{uid}"), json!({"staff_notes": "Owes us tea"})).await;
    let told = properties(&calendar(&server, &made, token).await.text);
    assert_eq!((&*told["UID"], &*told["SEQUENCE"], &told["DTSTART"]), (uid, "2", &compact("12:00")));
    step("cancel", json!({})).await;
    let ended = calendar(&server, &made, token).await;
    let told = properties(&ended.text);
    assert_eq!((&*told["STATUS"], &*told["SEQUENCE"], &*told["METHOD"]), ("CANCELLED", "3", "CANCEL"));
    assert!(!ended.text.contains("s3cret") && !ended.text.contains("tea"), "{}", ended.text);
    assert_eq!(ended.header("content-type"), "text/calendar; charset=utf-8; method=CANCEL");
}

#[tokio::test]
async fn no_text_begins_a_line_of_its_own() {
    let server = TestServer::open().await;
    for (n, odd) in ["\n", "\r\n", "\r", "\u{2028}", "\u{2029}"].into_iter().enumerate() {
        let value = format!("Pier 4{odd}ATTENDEE:mailto:x@example.org{odd}{}", "Größe 大 ".repeat(30));
        let more = json!({"location": {"kind": "in_person", "value": value}});
        let id = server.offer_with(&format!("pier-{n}"), more).await;
        let made = server.post("bookings", booking(&id, "10:00", None)).await.json;
        let file = calendar(&server, &made, KEY).await.text;
        let told = properties(&file);
        assert!(!told.contains_key("ATTENDEE") && told["LOCATION"].starts_with(r"Pier 4\nATTENDEE:mailto"), "{file}");
        assert!(!file.contains("token"), "an operator has no booker's link: {file}");
    }
}

#[tokio::test]
async fn a_calendar_is_for_whom_the_booking_is() {
    let server = TestServer::open().await;
    let id = server.offer("room").await;
    let made = server.book(&id, "10:00", None).await.json;
    assert_eq!(calendar(&server, &made, &"0".repeat(64)).await.code(), "not_found");
    let path = format!("bookings/{}/calendar.ics", made["uid"].as_str().unwrap());
    assert_eq!(server.get(&path).await.code(), "not_found");
    assert_eq!(calendar(&server, &made, KEY).await.status, 200);
}
