//! The readable page of the contract: plain HTML made from the document, with no script at all.

mod schemas;
mod text;

use std::fmt::Write;

use serde_json::Value;

use self::schemas::{anchor, type_of};
use self::text::{entries, escape, items, prose, text_at};

/// The page of this document.
pub fn html(document: &Value) -> String {
    let mut page = String::from(concat!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">",
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
        "<title>Holdfast: the HTTP interface</title><link rel=\"stylesheet\" href=\"/api/docs/style.css\">",
    ));
    // Writing to a text cannot fail.
    _ = write(&mut page, document);
    page
}

/// Text from the document, made safe to stand in HTML; code in backticks becomes code.
fn write(page: &mut String, document: &Value) -> std::fmt::Result {
    write!(
        page,
        "<main><h1>{}</h1><p>{}</p>",
        escape(text_at(document, "/info/title")),
        prose(text_at(document, "/info/description"))
    )?;
    write!(page, "<p>The same for programs: <a href=\"/api/v1/openapi.json\">OpenAPI 3.1</a>. Every error is ")?;
    write!(page, "a <a href=\"#{}\">problem</a> with a stable code.</p><nav><ul>", anchor("Problem"))?;
    for tag in items(document, "/tags") {
        let name = text_at(tag, "/name");
        write!(page, "<li><a href=\"#{}\">{}</a></li>", anchor(name), escape(name))?;
    }
    write!(page, "<li><a href=\"#schemas\">Schemas</a></li></ul></nav>")?;
    for tag in items(document, "/tags") {
        write_tag(page, document, tag)?;
    }
    write!(page, "<h2 id=\"schemas\">Schemas</h2>")?;
    for (name, schema) in entries(document, "/components/schemas") {
        schemas::write(page, name, schema)?;
    }
    write!(page, "</main></html>")
}

fn write_tag(page: &mut String, document: &Value, tag: &Value) -> std::fmt::Result {
    let name = text_at(tag, "/name");
    write!(page, "<h2 id=\"{}\">{}</h2><p>{}</p>", anchor(name), escape(name), prose(text_at(tag, "/description")))?;
    for (path, item) in entries(document, "/paths") {
        for (method, operation) in entries(item, "") {
            if text_at(operation, "/tags/0") == name {
                write_operation(page, (method, path), operation)?;
            }
        }
    }
    Ok(())
}

fn write_operation(page: &mut String, (method, path): (&str, &str), operation: &Value) -> std::fmt::Result {
    let id = text_at(operation, "/operationId");
    write!(page, "<section id=\"{}\"><h3>{}</h3>", anchor(id), escape(text_at(operation, "/summary")))?;
    write!(page, "<p class=\"call\"><b>{}</b> <code>{}</code></p>", method.to_uppercase(), escape(path))?;
    let description = text_at(operation, "/description");
    if !description.is_empty() {
        write!(page, "<p>{}</p>", prose(description))?;
    }
    let keys: Vec<&str> =
        items(operation, "/security").flat_map(|way| entries(way, "").map(|(key, _)| key.as_str())).collect();
    if !keys.is_empty() {
        write!(page, "<p>Needs: {}</p>", keys.join(" or ").replace('_', " "))?;
    }
    write_parameters(page, operation)?;
    for (content_type, body) in entries(operation, "/requestBody/content") {
        let schema = body.get("schema").map(type_of).unwrap_or_default();
        write!(page, "<p>Body: {schema} <small>{}</small></p>", escape(content_type))?;
    }
    write_responses(page, operation)?;
    write!(page, "</section>")
}

fn write_parameters(page: &mut String, operation: &Value) -> std::fmt::Result {
    if items(operation, "/parameters").next().is_none() {
        return Ok(());
    }
    write!(page, "<table><thead><tr><th>Parameter<th>In<th>Type<th>Meaning<tbody>")?;
    for parameter in items(operation, "/parameters") {
        let required = parameter.get("required").and_then(Value::as_bool).unwrap_or_default();
        let schema = parameter.get("schema").map(type_of).unwrap_or_default();
        let (name, place) = (escape(text_at(parameter, "/name")), escape(text_at(parameter, "/in")));
        let mark = if required { "" } else { "?" };
        write!(
            page,
            "<tr><td><code>{name}{mark}</code><td>{place}<td>{schema}<td>{}",
            prose(text_at(parameter, "/description"))
        )?;
    }
    write!(page, "</table>")
}

fn write_responses(page: &mut String, operation: &Value) -> std::fmt::Result {
    write!(page, "<table><thead><tr><th>Answer<th>Type<th>Meaning<tbody>")?;
    for (status, response) in entries(operation, "/responses") {
        if let Some(reference) = response.get("$ref").and_then(Value::as_str) {
            let name = reference.rsplit('/').next().unwrap_or_default();
            if status != "default" {
                write!(
                    page,
                    "<tr class=\"problem\"><td>{status}<td><a href=\"#{}\">Problem</a><td>{}",
                    anchor("Problem"),
                    problem(name)
                )?;
            }
            continue;
        }
        let types = entries(response, "/content").map(|(content_type, body)| {
            let schema = body.get("schema").map(type_of).unwrap_or_default();
            if content_type == "application/json" { schema } else { format!("<code>{}</code>", escape(content_type)) }
        });
        let types: Vec<String> = types.collect();
        write!(page, "<tr><td>{status}<td>{}<td>{}", types.join(", "), prose(text_at(response, "/description")))?;
    }
    write!(page, "</table>")
}

fn problem(component: &str) -> String {
    let status = component.strip_prefix("Problem").unwrap_or_default();
    prose(crate::http::openapi::problems::meaning(status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup() {
        assert_eq!(prose("a < b & `c<d>`"), "a &lt; b &amp; <code>c&lt;d&gt;</code>");
    }

    #[test]
    fn the_page_tells_every_operation_and_runs_nothing() {
        let document = crate::http::openapi::document();
        let page = html(&document);
        for (_, item) in entries(&document, "/paths") {
            for (_, operation) in entries(item, "") {
                let id = text_at(operation, "/operationId");
                assert!(page.contains(&format!("id=\"{}\"", anchor(id))), "{id}");
            }
        }
        assert!(!page.contains("<script") && !page.contains("style="));
    }
}
