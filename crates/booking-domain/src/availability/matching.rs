//! Rule 8, the choice for one slot: a complete matching of a group's needs and resources that is settled choice by choice, so that
//! no choice refuses a slot that another choice would have served.
//!
//! The method is that of augmenting paths (C. Berge, "Two theorems in graph theory", 1957; H. W. Kuhn, "The Hungarian method",
//! 1955). Needs are few and resources many, so paths are looked for from need to need: who has to leave a resource goes to
//! another one, which has a spare unit or is left by the next need. One search looks at each need once, and so at no more than
//! what all needs name together (1,000 resources); a choice makes at most two for each resource that a slot takes, and one more
//! for each need that finds no other way.

#[cfg(test)]
mod plain;
#[cfg(test)]
pub(super) mod tests;

use super::group::{Group, NeedSet, bits};

/// Which need takes which resources; complete at all times, so that whatever is settled can be taken.
#[derive(Clone, Debug)]
pub(super) struct Matching<'a> {
    group: &'a Group,
    /// Units of each resource that nobody takes.
    spare: Vec<u32>,
    /// For each resource, the needs that take it, and may still move to another.
    loose: Vec<NeedSet>,
    /// For each resource, the needs that take it for good.
    settled: Vec<NeedSet>,
    /// How many resources each need takes loosely.
    open: Vec<usize>,
    /// The needs that are known to find no other resource, until somebody moves.
    stuck: NeedSet,
    /// Whether every need took what came first for it, so that there is nothing to choose any more.
    first: bool,
    /// How many assignments were looked at.
    work: u64,
}

/// A way on which needs move, each to the resource that the one before left.
#[derive(Debug)]
struct Path {
    /// For each need on the way, the need that takes what it leaves, and which resource that is.
    before: [Option<(usize, usize)>; NeedSet::BITS as usize],
    /// The last need, and where it goes.
    end: (usize, usize),
}

impl<'a> Matching<'a> {
    /// A matching that meets all needs out of the free units, of what comes first in `order` where that is enough.
    pub(super) fn complete(group: &'a Group, free: &[u32], order: &[usize]) -> Option<Self> {
        let none = vec![0; group.places.len()];
        let (loose, settled, open) = (none.clone(), none, vec![0; group.needs.len()]);
        let mut matching = Self { group, spare: free.to_vec(), loose, settled, open, stuck: 0, first: true, work: 0 };
        matching.fill(order).then_some(matching)
    }

    /// One that has the wanted resource, and as much as can be of what is kept, once for each time that it is named; both are settled.
    ///
    /// The units that are kept are offered first, one by one: each is used if some need can use it beside those before. Then come all
    /// others. Needs that find their place by a path take no unit out of use, so what is kept stays so (N. S. Mendelsohn and
    /// A. L. Dulmage, "Some generalizations of the problem of distinct representatives", 1958).
    pub(super) fn keeping(group: &'a Group, free: &[u32], kept: &[usize]) -> Option<Self> {
        let none = vec![0; group.places.len()];
        let (spare, open) = (vec![0; free.len()], vec![0; group.needs.len()]);
        let mut matching =
            Self { group, spare, loose: none.clone(), settled: none, open, stuck: 0, first: false, work: 0 };
        let mut rest = free.to_vec();
        let kept = beside(group.wanted, kept);
        for place in kept.iter().copied().filter(|place| get(free, *place) > 0) {
            if get(&rest, place) > 0 && matching.offer(place) {
                change(&mut rest, place, |rest| *rest -= 1);
            }
        }
        for (spare, rest) in matching.spare.iter_mut().zip(&rest) {
            *spare += rest;
        }
        let mut needs = group.needs.iter().enumerate();
        let complete =
            needs.all(|(need, needed)| (matching.open_of(need)..needed.count).all(|_| matching.augment(need)));
        complete.then_some(())?;
        kept.into_iter().for_each(|place| matching.settle_sitting(place));
        Some(matching)
    }

    /// Offers one more unit of a resource to whoever has too little; whether it is of use.
    fn offer(&mut self, place: usize) -> bool {
        change(&mut self.spare, place, |spare| *spare += 1);
        let needs = self.group.needs.iter().enumerate();
        let short: Vec<usize> =
            needs.filter(|(need, needed)| self.open_of(*need) < needed.count).map(|(n, _)| n).collect();
        let used = short.into_iter().any(|need| self.augment(need));
        if !used {
            change(&mut self.spare, place, |spare| *spare -= 1);
        }
        used
    }

