//! What changes is named part by part: a nested object of a change need not be whole either.

use serde_json::{Map, Value};

const SCHEMAS: &str = "#/components/schemas/";
/// What the schema of a change is called after.
const PATCH: &str = "Patch";

/// Gives the nested objects of every change a schema of their own, with `Patch` behind its name, in which nothing is required.
pub(super) fn tell(document: &mut Value) {
    let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") else { return };
    let names: Vec<String> = schemas.keys().filter(|name| name.ends_with(PATCH)).cloned().collect();
    for name in names {
        if let Some(mut schema) = schemas.get(&name).cloned() {
            name_parts(&mut schema, schemas);
            schemas.insert(name, schema);
        }
    }
}

/// Lets the properties of a change refer to changes. Lists are replaced as a whole, so their items stay what they are.
fn name_parts(schema: &mut Value, schemas: &mut Map<String, Value>) {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for property in properties.into_iter().flat_map(Map::values_mut) {
        name_part(property, schemas);
        // What may be `null` is a choice.
        let choices = property.get_mut("oneOf").and_then(Value::as_array_mut);
        choices.into_iter().flatten().for_each(|choice| name_part(choice, schemas));
    }
}

fn name_part(property: &mut Value, schemas: &mut Map<String, Value>) {
    let Some(Value::String(reference)) = property.get_mut("$ref") else { return };
    let Some(name) = reference.strip_prefix(SCHEMAS).filter(|name| !name.ends_with(PATCH)) else { return };
    let Some(whole) = schemas.get(name).filter(|schema| schema.get("properties").is_some()) else { return };
    let (mut part, patch) = (whole.clone(), format!("{}{PATCH}", name.strip_prefix("New").unwrap_or(name)));
    *reference = format!("{SCHEMAS}{patch}");
    need_nothing(&mut part);
    name_parts(&mut part, schemas);
    schemas.insert(patch, part);
}

/// What is not named stays, so nothing is required, and nothing has a default.
fn need_nothing(schema: &mut Value) {
    let Value::Object(schema) = schema else { return };
    schema.remove("required");
    schema.insert("additionalProperties".to_owned(), false.into());
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for property in properties.into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut) {
        property.remove("default");
    }
}
