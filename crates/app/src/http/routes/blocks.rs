//! Blocks of resources, for operators.

use axum::Json;
use axum::response::{IntoResponse, Response};
use booking_domain::id::ResourceId;
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{located, tagged};
use crate::http::answer::HttpResult;
use crate::http::body::{JsonBody, OperatorJson};
use crate::http::caller::Admin;
use crate::http::json::members::Members;
use crate::http::model::block::{
    Block, BlockPatch, Blocks, BlocksQuery, ChangedBlock, NewBlock, ReplacedBlocks, Replacement,
};
use crate::http::model::entity::EntityFields;
use crate::http::model::time::Id;
use crate::http::request::{IdempotencyKey, IfMatch, PathBlock, PathId, QueryParams};
use crate::http::state::SharedState;

/// The routes.
pub fn routes() -> OpenApiRouter<SharedState> {
    OpenApiRouter::new().routes(routes!(list_blocks, create_block, replace_blocks)).routes(routes!(
        get_block,
        update_block,
        delete_block
    ))
}

impl IntoResponse for Block {
    fn into_response(self) -> Response {
        tagged(self.version, Json(self))
    }
}

impl IntoResponse for ChangedBlock {
    fn into_response(self) -> Response {
        tagged(self.block.version, Json(self))
    }
}

/// Close a resource for a while
///
/// A block closes all units at once, and may lie over holds and bookings, which stay: the answer names them. Whoever waits for such a
/// time is told at once that nothing can become of it.
#[utoipa::path(
    post, path = "/resources/{id}/blocks", tag = "Resources", security(("api_key" = [])),
    params(
        ("id" = Id, Path, description = "Which resource"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key and body answer what they answered the first time, for 24 hours", min_length = 1, max_length = 255),
    ),
    request_body = NewBlock,
    responses((status = 201, description = "It is closed", body = ChangedBlock, headers(("Location" = String), ("ETag" = String)))),
)]
pub async fn create_block(
    Admin(api): Admin,
    PathId(id): PathId<ResourceId>,
    IdempotencyKey(key): IdempotencyKey,
    JsonBody(fields): JsonBody<NewBlock>,
) -> HttpResult<Response> {
    let made = api.create_block(id, &fields.parse()?, key).await?;
    let path = format!("/resources/{id}/blocks/{}", made.now.id);
    Ok(located(&path, ChangedBlock::from(&made)))
}

/// List the blocks of a resource
#[utoipa::path(
    get, path = "/resources/{id}/blocks", tag = "Resources", security(("api_key" = [])),
    params(("id" = Id, Path, description = "Which resource"), BlocksQuery),
    responses((status = 200, description = "One page of them", body = Blocks)),
)]
pub async fn list_blocks(
    Admin(api): Admin,
    PathId(id): PathId<ResourceId>,
    QueryParams(query): QueryParams<BlocksQuery>,
) -> HttpResult<Json<Blocks>> {
    let page = api.list_blocks(&query.parse(id)?).await?;
    Ok(Json(Blocks { blocks: page.items.iter().map(Into::into).collect(), next_page_token: page.next }))
}

/// Replace all blocks of one source in a window
///
/// A block of this source that begins in the window, and is not said again, goes; blocks that are unchanged keep their id. Sent twice,
/// it changes nothing the second time. Blocks of other sources, and those that were made by themselves, stay.
#[utoipa::path(
    put, path = "/resources/{id}/blocks", tag = "Resources", security(("api_key" = [])),
    params(("id" = Id, Path, description = "Which resource")),
    request_body = Replacement,
    responses((status = 200, description = "They are replaced", body = ReplacedBlocks)),
)]
pub async fn replace_blocks(
    Admin(api): Admin,
    PathId(id): PathId<ResourceId>,
    OperatorJson(said): OperatorJson<Replacement>,
) -> HttpResult<Json<ReplacedBlocks>> {
    let replaced = api.replace_blocks(&said.parse(id)?).await?;
    Ok(Json((&replaced).into()))
}

/// Show a block
#[utoipa::path(
    get, path = "/resources/{id}/blocks/{block_id}", tag = "Resources", security(("api_key" = [])),
    params(("id" = Id, Path, description = "Which resource"), ("block_id" = Id, Path, description = "Which block")),
    responses((status = 200, description = "It", body = Block, headers(("ETag" = String)))),
)]
pub async fn get_block(Admin(api): Admin, PathBlock(block): PathBlock) -> HttpResult<Block> {
    Ok((&api.get_block(block).await?).into())
}

/// Change some fields of a block
///
/// What is not given stays; `null` clears what may be absent.
#[utoipa::path(
    patch, path = "/resources/{id}/blocks/{block_id}", tag = "Resources", security(("api_key" = [])),
    params(
        ("id" = Id, Path, description = "Which resource"),
        ("block_id" = Id, Path, description = "Which block"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that was read; refused as `conflict` when it is stale"),
    ),
    request_body = BlockPatch,
    responses((status = 200, description = "It, changed", body = ChangedBlock, headers(("ETag" = String)))),
)]
pub async fn update_block(
    Admin(api): Admin,
    PathBlock(block): PathBlock,
    IfMatch(seen): IfMatch,
    JsonBody(Members(given)): JsonBody<Members>,
) -> HttpResult<ChangedBlock> {
    let patch = BlockPatch::parse(given, seen)?;
    let current = api.get_block(block).await?;
    let spec = patch.apply(&current.spec)?;
    let changed = api.update_block(block, &spec, patch.version.unwrap_or(current.stamp.version)).await?;
    Ok((&changed).into())
}

/// Open a resource again
#[utoipa::path(
    delete, path = "/resources/{id}/blocks/{block_id}", tag = "Resources", security(("api_key" = [])),
    params(
        ("id" = Id, Path, description = "Which resource"),
        ("block_id" = Id, Path, description = "Which block"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that was read; refused as `conflict` when it is stale"),
    ),
    responses((status = 204, description = "It is open")),
)]
pub async fn delete_block(
    Admin(api): Admin,
    PathBlock(block): PathBlock,
    IfMatch(seen): IfMatch,
) -> HttpResult<StatusCode> {
    api.delete_block(block, seen).await?;
    Ok(StatusCode::NO_CONTENT)
}
