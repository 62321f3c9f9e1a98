//! Which problems each operation can answer with.

use serde_json::{Map, Value, json};

use crate::http::answer::PROBLEM_JSON;

/// Each problem response, by status.
const RESPONSES: [(&str, &str); 13] = [
    ("400", "`invalid_argument`: something in the request is wrong; `errors` says what"),
    ("401", "`unauthenticated`: a valid API key is needed"),
    ("403", "`permission_denied`: this key does not allow that"),
    ("404", "`not_found`: there is no such thing, or none that the caller may know of"),
    ("408", "`invalid_argument`: the body did not arrive in time"),
    ("409", "`conflict`, `slot_held`, `slot_booked`, `hold_lost` or `idempotency_mismatch`: something is in the way"),
    (
        "413",
        "`invalid_argument`: the body is longer than 128 KiB, for what is offered 2 MiB, or for `/page-errors` 2 KiB",
    ),
    ("415", "`invalid_argument`: the body is not `application/json`"),
    ("422", "`slot_unavailable`: this time is not offered; `reasons` says why"),
    ("429", "`rate_limited`, `too_many_holds` or `too_many_bookings`: too much at once"),
    ("500", "`internal`: something broke, and is logged under `request_id`"),
    ("503", "`unavailable`: nothing was done; try again"),
    ("default", "Any other error"),
];

/// Describes every problem of every operation.
pub fn describe(document: &mut Value) {
    if let Some(Value::Object(components)) = document.pointer_mut("/components") {
        let responses: Map<String, Value> =
            RESPONSES.iter().map(|(status, text)| (component(status), response(text))).collect();
        components.insert("responses".to_owned(), responses.into());
    }
    let Some(Value::Object(paths)) = document.get_mut("paths") else { return };
    for (path, item) in paths.iter_mut() {
        let Value::Object(operations) = item else { continue };
        for (method, operation) in operations.iter_mut() {
            for status in statuses(path, method, operation) {
                if let Some(Value::Object(responses)) = operation.get_mut("responses") {
                    let reference = json!({ "$ref": format!("#/components/responses/{}", component(status)) });
                    responses.entry(status).or_insert(reference);
                }
            }
        }
    }
}

fn component(status: &str) -> String {
    format!("Problem{}", if status == "default" { "" } else { status })
}

fn response(description: &str) -> Value {
    let schema = json!({ "$ref": "#/components/schemas/Problem" });
    json!({ "description": description, "content": { PROBLEM_JSON: { "schema": schema } } })
}

fn statuses(path: &str, method: &str, operation: &Value) -> Vec<&'static str> {
    let mut statuses = vec!["500", "503", "default"];
    if !path.starts_with("/api/") {
        return vec!["503", "default"];
    }
    let has_body = operation.get("requestBody").is_some();
    if has_body {
        statuses.extend(["400", "408", "413", "415"]);
    }
    if operation.get("parameters").is_some() {
        statuses.push("400");
    }
    match security(operation).as_slice() {
        [] => statuses.push("429"),
        [only] if *only == "api_key" => statuses.extend(["401", "403", "429"]),
        _ => statuses.extend(["401", "429"]),
    }
    if path.contains('{') || path.contains("/presence") || path == "/api/v1/bookings" {
        statuses.push("404");
    }
    if matches!(method, "post" | "patch" | "delete") {
        statuses.push("409");
    }
    if (method == "post" && path == "/api/v1/bookings") || path.ends_with("/reschedule") || path.ends_with("/heartbeat")
    {
        statuses.push("422");
    }
    statuses
}

fn security(operation: &Value) -> Vec<&str> {
    let ways = operation.get("security").and_then(Value::as_array);
    ways.into_iter().flatten().filter_map(Value::as_object).flat_map(|way| way.keys().map(String::as_str)).collect()
}

/// What a problem with this status means.
pub fn meaning(status: &str) -> &'static str {
    RESPONSES.iter().find(|(known, _)| *known == status).map_or("", |(_, text)| text)
}
