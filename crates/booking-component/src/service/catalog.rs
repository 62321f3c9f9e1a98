//! Catalog calls: resources, schedules and event types are made, read, changed and deleted in the same way.

use booking_domain::access::Action;
use booking_domain::affected::{Affected, WithAffected};
use booking_domain::conflict::ConflictReason;
use booking_domain::event_type::{EventType, EventTypeSpec};
use booking_domain::id::{EventTypeId, OrganizationId, ResourceId, ScheduleId};
use booking_domain::page::{Page, PageRequest};
use booking_domain::refusal::{Fields, Refusal};
use booking_domain::request::Update;
use booking_domain::resource::{Resource, ResourceSpec};
use booking_domain::schedule::{Schedule, ScheduleSpec, Stamp};
use booking_domain::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::caller::Caller;
use crate::commands::idempotency::{Once, Replays};
use crate::error::{ServiceError, ServiceResult};
use crate::queries::concerned::Found;
use crate::service::Service;
use crate::state::catalogs::{Catalog, CatalogEntry, EditScope};
use crate::store::{Conflict, Edit, StoreError, Tx, event_types, resources, schedules};

/// The calls about one kind of thing in the catalog.
pub struct Calls {
    create: Action,
    get: Action,
    list: Action,
    update: Action,
    delete: Action,
}

/// A kind of thing in the catalog.
pub trait Entry: Serialize + DeserializeOwned + Clone + Send + Sync {
    /// Its ids.
    type Id: Copy + Send + Sync;
    /// What an operator says about it.
    type Spec: Clone + Send + Sync;
    /// What it is called in messages.
    const WHAT: &'static str;
    /// The calls about them.
    const CALLS: Calls;

    /// A new one.
    fn new(id: Uuid, spec: Self::Spec, stamp: Stamp) -> Self;

    /// Whether everything that it names exists.
    ///
    /// # Errors
    /// Refused under the name of each field that names something else.
    fn check(spec: &Self::Spec, catalog: &Catalog) -> Result<(), Refusal>;

    /// Whose rules a change of this one changes.
    fn scope(id: Self::Id, catalog: &Catalog) -> EditScope;

    /// As one thing of a catalog.
    fn entry(self) -> CatalogEntry;

    /// Stores a new one.
    fn insert(&self, tx: &mut Tx, of: OrganizationId) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The one with this id.
    fn find(
        tx: &mut Tx,
        of: OrganizationId,
        id: Self::Id,
    ) -> impl Future<Output = Result<Option<Self>, StoreError>> + Send;

    /// A page of them, in id order.
    fn list(
        tx: &mut Tx,
        of: OrganizationId,
        page: &PageRequest,
    ) -> impl Future<Output = Result<Page<Self>, StoreError>> + Send;

    /// Changes one.
    fn update(
        tx: &mut Tx,
        of: OrganizationId,
        edit: Edit<'_, Self::Id, Self::Spec>,
    ) -> impl Future<Output = Result<Option<Self>, StoreError>> + Send;

    /// Deletes one; whether there was one.
    fn delete(tx: &mut Tx, of: OrganizationId, id: Self::Id) -> impl Future<Output = Result<bool, StoreError>> + Send;
}

impl Service {
    /// Makes one.
    ///
    /// # Errors
    /// Refused when the caller may not, when it names what does not exist or a slug that is taken; or the store fails.
    pub async fn create<E: Entry>(&self, caller: Caller, spec: &E::Spec, once: Option<Once>) -> ServiceResult<E> {
        let mut made = self.create_now(caller, spec, once.as_ref()).await;
        if once.is_some() && matches!(made, Err(ServiceError::Failed(StoreError::Conflict(Conflict::Taken(_))))) {
            // The same call may have come to another node at the same time; then its answer is there now.
            made = self.create_now(caller, spec, once.as_ref()).await;
        }
        made.map_err(|error| match error {
            ServiceError::Failed(failure) => in_the_way(failure),
            refused => refused,
        })
    }

    async fn create_now<E: Entry>(&self, caller: Caller, spec: &E::Spec, once: Option<&Once>) -> ServiceResult<E> {
        let organization = caller.organization_for(E::CALLS.create)?;
        let now = self.engine.clock.now();
        let mut tx = self.engine.store.write().await?;
        let mut replays = Replays::load(&mut tx, organization, once.into_iter(), now).await?;
        if let Some(once) = once
            && let Some(earlier) = replays.find(once)?
        {
            return earlier;
        }
        E::check(spec, &*self.engine.catalogs.current(&mut tx, organization).await?)?;
        let stamp = Stamp { created_at: now, updated_at: now, version: 1 };
        let entry = E::new(self.engine.ids.next(now), spec.clone(), stamp);
        entry.insert(&mut tx, organization).await?;
        if let Some(once) = once {
            replays.remember(once, &entry, now)?;
        }
        replays.save(&mut tx, organization).await?;
        tx.commit().await?;
        self.catalog_changed(organization);
        Ok(entry)
    }

