//! Blocks.

use booking_domain::affected::WithAffected;
use booking_domain::block::{Block, BlockSpec, Replacement};
use booking_domain::draft::block::{BlockDraft, BlockListDraft, ReplacementDraft};
use booking_domain::draft::reader::{Draft, Reader, parse};
use booking_domain::page::Page;
use booking_domain::refusal::Refusal;
use booking_domain::request::{BlockRef, CreateBlock, DeleteBlock, ListBlocks, Update};
use booking_domain::text::Name;

use super::affected::affected;
use crate::convert::fields::{text, written};
use crate::convert::page;
use crate::convert::ranges::stamp;
use crate::convert::time::timestamp;
use crate::v1;

impl From<v1::BlockSpec> for BlockDraft {
    fn from(message: v1::BlockSpec) -> Self {
        Self {
            start: written(message.start),
            end: written(message.end),
            reason: message.reason,
            external_id: text(message.external_id),
        }
    }
}

impl From<&BlockSpec> for v1::BlockSpec {
    fn from(spec: &BlockSpec) -> Self {
        Self {
            start: Some(timestamp(spec.time.start())),
            end: Some(timestamp(spec.time.end())),
            reason: spec.reason.to_string(),
            external_id: spec.external_id.as_ref().map(ToString::to_string).unwrap_or_default(),
        }
    }
}

fn block(r: &mut Reader<'_>, message: v1::Block) -> Option<Block> {
    let (id, resource_id) = (r.id("id", &message.id), r.id("resource_id", &message.resource_id));
    let spec = r.kept(|r| BlockDraft::from(message.spec.unwrap_or_default()).read(r));
    let source = text(message.source).map(Name::stored);
    let stamp = stamp(r, message.stamp);
    Some(Block { id: id?, resource_id: resource_id?, source, spec: spec?, stamp: stamp? })
}

impl From<&Block> for v1::Block {
    fn from(block: &Block) -> Self {
        Self {
            id: block.id.to_string(),
            resource_id: block.resource_id.to_string(),
            spec: Some((&block.spec).into()),
            source: block.source.as_ref().map(ToString::to_string).unwrap_or_default(),
            stamp: Some((&block.stamp).into()),
        }
    }
}

impl TryFrom<v1::Block> for Block {
    type Error = Refusal;

    fn try_from(message: v1::Block) -> Result<Self, Refusal> {
        parse(|r| block(r, message))
    }
}

impl From<&WithAffected<Block>> for v1::ChangedBlock {
    fn from(changed: &WithAffected<Block>) -> Self {
        Self { block: Some((&changed.now).into()), affected: Some((&changed.affected).into()) }
    }
}

impl TryFrom<v1::ChangedBlock> for WithAffected<Block> {
    type Error = Refusal;

    fn try_from(message: v1::ChangedBlock) -> Result<Self, Refusal> {
        parse(|r| {
            let now = r.within("block", |r| block(r, message.block.unwrap_or_default()));
            let affected = affected(r, message.affected);
            Some(Self { now: now?, affected: affected? })
        })
    }
}

impl From<&CreateBlock> for v1::CreateBlockRequest {
    fn from(request: &CreateBlock) -> Self {
        Self {
            resource_id: request.resource_id.to_string(),
            spec: Some((&request.spec).into()),
            request_id: request.request_id.as_ref().map(ToString::to_string).unwrap_or_default(),
        }
    }
}

impl TryFrom<v1::CreateBlockRequest> for CreateBlock {
    type Error = Refusal;

    fn try_from(message: v1::CreateBlockRequest) -> Result<Self, Refusal> {
        parse(|r| {
            let resource_id = r.id("resource_id", &message.resource_id);
            let spec = BlockDraft::from(message.spec.unwrap_or_default()).read(r);
            let request_id = r.request_id(text(message.request_id));
            Some(Self { resource_id: resource_id?, spec: spec?, request_id: request_id? })
        })
    }
}

/// A block by the ids in a message.
fn block_ref(r: &mut Reader<'_>, resource_id: &str, id: &str) -> Option<BlockRef> {
    let (resource_id, id) = (r.id("resource_id", resource_id), r.id("id", id));
    Some(BlockRef { resource_id: resource_id?, id: id? })
}

impl From<BlockRef> for v1::GetBlockRequest {
    fn from(block: BlockRef) -> Self {
        Self { resource_id: block.resource_id.to_string(), id: block.id.to_string() }
    }
}

impl TryFrom<v1::GetBlockRequest> for BlockRef {
    type Error = Refusal;

    fn try_from(message: v1::GetBlockRequest) -> Result<Self, Refusal> {
        parse(|r| block_ref(r, &message.resource_id, &message.id))
    }
}

