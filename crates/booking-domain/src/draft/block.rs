//! Blocks, as they are written.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::block::{BlockSpec, Replacement};
use crate::draft::page::PageDraft;
use crate::draft::reader::{Draft, Reader};
use crate::draft::written::WrittenInstant;
use crate::id::ResourceId;
use crate::interval::Interval;
use crate::invalid::Invalid;
use crate::limits;
use crate::page::PageRequest;
use crate::request::{BlockFilter, ListBlocks};
use crate::text::{Name, Prose};

/// A [`BlockSpec`], as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the spec documents each field")]
pub struct BlockDraft {
    pub start: Option<WrittenInstant>,
    pub end: Option<WrittenInstant>,
    pub reason: String,
    pub external_id: Option<String>,
}

/// A [`Replacement`], as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the request documents each field")]
pub struct ReplacementDraft {
    pub resource_id: String,
    pub from: Option<WrittenInstant>,
    pub to: Option<WrittenInstant>,
    pub source: String,
    pub blocks: Vec<BlockDraft>,
}

/// A [`ListBlocks`], as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the filter documents each field")]
pub struct BlockListDraft {
    pub resource_id: String,
    pub from: Option<WrittenInstant>,
    pub to: Option<WrittenInstant>,
    pub page: PageDraft,
}

fn reason(text: &str) -> Result<Prose, Invalid> {
    let reason = Prose::parse(text)?;
    let is_short = reason.as_str().chars().count() <= limits::BLOCK_REASON_CHARS;
    is_short.then_some(reason).ok_or(Invalid("is too long"))
}

fn time(r: &mut Reader<'_>, start: Option<WrittenInstant>, end: Option<WrittenInstant>) -> Option<Interval> {
    let (start, end) = (r.minute("start", start), r.minute("end", end));
    let time = r.take("end", Interval::new(start?, end?))?;
    if time.minutes() > i64::from(limits::BLOCK_MINUTES_MAX) {
        return r.wrong("end", "must be at most 731 days after the start");
    }
    Some(time)
}

impl Draft for BlockDraft {
    type Parsed = BlockSpec;

    fn read(self, r: &mut Reader<'_>) -> Option<BlockSpec> {
        let time = time(r, self.start, self.end);
        let reason = r.take("reason", reason(&self.reason));
        let external_id = r.optional_text("external_id", self.external_id, Name::parse);
        Some(BlockSpec { time: time?, reason: reason?, external_id: external_id? })
    }
}

/// The blocks of a replacement: each begins in the window, and no external id comes twice.
fn blocks(r: &mut Reader<'_>, blocks: Vec<BlockDraft>, window: Option<Interval>) -> Option<Vec<BlockSpec>> {
    let mut external_ids = BTreeSet::new();
    r.each("blocks", (blocks, limits::BLOCKS_PER_CALL), |r, block| {
        let spec = block.read(r)?;
        if window.is_some_and(|window| !begins_in(window, spec.time.start())) {
            return r.wrong("start", "must be in the window that is replaced");
        }
        match &spec.external_id {
            Some(id) if !external_ids.insert(id.clone()) => r.wrong("external_id", "must not come twice"),
            _ => Some(spec),
        }
    })
}

fn begins_in(window: Interval, start: DateTime<Utc>) -> bool {
    window.start() <= start && start < window.end()
}

impl Draft for ReplacementDraft {
    type Parsed = Replacement;

    fn read(self, r: &mut Reader<'_>) -> Option<Replacement> {
        let resource_id = r.id("resource_id", &self.resource_id);
        let (from, to) = (r.minute("from", self.from), r.minute("to", self.to));
        let window = from.zip(to).and_then(|(from, to)| r.take("to", Interval::new(from, to)));
        let source = r.required("source", &self.source, Name::parse);
        let blocks = blocks(r, self.blocks, window);
        Some(Replacement { resource_id: resource_id?, window: window?, source: source?, blocks: blocks? })
    }
}

impl Draft for BlockListDraft {
    type Parsed = ListBlocks;

    fn read(self, r: &mut Reader<'_>) -> Option<ListBlocks> {
        let resource_id = r.id::<ResourceId>("resource_id", &self.resource_id);
        let from = r.optional("from", self.from, |from| from.parse());
        let to = r.optional("to", self.to, |to| to.parse());
        let page: Option<PageRequest> = self.page.read(r);
        Some(ListBlocks { resource_id: resource_id?, filter: BlockFilter { from: from?, to: to? }, page: page? })
    }
}

impl From<&BlockSpec> for BlockDraft {
    fn from(spec: &BlockSpec) -> Self {
        Self {
            start: Some(spec.time.start().into()),
            end: Some(spec.time.end().into()),
            reason: spec.reason.to_string(),
            external_id: spec.external_id.as_ref().map(ToString::to_string),
        }
    }
}
