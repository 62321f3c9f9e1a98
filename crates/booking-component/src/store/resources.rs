//! Resources: the bookable things, and the lock that each of them is.

use std::collections::BTreeMap;

use booking_domain::id::{OrganizationId, ResourceId, ScheduleId};
use booking_domain::page::{Page, PageRequest};
use booking_domain::resource::{Capacity, Resource, ResourceKind, ResourceSpec};
use booking_domain::schedule::{Stamp, parse_zone};
use booking_domain::text::{Name, Prose};
use sqlx::{query, query_as};
use uuid::Uuid;

use super::catalog_version::touch_catalog;
use super::columns::{At, Sound};
use super::edit::{delete_unused, unchanged};
use super::pages::{after_id, page_of, rows_to_read};
use super::{Edit, StoreError, Tx, dialect};

const TABLE: &str = "resources";

rows! {
    struct ResourceRow {
        id: Uuid,
        name: String,
        kind: String,
        time_zone: String,
        schedule_id: Option<Uuid>,
        capacity: i64,
        description: String,
        active: bool,
        created_at: At,
        updated_at: At,
        version: i64,
    }
}

statements! {
    INSERT = "INSERT INTO resources
        (organization_id, id, name, kind, time_zone, capacity, description, active, created_at, updated_at, version, schedule_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    FIND = "SELECT id, name, kind, time_zone, schedule_id, capacity, description, active, created_at, updated_at, version
        FROM resources WHERE organization_id = $1 AND id = $2";
    LIST = "SELECT id, name, kind, time_zone, schedule_id, capacity, description, active, created_at, updated_at, version
        FROM resources WHERE organization_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    UPDATE = "UPDATE resources SET name = $4, kind = $5, time_zone = $6, capacity = $7, description = $8, active = $9,
        updated_at = $10, schedule_id = $11, version = version + 1
        WHERE organization_id = $1 AND id = $2 AND (version = $3 OR $3 = 0)
        RETURNING id, name, kind, time_zone, schedule_id, capacity, description, active, created_at, updated_at, version";
    USERS = "SELECT * FROM (SELECT 'event_type' AS kind, event_type_id AS id FROM event_type_resources
          WHERE organization_id = $1 AND resource_id = $2 LIMIT 3) AS offering
        UNION ALL SELECT * FROM (SELECT 'booking' AS kind, booking_id AS id FROM booking_resources
          WHERE organization_id = $1 AND resource_id = $2 LIMIT 3) AS booked
        UNION ALL SELECT * FROM (SELECT CASE WHEN booking_id IS NULL THEN 'presence' ELSE 'booking' END AS kind,
            coalesce(booking_id, presence_id) AS id FROM claims
          WHERE organization_id = $1 AND resource_id = $2 LIMIT 3) AS taken";
    NUMBER = "UPDATE resources SET claims_version = claims_version + 1 WHERE organization_id = $1 AND id = $2";
    DELETE = "DELETE FROM resources WHERE organization_id = $1 AND id = $2";
}

impl ResourceRow {
    pub(super) fn read(self) -> Result<Resource, StoreError> {
        let spec = ResourceSpec {
            name: Name::stored(self.name),
            kind: ResourceKind::parse(&self.kind).sound(TABLE)?,
            time_zone: parse_zone(&self.time_zone).sound(TABLE)?,
            schedule_id: self.schedule_id.map(ScheduleId::new),
            capacity: Capacity::new(self.capacity).sound(TABLE)?,
            description: Prose::stored(self.description),
            active: self.active,
        };
        let stamp = Stamp { created_at: self.created_at.0, updated_at: self.updated_at.0, version: self.version };
        Ok(Resource { id: ResourceId::new(self.id), spec, stamp })
    }
}

/// Inserts a resource.
///
/// # Errors
/// `Conflict::Taken` when there is one with this id; or the database fails.
pub async fn insert(tx: &mut Tx, organization: OrganizationId, resource: &Resource) -> Result<(), StoreError> {
    let Resource { id, spec, stamp } = resource;
    execute!(
        tx,
        query(INSERT)
            .bind(organization.uuid())
            .bind(id.uuid())
            .bind(spec.name.as_str())
            .bind(spec.kind.name())
            .bind(spec.time_zone.name())
            .bind(i64::from(spec.capacity.units()))
            .bind(spec.description.as_str())
            .bind(spec.active)
            .bind(At(stamp.created_at))
            .bind(At(stamp.updated_at))
            .bind(stamp.version)
            .bind(spec.schedule_id.map(ScheduleId::uuid))
    )?;
    touch_catalog(tx, organization).await
}

