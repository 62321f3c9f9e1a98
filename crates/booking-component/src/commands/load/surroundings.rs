//! What has to be read around the rooms of a batch.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use booking_domain::hold::SlotKey;
use booking_domain::hold::working_set::{WorkingSet, blocked};
use booking_domain::id::{EventTypeId, ResourceId};
use booking_domain::interval::Interval;
use booking_domain::limits;

use crate::state::catalogs::{Catalog, Contenders};

/// What has to be read around a set of rooms.
#[derive(Default)]
pub struct Surroundings {
    event_types: BTreeSet<EventTypeId>,
    /// The rooms whose lines are needed.
    pub presences: Vec<(EventTypeId, Interval)>,
    /// The resources whose claims are needed.
    pub claims: Vec<(ResourceId, Interval)>,
    /// The periods whose appointments count towards limits.
    pub limited: Vec<(EventTypeId, Interval)>,
}

/// A resource that somebody took for a time, although their event type does not need it any more.
pub type Stray = (ResourceId, Interval);

impl Surroundings {
    /// What has to be read around these rooms and strays.
    pub fn of(catalog: &Catalog, rooms: &BTreeSet<SlotKey>, strays: &BTreeSet<Stray>) -> Self {
        let mut surroundings = Self::default();
        let mut groups = Groups::default();
        rooms.iter().for_each(|room| groups.note_room(catalog, *room));
        for (resource, slot) in strays {
            groups.note_stray(catalog, *resource, *slot);
            let blocked = slot.widened(limits::BUFFER_MINUTES_MAX, limits::BUFFER_MINUTES_MAX);
            surroundings.claims.push((*resource, blocked));
        }
        for (contenders, spans) in groups.0.into_values() {
            for span in joined(spans) {
                surroundings.add(catalog, &contenders, span);
            }
        }
        surroundings
    }

    /// `span` is what the commands concern. One reach further are those who compete with it; two reaches further, those who wait
    /// for what those might free, with all that is in their way.
    fn add(&mut self, catalog: &Catalog, contenders: &Contenders, span: Interval) {
        let near = span.widened(2 * contenders.reach_minutes, 2 * contenders.reach_minutes);
        let mut far = span.widened(3 * contenders.reach_minutes, 3 * contenders.reach_minutes);
        for id in &contenders.event_types {
            let Some(offer) = catalog.offer(*id) else { continue };
            self.event_types.insert(*id);
            self.presences.push((*id, near));
            far = far.hull(offer.load_window(near));
            self.limited.extend(offer.limit_window(near).map(|window| (*id, window)));
        }
        self.claims.extend(contenders.resources.iter().map(|resource| (*resource, far)));
    }

    /// The resources concerned.
    pub fn resource_ids(&self) -> BTreeSet<ResourceId> {
        self.claims.iter().map(|(resource, _)| *resource).collect()
    }

    /// The working set, with nothing in it yet but what the catalog says.
    pub fn working_set(&self, catalog: &Catalog) -> WorkingSet {
        let mut working_set = WorkingSet::default();
        let offers = self.event_types.iter().filter_map(|id| Some((*id, catalog.offer(*id)?.clone())));
        working_set.offers = offers.collect();
        for resource in self.resource_ids().iter().filter_map(|id| catalog.resources.get(id)) {
            working_set.occupancy.insert(resource.id, catalog.units(resource.id));
            working_set.names.insert(resource.id, resource.spec.name.clone());
        }
        working_set
    }
}

/// The times that are concerned, by the group of event types that compete with each other.
#[derive(Default)]
struct Groups(BTreeMap<EventTypeId, (Arc<Contenders>, Vec<Interval>)>);

impl Groups {
    fn note_room(&mut self, catalog: &Catalog, room: SlotKey) {
        let Some(offer) = catalog.offer(room.event_type_id) else { return };
        let blocked = blocked(offer, room);
        // Whoever waits on another day may wait for this one's share of a limit.
        let span = offer.limit_window(room.slot).map_or(blocked, |window| window.hull(blocked));
        self.note(catalog.contenders(room.event_type_id), span);
    }

    fn note_stray(&mut self, catalog: &Catalog, resource: ResourceId, slot: Interval) {
        self.note(catalog.contenders_for(resource), slot);
    }

    fn note(&mut self, contenders: Option<&Arc<Contenders>>, span: Interval) {
        if let Some((contenders, name)) = contenders.and_then(|group| Some((group, *group.event_types.first()?))) {
            self.0.entry(name).or_insert_with(|| (contenders.clone(), Vec::new())).1.push(span);
        }
    }
}

/// Intervals that overlap or touch, made one.
fn joined(mut intervals: Vec<Interval>) -> Vec<Interval> {
    intervals.sort_unstable();
    let mut joined: Vec<Interval> = Vec::with_capacity(intervals.len());
    for next in intervals {
        match joined.last_mut().filter(|last| next.start() <= last.end()) {
            Some(last) => *last = last.hull(next),
            None => joined.push(next),
        }
    }
    joined
}
