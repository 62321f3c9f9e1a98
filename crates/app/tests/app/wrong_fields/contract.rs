//! Which fields the contract has: those of messages, and those of the document's bodies and queries.

use prost_reflect::{DescriptorPool, Kind, MessageDescriptor};
use serde_json::Value;

use super::calls::Call;
use super::ways::descriptor;

/// A path without the places in its lists: `questions[1].key` is `questions.key`.
pub(super) fn without_places(path: &str) -> String {
    path.split('[').map(|part| part.split_once(']').map_or(part, |(_, rest)| rest)).collect()
}

/// The paths of what can be wrong in the call's message, below `spec` if it has one.
pub(super) fn fields_of_message(call: &Call) -> Vec<String> {
    let fields = leaves_of_message(&descriptor(call.message), "");
    fields.into_iter().map(|field| field.strip_prefix("spec.").map_or(field.clone(), str::to_owned)).collect()
}

/// A truth is never wrong once it is one.
fn leaves_of_message(message: &MessageDescriptor, at: &str) -> Vec<String> {
    let leaves = message.fields().flat_map(|field| {
        let path = format!("{at}{}", field.name());
        match field.kind() {
            Kind::Bool => Vec::new(),
            Kind::Message(inner) if !field.is_map() && inner.full_name() != "google.protobuf.Timestamp" => {
                let mut leaves = leaves_of_message(&inner, &format!("{path}."));
                leaves.extend(field.is_list().then_some(path));
                leaves
            }
            _ => vec![path],
        }
    });
    leaves.collect()
}

/// The paths of what can be wrong in the operation's body or query.
pub(super) fn fields_of_operation(call: &Call) -> Vec<String> {
    let document = app::http::openapi::document();
    let operations =
        document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
    let mut named = operations.filter(|operation| operation["operationId"] == call.operation);
    let operation = named.next().unwrap_or_else(|| panic!("there is no operation {}", call.operation));
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let query =
        parameters.filter(|parameter| parameter["in"] == "query").map(|it| it["name"].as_str().unwrap().to_owned());
    let content = operation["requestBody"]["content"].as_object().into_iter().flat_map(|content| content.values());
    let body = content.flat_map(|content| leaves_of_schema(&document, &content["schema"], ""));
    query.chain(body).collect()
}

fn leaves_of_schema(document: &Value, schema: &Value, at: &str) -> Vec<String> {
    if let Some(name) = schema["$ref"].as_str() {
        return leaves_of_schema(document, document.pointer(name.trim_start_matches('#')).unwrap(), at);
    }
    let choices = ["allOf", "oneOf", "anyOf"].iter().flat_map(|of| schema[of].as_array().into_iter().flatten());
    let inside = choices.flat_map(|choice| leaves_of_schema(document, choice, at));
    let properties = schema["properties"].as_object().into_iter().flatten().flat_map(|(name, property)| {
        let path = format!("{at}{name}");
        let inner = leaves_of_schema(document, property, &format!("{path}."));
        let items = leaves_of_schema(document, &property["items"], &format!("{path}."));
        let is_leaf = inner.is_empty() && property["type"] != "boolean";
        inner.into_iter().chain(items).chain(is_leaf.then_some(path)).collect::<Vec<_>>()
    });
    inside.chain(properties).collect()
}

/// The messages of the contract that are asked with, and that have fields.
pub(super) fn messages_with_fields() -> impl Iterator<Item = String> {
    let pool = DescriptorPool::decode(booking_proto::FILE_DESCRIPTOR_SET).unwrap();
    let methods: Vec<_> = pool.services().flat_map(|service| service.methods().collect::<Vec<_>>()).collect();
    let mut names: Vec<String> = methods
        .iter()
        .map(|method| method.input())
        .filter(|input| input.fields().len() > 0)
        .map(|input| input.name().to_owned())
        .collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter()
}
