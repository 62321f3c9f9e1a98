//! Blocks: resources are closed for a while, and opened again. What lies underneath stays, and every answer names it.
//!
//! Each change locks its resource, as whoever holds or books does: no booking slips in between, so what is named is all there is. Those
//! who wait are looked at once it is committed.

use std::sync::Arc;

use booking_domain::access::Action;
use booking_domain::affected::{Affected, WithAffected};
use booking_domain::block::{Block, BlockChanges, BlockSpec, Replacement};
use booking_domain::conflict::ConflictReason;
use booking_domain::hold::SlotKey;
use booking_domain::id::{BlockId, OrganizationId, ResourceId};
use booking_domain::interval::Interval;
use booking_domain::page::Page;
use booking_domain::refusal::Refusal;
use booking_domain::request::{BlockRef, CreateBlock, DeleteBlock, ListBlocks, Update};
use booking_domain::schedule::Stamp;
use booking_domain::text::Name;
use booking_domain::{DateTime, Utc, limits};

use crate::caller::Caller;
use crate::commands::idempotency::{Once, Replays};
use crate::engine::Engine;
use crate::error::ServiceResult;
use crate::queries::affected::{Underneath, underneath};
use crate::service::Service;
use crate::service::catalog::in_the_way;
use crate::state::catalogs::Catalog;
use crate::state::slot_watches::touch::Touch;
use crate::store::{StoreError, Tx, blocks, resources};

/// A resource whose blocks change: locked, until this is committed.
struct Closing<'a> {
    engine: &'a Engine,
    tx: Tx,
    organization: OrganizationId,
    catalog: Arc<Catalog>,
    resource: ResourceId,
    now: DateTime<Utc>,
    /// The times that are different.
    times: Vec<Interval>,
}

/// What was committed, and who has to be looked at.
struct Closed {
    organization: OrganizationId,
    resource: ResourceId,
    times: Vec<Interval>,
    rooms: Vec<SlotKey>,
}

impl Service {
    /// Closes a resource for a while.
    ///
    /// # Errors
    /// Refused when the caller may not, when there is no such resource, it has as many blocks as it may have, or another block has
    /// this external id; or the store fails.
    pub async fn create_block(
        &self,
        caller: Caller,
        asked: &CreateBlock,
        once: Option<Once>,
    ) -> ServiceResult<WithAffected<Block>> {
        let mut closing = self.closing((caller, Action::CreateBlock), asked.resource_id).await?;
        let (organization, now) = (closing.organization, closing.now);
        let mut replays = Replays::load(&mut closing.tx, organization, once.iter(), now).await?;
        if let Some(once) = &once
            && let Some(earlier) = replays.find(once)?
        {
            return earlier;
        }
        let made = closing.make(vec![asked.spec.clone()], None).await?;
        let block = made.into_iter().next().ok_or(Refusal::Unavailable)?;
        let underneath = closing.underneath(&[asked.spec.time]).await?;
        let changed = WithAffected { now: block, affected: underneath.affected };
        if let Some(once) = &once {
            replays.remember(once, &changed, now)?;
        }
        replays.save(&mut closing.tx, organization).await?;
        self.closed(closing.commit(underneath.rooms).await?).await;
        Ok(changed)
    }

    /// One block of a resource.
    ///
    /// # Errors
    /// Refused when the caller may not, or when there is none; or the store fails.
    pub async fn get_block(&self, caller: Caller, block: BlockRef) -> ServiceResult<Block> {
        let organization = caller.organization_for(Action::GetBlock)?;
        let mut tx = self.engine.store.read().await?;
        Ok(blocks::find(&mut tx, organization, block).await?.ok_or(Refusal::not_found("block"))?)
    }

    /// A page of a resource's blocks, in the order of their starts.
    ///
    /// # Errors
    /// Refused when the caller may not, when there is no such resource, or when the page token is of another list; or the store
    /// fails.
    pub async fn list_blocks(&self, caller: Caller, asked: &ListBlocks) -> ServiceResult<Page<Block>> {
        let organization = caller.organization_for(Action::ListBlocks)?;
        let mut tx = self.engine.store.read().await?;
        let catalog = self.engine.catalogs.current(&mut tx, organization).await?;
        known(&catalog, asked.resource_id)?;
        Ok(blocks::list(&mut tx, organization, asked).await?)
    }

