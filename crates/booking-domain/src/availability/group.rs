//! Requirements that share resources: which of their needs each resource can serve.

use super::loads::Load;
use crate::limits;

/// Some of the needs of a group, as bits: the first need is the lowest bit.
pub(super) type NeedSet = u16;

const _: () = assert!(limits::REQUIREMENTS <= NeedSet::BITS as usize, "each requirement has a bit");

/// One requirement: `count` distinct resources among these, by their place in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Need {
    pub(super) count: usize,
    pub(super) among: Vec<usize>,
}

/// Needs that share resources, directly or through others. What one group takes is nothing to another.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// The needs, by the order of the requirements; resources by their place in this group.
    pub(super) needs: Vec<Need>,
    /// The resources that serve any of them, by their place in the list of all, in order.
    pub(super) places: Vec<usize>,
    /// Which needs each of these resources can serve.
    pub(super) serves: Vec<NeedSet>,
    /// The resource that must be among those taken, by its place in this group.
    pub(super) wanted: Option<usize>,
}

impl Group {
    /// Adds a resource, with what says of each need whether it serves it.
    pub(super) fn add(&mut self, place: usize, serves: impl Iterator<Item = bool>) {
        let local = self.places.len();
        let mut set = 0;
        for (bit, (need, _)) in self.needs.iter_mut().zip(serves).enumerate().filter(|(_, (_, serves))| *serves) {
            need.among.push(local);
            set |= 1 << bit;
        }
        self.places.push(place);
        self.serves.push(set);
    }

    /// What is of this group's resources, out of what is of all; nothing beyond the end.
    pub(super) fn part<T: Copy + Default>(&self, all: &[T]) -> Vec<T> {
        self.places.iter().map(|place| all.get(*place).copied().unwrap_or_default()).collect()
    }

    /// The order of preference: the wanted one, then who has the least load, then the first.
    pub(super) fn order(&self, loads: &[Load]) -> Vec<usize> {
        let load = |local: usize| loads.get(local).copied().unwrap_or_default();
        let mut order: Vec<usize> = (0..self.places.len()).collect();
        order.sort_by_key(|local| (Some(*local) != self.wanted, load(*local), *local));
        order
    }

    /// Whether what remains does not depend on who is preferred, however many units there are: one need takes one resource, or all.
    pub(super) fn is_simple(&self) -> bool {
        matches!(self.needs.as_slice(), [need] if need.count == 1 || need.count == self.places.len())
    }

    /// Whether every resource serves every need.
    pub(super) fn is_alike(&self) -> bool {
        self.serves.iter().all(|serves| serves.count_ones() as usize == self.needs.len())
    }

    /// How many resources one slot takes.
    pub(super) fn count(&self) -> usize {
        self.needs.iter().map(|need| need.count).sum()
    }
}

/// The needs of a set, in order.
pub(super) fn bits(mut set: NeedSet) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let next = (set != 0).then(|| set.trailing_zeros() as usize)?;
        set &= set - 1;
        Some(next)
    })
}

/// The number at this place; 0 beyond the end.
pub(super) fn units(numbers: &[u32], place: usize) -> u32 {
    numbers.get(place).copied().unwrap_or(0)
}
