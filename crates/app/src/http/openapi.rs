//! The OpenAPI document: what the routes say, made whole, and the same for every build.

mod answers;
pub mod base;
mod patches;
pub mod problems;
mod shapes;

use serde_json::Value;

use crate::http::routes;

/// The document.
pub fn document() -> Value {
    let (_, api) = routes::described().split_for_parts();
    let mut document = serde_json::to_value(api).unwrap_or_default();
    answers::tell_all_fields(&mut document);
    patches::tell(&mut document);
    shapes::tell(&mut document);
    problems::describe(&mut document);
    document
}

/// The document as it is served and printed.
pub fn text() -> String {
    let mut text = serde_json::to_string_pretty(&document()).unwrap_or_default();
    text.push('\n');
    text
}