    /// Replaces what a block says, if its version is the one that the caller read.
    ///
    /// # Errors
    /// Refused when the caller may not, when there is none, it has another version, or another block has this external id; or the
    /// store fails.
    pub async fn update_block(
        &self,
        caller: Caller,
        update: &Update<BlockRef, BlockSpec>,
    ) -> ServiceResult<WithAffected<Block>> {
        let mut closing = self.closing((caller, Action::UpdateBlock), update.id.resource_id).await?;
        let block = closing.current(update.id, Some(update.version)).await?;
        let changed = closing.change(vec![(block, update.spec.clone())]).await?;
        let now = changed.into_iter().next().ok_or(Refusal::Unavailable)?;
        let (affected, closed) = closing.finish(&[update.spec.time]).await?;
        self.closed(closed).await;
        Ok(WithAffected { now, affected })
    }

    /// Opens a resource again.
    ///
    /// # Errors
    /// Refused when the caller may not, when there is no such block, or when it has another version; or the store fails.
    pub async fn delete_block(&self, caller: Caller, asked: &DeleteBlock) -> ServiceResult<()> {
        let mut closing = self.closing((caller, Action::DeleteBlock), asked.block.resource_id).await?;
        let block = closing.current(asked.block, asked.version).await?;
        closing.remove(&[block]).await?;
        let (_, closed) = closing.finish(&[]).await?;
        self.closed(closed).await;
        Ok(())
    }

    /// Replaces all blocks of one source that begin in a window.
    ///
    /// # Errors
    /// Refused when the caller may not, when there is no such resource, it would have more blocks than it may have, or a block of
    /// something else has one of the external ids; or the store fails.
    pub async fn replace_blocks(&self, caller: Caller, asked: &Replacement) -> ServiceResult<WithAffected<Vec<Block>>> {
        let mut closing = self.closing((caller, Action::ReplaceBlocks), asked.resource_id).await?;
        let BlockChanges { kept, changed, made, removed } = asked.against(closing.there(asked).await?);
        closing.remove(&removed).await?;
        let changed = closing.change(changed).await?;
        let made = closing.make(made, Some(&asked.source)).await?;
        let mut now: Vec<Block> = kept.into_iter().chain(changed).chain(made).collect();
        now.sort_unstable_by_key(|block| (block.spec.time, block.id));
        let said: Vec<Interval> = asked.blocks.iter().map(|spec| spec.time).collect();
        let (affected, closed) = closing.finish(&said).await?;
        self.closed(closed).await;
        Ok(WithAffected { now, affected })
    }

    /// A resource of the caller's, locked.
    async fn closing(&self, (caller, action): (Caller, Action), resource: ResourceId) -> ServiceResult<Closing<'_>> {
        let organization = caller.organization_for(action)?;
        let mut tx = self.engine.store.write().await?;
        let catalog = self.engine.catalogs.current(&mut tx, organization).await?;
        known(&catalog, resource)?;
        resources::lock(&mut tx, &[resource]).await?;
        let (engine, now) = (&*self.engine, self.engine.clock.now());
        Ok(Closing { engine, tx, organization, catalog, resource, now, times: Vec::new() })
    }

    /// Tells whoever watches, and looks at those who wait.
    async fn closed(&self, closed: Closed) {
        let Closed { organization, resource, times, rooms } = closed;
        if times.is_empty() {
            return;
        }
        let touched: Vec<Touch> = times.iter().map(|time| Touch::Claims(resource, *time)).collect();
        self.engine.invalidations.notify_slots(organization);
        self.engine.slots.touch(organization, &touched);
        if let Some(node) = &self.engine.node {
            node.tell(organization);
        }
        self.review(organization, rooms).await;
    }
}

