//! Resources, schedules, event types and the organization.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Call, World, entity, long, many};

pub(super) fn calls(world: &World) -> Vec<Call> {
    vec![resource(), schedule(), event_type(world), organization()]
}

/// Those whose fields are also parts of other requests.
pub(super) fn schedule_and_event_type(world: &World) -> [Call; 2] {
    [schedule(), event_type(world)]
}

fn resource() -> Call {
    Call {
        operation: "create_resource",
        method: Method::POST,
        path: "resources".to_owned(),
        call: "CatalogService/CreateResource",
        message: "CreateResourceRequest",
        elsewhere: &["request_id"],
        besides: entity(),
        right: json!({"name": "Room", "kind": "room", "time_zone": "UTC", "capacity": 2, "description": "Bright"}),
        rows: vec![
            ("name", json!(null)),
            ("name", json!("two\nlines")),
            ("name", long()),
            ("kind", json!(null)),
            ("kind", json!("moon")),
            ("time_zone", json!(null)),
            ("time_zone", json!("Mars/Olympus")),
            ("schedule_id", json!("always")),
            ("schedule_id", json!("0198c2f0-7c1e-7a54-9a3b-1d2e3f405162")),
            ("capacity", json!(0)),
            ("capacity", json!(10_001)),
            ("description", json!("\0")),
            ("description", long()),
        ],
    }
}

fn schedule() -> Call {
    let window = json!({"start": "09:00", "end": "17:00"});
    let weekly = json!({"weekday": "monday", "start": "09:00", "end": "17:00"});
    Call {
        operation: "create_schedule",
        method: Method::POST,
        path: "schedules".to_owned(),
        call: "CatalogService/CreateSchedule",
        message: "CreateScheduleRequest",
        elsewhere: &["request_id"],
        besides: entity(),
        right: json!({
            "name": "Hours", "time_zone": "Europe/Berlin", "weekly_hours": [weekly],
            "overrides": [{"date": "2090-12-24", "hours": [window]}, {"date": "2090-12-25"}],
        }),
        rows: vec![
            ("name", json!(" ")),
            ("time_zone", json!("Berlin")),
            ("weekly_hours", many(169, &weekly)),
            ("weekly_hours[0].weekday", json!(null)),
            ("weekly_hours[0].weekday", json!("Monday")),
            ("weekly_hours[0].start", json!(null)),
            ("weekly_hours[0].start", json!("9:00")),
            ("weekly_hours[0].start", json!("24:00")),
            ("weekly_hours[0].end", json!(null)),
            ("weekly_hours[0].end", json!("24:01")),
            ("overrides", many(732, &json!({"date": "2090-12-24"}))),
            ("overrides[0].date", json!(null)),
            ("overrides[0].date", json!("2090-02-30")),
            ("overrides[1].date", json!("2090-12-24")),
            ("overrides[0].hours", many(25, &window)),
            ("overrides[0].hours[0].start", json!("noon")),
            ("overrides[0].hours[0].end", json!("24:01")),
        ],
    }
}

fn event_type(world: &World) -> Call {
    let question = json!({"key": "size", "label": "Which size?", "kind": "select", "options": ["s", "m"]});
    Call {
        operation: "create_event_type",
        method: Method::POST,
        path: "event-types".to_owned(),
        call: "CatalogService/CreateEventType",
        message: "CreateEventTypeRequest",
        elsewhere: &["request_id"],
        besides: entity(),
        right: json!({
            "slug": "session", "title": "Session", "durations_minutes": [30], "schedule_id": world.schedule,
            "requirements": [{"count": 1, "resource_ids": [world.resource]}], "limits": {},
            "location": {"kind": "other", "value": "There"},
            "questions": [question, {"key": "why", "label": "Why?", "kind": "text"}],
        }),
        rows: [
            vec![
                ("slug", json!(null)),
                ("slug", json!("No Slug")),
                ("slug", long()),
                ("title", json!(null)),
                ("title", long()),
                ("description", json!("\0")),
                ("durations_minutes", json!([])),
                ("durations_minutes", json!([0])),
                ("durations_minutes", json!([30, 10_081])),
                ("durations_minutes", json!([30, 30])),
                ("durations_minutes", many(21, &json!(30))),
                ("slot_interval_minutes", json!(0)),
                ("buffer_before_minutes", json!(-1)),
                ("buffer_after_minutes", json!(1_441)),
                ("min_notice_minutes", json!(527_041)),
                ("horizon_days", json!(-1)),
                ("horizon_days", json!(732)),
                ("schedule_id", json!(null)),
                ("schedule_id", json!("always")),
                ("requirements", json!([])),
                ("requirements", many(11, &json!({"resource_ids": [world.resource]}))),
                ("requirements[0].count", json!(0)),
                ("requirements[0].count", json!(2)),
                ("requirements[0].resource_ids", json!([])),
                ("requirements[0].resource_ids", json!([world.schedule, world.schedule])),
                ("requirements[0].resource_ids", many(101, &json!(world.resource))),
                ("requirements[0].resource_ids[0]", json!("studio")),
                ("limits.per_day", json!(0)),
                ("limits.per_week", json!(-1)),
                ("limits.per_month", json!(1_000_001)),
                ("hold_deadline_minutes", json!(1_441)),
                ("cancel_until_minutes", json!(-1)),
                ("move_until_minutes", json!(527_041)),
                ("location.kind", json!(null)),
                ("location.kind", json!("moon")),
                ("location.value", long()),
            ],
            question_rows(),
        ]
        .concat(),
    }
}

fn question_rows() -> Vec<(&'static str, Value)> {
    vec![
        ("questions", many(51, &json!({}))),
        ("questions[0].key", json!("two words")),
        ("questions[1].key", json!("size")),
        ("questions[0].label", json!(null)),
        ("questions[0].kind", json!("number")),
        ("questions[0].options", json!([])),
        ("questions[0].options", many(101, &json!("s"))),
        ("questions[1].options", json!(["s"])),
        ("questions[0].options[1]", json!("")),
    ]
}

fn organization() -> Call {
    let image = |base64: &str| json!(format!("data:image/png;base64,{base64}"));
    let caps = json!({"open": 10, "made_in_a_day": 10});
    Call {
        operation: "update_organization",
        method: Method::PATCH,
        path: "organization".to_owned(),
        call: "CatalogService/UpdateOrganization",
        message: "UpdateOrganizationRequest",
        elsewhere: &[],
        besides: json!({"spec": {}, "version": 1}),
        right: json!({
            "name": "Studio", "accent": "#2f6f6d", "logo": image("iVBORw0KGgo="),
            "booking_caps": {"per_email": caps, "per_address": caps},
            "blocked": {"addresses": ["192.0.2.0/24"], "emails": ["@example.org"]},
        }),
        rows: vec![
            ("name", json!("")),
            ("name", long()),
            ("accent", json!("red")),
            ("logo", image("R0lGODlh")),
            ("logo", image(&format!("iVBORw0KGgo{}", "A".repeat(43_721)))),
            ("booking_caps.per_email.open", json!(0)),
            ("booking_caps.per_email.made_in_a_day", json!(10_001)),
            ("booking_caps.per_address.open", json!(10_001)),
            ("booking_caps.per_address.made_in_a_day", json!(0)),
            ("blocked.addresses", many(501, &json!("192.0.2.1"))),
            ("blocked.addresses[0]", json!("host")),
            ("blocked.emails", many(501, &json!("@example.org"))),
            ("blocked.emails[0]", json!("example.org")),
            ("version", json!(0)),
        ],
    }
}
