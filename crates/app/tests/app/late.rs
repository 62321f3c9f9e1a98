//! What the public is told of times: which come next, and until when a visit can be changed without its host.

use booking_domain::{DateTime, Utc};
use chrono::{DurationRound, SecondsFormat, TimeDelta};
use reqwest::Method;
use serde_json::json;

use crate::day::{at, now};
use crate::test_server::{KEY, TestServer, answered, booking};

/// A whole hour, in so many days and hours from now.
fn from_now(days: i64, hours: i64) -> String {
    let hour = now().duration_trunc(TimeDelta::hours(1)).unwrap();
    (hour + TimeDelta::days(days) + TimeDelta::hours(hours)).to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[tokio::test]
async fn the_public_is_told_until_when_it_may_change_a_booking_and_held_to_it() {
    let server = TestServer::open().await;
    let rules = json!({"cancel_until_minutes": 2_880, "move_until_minutes": 1_440, "reconfirm_moves": false});
    let id = server.offer_with("room", rules.clone()).await;
    let shown = server.get("public/default/event-types/room").await.json["event_type"].clone();
    for field in ["cancel_until_minutes", "move_until_minutes", "reconfirm_moves"] {
        assert_eq!(shown[field], rules[field], "{field}");
    }
    let mut body = booking(&id, "10:00", None);
    body["start"] = json!(from_now(1, 12));
    let made = server.post("bookings", body).await.json;
    let path = format!("bookings/{}", made["uid"].as_str().unwrap());
    let change = async |step: &str, bearer: &str| {
        let request = server.request(Method::POST, &format!("{path}/{step}")).bearer_auth(bearer);
        answered(request.json(&json!({"start": from_now(0, 12)}))).await
    };
    let token = made["management_token"].as_str().unwrap();
    let cancel = async |bearer: &str| {
        answered(server.request(Method::POST, &format!("{path}/cancel")).bearer_auth(bearer)).await
    };
    assert_eq!(cancel(token).await.json["reason"], "too_late", "in less than two days");
    assert_eq!(change("reschedule", token).await.status, 200, "in more than one");
    let again = answered(
        server
            .request(Method::POST, &format!("{path}/reschedule"))
            .bearer_auth(token)
            .json(&json!({"start": from_now(3, 0)})),
    );
    assert_eq!(again.await.json["reason"], "too_late", "in less than one");
    assert_eq!(cancel(KEY).await.status, 200, "an operator always may");
}

#[tokio::test]
async fn the_next_free_times_are_told_with_their_dates() {
    let server = TestServer::open().await;
    let id = server.offer("room").await;
    server.book(&id, "10:00", None).await;
    let after = at("09:30");
    let next = async |query: &str| server.get(&format!("event-types/{id}/next?{query}")).await;
    let told = next(&format!("count=2&after={after}&time_zone=Pacific/Kiritimati")).await;
    assert_eq!(told.status, 200, "{}", told.text);
    let starts: Vec<_> = told.json["slots"].as_array().unwrap().iter().map(|slot| &slot["start"]).collect();
    assert_eq!(starts, [&json!(at("10:30")), &json!(at("11:00"))]);
    assert_eq!(told.json["time_zone"], "Pacific/Kiritimati");
    assert_eq!(told.json["slots"][0]["end"], at("11:00"));
    let tomorrow = at("12:00").parse::<DateTime<Utc>>().unwrap().date_naive().succ_opt().unwrap();
    assert_eq!(told.json["slots"][0]["date"], tomorrow.to_string(), "fourteen hours ahead");
    for (query, field) in [("", "count"), ("count=0", "count"), ("count=11", "count"), ("count=1&after=soon", "after")]
    {
        assert_eq!(next(query).await.wrong(), [field], "{query}");
    }
    assert_eq!(next("count=1").await.json["slots"].as_array().unwrap().len(), 1, "from now on");
}

#[tokio::test]
async fn where_nobody_says_how_far_ahead_it_is_a_year() {
    let server = TestServer::open().await;
    let id = server.offer("room").await;
    for (days, bookable) in [(364, true), (367, false)] {
        let start = from_now(days, 0);
        let told = server.get(&format!("event-types/{id}/explain?start={start}")).await.json;
        assert_eq!(told["bookable"], bookable, "{told}");
        assert!(bookable || told["reasons"][0]["code"] == "horizon", "{told}");
    }
    let mut far = booking(&id, "10:00", None);
    far["start"] = json!("2226-03-04T10:00:00Z");
    assert_eq!(server.post("bookings", far).await.code(), "slot_unavailable");
}