impl Closing<'_> {
    /// A block of the resource, if it has the version that was read.
    async fn current(&mut self, block: BlockRef, read: Option<i64>) -> ServiceResult<Block> {
        let found = blocks::find(&mut self.tx, self.organization, block).await?.ok_or(Refusal::not_found("block"))?;
        let current_version = found.stamp.version;
        if read.is_some_and(|read| read != current_version) {
            let reason = ConflictReason::StaleVersion { current_version };
            return Err(Refusal::conflict_of(reason, "it has changed since it was read").into());
        }
        Ok(found)
    }

    /// What is there of what is replaced.
    async fn there(&mut self, asked: &Replacement) -> ServiceResult<Vec<Block>> {
        let of_source = (self.resource, &asked.source, asked.window);
        let mut there = blocks::of_source(&mut self.tx, self.organization, of_source).await?;
        let named = asked.blocks.iter().filter_map(|spec| spec.external_id.as_ref());
        for block in blocks::find_by_external_ids(&mut self.tx, self.organization, named).await? {
            if block.resource_id != self.resource || block.source.as_ref() != Some(&asked.source) {
                let reason = ConflictReason::ExternalIdTaken;
                return Err(Refusal::conflict_of(reason, "a block of something else has this external id").into());
            }
            if !there.iter().any(|known| known.id == block.id) {
                there.push(block);
            }
        }
        Ok(there)
    }

    async fn make(&mut self, specs: Vec<BlockSpec>, source: Option<&Name>) -> ServiceResult<Vec<Block>> {
        if !specs.is_empty() {
            let count = blocks::count(&mut self.tx, self.organization, self.resource).await?;
            refuse_more_than_fit(count + specs.len())?;
        }
        let stamp = Stamp { created_at: self.now, updated_at: self.now, version: 1 };
        let new = |spec| {
            let id = BlockId::new(self.engine.ids.next(self.now));
            Block { id, resource_id: self.resource, source: source.cloned(), spec, stamp }
        };
        let made: Vec<Block> = specs.into_iter().map(new).collect();
        blocks::insert(&mut self.tx, self.organization, &made).await.map_err(in_the_way)?;
        self.times.extend(made.iter().map(|block| block.spec.time));
        Ok(made)
    }

    async fn change(&mut self, changes: Vec<(Block, BlockSpec)>) -> ServiceResult<Vec<Block>> {
        let mut changed = Vec::with_capacity(changes.len());
        for (block, spec) in changes {
            self.times.extend([block.spec.time, spec.time]);
            let stamp = Stamp { updated_at: self.now, version: block.stamp.version + 1, ..block.stamp };
            changed.push(Block { spec, stamp, ..block });
        }
        blocks::update(&mut self.tx, self.organization, &changed).await.map_err(in_the_way)?;
        Ok(changed)
    }

    async fn remove(&mut self, gone: &[Block]) -> ServiceResult<()> {
        let ids: Vec<BlockId> = gone.iter().map(|block| block.id).collect();
        blocks::delete(&mut self.tx, self.organization, &ids).await?;
        self.times.extend(gone.iter().map(|block| block.spec.time));
        Ok(())
    }

    /// What lies underneath where the resource is said to be closed, and who waits where that is different.
    async fn underneath(&mut self, said: &[Interval]) -> Result<Underneath, StoreError> {
        let (of, times) = ((&*self.catalog, self.resource), (said, &*self.times));
        underneath(&mut self.tx, of, times, self.now).await
    }

    async fn finish(mut self, said: &[Interval]) -> Result<(Affected, Closed), StoreError> {
        let Underneath { affected, rooms } = self.underneath(said).await?;
        Ok((affected, self.commit(rooms).await?))
    }

    async fn commit(mut self, rooms: Vec<SlotKey>) -> Result<Closed, StoreError> {
        let Self { organization, resource, .. } = self;
        if !self.times.is_empty() {
            resources::number(&mut self.tx, organization, resource).await?;
        }
        self.tx.commit().await?;
        Ok(Closed { organization, resource, times: self.times, rooms })
    }
}

fn known(catalog: &Catalog, resource: ResourceId) -> Result<(), Refusal> {
    if catalog.resources.contains_key(&resource) { Ok(()) } else { Err(Refusal::not_found("resource")) }
}

fn refuse_more_than_fit(blocks: usize) -> Result<(), Refusal> {
    if blocks > limits::BLOCKS_PER_RESOURCE {
        return Err(Refusal::conflict("the resource has as many blocks as it may have; delete those that are over"));
    }
    Ok(())
}
