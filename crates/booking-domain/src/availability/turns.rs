//! How many slots of the same time can be taken one after another, when each takes what it prefers (rule 8).

use super::needs::{Needs, units};

/// What is free, and who has how many claims, after some turns.
#[derive(Clone, Debug)]
struct Turn {
    free: Vec<u32>,
    loads: Vec<u32>,
}

/// How many times the needs can be met, taking each time what is preferred then.
///
/// Every turn takes from the least claimed, so the turns soon repeat, like people served in rounds. Whole rounds are then
/// skipped: this takes as long for a thousand units as for ten. (The repetition is found as in R. P. Brent, "An improved
/// Monte Carlo factorization algorithm", 1980.)
pub(super) fn turns(needs: &Needs, free: &[u32], loads: &[u32]) -> u32 {
    let mut turn = Turn { free: free.to_vec(), loads: loads.to_vec() };
    turn.loads.resize(free.len(), 0);
    let (mut turns, mut since, mut patience) = (0, 0, 1);
    let mut anchor = turn.clone();
    while let Some(chosen) = needs.choose(&turn.free, &turn.loads) {
        chosen.iter().for_each(|place| turn.take(*place, 1));
        (turns, since) = (turns + 1, since + 1);
        if turn.repeats(&anchor, needs) {
            turns += since * turn.skip_rounds(&anchor);
            (anchor, since, patience) = (turn.clone(), 0, 1);
        } else if since == patience {
            (anchor, since, patience) = (turn.clone(), 0, patience * 2);
        }
    }
    turns
}

/// How often a resource was used since an earlier turn, and how many claims it had then and has now.
struct Use {
    used: u32,
    load_before: u32,
    load: u32,
}

impl Turn {
    fn take(&mut self, place: usize, count: u32) {
        if let (Some(free), Some(load)) = (self.free.get_mut(place), self.loads.get_mut(place)) {
            *free = free.saturating_sub(count);
            *load = load.saturating_add(count);
        }
    }

    /// Whether the choices that followed `anchor` follow again. They do if, within each need, all that can still serve were used
    /// equally, or the more used ones come later in the order of preference and so move further away from the others.
    fn repeats(&self, anchor: &Self, needs: &Needs) -> bool {
        needs.each().iter().all(|need| {
            // A wanted resource comes first, however often it was used.
            let rivals = need.among.iter().filter(|place| units(&anchor.free, **place) > 0 && !needs.wants(**place));
            let mut rivals: Vec<_> = rivals.map(|place| self.use_since(anchor, *place)).collect();
            rivals.sort_unstable_by_key(|rival| rival.used);
            let mut less_used = None;
            rivals.chunk_by(|one, other| one.used == other.used).all(|equals| {
                let apart = equals.iter().all(|rival| less_used.is_none_or(|most| most < rival.load_before));
                less_used = less_used.max(equals.iter().map(|rival| rival.load).max());
                apart
            })
        })
    }

    fn use_since(&self, anchor: &Self, place: usize) -> Use {
        let (load_before, load) = (units(&anchor.loads, place), units(&self.loads, place));
        Use { used: load.saturating_sub(load_before), load_before, load }
    }

    /// Goes through as many rounds like the one since `anchor` as there are units for; says how many. Having fewer units does
    /// not change a choice that they still allow: it was the first of more, so it is the first of fewer.
    fn skip_rounds(&mut self, anchor: &Self) -> u32 {
        let used: Vec<u32> = (0..self.free.len()).map(|place| self.use_since(anchor, place).used).collect();
        let rounds = used.iter().zip(&self.free).filter(|(used, _)| **used > 0);
        let rounds = rounds.map(|(used, free)| free / used).min().unwrap_or(0);
        used.iter().enumerate().for_each(|(place, used)| self.take(place, used * rounds));
        rounds
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::event_type::Requirement;
    use crate::id::ResourceId;

    fn id(number: usize) -> ResourceId {
        ResourceId::new(Uuid::from_u128(number as u128))
    }

    fn needs(requirements: &[(u32, Vec<usize>)], wanted: Option<usize>, resources: usize) -> Needs {
        let ids: Vec<_> = (0..resources).map(id).collect();
        let requirement = |(count, among): &(u32, Vec<usize>)| Requirement {
            count: *count,
            resource_ids: among.iter().map(|number| id(*number)).collect(),
        };
        let requirements: Vec<_> = requirements.iter().map(requirement).collect();
        Needs::new(&requirements, wanted.map(id), &ids)
    }

    /// One turn after the other, without skipping any.
    fn plainly(needs: &Needs, free: &[u32], loads: &[u32]) -> u32 {
        let mut turn = Turn { free: free.to_vec(), loads: loads.to_vec() };
        let mut turns = 0;
        while let Some(chosen) = needs.choose(&turn.free, &turn.loads) {
            chosen.iter().for_each(|place| turn.take(*place, 1));
            turns += 1;
        }
        turns
    }

    fn requirements() -> impl Strategy<Value = Vec<(u32, Vec<usize>)>> {
        let among = proptest::sample::subsequence(vec![0, 1, 2, 3, 4], 1..=5);
        let requirement = (0_u32..3, among);
        vec(requirement.prop_map(|(count, among)| (1 + count % u32::try_from(among.len()).unwrap(), among)), 1..4)
    }

    proptest! {
        #[test]
        fn skipped_rounds_count_as_if_they_had_been_taken(
            requirements in requirements(),
            wanted in prop::option::of(0_usize..5),
            free in vec(0_u32..60, 5),
            loads in vec(0_u32..9, 5),
        ) {
            let needs = needs(&requirements, wanted, 5);
            let expected = plainly(&needs, &free, &loads);
            prop_assert_eq!(turns(&needs, &free, &loads), expected);
            prop_assert_eq!(needs.count(&free).unwrap_or(expected), expected);
        }
    }

    #[test]
    fn early_turns_may_leave_later_ones_short() {
        let needs = needs(&[(2, vec![0, 1, 2])], None, 3);
        assert_eq!(turns(&needs, &[1, 1, 2], &[0, 0, 0]), 1);
        assert_eq!(turns(&needs, &[1, 1, 2], &[0, 1, 0]), 2);
    }

    #[test]
    fn thousands_of_units_are_counted_in_rounds() {
        let needs = needs(&[(2, vec![0, 1, 2])], None, 3);
        assert_eq!(turns(&needs, &[10_000; 3], &[0; 3]), 15_000);
        let uneven = [10_000, 10_000, 9_000];
        assert_eq!(turns(&needs, &uneven, &[0, 5, 0]), plainly(&needs, &uneven, &[0, 5, 0]));
    }
}
