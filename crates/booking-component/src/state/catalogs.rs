//! The catalogs as they were last read: what each organization offers, parsed once and used until its version changes.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use booking_domain::availability::{Offer, Units};
use booking_domain::event_type::EventType;
use booking_domain::hold::contention::Contention;
use booking_domain::id::{EventTypeId, OrganizationId, ResourceId, ScheduleId};
use booking_domain::resource::Resource;
use booking_domain::schedule::{Hours, Schedule};

use crate::store::catalog::StoredCatalog;
use crate::store::organizations::StoredOrganization;
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
    ///
    /// # Errors
    /// The store fails, or there is no such organization.
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

/// Whose rules a change of the catalog changes.
pub struct EditScope {
    /// The event types.
    pub event_types: Vec<EventTypeId>,
    /// The resources themselves.
    pub resources: Vec<ResourceId>,
}

impl EditScope {
    /// The resources that may be taken by these rules.
    pub fn takeable(&self, catalog: &Catalog) -> Vec<ResourceId> {
        let event_types = self.event_types.iter().filter_map(|id| catalog.event_types.get(id));
        let needed = event_types.flat_map(|event_type| event_type.spec.resource_ids());
        let all: BTreeSet<ResourceId> = needed.chain(self.resources.iter().copied()).collect();
        all.into_iter().collect()
    }
}

/// One thing of a catalog.
pub enum CatalogEntry {
    /// A resource.
    Resource(Resource),
    /// A schedule.
    Schedule(Schedule),
    /// An event type.
    EventType(EventType),
}

/// What an organization offers.
pub struct Catalog {
    /// Grows with each change.
    pub version: i64,
    /// Whose it is.
    pub organization: StoredOrganization,
    /// The resources.
    pub resources: BTreeMap<ResourceId, Resource>,
    /// The schedules.
    pub schedules: BTreeMap<ScheduleId, Schedule>,
    /// The event types.
    pub event_types: BTreeMap<EventTypeId, EventType>,
    /// When the resources with a schedule of their own are there.
    hours: BTreeMap<ResourceId, Arc<Hours>>,
    /// What they offer, and who competes with whom.
    pub contention: Contention,
}

impl Catalog {
    fn new(stored: StoredCatalog) -> Self {
        let schedules: BTreeMap<_, _> = stored.schedules.into_iter().map(|s| (s.id, s)).collect();
        let event_types: BTreeMap<_, _> = stored.event_types.into_iter().map(|e| (e.id, e)).collect();
        let offers = event_types.values().filter_map(|e| Some((e.id, Arc::new(offer(e, &schedules)?)))).collect();
        let resources: BTreeMap<_, _> = stored.resources.into_iter().map(|r| (r.id, r)).collect();
        Self {
            version: stored.version,
            organization: stored.organization,
            hours: hours_of(&resources, &schedules),
            resources,
            contention: Contention::of(offers),
            schedules,
            event_types,
        }
    }

    /// The same, with this in the place of what has its id.
    pub fn with(&self, entry: CatalogEntry) -> Self {
        let mut changed = StoredCatalog {
            version: self.version,
            organization: self.organization.clone(),
            resources: self.resources.values().cloned().collect(),
            schedules: self.schedules.values().cloned().collect(),
            event_types: self.event_types.values().cloned().collect(),
        };
        // What comes last stays.
        match entry {
            CatalogEntry::Resource(resource) => changed.resources.push(resource),
            CatalogEntry::Schedule(schedule) => changed.schedules.push(schedule),
            CatalogEntry::EventType(event_type) => changed.event_types.push(event_type),
        }
        Self::new(changed)
    }

    /// What the event type offers.
    pub fn offer(&self, event_type: EventTypeId) -> Option<&Arc<Offer>> {
        self.contention.offer(event_type)
    }

    /// A resource's units, with nobody on them.
    pub fn units(&self, resource: ResourceId) -> Units {
        let spec = self.resources.get(&resource).map(|resource| &resource.spec);
        let capacity = spec.map_or(0, |spec| spec.capacity.units());
        let (active, hours) = (spec.is_some_and(|spec| spec.active), self.hours.get(&resource).cloned());
        Units { capacity, active, hours, ..Units::default() }
    }
}

/// When resources are there; one copy of the hours that several share.
fn hours_of(
    resources: &BTreeMap<ResourceId, Resource>,
    schedules: &BTreeMap<ScheduleId, Schedule>,
) -> BTreeMap<ResourceId, Arc<Hours>> {
    let shared: BTreeMap<ScheduleId, Arc<Hours>> =
        schedules.values().map(|schedule| (schedule.id, Arc::new(schedule.spec.hours.clone()))).collect();
    let hours = |resource: &Resource| Some((resource.id, shared.get(&resource.spec.schedule_id?)?.clone()));
    resources.values().filter_map(hours).collect()
}

fn offer(event_type: &EventType, schedules: &BTreeMap<ScheduleId, Schedule>) -> Option<Offer> {
    let hours = schedules.get(&event_type.spec.schedule_id)?.spec.hours.clone();
    Some(Offer { event_type_id: event_type.id, spec: event_type.spec.clone(), hours })
}