    /// Settles one more of the needs that sit on a resource, if any does.
    fn settle_sitting(&mut self, place: usize) {
        if let Some(need) = bits(get(&self.loose, place)).next() {
            self.settle(need, place);
        }
    }

    /// The same for other units, in the same memory.
    pub(super) fn again(&mut self, free: &[u32], order: &[usize]) -> bool {
        self.spare.clear();
        self.spare.extend_from_slice(free);
        self.loose.fill(0);
        self.settled.fill(0);
        self.open.fill(0);
        (self.stuck, self.first) = (0, true);
        self.fill(order)
    }

    fn fill(&mut self, order: &[usize]) -> bool {
        let group = self.group;
        group.needs.iter().enumerate().all(|(need, needed)| {
            for place in order {
                if self.open_of(need) == needed.count {
                    break;
                }
                self.work += 1;
                if self.serves(*place, need) && self.spare_of(*place) > 0 {
                    self.sit(need, *place);
                }
            }
            self.first &= self.open_of(need) == needed.count;
            (self.open_of(need)..needed.count).all(|_| self.augment(need))
        })
    }

    /// Settles every need in turn on what comes first in `order`; nothing when the wanted resource cannot be taken.
    pub(super) fn settle_all(&mut self, order: &[usize]) -> Option<()> {
        if self.first && self.group.wanted.is_none() {
            std::mem::swap(&mut self.settled, &mut self.loose);
            self.open.fill(0);
            return Some(());
        }
        self.settle_wanted()?;
        for need in 0..self.group.needs.len() {
            self.stuck = 0;
            for place in order {
                if self.open_of(need) == 0 {
                    break;
                }
                self.work += 1;
                self.settle(need, *place);
            }
        }
        Some(())
    }

    /// Settles the wanted resource, if there is one, on the first need that it can serve.
    pub(super) fn settle_wanted(&mut self) -> Option<()> {
        let Some(wanted) = self.group.wanted else { return Some(()) };
        let settles = get(&self.settled, wanted) != 0
            || (0..self.group.needs.len()).any(|need| {
                self.stuck = 0;
                self.settle(need, wanted)
            });
        settles.then_some(())
    }

    /// For each resource, the needs that it is settled on.
    pub(super) fn settled(&self) -> &[NeedSet] {
        &self.settled
    }

    /// How many assignments were looked at since the matching was made.
    pub(super) fn work(&self) -> u64 {
        self.work
    }

    /// Whether some need could take this resource beside what is settled.
    pub(super) fn could_take(&self, place: usize) -> bool {
        let taken = get(&self.loose, place) | get(&self.settled, place) != 0;
        taken
            || (0..self.group.needs.len()).filter(|need| self.serves(place, *need) && self.open_of(*need) > 0).any(
                |need| self.spare_of(place) > 0 || self.path(get(&self.loose, place), (Some(need), &mut 0)).is_ok(),
            )
    }

    /// Settles that `need` takes `place`, unless that would leave a need unmet.
    fn settle(&mut self, need: usize, place: usize) -> bool {
        let bit = 1 << need;
        if get(&self.settled, place) & bit != 0 {
            return true;
        }
        let sits = get(&self.loose, place) & bit != 0;
        let may = self.serves(place, need) && self.open_of(need) > 0;
        let settles = sits || may && (self.move_to_spare(need, place) || self.evict(need, place));
        if settles {
            change(&mut self.loose, place, |loose| *loose &= !bit);
            change(&mut self.settled, place, |settled| *settled |= bit);
            change(&mut self.open, need, |open| *open -= 1);
        }
        settles
    }

    fn move_to_spare(&mut self, need: usize, place: usize) -> bool {
        let spare = self.spare_of(place) > 0;
        if spare {
            self.leave_any(need);
            self.sit(need, place);
        }
        spare
    }

    /// Lets one who sits loosely on `place` make way for `need`. Which one does not matter: if anyone's leaving makes the matching
    /// complete, then everyone's does, since the size of the largest matching is the same.
    fn evict(&mut self, need: usize, place: usize) -> bool {
        let sitting = get(&self.loose, place) & !self.stuck;
        if sitting == 0 {
            return false;
        }
        let mut work = 0;
        let found = self.path(sitting, (Some(need), &mut work));
        self.work += work;
        let path = match found {
            Ok(path) => path,
            Err(seen) => {
                self.stuck |= seen;
                return false;
            }
        };
        let (_, last) = path.end;
        // Where the way ends without a spare unit, `need` itself sits there and leaves.
        if self.spare_of(last) > 0 {
            self.leave_any(need)
        } else {
            self.leave(need, last)
        }
        let first = self.walk(&path);
        self.leave(first, place);
        self.sit(need, place);
        true
    }

