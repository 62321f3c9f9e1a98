//! Blocks: times for which a resource is closed.

use booking_domain::affected::WithAffected;
use booking_domain::block::{Block, BlockSpec, Replacement};
use booking_domain::id::ResourceId;
use booking_domain::page::Page;
use booking_domain::request::{BlockRef, CreateBlock, DeleteBlock, ListBlocks, RequestId, Update};

use crate::{BookingApi, CallError, Transport};

impl<C: Transport> BookingApi<C> {
    /// Closes a resource for a while. What lies underneath stays, and is named. The same request id and `spec` again answer what they
    /// answered the first time, for 24 hours.
    ///
    /// # Errors
    /// Refused as `conflict` when another block has this external id; see [`CallError`].
    pub async fn create_block(
        &self,
        resource_id: ResourceId,
        spec: &BlockSpec,
        request_id: impl Into<Option<RequestId>>,
    ) -> Result<WithAffected<Block>, CallError> {
        let request = CreateBlock { resource_id, spec: spec.clone(), request_id: request_id.into() };
        self.answer(self.catalog().create_block(self.once(&request))).await
    }

    /// One block.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn get_block(&self, block: BlockRef) -> Result<Block, CallError> {
        self.answer(self.catalog().get_block(self.once(block))).await
    }

    /// One page of a resource's blocks, in the order of their starts.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn list_blocks(&self, request: &ListBlocks) -> Result<Page<Block>, CallError> {
        self.answer(self.catalog().list_blocks(self.once(request))).await
    }

    /// Replaces what a block says. `version` is the one that was read.
    ///
    /// # Errors
    /// Refused as `conflict` when `version` is stale, or when another block has this external id; see [`CallError`].
    pub async fn update_block(
        &self,
        block: BlockRef,
        spec: &BlockSpec,
        version: i64,
    ) -> Result<WithAffected<Block>, CallError> {
        let request = Update { id: block, spec: spec.clone(), version };
        self.answer(self.catalog().update_block(self.once(&request))).await
    }

    /// Opens a resource again. `version` is the one that was read, if that matters.
    ///
    /// # Errors
    /// Refused as `conflict` when `version` is stale; see [`CallError`].
    pub async fn delete_block(&self, block: BlockRef, version: Option<i64>) -> Result<(), CallError> {
        self.answer(self.catalog().delete_block(self.once(&DeleteBlock { block, version }))).await
    }

    /// Replaces all blocks of one source that begin in a window. Sent twice, it changes nothing the second time.
    ///
    /// # Errors
    /// Refused as `conflict` when a block of something else has one of the external ids; see [`CallError`].
    pub async fn replace_blocks(&self, request: &Replacement) -> Result<WithAffected<Vec<Block>>, CallError> {
        self.answer(self.catalog().replace_blocks(self.once(request))).await
    }
}
