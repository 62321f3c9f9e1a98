//! Who competes: the event types that share resources, directly or through others, and how far one of their slots reaches.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::availability::Offer;
use crate::id::{EventTypeId, ResourceId};

/// Event types that compete, directly or through others, because they share resources.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Contenders {
    /// The event types.
    pub event_types: BTreeSet<EventTypeId>,
    /// All their resources.
    pub resources: BTreeSet<ResourceId>,
    /// Those among which some of the event types have something to choose.
    pub chosen: BTreeSet<ResourceId>,
    /// The longest time that one of their slots blocks, in minutes.
    pub reach_minutes: u32,
}

/// All that an organization offers, in groups of event types that compete.
#[derive(Debug, Default)]
pub struct Contention {
    offers: BTreeMap<EventTypeId, Arc<Offer>>,
    of_event_types: BTreeMap<EventTypeId, Arc<Contenders>>,
    for_resources: BTreeMap<ResourceId, Arc<Contenders>>,
}

impl Contention {
    /// Who competes among these offers.
    pub fn of(offers: BTreeMap<EventTypeId, Arc<Offer>>) -> Self {
        let groups = groups(&offers);
        let of_event_types = by_each(&groups, |group| &group.event_types);
        let for_resources = by_each(&groups, |group| &group.resources);
        Self { offers, of_event_types, for_resources }
    }

    /// What the event type offers.
    pub fn offer(&self, event_type: EventTypeId) -> Option<&Arc<Offer>> {
        self.offers.get(&event_type)
    }

    /// Whether the event type needs the resource, or could.
    pub fn needs(&self, event_type: EventTypeId, resource: ResourceId) -> bool {
        let offer = self.offers.get(&event_type);
        offer.is_some_and(|offer| offer.spec.requirements.iter().any(|need| need.resource_ids.contains(&resource)))
    }

    /// What competes with the event type, itself included.
    pub fn contenders(&self, event_type: EventTypeId) -> Option<&Arc<Contenders>> {
        self.of_event_types.get(&event_type)
    }

    /// The event types that compete for a resource.
    pub fn contenders_for(&self, resource: ResourceId) -> Option<&Arc<Contenders>> {
        self.for_resources.get(&resource)
    }
}

/// Each group under each of the ids that are in it.
fn by_each<K: Copy + Ord>(
    groups: &[Arc<Contenders>],
    ids: impl Fn(&Contenders) -> &BTreeSet<K>,
) -> BTreeMap<K, Arc<Contenders>> {
    groups.iter().flat_map(|group| ids(group).iter().map(move |id| (*id, group.clone()))).collect()
}

fn groups(offers: &BTreeMap<EventTypeId, Arc<Offer>>) -> Vec<Arc<Contenders>> {
    let mut groups: Vec<Contenders> = Vec::new();
    for offer in offers.values() {
        let mut group = Contenders::alone(offer);
        let (near, far): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|g| !g.resources.is_disjoint(&group.resources));
        near.into_iter().for_each(|other| group.absorb(other));
        groups = far;
        groups.push(group);
    }
    groups.into_iter().map(Arc::new).collect()
}

impl Contenders {
    fn alone(offer: &Offer) -> Self {
        let spec = &offer.spec;
        Self {
            event_types: BTreeSet::from([offer.event_type_id]),
            resources: spec.resource_ids().into_iter().collect(),
            chosen: spec.chosen_ids(),
            reach_minutes: spec.durations.longest() + spec.buffer_before_minutes + spec.buffer_after_minutes,
        }
    }

    fn absorb(&mut self, other: Self) {
        self.event_types.extend(other.event_types);
        self.resources.extend(other.resources);
        self.chosen.extend(other.chosen);
        self.reach_minutes = self.reach_minutes.max(other.reach_minutes);
    }
}
