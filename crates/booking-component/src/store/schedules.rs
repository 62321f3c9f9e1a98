//! Schedules: weekly hours with date overrides.

use booking_domain::id::{OrganizationId, ScheduleId};
use booking_domain::page::{Page, PageRequest};
use booking_domain::schedule::{Schedule, ScheduleSpec, Stamp};
use booking_domain::text::Name;
use sqlx::{query, query_as};
use uuid::Uuid;

use super::catalog_version::touch_catalog;
use super::columns::{At, from_json, json};
use super::edit::{delete_unused, unchanged};
use super::pages::{after_id, page_of, rows_to_read};
use super::{Edit, StoreError, Tx};

const TABLE: &str = "schedules";

rows! {
    struct ScheduleRow {
        id: Uuid,
        name: String,
        hours: String,
        created_at: At,
        updated_at: At,
        version: i64,
    }
}

statements! {
    INSERT = "INSERT INTO schedules (organization_id, id, name, hours, created_at, updated_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    FIND = "SELECT id, name, hours, created_at, updated_at, version FROM schedules WHERE organization_id = $1 AND id = $2";
    LIST = "SELECT id, name, hours, created_at, updated_at, version FROM schedules
        WHERE organization_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    UPDATE = "UPDATE schedules SET name = $4, hours = $5, updated_at = $6, version = version + 1
        WHERE organization_id = $1 AND id = $2 AND (version = $3 OR $3 = 0)
        RETURNING id, name, hours, created_at, updated_at, version";
    USERS = "SELECT * FROM (SELECT 'event_type' AS kind, id FROM event_types
          WHERE organization_id = $1 AND schedule_id = $2 LIMIT 3) AS offered
        UNION ALL SELECT * FROM (SELECT 'resource' AS kind, id FROM resources
          WHERE organization_id = $1 AND schedule_id = $2 LIMIT 3) AS there";
    DELETE = "DELETE FROM schedules WHERE organization_id = $1 AND id = $2";
}

impl ScheduleRow {
    fn read(self) -> Result<Schedule, StoreError> {
        let spec = ScheduleSpec { name: Name::stored(self.name), hours: from_json(TABLE, &self.hours)? };
        let stamp = Stamp { created_at: self.created_at.0, updated_at: self.updated_at.0, version: self.version };
        Ok(Schedule { id: ScheduleId::new(self.id), spec, stamp })
    }
}

/// Inserts a schedule.
///
/// # Errors
/// `Conflict::Taken` when there is one with this id; or the database fails.
pub async fn insert(tx: &mut Tx, organization: OrganizationId, schedule: &Schedule) -> Result<(), StoreError> {
    let Schedule { id, spec, stamp } = schedule;
    let hours = json(&spec.hours)?;
    execute!(
        tx,
        query(INSERT)
            .bind(organization.uuid())
            .bind(id.uuid())
            .bind(spec.name.as_str())
            .bind(hours)
            .bind(At(stamp.created_at))
            .bind(At(stamp.updated_at))
            .bind(stamp.version)
    )?;
    touch_catalog(tx, organization).await
}

/// The schedule with this id.
///
/// # Errors
/// The database fails, or a row of the schedule is `Corrupt`.
pub async fn find(tx: &mut Tx, organization: OrganizationId, id: ScheduleId) -> Result<Option<Schedule>, StoreError> {
    let row: Option<ScheduleRow> = fetch_optional!(tx, query_as(FIND).bind(organization.uuid()).bind(id.uuid()))?;
    row.map(ScheduleRow::read).transpose()
}

/// A page of the schedules, in id order.
///
/// # Errors
/// `PageToken` when the list did not give the token out; the database fails, or a row is `Corrupt`.
pub async fn list(tx: &mut Tx, organization: OrganizationId, page: &PageRequest) -> Result<Page<Schedule>, StoreError> {
    let rows = read_after(tx, organization, after_id(page)?, rows_to_read(page)).await?;
    Ok(page_of(rows, page, |schedule| schedule.id.to_string()))
}

/// At most `count` schedules after this id.
pub(super) async fn read_after(
    tx: &mut Tx,
    organization: OrganizationId,
    after: Uuid,
    count: i64,
) -> Result<Vec<Schedule>, StoreError> {
    let rows: Vec<ScheduleRow> = fetch_all!(tx, query_as(LIST).bind(organization.uuid()).bind(after).bind(count))?;
    rows.into_iter().map(ScheduleRow::read).collect()
}

/// Changes a schedule. Nothing when there is none; a conflict when it has another version.
///
/// # Errors
/// `Conflict::Stale` when it has another version; or the database fails.
pub async fn update(
    tx: &mut Tx,
    organization: OrganizationId,
    edit: Edit<'_, ScheduleId, ScheduleSpec>,
) -> Result<Option<Schedule>, StoreError> {
    let hours = json(&edit.spec.hours)?;
    let row: Option<ScheduleRow> = fetch_optional!(
        tx,
        query_as(UPDATE)
            .bind(organization.uuid())
            .bind(edit.id.uuid())
            .bind(edit.expected())
            .bind(edit.spec.name.as_str())
            .bind(hours)
            .bind(At(edit.at))
    )?;
    let Some(row) = row else { return unchanged(find(tx, organization, edit.id).await?.map(|now| now.stamp.version)) };
    touch_catalog(tx, organization).await?;
    row.read().map(Some)
}

/// Deletes a schedule; whether there was one. Event types that name it keep it: a conflict, `InUse`.
///
/// # Errors
/// `Conflict::InUse` as said; or the database fails.
pub async fn delete(tx: &mut Tx, organization: OrganizationId, id: ScheduleId) -> Result<bool, StoreError> {
    delete_unused(tx, (organization, id.uuid()), (USERS, DELETE)).await
}