    /// The one with this id.
    ///
    /// # Errors
    /// Refused when the caller may not, or when there is none; or the store fails.
    pub async fn get<E: Entry>(&self, caller: Caller, id: E::Id) -> ServiceResult<E> {
        let organization = caller.organization_for(E::CALLS.get)?;
        let mut tx = self.engine.store.read().await?;
        Ok(E::find(&mut tx, organization, id).await?.ok_or(Refusal::not_found(E::WHAT))?)
    }

    /// A page of them, oldest first.
    ///
    /// # Errors
    /// Refused when the caller may not, or when the page token is of another list; or the store fails.
    pub async fn list<E: Entry>(&self, caller: Caller, page: &PageRequest) -> ServiceResult<Page<E>> {
        let organization = caller.organization_for(E::CALLS.list)?;
        let mut tx = self.engine.store.read().await?;
        Ok(E::list(&mut tx, organization, page).await?)
    }

    /// Replaces what one says, if its version is the one that the caller read. What no longer fits stays, and is named.
    ///
    /// # Errors
    /// Refused when the caller may not, when there is none, it has another version, or it names what does not exist; or the
    /// store fails.
    pub async fn update<E: Entry>(
        &self,
        caller: Caller,
        update: &Update<E::Id, E::Spec>,
    ) -> ServiceResult<WithAffected<E>> {
        let organization = caller.organization_for(E::CALLS.update)?;
        let at: DateTime<Utc> = self.engine.clock.now();
        let mut tx = self.engine.store.write().await?;
        let before = self.engine.catalogs.current(&mut tx, organization).await?;
        E::check(&update.spec, &before)?;
        let scope = E::scope(update.id, &before);
        // Nobody takes anything of it meanwhile, so what is found is all there is.
        resources::lock(&mut tx, &scope.takeable(&before)).await?;
        let edit = Edit { id: update.id, spec: &update.spec, version: Some(update.version), at };
        let updated = E::update(&mut tx, organization, edit).await.map_err(in_the_way)?;
        let now = updated.ok_or(Refusal::not_found(E::WHAT))?;
        let entry = now.clone().entry();
        let found = Found::read(&mut tx, organization, (&scope, at)).await?;
        let keeping_buffers = match &entry {
            CatalogEntry::EventType(now) => found.keeping_buffers(&mut tx, organization, &now.spec).await?,
            CatalogEntry::Resource(_) | CatalogEntry::Schedule(_) => 0,
        };
        tx.commit().await?;
        self.catalog_changed(organization);
        self.review_all_who_wait(organization, &scope.event_types).await;
        let affected = Affected { keeping_buffers, ..found.affected(&before, &before.with(entry)) };
        Ok(WithAffected { now, affected })
    }

    /// Deletes one that nothing needs.
    ///
    /// # Errors
    /// Refused when the caller may not, when there is none, or when something needs it; or the store fails.
    pub async fn delete<E: Entry>(&self, caller: Caller, id: E::Id) -> ServiceResult<()> {
        let organization = caller.organization_for(E::CALLS.delete)?;
        let mut tx = self.engine.store.write().await?;
        if !E::delete(&mut tx, organization, id).await.map_err(in_the_way)? {
            return Err(Refusal::not_found(E::WHAT).into());
        }
        tx.commit().await?;
        self.catalog_changed(organization);
        Ok(())
    }

    /// What is offered may have changed: those who watch look again.
    fn catalog_changed(&self, organization: OrganizationId) {
        self.engine.invalidations.notify_slots(organization);
        self.engine.slots.touch_all(organization);
        if let Some(node) = &self.engine.node {
            node.tell(organization);
        }
    }
}

/// A conflict of the catalog, as the caller is told.
pub(super) fn in_the_way(error: StoreError) -> ServiceError {
    let StoreError::Conflict(conflict) = error else { return error.into() };
    let refusal = match conflict {
        Conflict::Taken(value) if value.ends_with("external_id") => Refusal::conflict_of(
            ConflictReason::ExternalIdTaken,
            "another one of this organization has this external id",
        ),
        Conflict::Taken(_) => {
            Refusal::conflict_of(ConflictReason::SlugTaken, "another event type of this organization has this slug")
        }
        Conflict::InUse(by) => Refusal::conflict_of(
            ConflictReason::InUse { by },
            "something else needs it: an event type, a booking or somebody in line",
        ),
        Conflict::Missing => Refusal::conflict("something that it names has just been deleted"),
        Conflict::Stale { current_version } => {
            Refusal::conflict_of(ConflictReason::StaleVersion { current_version }, "it has changed since it was read")
        }
    };
    refusal.into()
}

