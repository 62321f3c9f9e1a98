//! The table of blocks that somebody watches now: what each shows, who is told when that changes, and when to look at it again.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use booking_domain::id::{OrganizationId, ResourceId};
use booking_domain::refusal::Refusal;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::block::{Block, Kept, Week};
use super::touch::{Dependence, Touch};

/// Most blocks that are watched at once: with what each costs beside its slots, four megabytes, and a look at each of them a minute
/// is a small part of a core.
pub(crate) const BLOCKS: usize = 4_096;
/// Most of them for one organization, so that who floods one's pages leaves room for the others'.
pub(crate) const BLOCKS_PER_ORGANIZATION: usize = BLOCKS / 2;
/// What a block costs beside its slots, in bytes, as it is counted: its name in a few tables, and what it depends on.
pub(crate) const BLOCK_BYTES: usize = 1_024;
/// Most bytes that all blocks may take with their slots: a few hundred weeks of the finest grid there is, or thousands of usual ones.
pub(crate) const BYTES: usize = 64 * 1024 * 1024;

/// Shortest rest of a block between two looks, so that a busy day costs each watch a bounded part of a core.
const SHORTEST_REST: Duration = Duration::from_millis(10);
/// Longest such rest: so long may what a watcher sees be old, however dear a look is.
const LONGEST_REST: Duration = Duration::from_secs(2);
/// How many times as long as the look itself took a block rests afterwards.
const REST_FACTOR: u32 = 10;

/// Who watches.
pub(crate) type WatcherId = u64;

/// One who watches, and what to ring when something they watch has changed.
pub(crate) type Watcher<'a> = (WatcherId, &'a Arc<Notify>);

/// What a look found out.
pub(crate) struct Looked {
    /// What is shown now.
    pub kept: Arc<Kept>,
    /// What that depends on; what it was before if nobody can tell.
    pub dependence: Option<Dependence>,
    /// How long the look took.
    pub took: Duration,
    /// How long it stays true if nothing is touched.
    pub stays_true_for: Duration,
}

/// The blocks that are watched.
#[derive(Default)]
pub(crate) struct BlockTable {
    blocks: HashMap<Block, Entry>,
    /// Which blocks depend on what happens in a week.
    by_week: BTreeMap<(OrganizationId, Week), BTreeSet<Block>>,
    of_organizations: HashMap<OrganizationId, usize>,
    /// When to look at whom: who has been due the longest comes first.
    due: BTreeSet<(Instant, Block)>,
}

struct Entry {
    kept: Arc<Kept>,
    dependence: Dependence,
    watchers: HashMap<WatcherId, Arc<Notify>>,
    /// Nothing while it is looked at.
    due: Option<Instant>,
    /// Not looked at before.
    rested_at: Instant,
    /// Whether it was touched while it was looked at.
    touched: bool,
}

impl BlockTable {
    /// Whether one more block of this organization may be watched.
    pub(crate) fn admit(&self, organization: OrganizationId, bytes: usize) -> Result<(), Refusal> {
        let of_organization = self.of_organizations.get(&organization).copied().unwrap_or(0);
        let full = self.blocks.len() >= BLOCKS
            || of_organization >= BLOCKS_PER_ORGANIZATION
            || bytes + (self.blocks.len() + 1) * BLOCK_BYTES > BYTES;
        if full { Err(Refusal::Unavailable) } else { Ok(()) }
    }

    /// Joins those who watch a block, if anybody does.
    pub(crate) fn enter(&mut self, block: &Block, (id, wake): Watcher<'_>) -> Option<Arc<Kept>> {
        let entry = self.blocks.get_mut(block)?;
        entry.watchers.insert(id, wake.clone());
        Some(entry.kept.clone())
    }

    /// Begins to keep a block for its first watcher.
    pub(crate) fn insert(&mut self, block: Block, looked: Looked, (id, wake): Watcher<'_>) {
        let Some(dependence) = looked.dependence else { return };
        self.remember_weeks(block, dependence.weeks());
        *self.of_organizations.entry(block.organization).or_default() += 1;
        let now = Instant::now();
        let (due, rested_at) = (now + looked.stays_true_for, now + rest(looked.took));
        self.due.insert((due, block));
        let watchers = HashMap::from([(id, wake.clone())]);
        let entry = Entry { kept: looked.kept, dependence, watchers, due: Some(due), rested_at, touched: false };
        self.blocks.insert(block, entry);
    }

    /// Leaves a block, which ends with its last watcher.
    pub(crate) fn leave(&mut self, block: &Block, id: WatcherId) {
        let Some(entry) = self.blocks.get_mut(block) else { return };
        entry.watchers.remove(&id);
        if entry.watchers.is_empty() {
            self.remove(block);
        }
    }

    fn remove(&mut self, block: &Block) {
        let Some(entry) = self.blocks.remove(block) else { return };
        self.forget_weeks(block, entry.dependence.weeks());
        entry.due.map(|due| self.due.remove(&(due, *block)));
        if let Some(count) = self.of_organizations.get_mut(&block.organization) {
            *count -= 1;
            if *count == 0 {
                self.of_organizations.remove(&block.organization);
            }
        }
    }

