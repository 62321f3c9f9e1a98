//! Bookings that move are judged as if they were not where they are: in lists, days, streams, explanations and at the door.

use reqwest::Method;
use serde_json::{Value, json};

use crate::day::{DAY, at};
use crate::test_server::{Answered, KEY, TestServer, answered, booking, session};

/// Somebody who has a booking of an hour, and shows its token.
struct Booker {
    server: TestServer,
    event_type: String,
    uid: String,
    token: String,
}

impl Booker {
    async fn of(time: &str, more: Value) -> Self {
        let server = TestServer::open().await;
        let mut fields = json!({"durations_minutes": [60], "slot_interval_minutes": 15});
        fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let event_type = server.offer_with("lesson", fields).await;
        let made = server.book_hour(&event_type, time).await;
        assert_eq!(made.status, 201, "{}", made.json);
        let text = |name: &str| made.json[name].as_str().unwrap().to_owned();
        Self { uid: text("uid"), token: text("management_token"), event_type, server }
    }

    /// The times that are listed as free to who shows this, on behalf of the booking.
    async fn free(&self, shown: &str) -> Vec<String> {
        let path = format!("event-types/{}/slots?from={DAY}&to={DAY}&moving={}", self.event_type, self.uid);
        let list = answered(self.server.request(Method::GET, &path).bearer_auth(shown)).await;
        let free = |slot: &&Value| slot["state"] == "free";
        let time = |slot: &Value| slot["start"].as_str().unwrap()[11..16].to_owned();
        list.json["slots"].as_array().into_iter().flatten().filter(free).map(time).collect()
    }

    async fn hold(&self, time: &str, who: &str) -> Answered {
        let beat = json!({
            "event_type_id": self.event_type, "start": at(time), "session_id": who, "moving": self.uid,
        });
        answered(self.server.request(Method::POST, "presence/heartbeat").bearer_auth(&self.token).json(&beat)).await
    }

    /// A heartbeat of somebody else, for an hour.
    async fn beat(&self, time: &str, who: &str) -> Answered {
        let beat = json!({"event_type_id": self.event_type, "start": at(time), "session_id": who});
        self.server.post("presence/heartbeat", beat).await
    }

    async fn moves(&self, time: &str, who: Option<&str>) -> Answered {
        let path = format!("bookings/{}/reschedule", self.uid);
        let step = json!({"start": at(time), "session_id": who});
        answered(self.server.request(Method::POST, &path).bearer_auth(&self.token).json(&step)).await
    }
}

#[tokio::test]
async fn a_quarter_of_an_hour_later_is_listed_held_and_taken() {
    let booker = Booker::of("11:30", json!({})).await;
    let free = booker.free(&booker.token).await;
    assert!(["11:00", "11:45", "12:15"].iter().all(|time| free.contains(&(*time).to_owned())), "{free:?}");
    assert_eq!(booker.free(KEY).await, free, "an operator sees it as well");

    let path = format!("event-types/{}/explain?start={}&moving={}", booker.event_type, at("11:45"), booker.uid);
    let told = answered(booker.server.request(Method::GET, &path).bearer_auth(&booker.token)).await;
    assert_eq!(told.json["bookable"], true, "{}", told.json);

    let (mine, other) = (session(), session());
    let held = booker.hold("11:45", &mine).await;
    assert_eq!((held.status, &held.json["state"]), (200, &json!("holding")), "{}", held.json);
    let refused = booker.beat("12:30", &other).await;
    assert_eq!(refused.json["state"], "waiting", "what is held beside the booking is held: {}", refused.json);
    let moved = booker.moves("11:45", Some(&mine)).await;
    assert_eq!((moved.status, &moved.json["start"]), (200, &json!(at("11:45"))), "{}", moved.json);
    let again = booker.moves("11:45", Some(&mine)).await;
    assert_eq!((again.status, &again.json["version"]), (200, &moved.json["version"]), "a move that was made is made");
}

#[tokio::test]
async fn the_days_one_appointment_may_be_at_another_hour() {
    let booker = Booker::of("10:00", json!({"limits": {"per_day": 1}})).await;
    assert!(booker.free(&booker.token).await.contains(&"14:00".to_owned()));
    let days = format!("event-types/{}/days?from={DAY}&to={DAY}", booker.event_type);
    let count = async |path: String| {
        let days = answered(booker.server.request(Method::GET, &path).bearer_auth(&booker.token)).await;
        days.json["days"][0]["free"].clone()
    };
    assert_ne!(count(format!("{days}&moving={}", booker.uid)).await, 0);
    let mine = session();
    assert_eq!(booker.hold("14:00", &mine).await.json["state"], "holding");
    assert_eq!(booker.moves("14:00", Some(&mine)).await.status, 200);
}

