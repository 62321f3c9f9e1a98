//! The same choice by augmenting paths from resource to resource, one unit at a time: slow, simple, and what the choice is compared with.

use super::super::group::Need;
use super::super::loads::Load;
use super::tests::Asked;

/// The resources to take, as `Needs::choose` says it.
pub(super) fn choose(asked: &[Asked], wanted: Option<usize>, free: &[u32], loads: &[Load]) -> Option<Vec<usize>> {
    let need = |(count, among): &Asked| Need { count: *count as usize, among: among.clone() };
    let needs: Vec<Need> = asked.iter().map(need).collect();
    let mut order: Vec<usize> = (0..free.len()).collect();
    order.sort_by_key(|place| (Some(*place) != wanted, loads[*place].claims, loads[*place].last, *place));
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
enum Assignment {
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
    /// For each need, an assignment for each of its resources.
    assignments: Vec<Vec<Assignment>>,
    /// Units of each resource that nobody takes.
    spare: Vec<u32>,
}

impl<'a> Matching<'a> {
    /// Any matching that meets all needs out of the free units.
    fn complete(needs: &'a [Need], free: &[u32]) -> Option<Self> {
        let assignments = needs.iter().map(|need| vec![Assignment::Empty; need.among.len()]).collect();
        let mut matching = Self { needs, assignments, spare: free.to_vec() };
        for (place, need) in needs.iter().enumerate() {
            for _ in 0..need.count {
                matching.augment(place, &mut vec![false; free.len()]).then_some(())?;
            }
        }
        Some(matching)
    }

    /// Settles that `need` takes `resource`, unless that would leave a need unmet.
    fn settle(&mut self, need: usize, resource: usize) -> bool {
        match self.assignment(need, resource) {
            Some(Assignment::Settled) => true,
            Some(Assignment::Loose) => {
                self.set(need, resource, Assignment::Settled);
                true
            }
            Some(Assignment::Empty) => self.rearrange(need, resource),
            None => false,
        }
    }

    /// The resources of the settled assignments, once for each unit.
    fn settled(&self) -> Vec<usize> {
        let assignments =
            self.needs.iter().zip(&self.assignments).flat_map(|(need, assignments)| need.among.iter().zip(assignments));
        assignments
            .filter(|(_, assignment)| **assignment == Assignment::Settled)
            .map(|(resource, _)| *resource)
            .collect()
    }

    /// Moves a loose assignment of `need` to `resource`; who has to make way there finds another assignment, or nothing changes.
    fn rearrange(&mut self, need: usize, resource: usize) -> bool {
        let before = self.clone();
        let Some(left) = self.loose_resource(need) else { return false };
        self.set(need, left, Assignment::Empty);
        self.give_back(left);
        self.set(need, resource, Assignment::Settled);
        let done = self.take_spare(resource) || self.evict(resource);
        if !done {
            *self = before;
        }
        done
    }

    /// Finds another assignment for one that is loose on `resource`. Which one does not matter: if anyone's leaving makes the
    /// matching complete, then everyone's does, since the size of the largest matching is the same.
    fn evict(&mut self, resource: usize) -> bool {
        let Some(moved) = self.loose_needs(resource).next() else { return false };
        self.set(moved, resource, Assignment::Empty);
        self.augment(moved, &mut vec![false; self.spare.len()])
    }

    /// Gives `need` one more loose assignment, moving others as needed; `seen` are the resources that have been tried.
    fn augment(&mut self, need: usize, seen: &mut [bool]) -> bool {
        let needs = self.needs;
        for resource in needs.get(need).map_or(&[][..], |need| &need.among) {
            // Where this need sits already is no place to go, but may be one for another need: it does not count as tried.
            let untried = self.assignment(need, *resource) == Some(Assignment::Empty)
                && seen.get_mut(*resource).is_some_and(|seen| !std::mem::replace(seen, true));
            if untried && self.make_room(*resource, seen) {
                self.set(need, *resource, Assignment::Loose);
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
            self.set(moved, resource, Assignment::Empty);
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
        (0..self.needs.len()).filter(move |need| self.assignment(*need, resource) == Some(Assignment::Loose))
    }

    fn loose_resource(&self, need: usize) -> Option<usize> {
        let (need, assignments) = (self.needs.get(need)?, self.assignments.get(need)?);
        need.among
            .iter()
            .zip(assignments)
            .find(|(_, assignment)| **assignment == Assignment::Loose)
            .map(|(resource, _)| *resource)
    }

    fn assignment(&self, need: usize, resource: usize) -> Option<Assignment> {
        let place = self.needs.get(need)?.among.binary_search(&resource).ok()?;
        self.assignments.get(need)?.get(place).copied()
    }

    fn set(&mut self, need: usize, resource: usize, assignment: Assignment) {
        let place = self.needs.get(need).and_then(|need| need.among.binary_search(&resource).ok());
        if let Some(found) = place.and_then(|place| self.assignments.get_mut(need)?.get_mut(place)) {
            *found = assignment;
        }
    }
}
