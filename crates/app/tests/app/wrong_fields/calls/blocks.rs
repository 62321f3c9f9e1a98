//! Times for which resources are closed.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Call, World, long, many};
use crate::day::at;

pub(super) fn calls(world: &World) -> Vec<Call> {
    vec![create(world), list(world), replace(world)]
}

fn path(world: &World) -> String {
    format!("resources/{}/blocks", world.resource)
}

/// One second too late to be a minute.
const ODD: &str = "2090-03-06T20:00:30Z";

fn create(world: &World) -> Call {
    Call {
        operation: "create_block",
        method: Method::POST,
        path: path(world),
        call: "CatalogService/CreateBlock",
        message: "CreateBlockRequest",
        elsewhere: &["resource_id", "request_id"],
        besides: json!({"resource_id": world.resource, "spec": {}}),
        right: json!({"start": at("20:00"), "end": at("22:00"), "reason": "The tuner"}),
        rows: vec![
            ("start", json!(null)),
            ("start", json!(ODD)),
            ("end", json!(null)),
            ("end", json!(ODD)),
            ("end", json!(at("20:00"))),
            ("end", json!("2092-03-07T22:00:00Z")),
            ("reason", json!("\0")),
            ("reason", json!("x".repeat(201))),
            ("external_id", json!("two\nlines")),
            ("external_id", long()),
        ],
    }
}

fn list(world: &World) -> Call {
    Call {
        operation: "list_blocks",
        method: Method::GET,
        path: path(world),
        call: "CatalogService/ListBlocks",
        message: "ListBlocksRequest",
        elsewhere: &["resource_id", "from", "to"],
        besides: json!({"resource_id": world.resource}),
        right: json!({"from": at("20:00"), "to": at("22:00"), "page_size": 5}),
        rows: vec![("page_size", json!(0)), ("page_size", json!(201)), ("page_token", json!("next"))],
    }
}

fn replace(world: &World) -> Call {
    let block = json!({"start": at("20:00"), "end": at("22:00"), "external_id": "a"});
    let blocks: Value = vec![block, json!({"start": at("21:00"), "end": at("22:00"), "external_id": "b"})].into();
    Call {
        operation: "replace_blocks",
        method: Method::PUT,
        path: path(world),
        call: "CatalogService/ReplaceBlocks",
        message: "ReplaceBlocksRequest",
        elsewhere: &["resource_id"],
        besides: json!({"resource_id": world.resource}),
        right: json!({"from": at("19:00"), "to": at("23:00"), "source": "calendar", "blocks": blocks}),
        rows: vec![
            ("from", json!(null)),
            ("from", json!("2090-03-06T19:00:30Z")),
            ("to", json!(null)),
            ("to", json!(at("19:00"))),
            ("source", json!(null)),
            ("source", long()),
            ("blocks", many(501, &json!({"start": at("20:00"), "end": at("22:00")}))),
            ("blocks[0].start", json!(null)),
            ("blocks[0].start", json!(at("18:00"))),
            ("blocks[1].end", json!(at("20:00"))),
            ("blocks[0].reason", json!("x".repeat(201))),
            ("blocks[1].external_id", json!("a")),
        ],
    }
}
