//! Blocks on the wire.

use booking_domain::affected::WithAffected;
use booking_domain::block;
use booking_domain::draft::block::{BlockDraft, BlockListDraft, ReplacementDraft};
use booking_domain::draft::reader::Draft;
use booking_domain::id::ResourceId;
use booking_domain::refusal::Refusal;
use booking_domain::request::ListBlocks;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::http::json::objects;
use crate::http::model::affected::Affected;
use crate::http::model::entity::{EntityFields, Patch};
use crate::http::model::page::PageQuery;
use crate::http::model::time::{Id, Instant, text_of, written};

/// A time for which a resource is closed, whatever its hours say.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewBlock {
    /// From when: a whole minute.
    #[schema(required, format = DateTime)]
    pub start: String,
    /// Until when: a whole minute, at most 731 days after the start.
    #[schema(required, format = DateTime)]
    pub end: String,
    /// Why; for operators alone.
    #[schema(max_length = 200, default = "")]
    pub reason: String,
    /// What another system calls it: one block of an organization at most.
    #[schema(min_length = 1, max_length = 200)]
    pub external_id: Option<String>,
}

impl EntityFields for NewBlock {
    type Draft = BlockDraft;
    const ENTITY: &'static str = "Block";
    const PATCH: &'static str = "BlockPatch";
    const IS: &'static str = "A time for which a resource is closed";
}

impl From<NewBlock> for BlockDraft {
    fn from(NewBlock { start, end, reason, external_id }: NewBlock) -> Self {
        Self { start: written(start), end: written(end), reason, external_id }
    }
}

impl From<BlockDraft> for NewBlock {
    fn from(BlockDraft { start, end, reason, external_id }: BlockDraft) -> Self {
        Self { start: text_of(start), end: text_of(end), reason, external_id }
    }
}

/// A change to one.
pub type BlockPatch = Patch<NewBlock>;

/// A time for which a resource is closed, as it is stored.
#[derive(Debug, Serialize, ToSchema)]
pub struct Block {
    /// Its id.
    pub id: Id,
    /// Which resource is closed.
    pub resource_id: Id,
    /// From when.
    pub start: Instant,
    /// Until when.
    pub end: Instant,
    /// Why.
    pub reason: String,
    /// What another system calls it.
    #[schema(required)]
    pub external_id: Option<String>,
    /// What wrote it, where all of one source are replaced at once; null when it was made by itself.
    #[schema(required)]
    pub source: Option<String>,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Grows by one with each change.
    pub version: i64,
}

impl From<&block::Block> for Block {
    fn from(block: &block::Block) -> Self {
        let block::Block { id, resource_id, source, spec, stamp } = block;
        Self {
            id: Id(id.uuid()),
            resource_id: Id(resource_id.uuid()),
            start: Instant(spec.time.start()),
            end: Instant(spec.time.end()),
            reason: spec.reason.to_string(),
            external_id: spec.external_id.as_ref().map(ToString::to_string),
            source: source.as_ref().map(ToString::to_string),
            created_at: Instant(stamp.created_at),
            updated_at: Instant(stamp.updated_at),
            version: stamp.version,
        }
    }
}

/// A block after a change, and what lies underneath.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangedBlock {
    /// The block.
    #[serde(flatten)]
    pub block: Block,
    /// What lies underneath, and stays.
    pub affected: Affected,
}

impl From<&WithAffected<block::Block>> for ChangedBlock {
    fn from(changed: &WithAffected<block::Block>) -> Self {
        Self { block: (&changed.now).into(), affected: (&changed.affected).into() }
    }
}

/// One page of blocks, in the order of their starts.
#[derive(Debug, Serialize, ToSchema)]
pub struct Blocks {
    /// The entries.
    pub blocks: Vec<Block>,
    /// The token of the next page; null when this is the last one.
    #[schema(required)]
    pub next_page_token: Option<String>,
}

/// All that one source says about one window of time.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Replacement {
    /// The window's start: a whole minute. A block of this source that begins in the window, and is not said again, goes.
    #[schema(required, format = DateTime)]
    pub from: String,
    /// The window's end: a whole minute.
    #[schema(required, format = DateTime)]
    pub to: String,
    /// Who says it, such as the name of a calendar.
    #[schema(required, min_length = 1, max_length = 200)]
    pub source: String,
    /// What is there from now on; each begins in the window. What has an `external_id` is known by it, wherever it was before; what
    /// has none is the same while it says the same.
    #[schema(max_items = 500)]
    #[serde(deserialize_with = "objects::list")]
    pub blocks: Vec<NewBlock>,
}

impl Replacement {
    /// What is said, of this resource.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn parse(self, resource: ResourceId) -> Result<block::Replacement, Refusal> {
        let draft = ReplacementDraft {
            resource_id: resource.to_string(),
            from: written(self.from),
            to: written(self.to),
            source: self.source,
            blocks: self.blocks.into_iter().map(Into::into).collect(),
        };
        draft.parse()
    }
}

/// The blocks of one source that begin in a window, once they are replaced, and what lies underneath.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplacedBlocks {
    /// The blocks.
    pub blocks: Vec<Block>,
    /// What lies underneath, and stays.
    pub affected: Affected,
}

impl From<&WithAffected<Vec<block::Block>>> for ReplacedBlocks {
    fn from(changed: &WithAffected<Vec<block::Block>>) -> Self {
        Self { blocks: changed.now.iter().map(Into::into).collect(), affected: (&changed.affected).into() }
    }
}

/// Which blocks. All conditions hold at once.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BlocksQuery {
    /// That end after this instant.
    #[param(nullable = false, format = DateTime)]
    pub from: Option<String>,
    /// That start before this instant.
    #[param(nullable = false, format = DateTime)]
    pub to: Option<String>,
    /// How many entries at most; 50 unless said.
    #[param(nullable = false, value_type = Option<i32>, minimum = 1, maximum = 200)]
    pub page_size: Option<String>,
    /// Where the last page ended: its `next_page_token`.
    #[param(nullable = false)]
    pub page_token: Option<String>,
}

impl BlocksQuery {
    /// What is asked of this resource.
    ///
    /// # Errors
    /// Every parameter that is wrong.
    pub fn parse(self, resource: ResourceId) -> Result<ListBlocks, Refusal> {
        let draft = BlockListDraft {
            resource_id: resource.to_string(),
            from: self.from.map(Into::into),
            to: self.to.map(Into::into),
            page: PageQuery { page_size: self.page_size, page_token: self.page_token }.into(),
        };
        draft.parse()
    }
}