    fn remember_weeks(&mut self, block: Block, weeks: RangeInclusive<Week>) {
        for week in weeks {
            self.by_week.entry((block.organization, week)).or_default().insert(block);
        }
    }

    fn forget_weeks(&mut self, block: &Block, weeks: RangeInclusive<Week>) {
        for week in weeks {
            if let Some(blocks) = self.by_week.get_mut(&(block.organization, week)) {
                blocks.remove(block);
                if blocks.is_empty() {
                    self.by_week.remove(&(block.organization, week));
                }
            }
        }
    }

    /// What a block shows now.
    pub(crate) fn kept(&self, block: &Block) -> Option<Arc<Kept>> {
        self.blocks.get(block).map(|entry| entry.kept.clone())
    }

    /// Makes what depends on any of these be looked at again.
    pub(crate) fn touch(&mut self, organization: OrganizationId, touched: &[Touch]) {
        let weeks = touched.iter().map(Touch::weeks).reduce(|a, b| *a.start().min(b.start())..=*a.end().max(b.end()));
        let Some(weeks) = weeks else { return };
        let near = self.by_week.range((organization, *weeks.start())..=(organization, *weeks.end()));
        let near: BTreeSet<Block> = near.flat_map(|(_, blocks)| blocks).copied().collect();
        let depends = |entry: &Entry| touched.iter().any(|touch| entry.dependence.is_touched_by(touch));
        let touched: Vec<Block> =
            near.into_iter().filter(|block| self.blocks.get(block).is_some_and(depends)).collect();
        touched.iter().for_each(|block| self.touch_block(block));
    }

    /// Makes all of an organization be looked at again.
    pub(crate) fn touch_all(&mut self, organization: OrganizationId) {
        let all: Vec<Block> = self.blocks.keys().filter(|block| block.organization == organization).copied().collect();
        all.iter().for_each(|block| self.touch_block(block));
    }

    /// Makes a block be looked at again, once it has rested. While that is pending, this costs nothing more.
    pub(crate) fn touch_block(&mut self, block: &Block) {
        let Some(entry) = self.blocks.get_mut(block) else { return };
        let Some(due) = entry.due else {
            entry.touched = true;
            return;
        };
        let soon = entry.rested_at.max(Instant::now());
        if soon < due {
            entry.due = Some(soon);
            self.due.remove(&(due, *block));
            self.due.insert((soon, *block));
        }
    }

    /// The block to be looked at now, and what it shows; until `looked`, it is not due again.
    pub(crate) fn take_due(&mut self) -> Option<(Block, Arc<Kept>)> {
        let (at, block) = self.due.first().copied().filter(|(at, _)| *at <= Instant::now())?;
        self.due.remove(&(at, block));
        let entry = self.blocks.get_mut(&block)?;
        (entry.due, entry.touched) = (None, false);
        Some((block, entry.kept.clone()))
    }

    /// When the next block is due.
    pub(crate) fn next_due(&self) -> Option<Instant> {
        self.due.first().map(|(at, _)| *at)
    }

    /// Takes note of what a look found out, and tells who watches if it is something new.
    pub(crate) fn looked(&mut self, block: Block, looked: Looked) {
        let Some(entry) = self.blocks.get_mut(&block) else { return };
        if !Arc::ptr_eq(&entry.kept, &looked.kept) {
            entry.kept = looked.kept;
            entry.watchers.values().for_each(|wake| wake.notify_one());
        }
        let now = Instant::now();
        entry.rested_at = now + rest(looked.took);
        let due = if entry.touched { entry.rested_at } else { entry.rested_at.max(now + looked.stays_true_for) };
        entry.due = Some(due);
        let before = looked.dependence.map(|dependence| std::mem::replace(&mut entry.dependence, dependence));
        let weeks = entry.dependence.weeks();
        self.due.insert((due, block));
        if let Some(before) = before.map(|before| before.weeks()).filter(|before| *before != weeks) {
            self.forget_weeks(&block, before);
            self.remember_weeks(block, weeks);
        }
    }

    /// The resources on which blocks of these organizations depend.
    pub(crate) fn resources(&self, organizations: &[OrganizationId]) -> BTreeSet<(OrganizationId, ResourceId)> {
        let mut event_types = BTreeMap::new();
        for (block, entry) in self.blocks.iter().filter(|(block, _)| organizations.contains(&block.organization)) {
            event_types.entry((block.organization, block.event_type)).or_insert(&entry.dependence);
        }
        let each =
            event_types.iter().flat_map(|((of, _), depends)| depends.resources().into_iter().map(|id| (*of, id)));
        each.collect()
    }

    /// How many blocks are watched.
    pub(crate) fn len(&self) -> usize {
        self.blocks.len()
    }
}

fn rest(took: Duration) -> Duration {
    (took * REST_FACTOR).clamp(SHORTEST_REST, LONGEST_REST)
}
