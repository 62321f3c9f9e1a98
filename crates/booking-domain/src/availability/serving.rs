//! Rule 8 along a list of starts: whether the free units serve a slot, and how many, kept up to date as units come and go.
//!
//! **Whether.** Needs can all be met exactly if every set of them is offered enough: the resources that serve any need of the set,
//! each counted as often as it has free units and as needs of the set can use it, are no fewer than the set takes (P. Hall, "On
//! representatives of subsets", 1935; with units and counts, the smallest cut of L. R. Ford and D. R. Fulkerson, "Maximal flow
//! through a network", 1956). What each set has over is kept; a unit that comes or goes changes it by a count, whichever resource
//! it is: resources that serve the same needs and have the same units are the same to it. That costs one step for each set of needs
//! that share resources: 2 where none are shared, and never more than 2^10.
//!
//! **How many.** Counts tell where needs share nothing and choose one, or all, or have single units to choose from. Elsewhere an
//! early choice can leave a later one short, and slots are taken one after another as the door would take them, at most
//! `REMAINING_MAX` of them, and no more than `COUNTING_WORK` allows. What was found stays true until a unit comes or goes
//! that makes a difference, or a start lies behind another claim, whose resource served last from then on.

use super::group::{Group, NeedSet, units};
use super::loads::{Load, Period};
use super::needs::Needs;
use super::turns::{Ranking, Turns};
use crate::limits::{COUNTING_WORK, REMAINING_LEAST, REMAINING_MAX};

/// What is free, and what that serves.
#[derive(Debug)]
pub(super) struct Serving {
    groups: Vec<GroupUnits>,
    /// How many steps it may take each time to count.
    allowed: u64,
    work: u64,
}

/// What one group of needs has to choose from.
#[derive(Debug)]
struct GroupUnits {
    /// The free units of each of its resources.
    free: Vec<u32>,
    /// For each set of needs, by how much what serves it exceeds what it takes.
    over: Vec<i32>,
    /// How many sets have too little.
    short: usize,
    /// All free units.
    total: u64,
    /// How many resources have more than one.
    several: usize,
    /// What is preferred in the period that was last asked for.
    ranking: Option<(Period, Ranking)>,
    /// The slots that were last taken one after another.
    turns: Option<Taken>,
}

/// Slots that were taken one after another, and what has changed since.
#[derive(Debug)]
struct Taken {
    period: Period,
    at_most: u32,
    turns: Turns,
    /// How many resources have other units than these turns are the same for.
    strayed: usize,
}

impl Serving {
    /// Nothing is free yet; units will come and go, and another be the last that served, about so many times.
    pub(super) fn new(needs: &Needs, changes: usize) -> Self {
        // One change more does not make every number another one.
        let allowed = COUNTING_WORK / changes.next_power_of_two() as u64;
        Self { groups: needs.groups.iter().map(GroupUnits::new).collect(), allowed, work: 0 }
    }

    /// So many units of this resource are free now.
    pub(super) fn set(&mut self, needs: &Needs, place: usize, units: u32) {
        let Some((number, local)) = needs.member(place) else { return };
        if let (Some(of_group), Some(group)) = (self.groups.get_mut(number), needs.groups.get(number)) {
            self.work += of_group.set(group, local, units);
        }
    }

    /// Whether a slot can be served.
    pub(super) fn serves(&self, needs: &Needs) -> bool {
        needs.possible && self.groups.iter().zip(&needs.groups).all(|(of_group, group)| of_group.serves(group))
    }

    /// How many slots of the same time could be taken one after another, at most `REMAINING_MAX`, where one can be served;
    /// `loads` says what each resource has served in this period.
    pub(super) fn count(&mut self, needs: &Needs, period: Period, loads: &mut impl FnMut() -> Vec<Load>) -> u32 {
        let counted = self.groups.iter().zip(&needs.groups).map(|(of_group, group)| of_group.counted(group));
        let mut least = counted.map(|(_, at_most)| at_most).min().unwrap_or(0).min(REMAINING_MAX);
        for (of_group, group) in self.groups.iter_mut().zip(&needs.groups) {
            if least > 1 && !of_group.counted(group).0 {
                let at_most = least.min(turns_max(group, self.allowed));
                self.work += of_group.take(group, (period, at_most), loads);
                least = least.min(of_group.turns.as_ref().map_or(0, |taken| taken.turns.count));
            }
        }
        least
    }

    /// What it took so far, in steps.
    pub(super) fn work(&self) -> u64 {
        self.work
    }
}

impl GroupUnits {
    fn new(group: &Group) -> Self {
        let set_of = |set: usize| group.needs.iter().enumerate().filter(move |(need, _)| set & (1 << need) != 0);
        let takes = |set: usize| set_of(set).map(|(_, need)| need.count).sum::<usize>();
        let over = (0..1 << group.needs.len()).map(|set| i32::try_from(takes(set)).map_or(i32::MIN, |takes| -takes));
        let over: Vec<i32> = over.collect();
        let short = over.iter().filter(|over| **over < 0).count();
        Self { free: vec![0; group.places.len()], over, short, total: 0, several: 0, ranking: None, turns: None }
    }