    /// Gives `need` one more loose assignment, moving others as needed.
    fn augment(&mut self, need: usize) -> bool {
        let mut work = 0;
        let found = self.path(1 << need, (None, &mut work));
        self.work += work;
        found.is_ok_and(|path| {
            self.walk(&path);
            true
        })
    }

    /// Moves every need on the way; the first one that moved, which keeps its old assignments.
    fn walk(&mut self, path: &Path) -> usize {
        let (mut need, mut place) = path.end;
        self.sit(need, place);
        while let Some((before, left)) = path.before.get(need).copied().flatten() {
            self.leave(need, left);
            (need, place) = (before, left);
            self.sit(need, place);
        }
        need
    }

    /// The shortest way from any of these needs to a spare unit, or to a resource that `closing` sits on and may leave for it; where
    /// there is none, all needs that were reached.
    fn path(&self, from: NeedSet, (closing, work): (Option<usize>, &mut u64)) -> Result<Path, NeedSet> {
        let closing: NeedSet = closing.map_or(0, |need| 1 << need);
        let mut path = Path { before: Default::default(), end: (0, 0) };
        let (mut seen, mut next) = (from | self.stuck, from);
        while next != 0 {
            for need in bits(std::mem::take(&mut next)) {
                *work += self.among(need).len() as u64;
                for place in self.elsewhere(need) {
                    let loose = get(&self.loose, place);
                    if self.spare_of(place) > 0 || loose & closing != 0 {
                        return Ok(Path { end: (need, place), ..path });
                    }
                    for other in bits(loose & !seen) {
                        change(&mut path.before, other, |before| *before = Some((need, place)));
                    }
                    next |= loose & !seen;
                    seen |= loose;
                }
            }
        }
        Err(seen)
    }

    fn sit(&mut self, need: usize, place: usize) {
        change(&mut self.spare, place, |spare| *spare -= 1);
        change(&mut self.loose, place, |loose| *loose |= 1 << need);
        change(&mut self.open, need, |open| *open += 1);
    }

    fn leave(&mut self, need: usize, place: usize) {
        change(&mut self.spare, place, |spare| *spare += 1);
        change(&mut self.loose, place, |loose| *loose &= !(1 << need));
        change(&mut self.open, need, |open| *open -= 1);
        self.stuck = 0;
    }

    fn leave_any(&mut self, need: usize) {
        let place = self.among(need).iter().rev().find(|place| get(&self.loose, **place) & (1 << need) != 0);
        if let Some(place) = place.copied() {
            self.leave(need, place);
        }
    }

    /// The resources that serve a need, and that it does not take.
    fn elsewhere(&self, need: usize) -> impl Iterator<Item = usize> + '_ {
        let sits = move |place: usize| (get(&self.loose, place) | get(&self.settled, place)) & (1 << need) != 0;
        self.among(need).iter().copied().filter(move |place| !sits(*place))
    }

    fn among(&self, need: usize) -> &[usize] {
        self.group.needs.get(need).map_or(&[], |need| &need.among)
    }

    fn serves(&self, place: usize, need: usize) -> bool {
        get(&self.group.serves, place) & (1 << need) != 0
    }

    fn spare_of(&self, place: usize) -> u32 {
        get(&self.spare, place)
    }

    fn open_of(&self, need: usize) -> usize {
        get(&self.open, need)
    }
}

/// The wanted one, and then what is kept beside it.
fn beside(wanted: Option<usize>, kept: &[usize]) -> Vec<usize> {
    let there = wanted.and_then(|wanted| kept.iter().position(|place| *place == wanted));
    let others = kept.iter().enumerate().filter(|(nth, _)| Some(*nth) != there).map(|(_, place)| *place);
    wanted.into_iter().chain(others).collect()
}

fn get<T: Copy + Default>(list: &[T], place: usize) -> T {
    list.get(place).copied().unwrap_or_default()
}

fn change<T>(list: &mut [T], place: usize, by: impl FnOnce(&mut T)) {
    if let Some(found) = list.get_mut(place) {
        by(found);
    }
}