#[tokio::test]
async fn nobody_looks_past_a_booking_that_is_not_theirs() {
    let booker = Booker::of("11:30", json!({})).await;
    let stranger = Booker::of("11:30", json!({})).await;
    let list = format!("event-types/{}/slots?from={DAY}&to={DAY}&moving={}", booker.event_type, booker.uid);
    for path in [list.clone(), list.replace("/slots?", "/days?"), list.replace("/slots?", "/slots/stream?")] {
        // Nor through what was sent to an operator before.
        let seen = answered(booker.server.request(Method::GET, &list).bearer_auth(KEY)).await;
        assert_eq!(seen.status, 200);
        let unshown = answered(booker.server.request(Method::GET, &path)).await;
        assert_eq!((unshown.status, unshown.code()), (404, "not_found"), "{path}");
        let wrong = answered(booker.server.request(Method::GET, &path).bearer_auth(&stranger.token)).await;
        assert_eq!((wrong.status, wrong.code()), (404, "not_found"), "{path}");
        let junk = answered(booker.server.request(Method::GET, &path).bearer_auth("what I had")).await;
        assert_eq!((junk.status, junk.code()), (404, "not_found"), "{path}");
    }
    let beat = json!({
        "event_type_id": booker.event_type, "start": at("11:45"), "session_id": session(), "moving": booker.uid,
    });
    let unshown = answered(booker.server.request(Method::POST, "presence/heartbeat").json(&beat)).await;
    assert_eq!((unshown.status, unshown.code()), (404, "not_found"));
}

