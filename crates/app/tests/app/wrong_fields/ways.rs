//! The same fields sent as JSON and as a message, and what is told of them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use booking_domain::DateTime;
use booking_domain::refusal::Refusal;
use booking_proto::status::{StatusMeaning, read};
use bytes::Bytes;
use prost_reflect::prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, FieldDescriptor, Kind, MapKey, MessageDescriptor};
use reqwest::Method;
use serde_json::Value;
use tower::Service;

use super::Told;
use crate::test_server::{KEY, TestServer, answered};

/// What the server says about these fields over HTTP, if it refuses them.
pub(super) async fn over_http(server: &TestServer, (method, path): (Method, &str), fields: &Value) -> Option<Told> {
    let request = match method {
        Method::GET => server.request(method, &format!("{path}?{}", query_of(fields))),
        method => server.request(method, path).json(fields),
    };
    let answer = answered(request.bearer_auth(KEY)).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let errors = answer.json["errors"].as_array().into_iter().flatten();
    let errors = errors.map(|error| (text(&error["field"]), text(&error["message"])));
    (answer.status >= 400).then(|| (answer.code().to_owned(), errors.collect()))
}

/// A query, in which all are texts.
fn query_of(fields: &Value) -> String {
    let mut url = reqwest::Url::parse("http://localhost").unwrap();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    url.query_pairs_mut().extend_pairs(fields.as_object().unwrap().iter().map(|(name, value)| (name, text(value))));
    url.query().unwrap_or_default().to_owned()
}

/// What the server says about these fields of a message, if it refuses them.
pub(super) async fn call(server: &TestServer, call: &str, message: &str, fields: &Value) -> Option<Told> {
    let bytes = message_of(&descriptor(message), fields).encode_to_vec();
    // A message goes uncompressed behind its length (grpc/doc/PROTOCOL-HTTP2.md).
    let length = u32::try_from(bytes.len()).unwrap().to_be_bytes();
    let body = [&[0], length.as_slice(), &bytes].concat();
    let mut channel = booking_client::connect(&format!("http://{}", server.grpc)).unwrap();
    std::future::poll_fn(|cx| channel.poll_ready(cx)).await.unwrap();
    let request = http::Request::post(format!("/booking.v1.{call}"))
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .header("authorization", format!("Bearer {KEY}"));
    let body = tonic::body::Body::new(http_body_util::Full::new(Bytes::from(body)));
    let response = channel.call(request.body(body).unwrap()).await.unwrap();
    match read(&tonic::Status::from_header_map(response.headers())?) {
        StatusMeaning::Refused(Refusal::InvalidArgument { errors }) => {
            let errors = errors.into_iter().map(|error| (error.field, error.message));
            Some(("invalid_argument".to_owned(), errors.collect()))
        }
        StatusMeaning::Refused(refusal) => Some((refusal.code().slug().to_owned(), Vec::new())),
        other => panic!("{call}: {other:?}"),
    }
}

/// A message of the contract.
pub(super) fn descriptor(name: &str) -> MessageDescriptor {
    let pool = DescriptorPool::decode(booking_proto::FILE_DESCRIPTOR_SET).unwrap();
    pool.get_message_by_name(&format!("booking.v1.{name}")).unwrap_or_else(|| panic!("there is no message {name}"))
}

fn message_of(descriptor: &MessageDescriptor, fields: &Value) -> DynamicMessage {
    let mut message = DynamicMessage::new(descriptor.clone());
    for (name, value) in fields.as_object().unwrap() {
        let field = descriptor.get_field_by_name(name);
        let field = field.unwrap_or_else(|| panic!("{} has no field {name}", descriptor.full_name()));
        message.set_field(&field, field_of(&field, value));
    }
    message
}

fn field_of(field: &FieldDescriptor, value: &Value) -> prost_reflect::Value {
    match field.kind() {
        Kind::Message(entry) if field.is_map() => {
            let value_of = |(key, value): (&String, &Value)| {
                (MapKey::String(key.clone()), value_of(&entry.map_entry_value_field().kind(), value))
            };
            prost_reflect::Value::Map(value.as_object().unwrap().iter().map(value_of).collect())
        }
        kind if field.is_list() => {
            prost_reflect::Value::List(value.as_array().unwrap().iter().map(|value| value_of(&kind, value)).collect())
        }
        kind => value_of(&kind, value),
    }
}

fn value_of(kind: &Kind, value: &Value) -> prost_reflect::Value {
    use prost_reflect::Value as Reflected;
    match kind {
        Kind::String => Reflected::String(value.as_str().unwrap().to_owned()),
        Kind::Bool => Reflected::Bool(value.as_bool().unwrap()),
        Kind::Int64 => Reflected::I64(value.as_i64().unwrap()),
        Kind::Uint32 => Reflected::U32(value.as_u64().unwrap().try_into().unwrap()),
        // Of the one image there is; JSON has it in a URL.
        Kind::Bytes => {
            let (_, base64) = value.as_str().unwrap().split_once(";base64,").unwrap();
            Reflected::Bytes(STANDARD.decode(base64).unwrap().into())
        }
        Kind::Message(descriptor) if descriptor.full_name() == "google.protobuf.Timestamp" => {
            let instant = DateTime::parse_from_rfc3339(value.as_str().unwrap()).unwrap();
            let parts = serde_json::json!({"seconds": instant.timestamp(), "nanos": instant.timestamp_subsec_nanos()});
            Reflected::Message(message_of(descriptor, &parts))
        }
        Kind::Int32 => Reflected::I32(value.as_i64().unwrap().try_into().unwrap()),
        Kind::Message(descriptor) if descriptor.full_name() == "booking.v1.Answer" => {
            let name = if value.is_boolean() { "ticked" } else { "text" };
            let answer = if value.is_null() { serde_json::json!({}) } else { serde_json::json!({ name: value }) };
            Reflected::Message(message_of(descriptor, &answer))
        }
        Kind::Message(descriptor) => Reflected::Message(message_of(descriptor, value)),
        other => panic!("no field of a request was {other:?}"),
    }
}
