//! JSON as values, and where exactly it is wrong.

pub mod members;
pub mod objects;

use booking_domain::refusal::Refusal;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::http::json::objects::Object;

/// What this JSON text says; no text is an empty object.
///
/// # Errors
/// It is no JSON object, or a field is unknown, comes twice or is of the wrong type.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    let bytes = if bytes.is_empty() { b"{}" } else { bytes };
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let parsed = read_with_path(&mut reader)?;
    reader.end().map_err(|_| Refusal::field("body", "must be one JSON object"))?;
    Ok(parsed)
}

/// What this JSON value says.
///
/// # Errors
/// A field is unknown or of the wrong type.
pub fn of_value<T: DeserializeOwned>(value: Value) -> Result<T, Refusal> {
    read_with_path(value)
}

fn read_with_path<'de, T, D>(reader: D) -> Result<T, Refusal>
where
    T: Deserialize<'de>,
    D: serde::Deserializer<'de, Error = serde_json::Error>,
{
    let read = serde_path_to_error::deserialize(reader).map(|Object(value)| value);
    read.map_err(|error| {
        let path = error.path().to_string();
        let cause = error.into_inner();
        match cause.classify() {
            serde_json::error::Category::Data => data_error(&path, &cause.to_string()),
            _ => Refusal::field("body", "must be valid JSON"),
        }
    })
}

/// What is wrong, as half a sentence, without the place in the text: the path says that.
fn data_error(path: &str, cause: &str) -> Refusal {
    let path = if path == "." { "" } else { path };
    let whole = if path.is_empty() { "body" } else { path };
    let cause = cause.rsplit_once(" at line ").map_or(cause, |(cause, _)| cause);
    if let Some(twice) = cause.strip_prefix("duplicate field `").and_then(|rest| rest.strip_suffix('`')) {
        let field = if path.is_empty() { twice.to_owned() } else { format!("{path}.{twice}") };
        return Refusal::field(field, "must not come twice");
    }
    if cause.starts_with("unknown field") {
        return Refusal::field(whole, "is not a field of this");
    }
    // What was sent is not repeated: it may be a secret in the wrong place.
    match cause.rsplit_once("expected ") {
        Some((_, expected)) => Refusal::field(whole, format!("must be {}", words(expected))),
        None => Refusal::field(whole, "is malformed"),
    }
}

/// What serde expects, in the words of the contract.
fn words(expected: &str) -> &str {
    match expected {
        "a string" => "a text",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "a map" => "an object",
        "i64" | "u32" => "a whole number",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::model::booking::asked::NewBooking;

    fn wrong(json: &str) -> (String, String) {
        match parse::<NewBooking>(json.as_bytes()).map(drop) {
            Err(Refusal::InvalidArgument { mut errors }) => errors.pop().map(|e| (e.field, e.message)).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_its_path() {
        for (json, field, message) in [
            (r#"{"start": 5}"#, "start", "must be a text"),
            (r#"{"booker": {"email": true}}"#, "booker.email", "must be a text"),
            (r#"{"booker": {"mail": "a"}}"#, "booker.mail", "is not a field of this"),
            (r#"{"booker": 5}"#, "booker", "must be an object"),
            (r#"{"booker": ["Ada", "ada@example.org"]}"#, "booker", "must be an object"),
            (r#"{"start": "a", "start": "b"}"#, "start", "must not come twice"),
            (r#"{"booker": {"name": "a", "name": "b"}}"#, "booker.name", "must not come twice"),
            (r#"{"answers": {"diet": "a", "diet": "b"}}"#, "answers.diet", "must not come twice"),
            (r#"{"answers": {"diet": [{"a": 1, "a": 2}]}}"#, "answers.diet[0].a", "must not come twice"),
            (r#"{"answers": 5}"#, "answers", "must be an object"),
            (r#"{"duration_minutes": 1.5}"#, "duration_minutes", "must be a whole number"),
            (r#"{"duration_minutes": 99999999999999999999}"#, "duration_minutes", "must be a whole number"),
            ("[]", "body", "must be an object"),
            ("5", "body", "must be an object"),
            ("{} {}", "body", "must be one JSON object"),
            ("{", "body", "must be valid JSON"),
        ] {
            assert_eq!(wrong(json), (field.to_owned(), message.to_owned()), "{json}");
        }
    }
}
