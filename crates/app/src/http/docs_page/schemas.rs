//! Schemas on the readable page: their fields, types and bounds.

use std::fmt::Write;

use serde_json::Value;

use super::text::{entries, escape, items, prose, text_at};

/// The anchor of something with this name.
pub(super) fn anchor(name: &str) -> String {
    name.to_lowercase().replace([' ', '/'], "-")
}

/// A schema's type, with links to the schemas that it names.
pub(super) fn type_of(schema: &Value) -> String {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let name = reference.rsplit('/').next().unwrap_or_default();
        return format!("<a href=\"#{}\">{}</a>", anchor(name), escape(name));
    }
    let choices: Vec<String> =
        ["/oneOf", "/anyOf", "/allOf"].iter().flat_map(|of| items(schema, of)).map(type_of).collect();
    if !choices.is_empty() {
        return choices.join(" or ");
    }
    let types = match schema.get("type") {
        Some(Value::String(name)) => vec![name.as_str()],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => vec!["any"],
    };
    let named = types.iter().map(|name| match *name {
        "array" => format!("list of {}", schema.get("items").map(type_of).unwrap_or_default()),
        name => escape(name),
    });
    let mut text = named.collect::<Vec<_>>().join(" or ");
    if let Some(format) = schema.get("format").and_then(Value::as_str) {
        _ = write!(text, " <small>{}</small>", escape(format));
    }
    text + &bounds(schema)
}

fn bounds(schema: &Value) -> String {
    let bound = |name: &str| schema.get(name).map(ToString::to_string);
    let (least, most) = (bound("minimum"), bound("maximum"));
    match (least, most) {
        (Some(least), Some(most)) => format!(" <small>{least} to {most}</small>"),
        _ => String::new(),
    }
}

/// One schema, with its fields.
pub(super) fn write(page: &mut String, name: &str, schema: &Value) -> std::fmt::Result {
    write!(page, "<section id=\"{}\"><h3>{}</h3>", anchor(name), escape(name))?;
    write!(page, "<p>{}</p>", prose(text_at(schema, "/description")))?;
    let names: Vec<&str> = items(schema, "/enum").filter_map(Value::as_str).collect();
    if !names.is_empty() {
        let names: Vec<String> = names.iter().map(|name| format!("<code>{}</code>", escape(name))).collect();
        write!(page, "<p>One of {}</p>", names.join(", "))?;
    }
    let parts: Vec<&Value> = items(schema, "/allOf").chain(std::iter::once(schema)).collect();
    for part in parts {
        if part.get("$ref").is_some() {
            write!(page, "<p>All of {}, and</p>", type_of(part))?;
        }
        write_fields(page, part)?;
    }
    write!(page, "</section>")
}

fn write_fields(page: &mut String, schema: &Value) -> std::fmt::Result {
    if entries(schema, "/properties").next().is_none() {
        return Ok(());
    }
    let required: Vec<&str> = items(schema, "/required").filter_map(Value::as_str).collect();
    write!(page, "<table><thead><tr><th>Field<th>Type<th>Meaning<tbody>")?;
    for (name, property) in entries(schema, "/properties") {
        let mark = if required.contains(&name.as_str()) { "" } else { "?" };
        let meaning = prose(text_at(property, "/description"));
        write!(page, "<tr><td><code>{}{mark}</code><td>{}<td>{meaning}", escape(name), type_of(property))?;
    }
    write!(page, "</table>")
}
