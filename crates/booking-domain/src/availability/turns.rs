//! How many slots of the same time can be taken one after another, when each takes what it prefers (rule 8).

use super::group::{Group, units};
use super::levels::Levels;
use super::loads::Load;
use super::matching::Matching;

/// The resources of a group by preference, while nothing more is claimed: the same for all starts of a week between which no claim
/// begins.
#[derive(Clone, Debug)]
pub(super) struct Ranking {
    /// The resources in the order in which those with equally many claims are preferred.
    among_equals: Vec<usize>,
    /// How many claims each of them has, in that order.
    claims: Vec<u32>,
    /// What makes one resource come before another: lower comes first.
    ranks: Vec<u64>,
    /// All of them, the first first.
    order: Vec<usize>,
}

impl Ranking {
    /// The wanted one comes first, then who has the least load, then the first.
    pub(super) fn new(group: &Group, loads: &[Load]) -> Self {
        let load = |place: usize| loads.get(place).copied().unwrap_or_default();
        let mut among_equals: Vec<usize> = (0..loads.len()).collect();
        among_equals.sort_by_key(|place| (load(*place).last, *place));
        let claims: Vec<u32> = among_equals.iter().map(|place| load(*place).claims).collect();
        let mut ranks = vec![0; loads.len()];
        for (nth, (place, claims)) in (0_u64..).zip(among_equals.iter().zip(&claims)) {
            if let Some(rank) = ranks.get_mut(*place).filter(|_| group.wanted != Some(*place)) {
                *rank = (u64::from(*claims) + 1) << 32 | nth;
            }
        }
        Self { among_equals, claims, ranks, order: group.order(loads) }
    }

    /// Takes `count` resources in each turn, at most so many times, out of one need's free units: how many turns there were, how
    /// many units of each resource were taken, and what it took to find out, in steps.
    fn fill(&self, count: usize, free: &[u32], at_most: u32) -> (u32, Vec<u32>, u64) {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let free: Vec<u32> = self.among_equals.iter().map(|place| units(free, *place)).collect();
        let mut levels = Levels::new(&free, &self.claims);
        let turns = levels.turns(count, at_most);
        let mut taken = vec![0; free.len()];
        for (place, units) in self.among_equals.iter().zip(levels.taken(&free, &self.claims)) {
            if let Some(taken) = taken.get_mut(*place) {
                *taken = units;
            }
        }
        (turns, taken, levels.work() + free.len() as u64)
    }
}

/// Slots taken one after another, each with what it preferred then.
#[derive(Clone, Debug)]
pub(super) struct Turns {
    /// How many.
    pub(super) count: u32,
    /// The free units before the first.
    free: Vec<u32>,
    /// How many of them were taken of each resource.
    taken: Vec<u32>,
    /// What it took to find out, in steps.
    pub(super) work: u64,
}

impl Turns {
    /// Takes slots one after another out of a group's free units, at most so many.
    pub(super) fn take(group: &Group, free: Vec<u32>, ranking: &Ranking, at_most: u32) -> Self {
        match (group.needs.as_slice(), group.wanted) {
            ([need], None) => {
                let (count, taken, work) = ranking.fill(need.count, &free, at_most);
                Self { count, free, taken, work }
            }
            _ => Self::one_by_one(group, free, ranking, at_most),
        }
    }

    fn one_by_one(group: &Group, free: Vec<u32>, ranking: &Ranking, at_most: u32) -> Self {
        let mut turns = Self { count: 0, taken: vec![0; free.len()], free, work: 0 };
        let mut left = turns.free.clone();
        let mut preference = Preference::new(ranking, &left);
        let Some(mut matching) = Matching::complete(group, &left, &preference.order) else { return turns };
        while matching.settle_all(&preference.order).is_some() {
            turns.count += 1;
            for (place, needs) in matching.settled().iter().enumerate().filter(|(_, needs)| **needs != 0) {
                let count = needs.count_ones();
                if let (Some(left), Some(taken)) = (left.get_mut(place), turns.taken.get_mut(place)) {
                    (*left, *taken) = (*left - count, *taken + count);
                    preference.claim(place, count, *left);
                }
            }
            turns.work += preference.order.len() as u64;
            if turns.count >= at_most {
                break;
            }
            preference.settle();
            if !matching.again(&left, &preference.order) {
                break;
            }
        }
        turns.work += matching.work();
        turns
    }

    /// Whether it would be as many if so many units of this resource were free.
    ///
    /// Having fewer units changes no choice that they still allow: it was the first of more, so it is the first of fewer. Having
    /// more units changes no choice while there were as many all the time as one slot can use.
    ///
    /// An example: a resource that can serve both of two needs. Of its five free units the turns took three. With three they would be
    /// the same, and with two they would not: a unit that they took is missing. With six they would be, too, as two were left, one
    /// for each need; had the turns taken four, the one that found too little could have both needs served by a sixth unit.
    pub(super) fn would_be_the_same(&self, group: &Group, place: usize, free: u32) -> bool {
        let (before, taken) = (units(&self.free, place), units(&self.taken, place));
        let most = group.serves.get(place).map_or(0, |needs| needs.count_ones());
        taken <= free && (free <= before || before - taken >= most)
    }
}

