//! The catalogs as they were last read: what each organization offers, parsed once and used until its version changes.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use booking_domain::availability::{Offer, Units};
use booking_domain::event_type::EventType;
use booking_domain::id::{EventTypeId, OrganizationId, ResourceId, ScheduleId};
use booking_domain::resource::Resource;
use booking_domain::schedule::Schedule;

use crate::store::catalog::StoredCatalog;
use crate::store::organizations::Organization;
use crate::store::{StoreError, Tx, catalog, organizations};

/// The catalogs in memory.
#[derive(Default)]
pub struct Catalogs {
    read: Mutex<Read>,
}

#[derive(Default)]
struct Read {
    catalogs: HashMap<OrganizationId, Arc<Catalog>>,
    /// Whose each event type in them is.
    owners: HashMap<EventTypeId, OrganizationId>,
}

impl Read {
    fn keep(&mut self, catalog: Arc<Catalog>) {
        let organization = catalog.organization.id;
        let owned = catalog.event_types.keys().map(|event_type| (*event_type, organization));
        self.owners.extend(owned);
        if let Some(before) = self.catalogs.insert(organization, catalog.clone()) {
            before.event_types.keys().filter(|id| !catalog.event_types.contains_key(id)).for_each(|gone| {
                self.owners.remove(gone);
            });
        }
    }
}

impl Catalogs {
    /// The organization's catalog as this transaction sees it.
    pub async fn current(&self, tx: &mut Tx, organization: OrganizationId) -> Result<Arc<Catalog>, StoreError> {
        let version = organizations::catalog_version(tx, organization).await?.unwrap_or_default();
        let read = self.read().catalogs.get(&organization).cloned();
        if let Some(catalog) = read.filter(|catalog| catalog.version == version) {
            return Ok(catalog);
        }
        let stored = catalog::load(tx, organization).await?;
        let stored =
            stored.ok_or(StoreError::Corrupt { table: "organizations", why: format!("{organization} is gone") })?;
        let catalog = Arc::new(Catalog::new(stored));
        self.read().keep(catalog.clone());
        Ok(catalog)
    }

    /// The organizations whose catalogs were read: those that this process serves.
    pub fn organizations(&self) -> Vec<OrganizationId> {
        self.read().catalogs.keys().copied().collect()
    }

    /// The organization of an event type, if its catalog was read.
    pub fn organization_of(&self, event_type: EventTypeId) -> Option<OrganizationId> {
        self.read().owners.get(&event_type).copied()
    }

    fn read(&self) -> MutexGuard<'_, Read> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What an organization offers.
pub struct Catalog {
    /// Grows with each change.
    pub version: i64,
    /// Whose it is.
    pub organization: Organization,
    /// The resources.
    pub resources: BTreeMap<ResourceId, Resource>,
    /// The schedules.
    pub schedules: BTreeMap<ScheduleId, Schedule>,
    /// The event types.
    pub event_types: BTreeMap<EventTypeId, EventType>,
    offers: BTreeMap<EventTypeId, Arc<Offer>>,
    contenders: BTreeMap<EventTypeId, Arc<Contenders>>,
    contenders_for: BTreeMap<ResourceId, Arc<Contenders>>,
}

/// Event types that compete, directly or through others, because they share resources.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Contenders {
    /// The event types.
    pub event_types: BTreeSet<EventTypeId>,
    /// All their resources.
    pub resources: BTreeSet<ResourceId>,
    /// The longest time that one of their slots blocks, in minutes.
    pub reach_minutes: u32,
}

impl Catalog {
    fn new(stored: StoredCatalog) -> Self {
        let schedules: BTreeMap<_, _> = stored.schedules.into_iter().map(|s| (s.id, s)).collect();
        let event_types: BTreeMap<_, _> = stored.event_types.into_iter().map(|e| (e.id, e)).collect();
        let offers = event_types.values().filter_map(|e| Some((e.id, Arc::new(offer(e, &schedules)?)))).collect();
        let groups = contenders(&event_types);
        Self {
            version: stored.version,
            organization: stored.organization,
            resources: stored.resources.into_iter().map(|r| (r.id, r)).collect(),
            contenders: by_each(&groups, |group| &group.event_types),
            contenders_for: by_each(&groups, |group| &group.resources),
            schedules,
            event_types,
            offers,
        }
    }

    /// What the event type offers.
    pub fn offer(&self, event_type: EventTypeId) -> Option<&Arc<Offer>> {
        self.offers.get(&event_type)
    }

    /// A resource's units, with nobody on them.
    pub fn units(&self, resource: ResourceId) -> Units {
        let spec = self.resources.get(&resource).map(|resource| &resource.spec);
        let capacity = spec.map_or(0, |spec| spec.capacity.units());
        Units { capacity, active: spec.is_some_and(|spec| spec.active), ..Units::default() }
    }

    /// What competes with the event type, itself included.
    pub fn contenders(&self, event_type: EventTypeId) -> Option<&Arc<Contenders>> {
        self.contenders.get(&event_type)
    }

    /// The event types that compete for a resource.
    pub fn contenders_for(&self, resource: ResourceId) -> Option<&Arc<Contenders>> {
        self.contenders_for.get(&resource)
    }
}

fn offer(event_type: &EventType, schedules: &BTreeMap<ScheduleId, Schedule>) -> Option<Offer> {
    let hours = schedules.get(&event_type.spec.schedule_id)?.spec.hours.clone();
    Some(Offer { event_type_id: event_type.id, spec: event_type.spec.clone(), hours })
}

/// Each group under each of the ids that are in it.
fn by_each<K: Copy + Ord>(
    groups: &[Arc<Contenders>],
    ids: impl Fn(&Contenders) -> &BTreeSet<K>,
) -> BTreeMap<K, Arc<Contenders>> {
    groups.iter().flat_map(|group| ids(group).iter().map(move |id| (*id, group.clone()))).collect()
}

fn contenders(event_types: &BTreeMap<EventTypeId, EventType>) -> Vec<Arc<Contenders>> {
    let mut groups: Vec<Contenders> = Vec::new();
    for event_type in event_types.values() {
        let mut group = alone(event_type);
        let (near, far): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|g| !g.resources.is_disjoint(&group.resources));
        near.into_iter().for_each(|other| group.absorb(other));
        groups = far;
        groups.push(group);
    }
    groups.into_iter().map(Arc::new).collect()
}

fn alone(event_type: &EventType) -> Contenders {
    let spec = &event_type.spec;
    Contenders {
        event_types: BTreeSet::from([event_type.id]),
        resources: spec.resource_ids().into_iter().collect(),
        reach_minutes: spec.durations.longest() + spec.buffer_before_minutes + spec.buffer_after_minutes,
    }
}

impl Contenders {
    fn absorb(&mut self, other: Self) {
        self.event_types.extend(other.event_types);
        self.resources.extend(other.resources);
        self.reach_minutes = self.reach_minutes.max(other.reach_minutes);
    }
}
