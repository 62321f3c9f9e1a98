//! Rule 8: what a slot needs at once, parted into groups of requirements that share resources, and which resources serve it.

use super::group::{Group, Need, NeedSet, bits};
use super::loads::Load;
use super::matching::Matching;
use crate::event_type::Requirement;
use crate::id::ResourceId;
use crate::limits;

/// All that a slot needs at once.
#[derive(Clone, Debug)]
pub(super) struct Needs {
    pub(super) groups: Vec<Group>,
    /// For each resource of all, its group and its place there.
    members: Vec<Option<(usize, usize)>>,
    /// Whether there is a need, and one that the wanted resource can serve.
    pub(super) possible: bool,
}

impl Needs {
    /// The requirements over `ids`, which have all of their resources, in order.
    pub(super) fn new(requirements: &[Requirement], wanted: Option<ResourceId>, ids: &[ResourceId]) -> Self {
        let place = |id: &ResourceId| ids.binary_search(id).ok();
        let mut serves: Vec<NeedSet> = vec![0; ids.len()];
        for (need, requirement) in requirements.iter().enumerate().take(limits::REQUIREMENTS) {
            for place in requirement.resource_ids.iter().filter_map(place) {
                if let Some(set) = serves.get_mut(place) {
                    *set |= 1 << need;
                }
            }
        }
        let wanted = wanted.map(|wanted| place(&wanted).filter(|place| serves.get(*place).is_some_and(|set| *set > 0)));
        let possible = (1..=limits::REQUIREMENTS).contains(&requirements.len()) && wanted != Some(None);
        let mut needs = Self { groups: Vec::new(), members: vec![None; ids.len()], possible };
        for set in together(&serves, requirements.len().min(limits::REQUIREMENTS)) {
            needs.add_group(set, requirements, &serves);
        }
        if let Some((group, local)) = wanted.flatten().and_then(|place| needs.member(place))
            && let Some(group) = needs.groups.get_mut(group)
        {
            group.wanted = Some(local);
        }
        needs
    }

    fn add_group(&mut self, set: NeedSet, requirements: &[Requirement], serves: &[NeedSet]) {
        let ours: Vec<usize> = bits(set).collect();
        let counts = ours.iter().filter_map(|need| requirements.get(*need)).map(|needed| needed.count as usize);
        let needs = counts.map(|count| Need { count, among: Vec::new() }).collect();
        let mut group = Group { needs, places: Vec::new(), serves: Vec::new(), wanted: None };
        for (place, all) in serves.iter().enumerate().filter(|(_, all)| **all & set != 0) {
            if let Some(member) = self.members.get_mut(place) {
                *member = Some((self.groups.len(), group.places.len()));
            }
            group.add(place, ours.iter().map(|need| all & (1 << *need) != 0));
        }
        self.groups.push(group);
    }

    /// The group of a resource, and its place there.
    pub(super) fn member(&self, place: usize) -> Option<(usize, usize)> {
        self.members.get(place).copied().flatten()
    }

    /// Whether so many free units can serve a slot.
    pub(super) fn served_by(&self, free: &[u32]) -> bool {
        let served = |group: &Group| {
            let (free, order) = (group.part(free), group.order(&[]));
            Matching::complete(group, &free, &order).is_some_and(|mut matching| matching.settle_wanted().is_some())
        };
        self.possible && self.groups.iter().all(served)
    }

    /// Whether what remains of so many units can depend on who is preferred. It does not where one need takes one resource, or all,
    /// nor where there are only single units, and whichever is taken leaves the same.
    pub(super) fn takes_turns(&self, capacities: &[u32]) -> bool {
        let single = |group: &Group| group.part(capacities).iter().all(|units| *units <= 1);
        !self.groups.iter().all(|group| group.is_simple() || group.is_alike() && single(group))
    }

    /// The resources to take, once for each unit, in order: those that are `kept`, once for each time that they are named, come before
    /// those of the least load, and these before the others. Nothing when the free units cannot serve a slot.
    pub(super) fn choose(&self, free: &[u32], (kept, loads): (&[usize], &[Load])) -> Option<Vec<usize>> {
        if !self.possible {
            return None;
        }
        let mut chosen = Vec::new();
        for (number, group) in self.groups.iter().enumerate() {
            let (free, order) = (group.part(free), group.order(&group.part(loads)));
            let members = kept.iter().filter_map(|place| self.member(*place));
            let kept: Vec<usize> = members.filter(|(of, _)| *of == number).map(|(_, local)| local).collect();
            let mut matching = match kept.is_empty() {
                true => Matching::complete(group, &free, &order)?,
                false => Matching::keeping(group, &free, &kept)?,
            };
            matching.settle_all(&order)?;
            let taken = group.places.iter().zip(matching.settled());
            chosen.extend(taken.flat_map(|(place, needs)| std::iter::repeat_n(*place, needs.count_ones() as usize)));
        }
        chosen.sort_unstable();
        Some(chosen)
    }

    /// How many units of this resource one slot can use.
    pub(super) fn most_of(&self, place: usize) -> u32 {
        let found = self.member(place).and_then(|(group, local)| self.groups.get(group)?.serves.get(local));
        found.map_or(0, |needs| needs.count_ones())
    }

    /// For each resource, whether it could be among those taken of so many free units.
    pub(super) fn takeable(&self, free: &[u32]) -> Vec<bool> {
        let mut takeable = vec![false; self.members.len()];
        for group in self.groups.iter().filter(|_| self.possible) {
            let (free, order) = (group.part(free), group.order(&[]));
            let Some(mut matching) = Matching::complete(group, &free, &order) else { continue };
            if matching.settle_wanted().is_some() {
                for (local, place) in group.places.iter().enumerate() {
                    if let Some(takeable) = takeable.get_mut(*place) {
                        *takeable = matching.could_take(local);
                    }
                }
            }
        }
        takeable
    }
}

/// The sets of needs that share resources, directly or through others, in the order of the first of each.
fn together(serves: &[NeedSet], needs: usize) -> Vec<NeedSet> {
    let mut sets: Vec<NeedSet> = (0..needs).map(|need| 1 << need).collect();
    let mut distinct: Vec<NeedSet> = serves.iter().copied().filter(|set| set.count_ones() > 1).collect();
    distinct.sort_unstable();
    distinct.dedup();
    for shared in distinct {
        let joined = sets.extract_if(.., |set| *set & shared != 0).fold(shared, |all, set| all | set);
        sets.push(joined);
    }
    sets.sort_unstable_by_key(|set| set.trailing_zeros());
    sets
}
