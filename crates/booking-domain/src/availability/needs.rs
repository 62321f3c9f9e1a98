//! Rule 8: which resources serve a slot, and how many more slots of the same time they could serve.

use super::matching::Matching;
use crate::event_type::Requirement;
use crate::id::ResourceId;

/// One requirement: `count` distinct resources among these, by their place in the list of all resources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Need {
    pub(super) count: usize,
    pub(super) among: Vec<usize>,
}

/// All that a slot needs at once.
#[derive(Clone, Debug)]
pub(super) struct Needs {
    needs: Vec<Need>,
    /// A resource that must be among those taken.
    wanted: Option<usize>,
    /// Whether no resource can serve two needs, so that each need can choose for itself.
    apart: bool,
    possible: bool,
}

impl Needs {
    /// The requirements over `ids`, which have all of their resources, in order.
    pub(super) fn new(requirements: &[Requirement], wanted: Option<ResourceId>, ids: &[ResourceId]) -> Self {
        let place = |id: &ResourceId| ids.binary_search(id).ok();
        let need = |requirement: &Requirement| {
            let mut among: Vec<_> = requirement.resource_ids.iter().filter_map(place).collect();
            among.sort_unstable();
            Need { count: requirement.count as usize, among }
        };
        let needs: Vec<_> = requirements.iter().map(need).collect();
        let mut all: Vec<_> = needs.iter().flat_map(|need| need.among.iter().copied()).collect();
        all.sort_unstable();
        let apart = all.windows(2).all(|pair| pair.first() != pair.last());
        let wanted_place = wanted.as_ref().and_then(place).filter(|place| all.binary_search(place).is_ok());
        let possible = !needs.is_empty() && wanted.is_some() == wanted_place.is_some();
        Self { needs, wanted: wanted_place, apart, possible }
    }

    /// Whether so many free units can serve a slot.
    pub(super) fn served_by(&self, free: &[u32]) -> bool {
        self.possible && if self.apart { self.apart_served_by(free) } else { self.choose(free, &[]).is_some() }
    }

    fn apart_served_by(&self, free: &[u32]) -> bool {
        let wanted = self.wanted.is_none_or(|wanted| units(free, wanted) > 0);
        wanted && self.needs.iter().all(|need| need.free(free).filter(|units| *units > 0).count() >= need.count)
    }

    /// The resources to take, once for each unit, in order; `loads` says how many claims each has, and the least claimed is
    /// taken first, then the one that comes first. Nothing when the free units cannot serve a slot.
    pub(super) fn choose(&self, free: &[u32], loads: &[u32]) -> Option<Vec<usize>> {
        let mut order: Vec<usize> = (0..free.len()).filter(|place| units(free, *place) > 0).collect();
        order.sort_by_key(|place| (Some(*place) != self.wanted, units(loads, *place), *place));
        if !self.possible {
            return None;
        }
        let mut chosen = if self.apart { self.choose_apart(&order)? } else { self.choose_matching(free, &order)? };
        chosen.sort_unstable();
        Some(chosen)
    }

    fn choose_apart(&self, order: &[usize]) -> Option<Vec<usize>> {
        let mut chosen = Vec::new();
        for need in &self.needs {
            let before = chosen.len();
            let usable = order.iter().filter(|place| need.among.binary_search(place).is_ok());
            chosen.extend(usable.take(need.count));
            if chosen.len() - before < need.count {
                return None;
            }
        }
        self.wanted.is_none_or(|wanted| chosen.contains(&wanted)).then_some(chosen)
    }

    fn choose_matching(&self, free: &[u32], order: &[usize]) -> Option<Vec<usize>> {
        let mut matching = Matching::complete(&self.needs, free)?;
        if let Some(wanted) = self.wanted {
            (0..self.needs.len()).find(|need| matching.settle(*need, wanted))?;
        }
        for need in 0..self.needs.len() {
            for place in order {
                matching.settle(need, *place);
            }
        }
        Some(matching.settled())
    }

    /// How many slots of the same time could be taken one after another, when counting is enough to tell. It is not when a
    /// need chooses several of resources with several units, or shares them: then an early choice can leave a later one short.
    pub(super) fn count(&self, free: &[u32]) -> Option<u32> {
        if !self.served_by(free) {
            return Some(0);
        }
        let at_most = self.needs.iter().map(|need| need.total(free) / need.divisor()).min().unwrap_or(0);
        let at_most = at_most.min(self.wanted.map_or(u32::MAX, |wanted| units(free, wanted)));
        if at_most <= 1 || !self.apart {
            return (at_most <= 1).then_some(at_most);
        }
        self.needs.iter().try_fold(at_most, |least, need| Some(least.min(need.times(free)?)))
    }

    /// How many units of this resource one slot can use.
    pub(super) fn most_of(&self, place: usize) -> u32 {
        let serving = self.needs.iter().filter(|need| need.among.binary_search(&place).is_ok());
        u32::try_from(serving.count()).unwrap_or(u32::MAX)
    }

    /// Whether this resource could be among those taken.
    pub(super) fn could_take(&self, free: &[u32], place: usize) -> bool {
        let mut loads = vec![1; free.len()];
        loads.iter_mut().skip(place).take(1).for_each(|load| *load = 0);
        self.choose(free, &loads).is_some_and(|chosen| chosen.contains(&place))
    }

    /// Whether this resource must be among those taken.
    pub(super) fn wants(&self, place: usize) -> bool {
        self.wanted == Some(place)
    }

    /// The needs one by one.
    pub(super) fn each(&self) -> &[Need] {
        &self.needs
    }
}

impl Need {
    fn free<'a>(&'a self, free: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
        self.among.iter().map(|place| units(free, *place))
    }

    fn total(&self, free: &[u32]) -> u32 {
        self.free(free).sum()
    }

    fn divisor(&self) -> u32 {
        u32::try_from(self.count).unwrap_or(u32::MAX).max(1)
    }

    /// How often it can be met if no other need takes from the same resources, where counting is enough to tell.
    fn times(&self, free: &[u32]) -> Option<u32> {
        if self.count == self.among.len() {
            self.free(free).min()
        } else if self.count == 1 || self.free(free).all(|units| units <= 1) {
            Some(self.total(free) / self.divisor())
        } else {
            None
        }
    }
}

/// The number at this place; 0 beyond the end.
pub(super) fn units(numbers: &[u32], place: usize) -> u32 {
    numbers.get(place).copied().unwrap_or(0)
}
