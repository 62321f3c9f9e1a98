//! What would be different, as it is asked about.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Call, World, catalog};
use crate::day::{DAY, at};

/// One for each kind of change; each field of an event type and a schedule is wrong as it is where they are made.
pub(super) fn calls(world: &World) -> Vec<Call> {
    let block = json!({"resource_id": world.resource, "start": at("20:00"), "end": at("22:00")});
    let blocked = json!({"event_type_id": world.event_type, "from": DAY, "to": DAY, "block": block});
    let rows = vec![
        ("from", json!("2090-02-30")),
        ("to", json!(null)),
        ("to", json!("2090-03-26")),
        ("duration_minutes", json!(0)),
        ("time_zone", json!("Berlin")),
        ("resource_id", json!("studio")),
        ("event_type_id", json!("studio")),
        ("event_type_id", json!(null)),
        ("block.resource_id", json!(null)),
        ("block.start", json!("2090-03-06T20:00:30Z")),
        ("block.end", json!(at("20:00"))),
    ];
    let [schedule, event_type] = catalog::schedule_and_event_type(world);
    let day_and = |more: Value| {
        let mut asked = json!({"event_type_id": world.event_type, "from": DAY, "to": DAY});
        asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        asked
    };
    let mut of_schedule = below("schedule", schedule.rows);
    of_schedule.extend([("schedule_id", json!(null)), ("schedule_id", json!("always"))]);
    let mut of_event_type = below("event_type", event_type.rows);
    of_event_type.push(("event_type", json!(null)));
    vec![
        preview(blocked, rows),
        preview(day_and(json!({"schedule_id": world.schedule, "schedule": schedule.right})), of_schedule),
        preview(day_and(json!({"event_type": event_type.right})), of_event_type),
    ]
}

fn preview(right: Value, rows: Vec<(&'static str, Value)>) -> Call {
    Call {
        operation: "preview_availability",
        method: Method::POST,
        path: "availability/preview".to_owned(),
        call: "AvailabilityService/PreviewAvailability",
        message: "PreviewAvailabilityRequest",
        elsewhere: &[],
        besides: json!({}),
        right,
        rows,
    }
}

/// The same rows, of a part of the request.
fn below(part: &str, rows: Vec<(&'static str, Value)>) -> Vec<(&'static str, Value)> {
    let path = |path: &str| &*Box::leak(format!("{part}.{path}").into_boxed_str());
    rows.into_iter().map(|(field, value)| (path(field), value)).collect()
}