    fn set(&mut self, group: &Group, place: usize, after: u32) -> u64 {
        let Some(free) = self.free.get_mut(place) else { return 0 };
        let before = std::mem::replace(free, after);
        self.total = self.total + u64::from(after) - u64::from(before);
        self.several = self.several + usize::from(after > 1) - usize::from(before > 1);
        if let Some(taken) = &mut self.turns {
            let strays = |units| usize::from(!taken.turns.would_be_the_same(group, place, units));
            taken.strayed = taken.strayed + strays(after) - strays(before);
        }
        group.serves.get(place).map_or(0, |serves| self.offer(*serves, before, after))
    }

    /// A resource that serves these needs has other units than before.
    fn offer(&mut self, serves: NeedSet, before: u32, after: u32) -> u64 {
        let most = serves.count_ones();
        if before.min(most) == after.min(most) {
            return 1;
        }
        let mut short = self.short;
        for (set, over) in (0..).zip(&mut self.over) {
            let used: NeedSet = serves & set;
            let (was, used) = (*over, used.count_ones());
            *over += signed(after.min(used)) - signed(before.min(used));
            short = short + usize::from(*over < 0) - usize::from(was < 0);
        }
        self.short = short;
        self.over.len() as u64
    }

    /// Where a slot can be served at all, it can be with any resource that has a free unit: a need that it serves moves there, or
    /// some need is there already.
    fn serves(&self, group: &Group) -> bool {
        self.short == 0 && group.wanted.is_none_or(|wanted| units(&self.free, wanted) > 0)
    }

    /// How many slots there are at most, and whether there surely are as many, where one can be served.
    fn counted(&self, group: &Group) -> (bool, u32) {
        let wanted = group.wanted.map_or(u32::MAX, |wanted| units(&self.free, wanted));
        let per_slot = group.count().max(1) as u64;
        let together = u32::try_from(self.total / per_slot).unwrap_or(u32::MAX).min(wanted);
        match group.is_simple() {
            true if group.count() == group.places.len() => {
                (true, self.free.iter().copied().min().unwrap_or(0).min(wanted))
            }
            true => (true, together),
            false => (together <= 1 || self.several == 0 && group.is_alike(), together),
        }
    }

    /// Takes slots one after another, unless that was done and nothing that makes a difference has changed; says what it took.
    fn take(&mut self, group: &Group, (period, at_most): (Period, u32), loads: &mut impl FnMut() -> Vec<Load>) -> u64 {
        let known = self.turns.as_ref().is_some_and(|taken| {
            let enough = taken.turns.count < taken.at_most || taken.at_most >= at_most;
            taken.period == period && taken.strayed == 0 && enough
        });
        if known {
            return 0;
        }
        let (ranking, ranked) = match self.ranking.take() {
            Some((of, ranking)) if of == period => (ranking, 0),
            _ => (Ranking::new(group, &group.part(&loads())), group.places.len() as u64),
        };
        let turns = Turns::take(group, self.free.clone(), &ranking, at_most);
        self.ranking = Some((period, ranking));
        let work = ranked + turns.work;
        self.turns = Some(Taken { period, at_most, turns, strayed: 0 });
        work
    }
}

/// How many turns so many steps are enough for.
fn turns_max(group: &Group, allowed: u64) -> u32 {
    let (taken, resources) = (group.count() as u64, group.places.len() as u64);
    // One need alone moves levels of resources, several look at every resource and at every choice.
    let each = if group.needs.len() == 1 { 1 + taken / 4 } else { resources + 2 * taken };
    u32::try_from(allowed / each).unwrap_or(u32::MAX).clamp(REMAINING_LEAST, REMAINING_MAX)
}

fn signed(units: u32) -> i32 {
    i32::try_from(units).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::super::matching::tests::{RESOURCES, group, loads, needs, one_after_another, wanted};
    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

        #[test]
        fn what_is_kept_up_to_date_is_what_a_fresh_look_finds(
            asked in needs(),
            wanted in wanted(),
            loads in vec(loads(RESOURCES, 9), 4),
            changes in vec((0..RESOURCES, prop_oneof![0_u32..3, 0_u32..12], (0_i64..2, 0_usize..2)), 1..40),
        ) {
            let needs = group(&asked, wanted, RESOURCES);
            let (mut serving, mut free) = (Serving::new(&needs, changes.len()), vec![0; RESOURCES]);
            for (place, units, period) in changes {
                serving.set(&needs, place, units);
                free[place] = units;
                let loads = if period.0 == 0 { &loads[period.1] } else { &loads[2 + period.1] };
                let expected = one_after_another(&needs, &free, loads, u32::MAX);
                prop_assert_eq!(serving.serves(&needs), expected > 0);
                if expected > 0 {
                    prop_assert_eq!(serving.count(&needs, period, &mut || loads.clone()), expected.min(REMAINING_MAX));
                }
            }
        }
    }

    #[test]
    fn what_remains_is_counted_up_to_a_number_that_falls_with_what_there_is_to_look_at() {
        let all: Vec<usize> = (0..100).collect();
        let count = |changes: usize, needs: usize| {
            let needs = group(&vec![(1, all.clone()); needs], None, 100);
            let mut serving = Serving::new(&needs, changes);
            (0..100).for_each(|place| serving.set(&needs, place, 10_000));
            (serving.count(&needs, (0, 0), &mut || vec![Load::default(); 100]), serving.work())
        };
        assert_eq!(count(100_000, 1).0, REMAINING_MAX);
        assert_eq!(count(400, 10).0, REMAINING_MAX);
        let (remaining, work) = count(100_000, 10);
        assert_eq!(remaining, REMAINING_LEAST);
        assert!(work < 110_000, "{work}");
    }
}
