//! Presence: holding, waiting, leaving, and who is told what.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::day::{DAY, Day, at};
use crate::test_server::{KEY, TestServer, answered, session};

#[tokio::test]
async fn the_first_holds_and_the_others_wait_in_line() {
    let server = TestServer::open().await;
    let id = server.offer("room").await;
    let sessions = [session(), session(), session()];
    for (i, session) in sessions.iter().enumerate() {
        let place = server.beat(&id, "10:00", session).await;
        assert_eq!((place.status, &place.json["position"]), (200, &json!(i)), "{}", place.text);
    }
    for (i, session) in sessions.iter().enumerate() {
        let place = server.beat(&id, "10:00", session).await.json;
        let is_holder = i == 0;
        assert_eq!(place["state"], if is_holder { "holding" } else { "waiting" });
        assert_eq!(place["position"], i);
        assert_eq!(place["waiting"], 2);
        assert_eq!(place["hold_deadline"].is_string(), is_holder);
        assert_eq!(place["resource_ids"].as_array().unwrap().len(), usize::from(is_holder));
        assert_eq!(place["version"].as_i64().unwrap() > 0, is_holder);
        assert_eq!(place["heartbeat_interval_ms"], 5_000);
        assert!(place["expires_at"].as_str().unwrap().ends_with('Z'));
    }
    let query = format!("presence?event_type_id={id}&start={}&duration_minutes=30", at("10:00"));
    let room = server.get(&query).await;
    let states: Vec<_> =
        room.json["present"].as_array().unwrap().iter().map(|p| p["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["holding", "waiting", "waiting"]);
    let live = server.admin(Method::GET, "presence/live", Value::Null).await;
    assert_eq!(live.json["presences"].as_array().unwrap().len(), 3);
    for shown in [&room.text, &live.text] {
        assert!(sessions.iter().all(|session| !shown.contains(session)), "{shown}");
    }
}

#[tokio::test]
async fn leaving_promotes_and_is_anybodys_own() {
    let server = TestServer::open().await;
    let id = server.offer("room").await;
    let (first, second) = (session(), session());
    let room = server.beat(&id, "10:00", &first).await.json["room"].clone();
    let place = server.beat(&id, "10:00", &second).await.json;
    let leave = async |who: &str| server.post("presence/leave", json!({"room": room, "session_id": who})).await;
    assert_eq!(leave(&session()).await.status, 204, "an unknown session is fine");
    let pseudonym = server.post("presence/leave", json!({"room": room, "session_id": place["who"]})).await;
    assert_eq!((pseudonym.status, pseudonym.wrong()), (400, vec!["session_id"]));
    assert_eq!(server.beat(&id, "10:00", &first).await.json["state"], "holding");
    // As `sendBeacon` sends it.
    let beacon = server.request(Method::POST, "presence/leave").header("Content-Type", "text/plain;charset=UTF-8");
    let beacon = answered(beacon.body(json!({"room": room, "session_id": first}).to_string())).await;
    assert_eq!((beacon.status, beacon.text.as_str()), (204, ""));
    assert_eq!(server.beat(&id, "10:00", &second).await.json["state"], "holding");
    assert_eq!(leave(&second).await.status, 204);
    assert_eq!(leave(&second).await.status, 204);
}

#[tokio::test]
async fn data_is_shown_to_the_room_as_json() {
    let server = TestServer::open().await;
    let id = server.offer("room").await;
    let mut body = json!({"event_type_id": id, "start": at("10:00"), "session_id": session(), "data": {"name": "Ada"}});
    assert_eq!(server.post("presence/heartbeat", body.clone()).await.status, 200);
    let query = format!("presence?event_type_id={id}&start={}", at("10:00"));
    assert_eq!(server.get(&query).await.json["present"][0]["data"], json!({"name": "Ada"}));
    body["data"] = json!("x".repeat(1_100));
    assert_eq!(server.post("presence/heartbeat", body).await.wrong(), ["data"]);
}

#[tokio::test]
async fn a_hold_ends_when_its_heartbeats_do_and_cannot_be_extended_early() {
    let server = TestServer::with(&["--hold-ttl-ms", "600"]).await;
    let id = server.offer("room").await;
    let holder = session();
    let place = server.beat(&id, "10:00", &holder).await.json;
    assert_eq!(place["heartbeat_interval_ms"], 240);
    let early = server.post("presence/extend", json!({"room": place["room"], "session_id": holder})).await;
    assert_eq!((early.status, early.code()), (409, "conflict"), "{}", early.text);
    let query = format!("event-types/{id}/slots?from={DAY}&to={DAY}");
    let slots = server.get(&query).await.json;
    let state = |slots: &Value| {
        slots["slots"].as_array().unwrap().iter().find(|s| s["start"] == at("10:00")).unwrap()["state"].clone()
    };
    assert_eq!(state(&slots), "held");
    let freed = async {
        while state(&server.get(&query).await.json) != "free" {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_millis(1_600), freed).await.unwrap();
}

#[tokio::test]
async fn days_slots_and_explanations_agree() {
    let server = TestServer::open().await;
    let id = server.offer("room").await;
    server.book(&id, "10:00", None).await;
    server.beat(&id, "12:00", &session()).await;
    let range = format!("from={DAY}&to={}", Day(1));
    let days = server.get(&format!("event-types/{id}/days?{range}")).await.json;
    assert_eq!(days, json!({"days": [{"date": DAY, "free": 46, "held": 1}, {"date": Day(1), "free": 48, "held": 0}]}));
    let slots = server.get(&format!("event-types/{id}/slots?{range}&duration_minutes=60&time_zone=UTC")).await.json;
    let starts: Vec<_> =
        slots["slots"].as_array().unwrap().iter().map(|slot| slot["start"].as_str().unwrap()).collect();
    assert!(starts.is_sorted() && !starts.contains(&at("09:30").as_str()));
    let explain = async |time: &str| server.get(&format!("event-types/{id}/explain?start={}", at(time))).await.json;
    assert_eq!(explain("13:00").await, json!({"bookable": true, "reasons": []}));
    assert_eq!(explain("10:00").await["reasons"][0]["code"], "booked");
    assert_eq!(explain("13:10").await["reasons"][0]["code"], "off_grid");
    let wrong = server
        .get(&format!("event-types/{id}/slots?from={DAY}&to=soon&duration_minutes=x&time_zone=Moon&resource_id=y"))
        .await;
    assert_eq!(wrong.wrong(), ["to", "duration_minutes", "time_zone", "resource_id"]);
    for (range, field) in [
        (format!("to={DAY}"), "from"),
        (format!("from={DAY}&to={}", Day(-1)), "to"),
        (format!("from={DAY}&to={}", Day(62)), "to"),
    ] {
        assert_eq!(server.get(&format!("event-types/{id}/days?{range}")).await.wrong(), [field], "{range}");
    }
    let unknown = server.get(&format!("event-types/{}/days?from={DAY}&to={DAY}", session())).await;
    assert_eq!(unknown.code(), "not_found");
}

#[tokio::test]
async fn a_time_that_is_not_offered_is_refused_with_its_rules() {
    let server = TestServer::open().await;
    let id = server.offer("room").await;
    let body = json!({"event_type_id": id, "start": at("10:10"), "duration_minutes": 45, "session_id": session()});
    let refused = server.post("presence/heartbeat", body).await;
    assert_eq!((refused.status, refused.code()), (422, "slot_unavailable"));
    let codes: Vec<_> =
        refused.json["reasons"].as_array().unwrap().iter().map(|r| r["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"duration"), "{codes:?}");
}

#[tokio::test]
async fn the_public_page_shows_what_a_booker_needs() {
    let server = TestServer::open().await;
    let id = server.offer("room").await;
    server.offer_with("hidden", json!({"active": false})).await;
    let list = server.get("public/default/event-types").await.json;
    assert_eq!(list["event_types"].as_array().unwrap().len(), 1);
    assert_eq!(list["organization"]["slug"], "default");
    let page = server.get("public/default/event-types/room").await.json;
    assert_eq!(page["event_type"], list["event_types"][0]);
    assert_eq!(page["organization"], list["organization"]);
    let shown = &page["event_type"];
    assert_eq!(
        (&shown["id"], &shown["slot_interval_minutes"], &shown["time_zone"]),
        (&json!(id), &json!(30), &json!("UTC"))
    );
    assert_eq!((&shown["location"], &shown["horizon_days"]), (&Value::Null, &json!(365)));
    assert_eq!(shown["resources"][0]["capacity"], 1);
    for nowhere in ["public/nobody/event-types", "public/default/event-types/hidden", "public/No Slug/event-types/x"] {
        assert_eq!(server.get(nowhere).await.code(), "not_found", "{nowhere}");
    }
}

#[tokio::test]
async fn one_address_holds_so_much_and_a_key_more() {
    let server = TestServer::with(&["--max-presences-per-address", "2"]).await;
    let id = server.offer("room").await;
    for time in ["10:00", "11:00"] {
        assert_eq!(server.beat(&id, time, &session()).await.status, 200);
    }
    let refused = server.beat(&id, "12:00", &session()).await;
    assert_eq!((refused.status, refused.code()), (429, "too_many_holds"), "{}", refused.text);
    let body = json!({"event_type_id": id, "start": at("12:00"), "session_id": session()});
    let keyed = answered(server.request(Method::POST, "presence/heartbeat").bearer_auth(KEY).json(&body)).await;
    assert_eq!(keyed.status, 200, "{}", keyed.text);
}

#[tokio::test]
async fn whoever_knows_an_event_types_id_learns_whose_it_is_and_what_it_offers_while_it_is_active() {
    let server = TestServer::open().await;
    let id = server.offer_with("room", json!({"buffer_after_minutes": 15})).await;
    let named = server.get("public/default/event-types/room").await.json;
    let path = format!("event-types/{id}/page");
    assert_eq!(server.get(&path).await.json, named);
    assert_eq!(named["event_type"]["buffer_after_minutes"], 15);
    server.admin(Method::PATCH, &format!("event-types/{id}"), json!({"active": false})).await;
    let hidden = server.get(&path).await.json;
    assert_eq!(hidden, json!({"organization": named["organization"], "event_type": null}));
    let nothing = server.get(&format!("event-types/{}/page", session())).await;
    assert_eq!((nothing.status, nothing.code()), (404, "not_found"));
}

#[tokio::test]
async fn where_all_around_is_taken_the_next_time_is_offered_instead() {
    let server = TestServer::open().await;
    let far = Day(167);
    let hours = |date: Day| json!({"date": date, "hours": [{"start": "10:00", "end": "10:30"}]});
    let schedule = json!({"name": "Two days", "time_zone": "UTC", "overrides": [hours(DAY), hours(far)]});
    let schedule = server.made("schedules", schedule).await["id"].clone();
    let more = json!({"durations_minutes": [30], "schedule_id": schedule, "horizon_days": 731});
    let id = server.offer_with("rare", more).await;
    assert_eq!(server.book(&id, "10:00", None).await.status, 201);
    let refused = server.book(&id, "10:00", None).await;
    let next = json!([{"start": format!("{far}T10:00:00Z"), "end": format!("{far}T10:30:00Z")}]);
    assert_eq!((refused.code(), &refused.json["alternatives"]), ("slot_booked", &next));
}