/// The order of preference among the resources that have a unit left, kept while claims are added.
struct Preference {
    order: Vec<usize>,
    /// Lower comes first.
    ranks: Vec<u64>,
    /// Those that have other ranks than when they were ordered, or no unit left.
    moved: Vec<bool>,
    /// Those of them that have a unit left.
    back: Vec<usize>,
}

impl Preference {
    fn new(ranking: &Ranking, free: &[u32]) -> Self {
        let order = ranking.order.iter().copied().filter(|place| units(free, *place) > 0).collect();
        Self { order, moved: vec![false; free.len()], ranks: ranking.ranks.clone(), back: Vec::new() }
    }

    /// Adds claims to a resource, which has so many units left.
    fn claim(&mut self, place: usize, claims: u32, left: u32) {
        if let (Some(rank), Some(moved)) = (self.ranks.get_mut(place), self.moved.get_mut(place)) {
            *rank += if *rank == 0 { 0 } else { u64::from(claims) << 32 };
            *moved = true;
        }
        if left > 0 {
            self.back.push(place);
        }
    }

    /// Brings those that moved to where they belong now.
    fn settle(&mut self) {
        let (ranks, moved) = (&self.ranks, &mut self.moved);
        let rank = |place: &usize| ranks.get(*place).copied().unwrap_or(u64::MAX);
        self.back.sort_unstable_by_key(rank);
        let mut merged = Vec::with_capacity(self.order.len());
        let mut back = self.back.drain(..).peekable();
        for place in
            self.order.iter().filter(|place| moved.get_mut(**place).is_some_and(|moved| !std::mem::take(moved)))
        {
            while let Some(sooner) = back.next_if(|back| rank(back) < rank(place)) {
                merged.push(sooner);
            }
            merged.push(*place);
        }
        merged.extend(back);
        self.order = merged;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::matching::tests::{RESOURCES, group, loads, needs, of_each, one_after_another, wanted};
    use super::*;

    fn at_most() -> impl Strategy<Value = u32> {
        prop_oneof![Just(u32::MAX), 1_u32..12]
    }

    fn count(group: &Group, free: &[u32], claims: &[u32]) -> u32 {
        let loads: Vec<Load> = claims.iter().map(|claims| Load { claims: *claims, last: None }).collect();
        Turns::take(group, free.to_vec(), &Ranking::new(group, &loads), u32::MAX).count
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

        #[test]
        fn turns_are_as_many_as_choices_one_after_another(
            needs in needs(),
            wanted in wanted(),
            free in of_each(0..40),
            loads in loads(RESOURCES, 40),
            at_most in at_most(),
        ) {
            let groups = group(&needs, wanted, RESOURCES);
            let expected = one_after_another(&groups, &free, &loads, at_most);
            let take = |group: &Group| {
                let ranking = Ranking::new(group, &group.part(&loads));
                Turns::take(group, group.part(&free), &ranking, at_most).count
            };
            let found = groups.groups.iter().map(take).min().filter(|_| groups.possible);
            prop_assert_eq!(found.unwrap_or(0), expected);
        }

        #[test]
        fn turns_that_are_said_to_stay_the_same_do(
            needs in needs(),
            wanted in wanted(),
            free in of_each(0..30),
            later in of_each(0..30),
            loads in loads(RESOURCES, 9),
            at_most in at_most(),
        ) {
            for group in group(&needs, wanted, RESOURCES).groups {
                let (free, later, loads) = (group.part(&free), group.part(&later), group.part(&loads));
                let ranking = Ranking::new(&group, &loads);
                let turns = Turns::take(&group, free.clone(), &ranking, at_most);
                let keeps = |(place, units): (usize, u32)| turns.would_be_the_same(&group, place, units);
                let each = later.iter().zip(&free).enumerate();
                let later: Vec<u32> = each.map(|(place, (units, free))| if keeps((place, *units)) { *units } else { *free }).collect();
                prop_assert_eq!(Turns::take(&group, later, &ranking, at_most).count, turns.count);
            }
        }
    }

    #[test]
    fn who_served_longest_ago_comes_first_among_equals() {
        let group = group(&[(2, vec![0, 1, 2])], None, 3).groups.remove(0);
        let count = |lasts: [Option<i64>; 3]| {
            let loads = lasts.map(|last| Load { claims: 0, last });
            Turns::take(&group, vec![1, 1, 2], &Ranking::new(&group, &loads), u32::MAX).count
        };
        // The first turn takes the two single units, unless one of them served last.
        assert_eq!(count([None, Some(1), Some(2)]), 1);
        assert_eq!(count([Some(2), Some(1), None]), 2);
    }

    #[test]
    fn early_turns_may_leave_later_ones_short() {
        let needs = [(2, vec![0, 1, 2])];
        let group = group(&needs, None, 3).groups.remove(0);
        assert_eq!(count(&group, &[1, 1, 2], &[0, 0, 0]), 1);
        assert_eq!(count(&group, &[1, 1, 2], &[0, 1, 0]), 2);
    }
}
