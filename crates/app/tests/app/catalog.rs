//! Resources, schedules and event types.

use reqwest::Method;
use serde_json::{Value, json};

use crate::test_server::{KEY, TestServer, answered};

fn room() -> Value {
    json!({"name": "Studio A", "kind": "room", "time_zone": "Europe/Berlin"})
}

#[tokio::test]
async fn a_resource_has_its_defaults_and_can_be_read_back() {
    let server = TestServer::open().await;
    let answer = server.admin(Method::POST, "resources", room()).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let made = answer.json.clone();
    assert_eq!((&made["capacity"], &made["description"], &made["active"]), (&json!(1), &json!(""), &json!(true)));
    assert_eq!(made["version"], 1);
    assert!(made["created_at"].as_str().unwrap().ends_with('Z'));
    assert_eq!(answer.header("location"), format!("/api/v1/resources/{}", made["id"].as_str().unwrap()));
    assert_eq!(server.admin(Method::GET, answer.header("location"), Value::Null).await.json, made);
    let list = server.admin(Method::GET, "resources", Value::Null).await.json;
    assert_eq!(list, json!({"resources": [made], "next_page_token": null}));
}

#[tokio::test]
async fn a_member_that_comes_twice_is_refused_in_every_patch() {
    let server = TestServer::open().await;
    let event_type = server.offer("room").await;
    let list = |path: &'static str| async { server.admin(Method::GET, path, Value::Null).await.json };
    let (resources, schedules) = (list("resources").await, list("schedules").await);
    let id = |list: &Value, of: &str| list[of][0]["id"].as_str().unwrap().to_owned();
    for (path, body, field) in [
        ("organization".to_owned(), r#"{"name": "A", "name": "B"}"#, "name"),
        (format!("resources/{}", id(&resources, "resources")), r#"{"name": "A", "name": "B"}"#, "name"),
        (
            format!("schedules/{}", id(&schedules, "schedules")),
            r#"{"version": 1, "name": "A", "version": 2}"#,
            "version",
        ),
        (format!("event-types/{event_type}"), r#"{"limits": {"per_day": 1, "per_day": 2}}"#, "limits.per_day"),
    ] {
        let request = server.request(Method::PATCH, &path).bearer_auth(KEY);
        let answer = answered(request.header("content-type", "application/json").body(body)).await;
        assert_eq!((answer.status, answer.wrong()), (400, vec![field]), "{path}: {}", answer.text);
        assert!(answer.text.contains("must not come twice"), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_patch_changes_what_it_names_and_nothing_else() {
    let server = TestServer::open().await;
    let id = server
        .offer_with("room", json!({"horizon_days": 30, "questions": [{"key": "a", "label": "A", "kind": "text"}]}))
        .await;
    let path = format!("event-types/{id}");
    let before = server.admin(Method::GET, &path, Value::Null).await.json;
    let patch = json!({"title": "Another", "horizon_days": null});
    let after = server.admin(Method::PATCH, &path, patch).await.json;
    let mut expected = before.clone();
    for (name, value) in [("title", json!("Another")), ("horizon_days", json!(365)), ("version", json!(2))] {
        expected[name] = value;
    }
    expected["updated_at"] = after["updated_at"].clone();
    expected["affected"] = json!({"holds": 0, "waiting": 0, "bookings": [], "more": false, "keeping_buffers": 0});
    assert_eq!(after, expected);
    let wrong = server.admin(Method::PATCH, &path, json!({"titel": "x", "title": null})).await;
    assert_eq!((wrong.status, wrong.wrong()), (400, vec!["titel"]));
    for (patch, field) in [(json!({"title": null}), "title"), (json!({}), "body"), (Value::Null, "body")] {
        let wrong = server.admin(Method::PATCH, &path, patch.clone()).await;
        assert_eq!((wrong.status, wrong.wrong()), (400, vec![field]), "{patch}");
    }
}

#[tokio::test]
async fn a_patch_of_a_part_of_an_object_leaves_the_rest_of_it() {
    let server = TestServer::open().await;
    let here = json!({"kind": "in_person", "value": "Here"});
    let more = json!({"limits": {"per_day": 1, "per_week": 3}, "location": here});
    let event_type = format!("event-types/{}", server.offer_with("room", more).await);
    let caps = |per_email: Value, per_address: Value| json!({"per_email": per_email, "per_address": per_address});
    let cap = |open: u32, made_in_a_day: Value| json!({"open": open, "made_in_a_day": made_in_a_day});
    for (path, field, change, after) in [
        (&*event_type, "limits", json!({"per_day": 2}), json!({"per_day": 2, "per_week": 3, "per_month": null})),
        (&*event_type, "limits", json!({"per_week": null}), json!({"per_day": 2, "per_week": null, "per_month": null})),
        (&*event_type, "location", json!({"value": "There"}), json!({"kind": "in_person", "value": "There"})),
        (&*event_type, "location", Value::Null, Value::Null),
        (&*event_type, "location", here.clone(), here),
        (
            "organization",
            "booking_caps",
            json!({"per_email": {"open": 7}}),
            caps(cap(7, json!(60)), cap(100, json!(200))),
        ),
        (
            "organization",
            "booking_caps",
            json!({"per_address": {"made_in_a_day": null}}),
            caps(cap(7, json!(60)), cap(100, Value::Null)),
        ),
        ("organization", "blocked", json!({"emails": ["a@b.c"]}), json!({"addresses": [], "emails": ["a@b.c"]})),
        (
            "organization",
            "blocked",
            json!({"addresses": ["192.0.2.0/24"]}),
            json!({"addresses": ["192.0.2.0/24"], "emails": ["a@b.c"]}),
        ),
    ] {
        let changed = server.admin(Method::PATCH, path, json!({ field: change })).await;
        assert_eq!((changed.status, &changed.json[field]), (200, &after), "{path} {field} {change}: {}", changed.text);
    }
}

#[tokio::test]
async fn a_patch_of_a_part_that_is_wrong_is_told_where() {
    let server = TestServer::open().await;
    let event_type = format!("event-types/{}", server.offer("room").await);
    for (path, change, field) in [
        (&*event_type, json!({"limits": {"per_year": 1}}), "limits.per_year"),
        (&*event_type, json!({"limits": {"per_day": "1"}}), "limits.per_day"),
        (&*event_type, json!({"limits": null}), "limits"),
        (&*event_type, json!({"location": {"value": "Here"}}), "location.kind"),
        ("organization", json!({"booking_caps": {"per_email": {"opened": 1}}}), "booking_caps.per_email.opened"),
        ("organization", json!({"booking_caps": {"per_email": {"open": 0}}}), "booking_caps.per_email.open"),
        ("organization", json!({"booking_caps": {"per_email": 5}}), "booking_caps.per_email"),
        ("organization", json!({"blocked": {"emails": null}}), "blocked.emails"),
    ] {
        let wrong = server.admin(Method::PATCH, path, change.clone()).await;
        assert_eq!((wrong.status, wrong.wrong()), (400, vec![field]), "{change}: {}", wrong.text);
    }
}

#[tokio::test]
async fn a_stale_version_is_a_conflict() {
    let server = TestServer::open().await;
    let made = server.made("resources", room()).await;
    let path = format!("resources/{}", made["id"].as_str().unwrap());
    assert_eq!(server.admin(Method::PATCH, &path, json!({"name": "B", "version": 1})).await.status, 200);
    let stale = server.admin(Method::PATCH, &path, json!({"name": "C", "version": 1})).await;
    assert_eq!((stale.status, stale.code()), (409, "conflict"));
    for (seen, status) in [("\"1\"", 409), ("\"2\"", 200), ("*", 200), ("x", 400)] {
        let request = server.request(Method::PATCH, &path).bearer_auth(KEY).header("If-Match", seen);
        assert_eq!(answered(request.json(&json!({"name": "D"}))).await.status, status, "{seen}");
    }
    let shown = server.admin(Method::GET, &path, Value::Null).await;
    assert_eq!(shown.header("etag"), format!("\"{}\"", shown.json["version"]));
}

#[tokio::test]
async fn a_schedule_keeps_its_hours_and_overrides() {
    let server = TestServer::open().await;
    let fields = json!({
        "name": "Shop", "time_zone": "Asia/Tokyo",
        "weekly_hours": [
            {"weekday": "monday", "start": "09:00", "end": "24:00"},
            {"weekday": "friday", "start": "22:00", "end": "06:00"},
            {"weekday": "sunday", "start": "10:00", "end": "10:00"},
        ],
        "overrides": [{"date": "2090-12-24", "hours": [{"start": "09:00", "end": "12:00"}]}, {"date": "2090-12-25", "hours": []}],
    });
    let made = server.made("schedules", fields.clone()).await;
    for (name, value) in fields.as_object().unwrap() {
        assert_eq!(&made[name], value, "{name}");
    }
}

#[tokio::test]
async fn every_wrong_field_is_named() {
    let server = TestServer::open().await;
    let event_type = json!({
        "slug": "No Slug", "durations_minutes": [0], "buffer_after_minutes": -1, "schedule_id": "x",
        "requirements": [{"count": 2, "resource_ids": ["0198c2f0-7c1e-7a54-9a3b-1d2e3f405162"]}],
        "limits": {"per_day": 0}, "location": {"kind": "moon", "value": ""},
        "questions": [{"key": "a b", "label": "", "kind": "select"}], "hold_deadline_minutes": 0,
    });
    let answer = server.admin(Method::POST, "event-types", event_type).await;
    assert_eq!((answer.status, answer.code()), (400, "invalid_argument"));
    let mut wrong = answer.wrong();
    wrong.sort_unstable();
    let expected = [
        "buffer_after_minutes",
        "durations_minutes",
        "hold_deadline_minutes",
        "limits.per_day",
        "location.kind",
        "questions[0].key",
        "questions[0].label",
        "requirements[0].count",
        "schedule_id",
        "slug",
        "title",
    ];
    assert_eq!(wrong, expected);
    let schedule = json!({
        "name": "x", "time_zone": "Mars/Olympus",
        "weekly_hours": [{"weekday": "monday", "start": "24:00", "end": "09:00"}, {"weekday": "moonday", "start": "9", "end": "10:00"}],
        "overrides": [{"date": "2090-02-30"}, {"date": "2090-02-01"}, {"date": "2090-02-01"}],
    });
    let answer = server.admin(Method::POST, "schedules", schedule).await;
    let expected = [
        "time_zone",
        "weekly_hours[0].start",
        "weekly_hours[1].weekday",
        "weekly_hours[1].start",
        "overrides[0].date",
        "overrides[2].date",
    ];
    assert_eq!(answer.wrong(), expected);
}

#[tokio::test]
async fn lists_are_paged() {
    let server = TestServer::open().await;
    for _ in 0..5 {
        server.made("resources", room()).await;
    }
    let (mut seen, mut token) = (Vec::new(), String::new());
    loop {
        let page =
            server.admin(Method::GET, &format!("resources?page_size=2&page_token={token}"), Value::Null).await.json;
        seen.extend(page["resources"].as_array().unwrap().iter().map(|each| each["id"].to_string()));
        match page["next_page_token"].as_str() {
            Some(next) => token = next.to_owned(),
            None => break,
        }
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 5);
    for wrong in ["page_size=0", "page_size=201", "page_size=x"] {
        let answer = server.admin(Method::GET, &format!("resources?{wrong}"), Value::Null).await;
        assert_eq!((answer.status, answer.wrong()), (400, vec!["page_size"]), "{wrong}");
    }
}

#[tokio::test]
async fn what_is_in_use_stays_and_what_is_not_can_go() {
    let server = TestServer::open().await;
    let id = server.offer("room").await;
    let event_type = server.admin(Method::GET, &format!("event-types/{id}"), Value::Null).await.json;
    let schedule = format!("schedules/{}", event_type["schedule_id"].as_str().unwrap());
    let resource = format!("resources/{}", event_type["requirements"][0]["resource_ids"][0].as_str().unwrap());
    for path in [&schedule, &resource] {
        assert_eq!(server.admin(Method::DELETE, path, Value::Null).await.code(), "conflict", "{path}");
    }
    for path in [&format!("event-types/{id}"), &schedule, &resource] {
        assert_eq!(server.admin(Method::DELETE, path, Value::Null).await.status, 204, "{path}");
        assert_eq!(server.admin(Method::GET, path, Value::Null).await.code(), "not_found", "{path}");
    }
}

#[tokio::test]
async fn making_something_twice_with_one_key_makes_one() {
    let server = TestServer::open().await;
    let make = async |body: Value| {
        answered(server.request(Method::POST, "resources").bearer_auth(KEY).header("Idempotency-Key", "k").json(&body))
            .await
    };
    let (first, second) = (make(room()).await, make(room()).await);
    assert_eq!((first.status, second.status), (201, 201));
    assert_eq!(first.json["id"], second.json["id"]);
    let other = make(json!({"name": "B", "kind": "room", "time_zone": "UTC"})).await;
    assert_eq!((other.status, other.code()), (409, "idempotency_mismatch"));
}

#[tokio::test]
async fn what_could_never_be_met_is_refused_when_it_is_saved() {
    let server = TestServer::open().await;
    let fields = json!({"name": "Room", "kind": "room", "time_zone": "UTC", "capacity": 2});
    let room = server.made("resources", fields).await["id"].clone();
    let schedule = server.made("schedules", json!({"name": "Never", "time_zone": "UTC"})).await["id"].clone();
    let needs = |times: usize| vec![json!({"resource_ids": [room]}); times];
    let session = |slug: &str, times| {
        json!({
            "slug": slug, "title": "A session", "durations_minutes": [30],
            "schedule_id": schedule, "requirements": needs(times),
        })
    };
    let refused = server.admin(Method::POST, "event-types", session("thrice", 3)).await;
    assert_eq!(refused.wrong(), ["requirements"]);
    let twice =
        format!("event-types/{}", server.made("event-types", session("twice", 2)).await["id"].as_str().unwrap());
    let change = async |path: &str, fields: Value| server.admin(Method::PATCH, path, fields).await;
    assert_eq!(change(&twice, json!({"requirements": needs(3)})).await.wrong(), ["requirements"]);
    let path = format!("resources/{}", room.as_str().unwrap());
    assert_eq!(change(&path, json!({"capacity": 1})).await.status, 200);
    assert_eq!(
        change(&twice, json!({"active": false})).await.status,
        200,
        "a unit was lost, and the rest can be edited"
    );
}

#[tokio::test]
async fn a_change_says_which_bookings_no_longer_fit_and_how_many_keep_other_buffers() {
    let server = TestServer::open().await;
    let id = server.offer("room").await;
    let booked = server.book(&id, "10:00", None).await.json["uid"].clone();
    let offered = server.admin(Method::GET, &format!("event-types/{id}"), Value::Null).await.json;
    assert!(offered.get("affected").is_none(), "what is read concerns nobody");
    let none = json!({"holds": 0, "waiting": 0, "bookings": [], "more": false, "keeping_buffers": 0});
    let change = async |path: String, fields: Value| server.admin(Method::PATCH, &path, fields).await.json;
    let resource = offered["requirements"][0]["resource_ids"][0].as_str().unwrap();
    let (room, hours) =
        (format!("resources/{resource}"), format!("schedules/{}", offered["schedule_id"].as_str().unwrap()));
    assert_eq!(change(room.clone(), json!({"name": "Studio"})).await["affected"], none);
    let buffers = change(format!("event-types/{id}"), json!({"buffer_after_minutes": 15})).await;
    assert_eq!((&buffers["affected"]["keeping_buffers"], &buffers["version"]), (&json!(1), &json!(2)));
    assert_eq!(change(hours, json!({"weekly_hours": []})).await["affected"]["bookings"], json!([booked]));
    assert_eq!(change(room, json!({"active": false})).await["affected"]["bookings"], json!([booked]));
}