/// The resource with this id.
///
/// # Errors
/// The database fails, or a row of the resource is `Corrupt`.
pub async fn find(tx: &mut Tx, organization: OrganizationId, id: ResourceId) -> Result<Option<Resource>, StoreError> {
    let row: Option<ResourceRow> = fetch_optional!(tx, query_as(FIND).bind(organization.uuid()).bind(id.uuid()))?;
    row.map(ResourceRow::read).transpose()
}

/// A page of the resources, in id order.
///
/// # Errors
/// `PageToken` when the list did not give the token out; the database fails, or a row is `Corrupt`.
pub async fn list(tx: &mut Tx, organization: OrganizationId, page: &PageRequest) -> Result<Page<Resource>, StoreError> {
    let rows = read_after(tx, organization, after_id(page)?, rows_to_read(page)).await?;
    Ok(page_of(rows, page, |resource| resource.id.to_string()))
}

/// At most `count` resources after this id.
pub(super) async fn read_after(
    tx: &mut Tx,
    organization: OrganizationId,
    after: Uuid,
    count: i64,
) -> Result<Vec<Resource>, StoreError> {
    let rows: Vec<ResourceRow> = fetch_all!(tx, query_as(LIST).bind(organization.uuid()).bind(after).bind(count))?;
    rows.into_iter().map(ResourceRow::read).collect()
}

/// Changes a resource. Nothing when there is none; a conflict when it has another version.
///
/// # Errors
/// `Conflict::Stale` when it has another version; or the database fails.
pub async fn update(
    tx: &mut Tx,
    organization: OrganizationId,
    edit: Edit<'_, ResourceId, ResourceSpec>,
) -> Result<Option<Resource>, StoreError> {
    let spec = edit.spec;
    let row: Option<ResourceRow> = fetch_optional!(
        tx,
        query_as(UPDATE)
            .bind(organization.uuid())
            .bind(edit.id.uuid())
            .bind(edit.expected())
            .bind(spec.name.as_str())
            .bind(spec.kind.name())
            .bind(spec.time_zone.name())
            .bind(i64::from(spec.capacity.units()))
            .bind(spec.description.as_str())
            .bind(spec.active)
            .bind(At(edit.at))
            .bind(spec.schedule_id.map(ScheduleId::uuid))
    )?;
    let Some(row) = row else { return unchanged(find(tx, organization, edit.id).await?.map(|now| now.stamp.version)) };
    touch_catalog(tx, organization).await?;
    row.read().map(Some)
}

/// Deletes a resource; whether there was one. Event types, claims and bookings that name it keep it: a conflict, `InUse`.
///
/// # Errors
/// `Conflict::InUse` as said; or the database fails.
pub async fn delete(tx: &mut Tx, organization: OrganizationId, id: ResourceId) -> Result<bool, StoreError> {
    delete_unused(tx, (organization, id.uuid()), (USERS, DELETE)).await
}

/// Locks these resources, of whatever organizations, until the transaction ends, in id order; and gives the number of the last
/// change of each one's claims. A resource that does not exist is not in the answer.
///
/// # Errors
/// Another transaction keeps one of them for too long, or the database fails.
pub async fn lock(tx: &mut Tx, ids: &[ResourceId]) -> Result<BTreeMap<ResourceId, i64>, StoreError> {
    dialect::lock(tx, ids).await
}

/// Numbers a change of what is taken of a resource, or of when it is closed: whoever watches it looks again, on whichever node.
///
/// # Errors
/// The database fails.
pub async fn number(tx: &mut Tx, organization: OrganizationId, id: ResourceId) -> Result<(), StoreError> {
    execute!(tx, query(NUMBER).bind(organization.uuid()).bind(id.uuid())).map(drop)
}