macro_rules! entries {
    ($($entry:ident, $id:ident, $spec:ident, $table:ident, $what:literal,
        [$create:ident $get:ident $list:ident $update:ident $delete:ident], $check:expr, $concerned:expr, $changed:expr;)+) => {$(
        impl Entry for $entry {
            type Id = $id;
            type Spec = $spec;
            const WHAT: &'static str = $what;
            const CALLS: Calls = Calls {
                create: Action::$create,
                get: Action::$get,
                list: Action::$list,
                update: Action::$update,
                delete: Action::$delete,
            };

            fn new(id: Uuid, spec: $spec, stamp: Stamp) -> Self {
                Self { id: $id::new(id), spec, stamp }
            }

            fn check(spec: &$spec, catalog: &Catalog) -> Result<(), Refusal> {
                let check: fn(&$spec, &Catalog) -> Result<(), Refusal> = $check;
                check(spec, catalog)
            }

            fn scope(id: $id, catalog: &Catalog) -> EditScope {
                let concerned: fn($id, &EventType, &Catalog) -> bool = $concerned;
                let changed: fn($id, &Resource) -> bool = $changed;
                let event_types = catalog.event_types.values().filter(|it| concerned(id, it, catalog));
                let resources = catalog.resources.values().filter(|it| changed(id, it));
                EditScope {
                    event_types: event_types.map(|event_type| event_type.id).collect(),
                    resources: resources.map(|resource| resource.id).collect(),
                }
            }

            fn entry(self) -> CatalogEntry {
                CatalogEntry::$entry(self)
            }

            async fn insert(&self, tx: &mut Tx, of: OrganizationId) -> Result<(), StoreError> {
                $table::insert(tx, of, self).await
            }

            async fn find(tx: &mut Tx, of: OrganizationId, id: $id) -> Result<Option<Self>, StoreError> {
                $table::find(tx, of, id).await
            }

            async fn list(tx: &mut Tx, of: OrganizationId, page: &PageRequest) -> Result<Page<Self>, StoreError> {
                $table::list(tx, of, page).await
            }

            async fn update(tx: &mut Tx, of: OrganizationId, edit: Edit<'_, $id, $spec>) -> Result<Option<Self>, StoreError> {
                $table::update(tx, of, edit).await
            }

            async fn delete(tx: &mut Tx, of: OrganizationId, id: $id) -> Result<bool, StoreError> {
                $table::delete(tx, of, id).await
            }
        }
    )+};
}

entries! {
    Resource, ResourceId, ResourceSpec, resources, "resource",
        [CreateResource GetResource ListResources UpdateResource DeleteResource], has_a_schedule_that_exists,
        |id, event_type, _| event_type.spec.resource_ids().contains(&id), |id, resource| resource.id == id;
    Schedule, ScheduleId, ScheduleSpec, schedules, "schedule",
        [CreateSchedule GetSchedule ListSchedules UpdateSchedule DeleteSchedule], |_, _| Ok(()),
        |id, event_type, catalog| event_type.spec.schedule_id == id || needs_who_keeps(id, event_type, catalog),
        |id, resource| resource.spec.schedule_id == Some(id);
    EventType, EventTypeId, EventTypeSpec, event_types, "event type",
        [CreateEventType GetEventType ListEventTypes UpdateEventType DeleteEventType], names_what_exists,
        |id, event_type, _| event_type.id == id, |_, _| false;
}

fn has_a_schedule_that_exists(spec: &ResourceSpec, catalog: &Catalog) -> Result<(), Refusal> {
    match spec.schedule_id {
        Some(id) if !catalog.schedules.contains_key(&id) => {
            Err(Refusal::field("schedule_id", "is not a schedule of this organization"))
        }
        _ => Ok(()),
    }
}

/// Whether an event type may take a resource that is there by this schedule.
fn needs_who_keeps(id: ScheduleId, event_type: &EventType, catalog: &Catalog) -> bool {
    let keeps =
        |resource| catalog.resources.get(resource).is_some_and(|resource| resource.spec.schedule_id == Some(id));
    event_type.spec.resource_ids().iter().any(keeps)
}

fn names_what_exists(spec: &EventTypeSpec, catalog: &Catalog) -> Result<(), Refusal> {
    let mut fields = Fields::default();
    if !catalog.schedules.contains_key(&spec.schedule_id) {
        fields.wrong("schedule_id", "is not a schedule of this organization");
    }
    for (at, requirement) in spec.requirements.iter().enumerate() {
        for (nth, id) in requirement.resource_ids.iter().enumerate() {
            if !catalog.resources.contains_key(id) {
                fields
                    .wrong(format!("requirements[{at}].resource_ids[{nth}]"), "is not a resource of this organization");
            }
        }
    }
    fields.finish(Some(()))?;
    check_requirements(spec, catalog)
}

/// Nobody could ever book what needs more units than there are. Where units were lost since, the rest may be edited all the same.
fn check_requirements(spec: &EventTypeSpec, catalog: &Catalog) -> Result<(), Refusal> {
    let same = |known: &EventType| known.spec.slug == spec.slug && known.spec.requirements == spec.requirements;
    let units = |id| catalog.resources.get(&id).map_or(0, |resource| resource.spec.capacity.units());
    if spec.can_be_met(units) || catalog.event_types.values().any(same) {
        return Ok(());
    }
    Err(Refusal::field("requirements", "can never be met: they need more units of a resource than it has"))
}