#[tokio::test]
async fn an_operator_sets_rules_aside_and_the_public_does_not() {
    let booker = Booker::of("11:30", json!({"limits": {"per_day": 1}, "min_notice_minutes": 0})).await;
    let server = &booker.server;
    let mut fields = booking(&booker.event_type, "03:07", None);
    fields["allow"] = json!(["outside_hours", "off_grid", "limit", "duration"]);
    fields["duration_minutes"] = json!(25);
    let refused = answered(server.request(Method::POST, "bookings").json(&fields)).await;
    assert_eq!((refused.status, refused.code()), (403, "permission_denied"));
    let made = answered(server.request(Method::POST, "bookings").bearer_auth(KEY).json(&fields)).await;
    assert_eq!(made.status, 201, "{}", made.json);
    fields["start"] = json!(at("03:20"));
    let taken = answered(server.request(Method::POST, "bookings").bearer_auth(KEY).json(&fields)).await;
    assert_eq!(taken.code(), "slot_booked", "never what is booked");
    fields["allow"] = json!(["outside_hours", "limit", "duration"]);
    fields["start"] = json!(at("04:07"));
    let outside = answered(server.request(Method::POST, "bookings").bearer_auth(KEY).json(&fields)).await;
    let reasons: Vec<&Value> = outside.json["reasons"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert_eq!(reasons, ["off_grid"], "each by name");
}

#[tokio::test]
async fn what_an_operator_releases_goes_to_the_next_in_line_and_its_owner_is_told_why() {
    let booker = Booker::of("15:00", json!({})).await;
    let server = &booker.server;
    let (first, second) = (session(), session());
    let held = booker.beat("11:00", &first).await;
    assert_eq!(booker.beat("11:00", &second).await.json["position"], 1);
    let release = json!({"room": held.json["room"], "who": held.json["who"], "reason": "the tuner comes"});
    let unshown = answered(server.request(Method::POST, "presence/release").json(&release)).await;
    assert_eq!(unshown.code(), "unauthenticated");
    let released = answered(server.request(Method::POST, "presence/release").bearer_auth(KEY).json(&release)).await;
    assert_eq!(released.status, 204);
    assert_eq!(booker.beat("11:00", &second).await.json["state"], "holding");
    let lost = booker.beat("11:00", &first).await;
    assert_eq!((lost.code(), &lost.json["reason"]), ("hold_lost", &json!("released")), "{}", lost.json);
    assert_eq!(lost.json["detail"], "the host has released this time: the tuner comes");
    let again = answered(server.request(Method::POST, "presence/release").bearer_auth(KEY).json(&release)).await;
    assert_eq!(again.code(), "not_found");
}

#[tokio::test]
async fn a_lease_of_a_fixed_term_lasts_without_a_pulse() {
    let booker = Booker::of("15:00", json!({})).await;
    let beat = |seconds: u32| {
        json!({
            "event_type_id": booker.event_type, "start": at("11:00"), "session_id": session(), "lease_seconds": seconds,
        })
    };
    let send =
        async |beat: Value| answered(booker.server.request(Method::POST, "presence/heartbeat").json(&beat)).await;
    let lease = |held: &Answered| {
        let time = |name: &str| {
            held.json[name].as_str().unwrap().parse::<booking_domain::DateTime<booking_domain::Utc>>().unwrap()
        };
        (time("hold_deadline") - time("expires_at")).num_seconds()
    };
    let held = send(beat(600)).await;
    assert_eq!(lease(&held), 0, "{}", held.json);
    let long = send(beat(601)).await;
    assert_eq!(long.wrong(), ["lease_seconds"]);
    let request = booker.server.request(Method::POST, "presence/heartbeat").bearer_auth(KEY);
    let mut of_operator = beat(86_400);
    of_operator["start"] = json!(at("13:00"));
    let held = answered(request.json(&of_operator)).await;
    assert_eq!((held.status, lease(&held)), (200, 0), "{}", held.json);
}

#[tokio::test]
async fn what_cannot_be_moved_is_not_shown_as_if_it_could() {
    let late = Booker::of("11:30", json!({"move_until_minutes": 527_040})).await;
    let elsewhere = late.server.offer("other").await;
    for what in ["slots", "days", "slots/stream"] {
        let query = format!("{what}?from={DAY}&to={DAY}&moving={}", late.uid);
        let shown = |event_type: &str| late.server.request(Method::GET, &format!("event-types/{event_type}/{query}"));
        let refused = answered(shown(&late.event_type).bearer_auth(&late.token)).await;
        assert_eq!((refused.code(), &refused.json["reason"]), ("conflict", &json!("too_late")), "{what}");
        let wrong = answered(shown(&elsewhere).bearer_auth(KEY)).await;
        assert_eq!(wrong.wrong(), ["moving"], "{what}");
    }
    let path = format!("event-types/{}/explain?start={}&moving={}", late.event_type, at("14:00"), late.uid);
    let refused = answered(late.server.request(Method::GET, &path).bearer_auth(&late.token)).await;
    assert_eq!(refused.json["reason"], "too_late");
    let operator = answered(late.server.request(Method::GET, &path).bearer_auth(KEY)).await;
    assert_eq!(operator.json["bookable"], true, "{}", operator.json);
    assert_eq!(late.hold("14:00", &session()).await.json["reason"], "too_late");
}

#[tokio::test]
async fn a_booking_moves_with_its_own_length_and_whom_it_asked_for_unless_it_is_said_otherwise() {
    let server = TestServer::open().await;
    let person = json!({"name": "Teacher", "kind": "person", "time_zone": "UTC"});
    let (ann, bob) = (server.made("resources", person.clone()).await, server.made("resources", person).await);
    let more = json!({
        "durations_minutes": [60], "slot_interval_minutes": 60, "requirements": [{"resource_ids": [ann["id"], bob["id"]]}],
    });
    let event_type = server.offer_with("lesson", more).await;
    let wanting = |time: &str| {
        let mut fields = booking(&event_type, time, None);
        (fields["duration_minutes"], fields["resource_id"]) = (json!(60), ann["id"].clone());
        fields
    };
    for time in ["09:00", "10:00", "11:00"] {
        assert_eq!(server.post("bookings", wanting(time)).await.status, 201);
    }
    let made = server.post("bookings", wanting("20:00")).await.json;
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    let (uid, token) = (text("uid"), text("management_token"));
    server.admin(Method::PATCH, &format!("event-types/{event_type}"), json!({"durations_minutes": [30]})).await;
    let booker = Booker { server, event_type, uid, token };

    let refused = booker.hold("10:00", &session()).await;
    let near = refused.json["alternatives"].as_array().unwrap().iter();
    let near: Vec<_> = near.map(|range| range["start"].as_str().unwrap()[11..16].to_owned()).collect();
    assert_eq!(near, ["08:00", "12:00", "07:00", "13:00", "06:00"], "an hour with Ann: {}", refused.json);
    let free = booker.free(&booker.token).await;
    assert!(!free.contains(&"09:00".to_owned()) && free.contains(&"20:00".to_owned()), "{free:?}");
    let held = booker.hold("13:00", &session()).await;
    assert!(held.json["room"].as_str().unwrap().ends_with("~60"), "{}", held.json);
    assert_eq!(held.json["resource_ids"], json!([ann["id"]]));
}

#[tokio::test]
async fn what_is_not_offered_comes_with_what_is_near() {
    let server = TestServer::open().await;
    let event_type = server.offer("lesson").await;
    let refused = server.beat(&event_type, "10:10", &session()).await;
    assert_eq!((refused.code(), &refused.json["reasons"][0]["code"]), ("slot_unavailable", &json!("off_grid")));
    let near = refused.json["alternatives"].as_array().unwrap().iter().map(|range| range["start"].as_str().unwrap());
    assert_eq!(
        near.map(|start| start[11..16].to_owned()).collect::<Vec<_>>(),
        ["10:00", "10:30", "09:30", "11:00", "09:00"]
    );
}
