//! How often one need alone can be met, when each time the least claimed resources serve (rule 8).
//!
//! Resources with equally many claims are one level, a set of bits, and a turn moves the lowest levels up by one, as water fills a
//! vessel. So a turn costs a few steps for each level that it takes from, and nothing for each resource.

use crate::limits;

/// Some of the resources of one need, as bits: the first is the lowest.
type Resources = u128;

const _: () = assert!(limits::REQUIREMENT_RESOURCES <= Resources::BITS as usize, "each resource has a bit");

/// The resources of a need that have a unit left, by how many claims they have.
#[derive(Debug)]
pub(super) struct Levels {
    /// The levels with their resources, the most claimed first.
    levels: Vec<(u32, Resources)>,
    /// With how many claims a resource has no unit left, in order.
    empty_at: Vec<(u32, Resources)>,
    /// How many resources have a unit left.
    left: u32,
    /// How many levels were taken from.
    work: u64,
}

impl Levels {
    /// Resources with so many free units and claims, in the order in which those with equally many claims are preferred.
    pub(super) fn new(free: &[u32], loads: &[u32]) -> Self {
        let usable = || free.iter().zip(loads).enumerate().filter(|(_, (free, _))| **free > 0);
        let mut levels = by_number(usable().map(|(place, (_, load))| (*load, 1 << place)));
        levels.reverse();
        let empty_at = by_number(usable().map(|(place, (free, load))| (load.saturating_add(*free), 1 << place)));
        let left = u32::try_from(usable().count()).unwrap_or(u32::MAX);
        Self { levels, empty_at, left, work: 0 }
    }

    /// Takes `count` distinct resources in each turn, at most so many times; how many turns there were.
    pub(super) fn turns(&mut self, count: u32, at_most: u32) -> u32 {
        let turns = (0..at_most).take_while(|_| {
            let enough = self.left >= count;
            if enough {
                self.turn(count);
            }
            enough
        });
        u32::try_from(turns.count()).unwrap_or(at_most)
    }

    fn turn(&mut self, mut count: u32) {
        let mut above: Vec<(u32, Resources)> = Vec::new();
        while count > 0
            && let Some((level, resources)) = self.levels.pop()
        {
            let taken = lowest(resources, count);
            count -= taken.count_ones();
            join(&mut above, level, resources & !taken);
            let emptied = taken & self.empty_with(level + 1);
            self.left -= emptied.count_ones();
            join(&mut above, level + 1, taken & !emptied);
            self.work += 1;
        }
        // What moved up last may have reached the level that nothing was taken from.
        if let Some((level, resources)) = self.levels.pop() {
            join(&mut above, level, resources);
        }
        self.levels.extend(above.into_iter().rev());
    }

    fn empty_with(&self, claims: u32) -> Resources {
        let found = self.empty_at.binary_search_by_key(&claims, |(claims, _)| *claims).ok();
        found.and_then(|place| self.empty_at.get(place)).map_or(0, |(_, resources)| *resources)
    }

    /// How many units were taken of each of these resources.
    pub(super) fn taken(&self, free: &[u32], loads: &[u32]) -> Vec<u32> {
        let mut taken = free.to_vec();
        for (level, resources) in &self.levels {
            for ((place, taken), load) in taken.iter_mut().enumerate().zip(loads) {
                if resources & (1 << place) != 0 {
                    *taken = level - load;
                }
            }
        }
        taken
    }

    /// What it took so far, in steps.
    pub(super) fn work(&self) -> u64 {
        self.work
    }
}

/// The resources of each number, in order.
fn by_number(numbered: impl Iterator<Item = (u32, Resources)>) -> Vec<(u32, Resources)> {
    let mut numbered: Vec<_> = numbered.collect();
    numbered.sort_unstable();
    numbered.dedup_by(|(next, more), (number, resources)| {
        let same = next == number;
        *resources |= if same { *more } else { 0 };
        same
    });
    numbered
}

/// Adds resources to levels that come in order.
fn join(levels: &mut Vec<(u32, Resources)>, level: u32, resources: Resources) {
    match levels.last_mut() {
        _ if resources == 0 => {}
        Some((last, joined)) if *last == level => *joined |= resources,
        _ => levels.push((level, resources)),
    }
}

/// The first of these resources, so many or all.
fn lowest(resources: Resources, count: u32) -> Resources {
    if resources.count_ones() <= count {
        return resources;
    }
    let mut rest = resources;
    (0..count).for_each(|_| rest &= rest - 1);
    resources & !rest
}
