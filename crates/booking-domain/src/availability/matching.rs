//! Rule 8 where resources serve several needs: a complete matching that is settled choice by choice, so that no choice refuses
//! a slot that another choice would have served. The method is that of augmenting paths (Berge 1957, Kuhn 1955).

use super::needs::Need;

/// Whether a need takes a unit of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seat {
    /// It does not.
    Empty,
    /// It does, and may still move to another resource.
    Loose,
    /// It does.
    Settled,
}

/// Which need takes which resources; complete at all times, so that whatever is settled can be taken.
#[derive(Clone, Debug)]
pub(super) struct Matching<'a> {
    needs: &'a [Need],
    /// For each need, a seat for each of its resources.
    seats: Vec<Vec<Seat>>,
    /// Units of each resource that nobody takes.
    spare: Vec<u32>,
}

impl<'a> Matching<'a> {
    /// Any matching that meets all needs out of the free units.
    pub(super) fn complete(needs: &'a [Need], free: &[u32]) -> Option<Self> {
        let seats = needs.iter().map(|need| vec![Seat::Empty; need.among.len()]).collect();
        let mut matching = Self { needs, seats, spare: free.to_vec() };
        for (place, need) in needs.iter().enumerate() {
            for _ in 0..need.count {
                matching.augment(place, &mut vec![false; free.len()]).then_some(())?;
            }
        }
        Some(matching)
    }

    /// Settles that `need` takes `resource`, unless that would leave a need unmet.
    pub(super) fn settle(&mut self, need: usize, resource: usize) -> bool {
        match self.seat(need, resource) {
            Some(Seat::Settled) => true,
            Some(Seat::Loose) => {
                self.set(need, resource, Seat::Settled);
                true
            }
            Some(Seat::Empty) => self.rearrange(need, resource),
            None => false,
        }
    }

    /// The resources of the settled seats, once for each unit.
    pub(super) fn settled(&self) -> Vec<usize> {
        let seats = self.needs.iter().zip(&self.seats).flat_map(|(need, seats)| need.among.iter().zip(seats));
        seats.filter(|(_, seat)| **seat == Seat::Settled).map(|(resource, _)| *resource).collect()
    }

    /// Moves a loose seat of `need` to `resource`; who has to make way there finds another seat, or nothing changes.
    fn rearrange(&mut self, need: usize, resource: usize) -> bool {
        let before = self.clone();
        let Some(left) = self.loose_resource(need) else { return false };
        self.set(need, left, Seat::Empty);
        self.give_back(left);
        self.set(need, resource, Seat::Settled);
        let done = self.take_spare(resource) || self.evict(resource);
        if !done {
            *self = before;
        }
        done
    }

    /// Finds another seat for one who sits loosely on `resource`. Which one does not matter: if anyone's leaving makes the
    /// matching complete, then everyone's does, since the size of the largest matching is the same.
    fn evict(&mut self, resource: usize) -> bool {
        let Some(moved) = self.loose_needs(resource).next() else { return false };
        self.set(moved, resource, Seat::Empty);
        self.augment(moved, &mut vec![false; self.spare.len()])
    }

    /// Gives `need` one more loose seat, moving others as needed; `seen` are the resources that have been tried.
    fn augment(&mut self, need: usize, seen: &mut [bool]) -> bool {
        let needs = self.needs;
        for resource in needs.get(need).map_or(&[][..], |need| &need.among) {
            // Where this need sits already is no place to go, but may be one for another need: it does not count as tried.
            let untried = self.seat(need, *resource) == Some(Seat::Empty)
                && seen.get_mut(*resource).is_some_and(|seen| !std::mem::replace(seen, true));
            if untried && self.make_room(*resource, seen) {
                self.set(need, *resource, Seat::Loose);
                return true;
            }
        }
        false
    }

    fn make_room(&mut self, resource: usize, seen: &mut [bool]) -> bool {
        if self.take_spare(resource) {
            return true;
        }
        let sitting: Vec<_> = self.loose_needs(resource).collect();
        let moved = sitting.into_iter().find(|other| self.augment(*other, seen));
        if let Some(moved) = moved {
            self.set(moved, resource, Seat::Empty);
        }
        moved.is_some()
    }

    fn take_spare(&mut self, resource: usize) -> bool {
        match self.spare.get_mut(resource) {
            Some(spare) if *spare > 0 => {
                *spare -= 1;
                true
            }
            _ => false,
        }
    }

    fn give_back(&mut self, resource: usize) {
        if let Some(spare) = self.spare.get_mut(resource) {
            *spare += 1;
        }
    }

    fn loose_needs(&self, resource: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.needs.len()).filter(move |need| self.seat(*need, resource) == Some(Seat::Loose))
    }

    fn loose_resource(&self, need: usize) -> Option<usize> {
        let (need, seats) = (self.needs.get(need)?, self.seats.get(need)?);
        need.among.iter().zip(seats).find(|(_, seat)| **seat == Seat::Loose).map(|(resource, _)| *resource)
    }

    fn seat(&self, need: usize, resource: usize) -> Option<Seat> {
        let place = self.needs.get(need)?.among.binary_search(&resource).ok()?;
        self.seats.get(need)?.get(place).copied()
    }

    fn set(&mut self, need: usize, resource: usize, seat: Seat) {
        let place = self.needs.get(need).and_then(|need| need.among.binary_search(&resource).ok());
        if let Some(found) = place.and_then(|place| self.seats.get_mut(need)?.get_mut(place)) {
            *found = seat;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::subsequence;

    use super::super::needs::units;
    use super::*;

    /// The first of all allocations in the order of the resources, found by trying each; need by need.
    fn first(needs: &[Need], free: &[u32]) -> Option<Vec<Vec<usize>>> {
        let Some((need, others)) = needs.split_first() else { return Some(Vec::new()) };
        choices(&need.among, need.count).into_iter().find_map(|chosen| {
            let mut left = free.to_vec();
            for place in &chosen {
                *left.get_mut(*place)? = units(&left, *place).checked_sub(1)?;
            }
            let rest = first(others, &left)?;
            Some([vec![chosen], rest].concat())
        })
    }

    fn choices(from: &[usize], count: usize) -> Vec<Vec<usize>> {
        match (count, from.split_first()) {
            (0, _) => vec![Vec::new()],
            (_, None) => Vec::new(),
            (_, Some((one, rest))) => {
                let with = choices(rest, count - 1).into_iter().map(|others| [vec![*one], others].concat());
                with.chain(choices(rest, count)).collect()
            }
        }
    }

    fn needs() -> impl Strategy<Value = Vec<Need>> {
        let need = (0_usize..3, subsequence(vec![0, 1, 2, 3, 4, 5], 1..=6));
        vec(need.prop_map(|(count, among)| Need { count: 1 + count % among.len(), among }), 1..5)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

        #[test]
        fn settling_in_order_finds_the_first_of_all_allocations(needs in needs(), free in vec(0_u32..4, 6)) {
            let found = Matching::complete(&needs, &free).map(|mut matching| {
                for (need, place) in (0..needs.len()).flat_map(|need| (0..6).map(move |place| (need, place))) {
                    matching.settle(need, place);
                }
                matching.settled()
            });
            prop_assert_eq!(found, first(&needs, &free).map(|chosen| chosen.concat()));
        }
    }
}
