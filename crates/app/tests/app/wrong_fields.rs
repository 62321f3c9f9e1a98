//! Every wrong field is told under the same name, code and words, whether it came as JSON or as a message.

mod calls;
mod contract;
mod ways;

use std::collections::BTreeSet;

use reqwest::Method;
use reqwest::header::HeaderValue;
use serde_json::{Value, json};

use self::calls::{Call, World, calls};
use crate::test_server::{KEY, TestServer, answered};

/// What is told of a wrong request: its code, and each wrong field with the words for it.
type Told = (String, Vec<(String, String)>);

async fn world() -> (TestServer, World) {
    let server = TestServer::with(&["--rate-limit", "0"]).await;
    let event_type = server.offer("room").await;
    let offered = server.admin(Method::GET, &format!("event-types/{event_type}"), Value::Null).await.json;
    let booking = server.book(&event_type, "10:00", None).await.json["uid"].as_str().unwrap().to_owned();
    let schedule = offered["schedule_id"].as_str().unwrap().to_owned();
    let resource = offered["requirements"][0]["resource_ids"][0].as_str().unwrap().to_owned();
    (server, World { event_type, schedule, resource, booking })
}

/// Puts a value where the path leads; null takes away what is there.
fn put(at: &mut Value, path: &str, value: Value) {
    let (name, rest) = path.split_at(path.find(['.', '[']).unwrap_or(path.len()));
    match (rest.strip_prefix('.'), rest.strip_prefix('[')) {
        (Some(rest), _) => put(&mut at[name], rest, value),
        (_, Some(rest)) => {
            let (nth, rest) = rest.split_once(']').unwrap();
            let entry = &mut at[name][nth.parse::<usize>().unwrap()];
            match rest.strip_prefix('.') {
                Some(rest) => put(entry, rest, value),
                None => *entry = value,
            }
        }
        // An answer that is none is one all the same.
        _ if value.is_null() && !name.starts_with("diet") => drop(at.as_object_mut().unwrap().remove(name)),
        _ => at[name] = value,
    }
}

#[tokio::test]
async fn a_wrong_field_is_told_in_the_same_words_both_ways() {
    let (server, world) = world().await;
    for call in calls(&world) {
        for (path, value) in &call.rows {
            let mut wrong = call.right.clone();
            put(&mut wrong, path, value.clone());
            let (over_http, over_grpc) = (call.over_http(&server, &wrong).await, call.over_grpc(&server, &wrong).await);
            let shown = value.to_string().chars().take(60).collect::<String>();
            assert_eq!(over_http, over_grpc, "{} {path} {shown}", call.operation);
            let Some((code, errors)) = over_http else { panic!("{} {path} {shown} is not refused", call.operation) };
            let fields: Vec<&str> = errors.iter().map(|(field, _)| field.as_str()).collect();
            assert_eq!((code.as_str(), fields), ("invalid_argument", vec![*path]), "{} {shown}", call.operation);
        }
    }
}

#[tokio::test]
async fn what_is_wrong_is_all_that_is_wrong() {
    let (server, world) = world().await;
    for call in calls(&world) {
        for told in [call.over_http(&server, &call.right).await, call.over_grpc(&server, &call.right).await] {
            let code = told.as_ref().map(|(code, _)| code.as_str());
            assert_ne!(code, Some("invalid_argument"), "{}: {told:?}", call.operation);
        }
    }
}

/// Everything that is wrong is told at once, in one order.
#[tokio::test]
async fn all_wrong_fields_are_told_at_once_both_ways() {
    let (server, world) = world().await;
    for call in calls(&world) {
        let nothing = json!({});
        let (over_http, over_grpc) = (call.over_http(&server, &nothing).await, call.over_grpc(&server, &nothing).await);
        let required = |told: Option<Told>| {
            let errors = told.map(|(_, errors)| errors).unwrap_or_default();
            errors.into_iter().filter(|(field, _)| !call.is_elsewhere(field)).collect::<Vec<_>>()
        };
        // A change names what it changes, and a stored version besides.
        if call.method != Method::PATCH {
            assert_eq!(required(over_http), required(over_grpc), "{}", call.operation);
        }
    }
}

#[test]
fn each_field_of_the_contract_has_a_row() {
    let calls = calls(&World::default());
    for call in &calls {
        let same = calls.iter().filter(|other| other.operation == call.operation);
        let rows = same.flat_map(|call| &call.rows).map(|(path, _)| contract::without_places(path));
        let rows: BTreeSet<String> = rows.collect();
        let has_row = |field: &String| rows.iter().any(|row| row == field || row.starts_with(&format!("{field}.")));
        let fields = contract::fields_of_message(call).into_iter().chain(contract::fields_of_operation(call));
        for field in fields.filter(|field| !call.is_elsewhere(field)) {
            assert!(has_row(&field), "{}: no row for {field}", call.operation);
        }
    }
}

/// Each call whose fields are parsed, or one that parses the same, is among those above.
#[test]
fn each_call_that_takes_fields_is_compared() {
    let compared: Vec<String> = calls(&World::default()).iter().map(|call| call.message.to_owned()).collect();
    let missing: Vec<String> = contract::messages_with_fields().filter(|message| !compared.contains(message)).collect();
    assert_eq!(missing, calls::NOT_SENT);
}

#[tokio::test]
async fn an_idempotency_key_is_wrong_in_the_same_words_under_its_name_on_each_way() {
    let (server, _) = world().await;
    let resource = json!({"name": "Room", "kind": "room", "time_zone": "UTC"});
    for key in ["x".repeat(256), "tab\tbed".to_owned(), "schl\u{fc}ssel".to_owned()] {
        let header = HeaderValue::from_bytes(key.as_bytes()).unwrap();
        let request = server.request(Method::POST, "resources").bearer_auth(KEY).header("idempotency-key", header);
        let over_http = answered(request.json(&resource)).await;
        let message = json!({"spec": resource, "request_id": key});
        let over_grpc = ways::call(&server, "CatalogService/CreateResource", "CreateResourceRequest", &message).await;
        let words = over_http.json["errors"][0]["message"].as_str().unwrap().to_owned();
        assert_eq!(over_http.wrong(), ["idempotency-key"]);
        assert_eq!(over_grpc, Some(("invalid_argument".to_owned(), vec![("request_id".to_owned(), words)])));
    }
}

impl Call {
    async fn over_http(&self, server: &TestServer, fields: &Value) -> Option<Told> {
        ways::over_http(server, (self.method.clone(), &self.path), fields).await
    }

    async fn over_grpc(&self, server: &TestServer, fields: &Value) -> Option<Told> {
        ways::call(server, self.call, self.message, &self.message_of(fields)).await
    }
}
