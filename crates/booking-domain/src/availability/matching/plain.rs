//! The same choice by augmenting paths from resource to resource, seat by seat: slow, simple, and what the choice is compared with.

use super::super::group::{Need, units};
use super::tests::Asked;

/// The resources to take, as `Needs::choose` says it.
pub(super) fn choose(asked: &[Asked], wanted: Option<usize>, free: &[u32], loads: &[u32]) -> Option<Vec<usize>> {
    let need = |(count, among): &Asked| Need { count: *count as usize, among: among.clone() };
    let needs: Vec<Need> = asked.iter().map(need).collect();
    let mut order: Vec<usize> = (0..free.len()).collect();
    order.sort_by_key(|place| (Some(*place) != wanted, units(loads, *place), *place));
    let mut matching = Matching::complete(&needs, free)?;
    if let Some(wanted) = wanted {
        (0..needs.len()).find(|need| matching.settle(*need, wanted))?;
    }
    for (need, place) in (0..needs.len()).flat_map(|need| order.iter().map(move |place| (need, place))) {
        matching.settle(need, *place);
    }
    let mut chosen = matching.settled();
    chosen.sort_unstable();
    Some(chosen)
}

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
struct Matching<'a> {
    needs: &'a [Need],
    /// For each need, a seat for each of its resources.
    seats: Vec<Vec<Seat>>,
    /// Units of each resource that nobody takes.
    spare: Vec<u32>,
}

impl<'a> Matching<'a> {
    /// Any matching that meets all needs out of the free units.
    fn complete(needs: &'a [Need], free: &[u32]) -> Option<Self> {
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
    fn settle(&mut self, need: usize, resource: usize) -> bool {
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
    fn settled(&self) -> Vec<usize> {
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
