//! Resources that are there by schedules of their own.

use reqwest::Method;
use serde_json::{Value, json};

use crate::day::{DAY, at};
use crate::test_server::{TestServer, session};

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

async fn schedule(server: &TestServer, (start, end): (&str, &str)) -> Value {
    let hours: Vec<Value> = DAYS.iter().map(|day| json!({"weekday": day, "start": start, "end": end})).collect();
    let fields = json!({"name": "Hours", "time_zone": "UTC", "weekly_hours": hours});
    server.made("schedules", fields).await["id"].clone()
}

async fn person(server: &TestServer, hours: (&str, &str)) -> Value {
    let schedule_id = schedule(server, hours).await;
    let fields = json!({"name": "Teacher", "kind": "person", "time_zone": "UTC", "schedule_id": schedule_id});
    server.made("resources", fields).await
}

/// One of two people, of whom one is there until noon, and the other from then on; open from 8 to 20.
struct Team {
    server: TestServer,
    early: Value,
    late: Value,
    lessons: String,
}

impl Team {
    async fn open() -> Self {
        let server = TestServer::open().await;
        let (early, late) = (person(&server, ("08:00", "12:00")).await, person(&server, ("12:00", "18:00")).await);
        let fields = json!({
            "slug": "lesson", "title": "A lesson", "durations_minutes": [60],
            "schedule_id": schedule(&server, ("08:00", "20:00")).await,
            "requirements": [{"resource_ids": [early["id"], late["id"]]}],
        });
        let lessons = server.made("event-types", fields).await["id"].as_str().unwrap().to_owned();
        Self { server, early, late, lessons }
    }

    /// The hours at which slots start that are listed, with this at the end of the query.
    async fn starts(&self, more: &str) -> Vec<u32> {
        let query = format!("event-types/{}/slots?from={DAY}&to={DAY}{more}", self.lessons);
        let slots = self.server.get(&query).await.json;
        let hour = |slot: &Value| slot["start"].as_str().unwrap()[11..13].parse().unwrap();
        slots["slots"].as_array().unwrap().iter().map(hour).collect()
    }

    async fn reasons(&self, time: &str) -> Vec<String> {
        let path = format!("event-types/{}/explain?start={}", self.lessons, at(time));
        let told = self.server.get(&path).await.json;
        told["reasons"].as_array().unwrap().iter().map(|reason| reason["code"].as_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test]
async fn a_time_is_offered_while_somebody_is_there() {
    let team = Team::open().await;
    assert_eq!(team.starts("").await, (8..18).collect::<Vec<_>>());
    for (person, hours) in [(&team.early, 8..12), (&team.late, 12..18)] {
        let wanted = format!("&resource_id={}", person["id"].as_str().unwrap());
        assert_eq!(team.starts(&wanted).await, hours.collect::<Vec<_>>());
    }
    assert_eq!(team.reasons("18:00").await, ["outside_hours"]);
    let booked = team.server.book_hour(&team.lessons, "11:00").await;
    assert_eq!(booked.json["resource_ids"], json!([team.early["id"]]));
    assert_eq!(team.reasons("11:00").await, ["booked"], "who is not there says nothing");
    let refused = team.server.book_hour(&team.lessons, "18:00").await;
    assert_eq!((refused.code(), &refused.json["reasons"][0]["code"]), ("slot_unavailable", &json!("outside_hours")));
}

#[tokio::test]
async fn who_comes_to_work_at_other_hours_changes_what_is_offered_and_who_waits() {
    let team = Team::open().await;
    let (holder, waiter) = (session(), session());
    let beat = async |session: &str| {
        let fields = json!({
            "event_type_id": team.lessons, "start": at("09:00"), "duration_minutes": 60, "session_id": session,
        });
        team.server.post("presence/heartbeat", fields).await.json["state"].clone()
    };
    assert_eq!((beat(&holder).await, beat(&waiter).await), (json!("holding"), json!("waiting")));
    let hours: Vec<Value> = DAYS.iter().map(|day| json!({"weekday": day, "start": "08:00", "end": "18:00"})).collect();
    let path = format!("schedules/{}", team.late["schedule_id"].as_str().unwrap());
    team.server.admin(Method::PATCH, &path, json!({"weekly_hours": hours})).await;
    assert_eq!(beat(&waiter).await, "holding", "the second person is there now, too");

    let path = format!("resources/{}", team.early["id"].as_str().unwrap());
    let changed = team.server.admin(Method::PATCH, &path, json!({"schedule_id": null})).await;
    assert_eq!(changed.json["schedule_id"], Value::Null);
    assert_eq!(team.starts("").await, (8..20).collect::<Vec<_>>(), "who has no hours is always there");
}

#[tokio::test]
async fn a_schedule_by_which_somebody_works_cannot_be_deleted() {
    let team = Team::open().await;
    let path = format!("schedules/{}", team.early["schedule_id"].as_str().unwrap());
    let refused = team.server.admin(Method::DELETE, &path, Value::Null).await;
    assert_eq!((refused.code(), &refused.json["reason"]), ("conflict", &json!("in_use")));
    assert_eq!(refused.json["by"], json!([{"kind": "resource", "id": team.early["id"]}]));
    let absent = json!({"schedule_id": session()});
    let wrong =
        team.server.admin(Method::PATCH, &format!("resources/{}", team.early["id"].as_str().unwrap()), absent).await;
    assert_eq!(wrong.wrong(), ["schedule_id"]);
}
