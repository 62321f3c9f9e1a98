//! Times for which resources are closed, as operators and visitors meet them over HTTP.

use booking_domain::limits;
use reqwest::Method;
use serde_json::{Value, json};

use crate::day::{DAY, at};
use crate::test_server::{Answered, KEY, TestServer, answered};

/// A room, and what is offered of it.
struct Room {
    server: TestServer,
    event_type: String,
    path: String,
}

impl Room {
    async fn open() -> Self {
        let server = TestServer::open().await;
        let event_type = server.offer("room").await;
        let offered = server.admin(Method::GET, &format!("event-types/{event_type}"), Value::Null).await.json;
        let resource = offered["requirements"][0]["resource_ids"][0].as_str().unwrap();
        Self { path: format!("resources/{resource}/blocks"), server, event_type }
    }

    async fn call(&self, method: Method, path: &str, fields: Value) -> Answered {
        self.server.admin(method, &format!("{}{path}", self.path), fields).await
    }

    /// How many slots begin at this hour that day.
    async fn offered(&self, hour: &str) -> usize {
        let query = format!("event-types/{}/slots?from={DAY}&to={DAY}&time_zone=UTC", self.event_type);
        let slots = self.server.get(&query).await.json;
        let starts = slots["slots"].as_array().unwrap().iter().map(|slot| slot["start"].as_str().unwrap());
        starts.filter(|start| start[11..].starts_with(hour)).count()
    }
}

#[tokio::test]
async fn a_room_is_closed_edited_and_opened_again() {
    let room = Room::open().await;
    let before = room.offered("14").await;
    assert!(before > 0);
    let booked = room.server.book(&room.event_type, "15:00", None).await.json["uid"].clone();
    let made =
        room.call(Method::POST, "", json!({"start": at("14:00"), "end": at("16:00"), "reason": "The tuner"})).await;
    assert_eq!(made.status, 201);
    assert_eq!(
        made.json["affected"],
        json!({"holds": 0, "waiting": 0, "bookings": [booked], "more": false, "keeping_buffers": 0})
    );
    assert_eq!((&made.json["source"], &made.json["external_id"]), (&Value::Null, &Value::Null));
    assert_eq!(room.offered("14").await, 0);
    let path = format!("/{}", made.json["id"].as_str().unwrap());
    let shown = room.call(Method::GET, &path, Value::Null).await;
    assert_eq!((&shown.json["reason"], &shown.json["version"]), (&json!("The tuner"), &json!(1)));
    let changed = room.call(Method::PATCH, &path, json!({"start": at("15:00"), "external_id": "tuner"})).await;
    assert_eq!(
        (&changed.json["end"], &changed.json["version"]),
        (&json!(at("16:00")), &json!(2)),
        "what is not named stays"
    );
    assert_eq!(changed.json["affected"]["bookings"], json!([booked]));
    assert_eq!(room.offered("14").await, before);
    let wrong = room.call(Method::PATCH, &path, json!({"end": at("15:00")})).await;
    assert_eq!(wrong.wrong(), ["end"]);
    let listed = room.call(Method::GET, &format!("?from={}", at("15:30")), Value::Null).await;
    assert_eq!(listed.json["blocks"].as_array().unwrap().len(), 1);
    let none = room.call(Method::GET, &format!("?from={}", at("16:00")), Value::Null).await;
    assert_eq!(none.json, json!({"blocks": [], "next_page_token": null}));
    let delete = room.server.request(Method::DELETE, &format!("{}{path}", room.path)).bearer_auth(KEY);
    let stale = answered(delete.try_clone().unwrap().header("if-match", "\"1\"")).await;
    assert_eq!((stale.code(), &stale.json["current_version"]), ("conflict", &json!(2)));
    assert_eq!(answered(delete.header("if-match", "\"2\"")).await.status, 204);
    assert_eq!(room.call(Method::GET, &path, Value::Null).await.status, 404);
}

#[tokio::test]
async fn a_calendar_is_replaced_whole_however_long_it_is() {
    let room = Room::open().await;
    // As long as each can be, and as many as there may be.
    let (reason, id) = ("\u{1f3b9}".repeat(limits::BLOCK_REASON_CHARS), "\u{1f3b9}".repeat(limits::NAME_CHARS - 4));
    let block = |n: usize| {
        let start = format!("2090-03-{:02}T{:02}:{:02}:00Z", 6 + n / 240, n / 10 % 24, n % 10 * 5);
        let end = format!("2090-03-{:02}T{:02}:{:02}:00Z", 6 + n / 240, n / 10 % 24, n % 10 * 5 + 5);
        json!({"start": start, "end": end, "reason": reason, "external_id": format!("{id}{n:04}")})
    };
    let said = |blocks: Vec<Value>| json!({"from": "2090-03-06T00:00:00Z", "to": "2090-03-10T00:00:00Z", "source": "calendar", "blocks": blocks});
    let all = said((0..limits::BLOCKS_PER_CALL).map(block).collect());
    let replaced = room.call(Method::PUT, "", all.clone()).await;
    assert_eq!(replaced.status, 200, "{:?}", replaced.json["detail"]);
    assert_eq!(replaced.json["blocks"].as_array().unwrap().len(), limits::BLOCKS_PER_CALL);
    let again = room.call(Method::PUT, "", all).await;
    assert!(again.json == replaced.json, "what is said again changes nothing");
    assert_eq!(replaced.json["blocks"][0]["source"], "calendar");
    let cleared = room.call(Method::PUT, "", said(Vec::new())).await;
    assert_eq!(cleared.json["blocks"], json!([]));
    let too_many = room
        .call(Method::PUT, "", said((0..=limits::BLOCKS_PER_CALL).map(|n| json!({"start": n.to_string()})).collect()))
        .await;
    assert_eq!(too_many.wrong(), ["blocks"]);
}

#[tokio::test]
async fn what_a_block_would_do_is_shown_before_it_is_made() {
    let room = Room::open().await;
    let booked = room.server.book(&room.event_type, "15:00", None).await.json["uid"].clone();
    let resource = room.path.split('/').nth(1).unwrap();
    let block = json!({"resource_id": resource, "start": at("14:00"), "end": at("16:00")});
    let asked = json!({"event_type_id": room.event_type, "from": DAY, "to": DAY, "block": block});
    let would = room.server.admin(Method::POST, "availability/preview", asked).await.json;
    let starts = |of: &str| {
        let slots = would[of].as_array().unwrap().iter();
        slots.map(|slot| slot["start"].as_str().unwrap()[11..16].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        (starts("gone"), starts("new")),
        (vec!["14:00".to_owned(), "14:30".to_owned(), "15:30".to_owned()], Vec::new())
    );
    assert!(starts("slots").contains(&"16:00".to_owned()));
    assert_eq!(would["affected"]["bookings"], json!([booked]));
    assert!(room.offered("14").await > 0, "nothing is stored");
}
