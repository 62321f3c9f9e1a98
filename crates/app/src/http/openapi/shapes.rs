//! What texts and numbers must look like, where a type and a format do not say it all.

use serde_json::{Map, Value, json};

/// A whole minute with any offset.
const MINUTE: &str = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:00(\.0+)?(Z|[+-]\d{2}:\d{2})$";
/// A random UUID (RFC 9562, 5.4).
const RANDOM_ID: &str = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$";
/// A room, as a heartbeat answers it.
const ROOM: &str = r"^[0-9a-f-]{36}~\d{8}T\d{4}Z~[1-9]\d{0,4}$";
/// An entity tag of ours; a bare version is understood too.
const TAG: &str = r#"^(\*|(W/)?"[1-9]\d{0,17}"|[1-9]\d{0,17})$"#;
/// One line that is not empty.
const LINE: &str = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$";
/// What is asked, whose fields are held to these shapes; answers keep to them anyway.
const WRITTEN: [&str; 10] = [
    "HeartbeatRequest",
    "InRoom",
    "NewBlock",
    "NewBooker",
    "NewBooking",
    "NewEventType",
    "NewResource",
    "OrganizationPatch",
    "NewSchedule",
    "Reschedule",
];

/// Tells the shapes of what is asked.
pub(super) fn tell(document: &mut Value) {
    for name in WRITTEN {
        let properties = document.pointer_mut(&format!("/components/schemas/{name}/properties"));
        for (name, property) in properties.and_then(Value::as_object_mut).into_iter().flatten() {
            shape(name, property);
        }
    }
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    let items = paths.into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut);
    for operation in items.flat_map(Map::values_mut) {
        for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
            let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
            if let Some(schema) = parameter.get_mut("schema") {
                shape(&name, schema);
            }
        }
        need_no_body(operation);
    }
}

fn shape(name: &str, schema: &mut Value) {
    let pattern = match name {
        "start" | "end" => MINUTE,
        "session_id" => RANDOM_ID,
        "room" => ROOM,
        "If-Match" => TAG,
        "name" | "title" => LINE,
        "durations_minutes" => {
            let bounds = json!({ "type": "integer", "format": "int32", "minimum": 1, "maximum": 10080 });
            set(schema, &[("items", bounds), ("uniqueItems", true.into())]);
            return;
        }
        _ => return,
    };
    set(schema, &[("pattern", pattern.into())]);
}

fn set(schema: &mut Value, members: &[(&str, Value)]) {
    if let Value::Object(schema) = schema {
        schema.extend(members.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    }
}

/// A body that may be left out is not the same as `null`.
fn need_no_body(operation: &mut Value) {
    let Some(schema) = operation.pointer_mut("/requestBody/content/application~1json/schema") else { return };
    let choices = schema.get("oneOf").and_then(Value::as_array).cloned().unwrap_or_default();
    if let Some(body) = choices.into_iter().find(|choice| choice.get("$ref").is_some()) {
        *schema = body;
        if let Some(request) = operation.get_mut("requestBody") {
            set(request, &[("required", false.into())]);
        }
    }
}
