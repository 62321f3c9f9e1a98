//! What is written may leave fields out; what is answered has them all. Nested parts need a schema for each.

use serde_json::{Map, Value};

/// Parts that are both written and answered, and of which something may be left out in writing.
const PARTS: [&str; 4] = ["Question", "Requirement", "PeriodLimits", "DateOverride"];
/// The answers that have such parts.
const ANSWERS: [&str; 5] = ["ChangedEventType", "ChangedSchedule", "EventType", "PublicEventType", "Schedule"];

/// The stored things, whose schemas are made of what is written.
const ENTITIES: [&str; 6] =
    ["ChangedEventType", "ChangedResource", "ChangedSchedule", "EventType", "Resource", "Schedule"];

/// Gives each part a schema for writing, with `New` before its name, and lets answers have all fields.
pub(super) fn tell_all_fields(document: &mut Value) {
    let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") else { return };
    schemas.values_mut().for_each(drop_empty_defaults);
    for part in PARTS {
        if let Some(written) = schemas.get(part).cloned() {
            let mut answered = written.clone();
            tell_all(&mut answered);
            schemas.insert(format!("New{part}"), written);
            schemas.insert(part.to_owned(), answered);
        }
    }
    for (name, schema) in schemas.iter_mut() {
        let is_answer = ANSWERS.contains(&name.as_str()) || PARTS.contains(&name.as_str());
        if !is_answer {
            mean_written_parts(schema);
        }
        // A change leaves what it does not name, and an answer has everything: neither has defaults.
        if name.ends_with("Patch") || ENTITIES.contains(&name.as_str()) {
            drop_defaults(schema);
        }
    }
    for open in ["Location", "WeeklyWindow", "Window"] {
        if let Some(Value::Object(schema)) = schemas.get_mut(open) {
            schema.remove("additionalProperties");
        }
    }
}

/// What is required has no default, and `null` is none: both come from how bodies are read, so that all that is missing is told.
fn drop_empty_defaults(schema: &mut Value) {
    let required = schema.get("required").cloned().unwrap_or_default();
    let is_required =
        |name: &String| required.as_array().is_some_and(|names| names.contains(&Value::from(name.as_str())));
    let Some(Value::Object(properties)) = schema.get_mut("properties") else { return };
    for (name, property) in properties.iter_mut() {
        let Value::Object(property) = property else { continue };
        if is_required(name) || property.get("default").is_some_and(Value::is_null) {
            property.remove("default");
        }
    }
}

fn drop_defaults(schema: &mut Value) {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for property in properties.into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut) {
        property.remove("default");
    }
}

fn tell_all(schema: &mut Value) {
    drop_defaults(schema);
    let Value::Object(schema) = schema else { return };
    // Answers may grow; what is read must not refuse that.
    schema.remove("additionalProperties");
    let Some(Value::Object(properties)) = schema.get("properties") else { return };
    let names: Vec<Value> = properties.keys().map(|name| Value::from(name.as_str())).collect();
    schema.insert("required".to_owned(), names.into());
}

/// Turns references to parts into references to what is written of them.
fn mean_written_parts(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            mean_written(object);
            object.values_mut().for_each(mean_written_parts);
        }
        Value::Array(items) => items.iter_mut().for_each(mean_written_parts),
        _ => {}
    }
}

fn mean_written(object: &mut Map<String, Value>) {
    let Some(Value::String(reference)) = object.get_mut("$ref") else { return };
    if let Some(part) = reference.strip_prefix("#/components/schemas/").filter(|part| PARTS.contains(part)) {
        *reference = format!("#/components/schemas/New{part}");
    }
}