impl From<&Update<BlockRef, BlockSpec>> for v1::UpdateBlockRequest {
    fn from(update: &Update<BlockRef, BlockSpec>) -> Self {
        Self {
            resource_id: update.id.resource_id.to_string(),
            id: update.id.id.to_string(),
            spec: Some((&update.spec).into()),
            version: update.version,
        }
    }
}

impl TryFrom<v1::UpdateBlockRequest> for Update<BlockRef, BlockSpec> {
    type Error = Refusal;

    fn try_from(message: v1::UpdateBlockRequest) -> Result<Self, Refusal> {
        parse(|r| {
            let id = block_ref(r, &message.resource_id, &message.id);
            let spec = BlockDraft::from(message.spec.unwrap_or_default()).read(r);
            let version = r.version(message.version);
            Some(Self { id: id?, spec: spec?, version: version? })
        })
    }
}

impl From<&DeleteBlock> for v1::DeleteBlockRequest {
    fn from(request: &DeleteBlock) -> Self {
        let BlockRef { resource_id, id } = request.block;
        Self { resource_id: resource_id.to_string(), id: id.to_string(), version: request.version }
    }
}

impl TryFrom<v1::DeleteBlockRequest> for DeleteBlock {
    type Error = Refusal;

    fn try_from(message: v1::DeleteBlockRequest) -> Result<Self, Refusal> {
        parse(|r| {
            let block = block_ref(r, &message.resource_id, &message.id);
            let version = r.optional_version(message.version);
            Some(Self { block: block?, version: version? })
        })
    }
}

impl TryFrom<v1::DeleteBlockResponse> for () {
    type Error = Refusal;

    fn try_from(_: v1::DeleteBlockResponse) -> Result<Self, Refusal> {
        Ok(())
    }
}

impl From<&ListBlocks> for v1::ListBlocksRequest {
    fn from(request: &ListBlocks) -> Self {
        Self {
            resource_id: request.resource_id.to_string(),
            from: request.filter.from.map(timestamp),
            to: request.filter.to.map(timestamp),
            page_size: Some(request.page.size),
            page_token: request.page.token.clone().unwrap_or_default(),
        }
    }
}

impl TryFrom<v1::ListBlocksRequest> for ListBlocks {
    type Error = Refusal;

    fn try_from(message: v1::ListBlocksRequest) -> Result<Self, Refusal> {
        let draft = BlockListDraft {
            resource_id: message.resource_id,
            from: written(message.from),
            to: written(message.to),
            page: page::draft(message.page_size, message.page_token),
        };
        draft.parse()
    }
}

impl From<&Page<Block>> for v1::ListBlocksResponse {
    fn from(page: &Page<Block>) -> Self {
        let blocks = page.items.iter().map(Into::into).collect();
        Self { blocks, next_page_token: page.next.clone().unwrap_or_default() }
    }
}

impl TryFrom<v1::ListBlocksResponse> for Page<Block> {
    type Error = Refusal;

    fn try_from(message: v1::ListBlocksResponse) -> Result<Self, Refusal> {
        parse(|r| {
            let items = r.all("blocks", message.blocks, block)?;
            Some(Self { items, next: text(message.next_page_token) })
        })
    }
}

impl From<&Replacement> for v1::ReplaceBlocksRequest {
    fn from(request: &Replacement) -> Self {
        Self {
            resource_id: request.resource_id.to_string(),
            from: Some(timestamp(request.window.start())),
            to: Some(timestamp(request.window.end())),
            source: request.source.to_string(),
            blocks: request.blocks.iter().map(Into::into).collect(),
        }
    }
}

impl TryFrom<v1::ReplaceBlocksRequest> for Replacement {
    type Error = Refusal;

    fn try_from(message: v1::ReplaceBlocksRequest) -> Result<Self, Refusal> {
        let draft = ReplacementDraft {
            resource_id: message.resource_id,
            from: written(message.from),
            to: written(message.to),
            source: message.source,
            blocks: message.blocks.into_iter().map(Into::into).collect(),
        };
        draft.parse()
    }
}

impl From<&WithAffected<Vec<Block>>> for v1::ReplaceBlocksResponse {
    fn from(changed: &WithAffected<Vec<Block>>) -> Self {
        Self { blocks: changed.now.iter().map(Into::into).collect(), affected: Some((&changed.affected).into()) }
    }
}

impl TryFrom<v1::ReplaceBlocksResponse> for WithAffected<Vec<Block>> {
    type Error = Refusal;

    fn try_from(message: v1::ReplaceBlocksResponse) -> Result<Self, Refusal> {
        parse(|r| {
            let now = r.all("blocks", message.blocks, block);
            let affected = affected(r, message.affected);
            Some(Self { now: now?, affected: affected? })
        })
    }
}
