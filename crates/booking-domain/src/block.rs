//! Blocks: times for which a resource is closed, whatever its hours say, and how all of one source are replaced at once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{BlockId, ResourceId};
use crate::interval::Interval;
use crate::schedule::Stamp;
use crate::text::{Name, Prose};

/// What is said about a block.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BlockSpec {
    /// From when to when it closes the resource: all units at once, and without buffers of its own.
    pub time: Interval,
    /// Why; for operators alone.
    pub reason: Prose,
    /// What another system calls it: one block of an organization at most.
    pub external_id: Option<Name>,
}

/// A stored block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Its id.
    pub id: BlockId,
    /// What it closes.
    pub resource_id: ResourceId,
    /// What wrote it; none where somebody set it by hand.
    pub source: Option<Name>,
    /// What it says.
    pub spec: BlockSpec,
    /// When it was made and changed.
    pub stamp: Stamp,
}

/// All that one source says about one window of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// Of which resource.
    pub resource_id: ResourceId,
    /// A block of this source that begins in it, and is not said again, goes.
    pub window: Interval,
    /// Who says it.
    pub source: Name,
    /// What is there from now on; each begins in the window.
    pub blocks: Vec<BlockSpec>,
}

/// What has to be done to the blocks that are there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlockChanges {
    /// As they are, and stay.
    pub kept: Vec<Block>,
    /// As they were, and what they say from now on.
    pub changed: Vec<(Block, BlockSpec)>,
    /// What there is none of yet.
    pub made: Vec<BlockSpec>,
    /// Gone from now on.
    pub removed: Vec<Block>,
}

impl Replacement {
    /// What makes of the blocks that are there what is said. `there` are those of the source that begin in the window, and those with
    /// an external id that is said again.
    ///
    /// What has an external id is known by it, wherever it was before; what has none is the same while it says the same. So what is
    /// said twice changes nothing the second time.
    pub fn against(&self, there: Vec<Block>) -> BlockChanges {
        let mut changes = BlockChanges::default();
        let mut known = Known::default();
        there.into_iter().for_each(|block| known.insert(block));
        for spec in &self.blocks {
            match known.take(spec) {
                Some(block) if block.spec == *spec => changes.kept.push(block),
                Some(block) => changes.changed.push((block, spec.clone())),
                None => changes.made.push(spec.clone()),
            }
        }
        changes.removed = known.rest();
        changes
    }
}

/// Blocks by what they are known by.
#[derive(Default)]
struct Known {
    by_external_id: BTreeMap<Name, Block>,
    by_what_they_say: BTreeMap<BlockSpec, Vec<Block>>,
}

impl Known {
    fn insert(&mut self, block: Block) {
        match &block.spec.external_id {
            Some(id) => drop(self.by_external_id.insert(id.clone(), block)),
            None => self.by_what_they_say.entry(block.spec.clone()).or_default().push(block),
        }
    }

    fn take(&mut self, spec: &BlockSpec) -> Option<Block> {
        match &spec.external_id {
            Some(id) => self.by_external_id.remove(id),
            None => self.by_what_they_say.get_mut(spec)?.pop(),
        }
    }

    fn rest(self) -> Vec<Block> {
        self.by_external_id.into_values().chain(self.by_what_they_say.into_values().flatten()).collect()
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use uuid::Uuid;

    use super::*;

    fn spec(from: i64, to: i64, external_id: Option<&str>) -> BlockSpec {
        let at = |minutes| DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes);
        let time = Interval::new(at(from), at(to)).unwrap();
        BlockSpec { time, reason: Prose::default(), external_id: external_id.map(|id| Name::parse(id).unwrap()) }
    }

    fn block(n: u128, spec: BlockSpec) -> Block {
        let stamp = Stamp { created_at: DateTime::UNIX_EPOCH, updated_at: DateTime::UNIX_EPOCH, version: 1 };
        let (id, resource_id) = (BlockId::new(Uuid::from_u128(n)), ResourceId::new(Uuid::nil()));
        Block { id, resource_id, source: None, spec, stamp }
    }

    fn replacement(blocks: Vec<BlockSpec>) -> Replacement {
        let source = Name::parse("calendar").unwrap();
        Replacement { resource_id: ResourceId::new(Uuid::nil()), window: spec(0, 1_440, None).time, source, blocks }
    }

    #[test]
    fn what_is_said_again_stays_and_what_is_not_goes() {
        let there =
            vec![block(1, spec(60, 120, None)), block(2, spec(180, 240, Some("a"))), block(3, spec(300, 360, None))];
        let said = replacement(vec![spec(60, 120, None), spec(200, 240, Some("a")), spec(400, 460, None)]);
        let changes = said.against(there.clone());
        assert_eq!(changes.kept, [there[0].clone()]);
        assert_eq!(changes.changed, [(there[1].clone(), spec(200, 240, Some("a")))]);
        assert_eq!(changes.made, [spec(400, 460, None)]);
        assert_eq!(changes.removed, [there[2].clone()]);
    }

    #[test]
    fn the_same_time_twice_is_two_blocks_and_stays_so() {
        let there = vec![block(1, spec(60, 120, None)), block(2, spec(60, 120, None))];
        let twice = replacement(vec![spec(60, 120, None); 2]).against(there.clone());
        assert_eq!((twice.kept.len(), twice.made.len(), twice.removed.len()), (2, 0, 0));
        let thrice = replacement(vec![spec(60, 120, None); 3]).against(there.clone());
        assert_eq!((thrice.kept.len(), thrice.made.len(), thrice.removed.len()), (2, 1, 0));
        let once = replacement(vec![spec(60, 120, None)]).against(there);
        assert_eq!((once.kept.len(), once.made.len(), once.removed.len()), (1, 0, 1));
    }
}
