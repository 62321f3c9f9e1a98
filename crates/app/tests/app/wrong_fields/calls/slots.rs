//! Slots that are asked about, being in their rooms, and pages of lists.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Call, World};
use crate::day::{DAY, Day, at};
use crate::test_server::session;

pub(super) fn calls(world: &World) -> Vec<Call> {
    let days = slots(world, ("list_days", "days"), "AvailabilityService/ListDays");
    let list = slots(world, ("list_slots", "slots"), "AvailabilityService/ListSlots");
    let mut calls =
        vec![days, list, next(world), explain(world), heartbeat(world), leave(world), release(world), presence(world)];
    calls.extend(pages());
    calls
}

fn slots(world: &World, (operation, path): (&'static str, &str), call: &'static str) -> Call {
    Call {
        operation,
        method: Method::GET,
        path: format!("event-types/{}/{path}", world.event_type),
        call,
        message: "SlotQuery",
        elsewhere: &["event_type_id", "unless_edition", "management_token"],
        besides: json!({"event_type_id": world.event_type}),
        right: json!({"from": DAY, "to": DAY, "time_zone": "Europe/Berlin"}),
        rows: vec![
            ("from", json!(null)),
            ("from", json!("2090-02-30")),
            ("to", json!(null)),
            ("to", json!("tomorrow")),
            ("to", json!(Day(-1))),
            ("to", json!(Day(62))),
            ("duration_minutes", json!(0)),
            ("time_zone", json!("Berlin")),
            ("resource_id", json!("studio")),
            ("moving", json!("my booking")),
        ],
    }
}

fn next(world: &World) -> Call {
    Call {
        operation: "list_next_slots",
        method: Method::GET,
        path: format!("event-types/{}/next", world.event_type),
        call: "AvailabilityService/ListNextSlots",
        message: "ListNextSlotsRequest",
        elsewhere: &["event_type_id"],
        besides: json!({"event_type_id": world.event_type}),
        right: json!({"count": 10, "after": at("12:00"), "time_zone": "Europe/Berlin"}),
        rows: vec![
            ("count", json!(null)),
            ("count", json!(0)),
            ("count", json!(11)),
            ("after", json!("1969-12-31T12:00:00Z")),
            ("duration_minutes", json!(0)),
            ("resource_id", json!("studio")),
            ("time_zone", json!("Berlin")),
        ],
    }
}

fn explain(world: &World) -> Call {
    Call {
        operation: "explain_slot",
        method: Method::GET,
        path: format!("event-types/{}/explain", world.event_type),
        call: "AvailabilityService/ExplainSlot",
        message: "ExplainSlotRequest",
        elsewhere: &["event_type_id", "management_token"],
        besides: json!({"event_type_id": world.event_type}),
        right: json!({"start": at("12:00")}),
        rows: vec![
            ("start", json!(null)),
            ("start", json!(format!("{DAY}T12:00:30Z"))),
            ("duration_minutes", json!(10_081)),
            ("resource_id", json!("studio")),
            ("moving", json!("my booking")),
        ],
    }
}

/// What is wrong wherever a slot is named.
fn of_a_slot() -> Vec<(&'static str, Value)> {
    vec![
        ("event_type_id", json!(null)),
        ("event_type_id", json!("session")),
        ("start", json!(null)),
        ("start", json!(format!("{DAY}T12:00:30Z"))),
        ("duration_minutes", json!(0)),
    ]
}

fn heartbeat(world: &World) -> Call {
    let mut rows = of_a_slot();
    rows.extend([
        ("session_id", json!(null)),
        ("session_id", json!("me")),
        ("resource_id", json!("studio")),
        ("lease_seconds", json!(0)),
        ("lease_seconds", json!(86_401)),
        ("moving", json!("my booking")),
        ("allow", json!(vec!["notice"; 7])),
        ("allow[0]", json!("held")),
        ("data", json!("x".repeat(1_025))),
    ]);
    Call {
        operation: "heartbeat",
        method: Method::POST,
        path: "presence/heartbeat".to_owned(),
        call: "PresenceService/Heartbeat",
        message: "HeartbeatRequest",
        elsewhere: &["management_token"],
        besides: json!({}),
        right: json!({
            "event_type_id": world.event_type, "start": at("14:00"), "session_id": session(), "allow": ["notice"],
        }),
        rows,
    }
}

fn leave(world: &World) -> Call {
    Call {
        operation: "leave",
        method: Method::POST,
        path: "presence/leave".to_owned(),
        call: "PresenceService/Leave",
        message: "LeaveRequest",
        elsewhere: &[],
        besides: json!({}),
        right: json!({"room": format!("{}~{}T1400Z~30", world.event_type, DAY.date().format("%Y%m%d")), "session_id": session()}),
        rows: vec![
            ("room", json!(null)),
            ("room", json!("the first")),
            ("session_id", json!(null)),
            ("session_id", json!("me")),
        ],
    }
}

fn release(world: &World) -> Call {
    Call {
        operation: "release",
        method: Method::POST,
        path: "presence/release".to_owned(),
        call: "PresenceService/Release",
        message: "ReleaseRequest",
        elsewhere: &[],
        besides: json!({}),
        right: json!({"room": format!("{}~20900306T1400Z~30", world.event_type), "who": "p-1"}),
        rows: vec![
            ("room", json!(null)),
            ("room", json!("the first")),
            ("who", json!(null)),
            ("reason", json!("x".repeat(4_001))),
        ],
    }
}

fn presence(world: &World) -> Call {
    Call {
        operation: "list_presence",
        method: Method::GET,
        path: "presence".to_owned(),
        call: "PresenceService/ListPresence",
        message: "ListPresenceRequest",
        elsewhere: &[],
        besides: json!({}),
        right: json!({"event_type_id": world.event_type, "start": at("14:00")}),
        rows: of_a_slot(),
    }
}

fn pages() -> Vec<Call> {
    let page = |operation, path: &str, call, message| Call {
        operation,
        method: Method::GET,
        path: path.to_owned(),
        call,
        message,
        elsewhere: &["organization"],
        besides: json!({}),
        right: json!({"page_size": 1}),
        rows: vec![("page_size", json!(0)), ("page_size", json!(201)), ("page_token", json!("last"))],
    };
    let public = page(
        "list_public_event_types",
        "public/default/event-types",
        "CatalogService/ListBookingPages",
        "ListBookingPagesRequest",
    );
    vec![
        page("list_resources", "resources", "CatalogService/ListResources", "ListResourcesRequest"),
        page("list_schedules", "schedules", "CatalogService/ListSchedules", "ListSchedulesRequest"),
        page("list_event_types", "event-types", "CatalogService/ListEventTypes", "ListEventTypesRequest"),
        page("list_live_presence", "presence/live", "PresenceService/ListLivePresence", "ListLivePresenceRequest"),
        Call { besides: json!({"organization": "default"}), ..public },
    ]
}
