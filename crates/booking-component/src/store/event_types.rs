//! Event types: what is offered, and which resources it may take.

use booking_domain::event_type::{Durations, EventType, EventTypeSpec};
use booking_domain::id::{EventTypeId, OrganizationId, ScheduleId};
use booking_domain::limits;
use booking_domain::page::{Page, PageRequest};
use booking_domain::schedule::Stamp;
use booking_domain::text::{Name, Prose, Slug};
use sqlx::{query, query_as};
use uuid::Uuid;

use super::catalog_version::touch_catalog;
use super::columns::{At, Sound, from_json, id_list, json};
use super::edit::{delete_unused, unchanged};
use super::pages::{after_id, page_of, rows_to_read};
use super::{Edit, StoreError, Tx};

const TABLE: &str = "event_types";

rows! {
    struct EventTypeRow {
        id: Uuid,
        slug: String,
        title: String,
        description: String,
        durations: String,
        slot_interval_minutes: Option<i64>,
        buffer_before_minutes: i64,
        buffer_after_minutes: i64,
        min_notice_minutes: i64,
        horizon_days: Option<i64>,
        schedule_id: Uuid,
        requirements: String,
        limits: String,
        requires_confirmation: bool,
        hold_deadline_minutes: Option<i64>,
        location: Option<String>,
        questions: String,
        active: bool,
        cancel_until_minutes: Option<i64>,
        move_until_minutes: Option<i64>,
        reconfirm_moves: Option<bool>,
        created_at: At,
        updated_at: At,
        version: i64,
    }
}

/// What the reading statements have in common.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT t.id, t.slug, t.title, t.description, t.durations, t.slot_interval_minutes, t.buffer_before_minutes,
             t.buffer_after_minutes, t.min_notice_minutes, t.horizon_days, t.schedule_id, t.requirements, t.limits,
             t.requires_confirmation, t.hold_deadline_minutes, t.location, t.questions, t.active, t.cancel_until_minutes,
             t.move_until_minutes, t.reconfirm_moves, t.created_at, t.updated_at, t.version FROM event_types AS t ",
            $rest
        )
    };
}

statements! {
    INSERT = "INSERT INTO event_types (organization_id, id, slug, title, description, durations, slot_interval_minutes,
        buffer_before_minutes, buffer_after_minutes, min_notice_minutes, horizon_days, schedule_id, requirements, limits,
        requires_confirmation, hold_deadline_minutes, location, questions, active, cancel_until_minutes, move_until_minutes,
        reconfirm_moves, created_at, updated_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
        $25)";
    INSERT_RESOURCES = "INSERT INTO event_type_resources (organization_id, event_type_id, resource_id)
        SELECT $1, $2, unhex(e.value ->> 'id', '-') FROM json_each($3) AS e";
    FIND = select!("WHERE t.organization_id = $1 AND t.id = $2");
    LIST = select!("WHERE t.organization_id = $1 AND t.id > $2 ORDER BY t.id LIMIT $3");
    UPDATE = "UPDATE event_types SET slug = $3, title = $4, description = $5, durations = $6, slot_interval_minutes = $7,
        buffer_before_minutes = $8, buffer_after_minutes = $9, min_notice_minutes = $10, horizon_days = $11, schedule_id = $12,
        requirements = $13, limits = $14, requires_confirmation = $15, hold_deadline_minutes = $16, location = $17,
        questions = $18, active = $19, cancel_until_minutes = $20, move_until_minutes = $21, reconfirm_moves = $22,
        updated_at = $23, version = version + 1
        WHERE organization_id = $1 AND id = $2 AND (version = $24 OR $24 = 0)";
    DELETE_RESOURCES = "DELETE FROM event_type_resources WHERE organization_id = $1 AND event_type_id = $2";
    USERS = "SELECT * FROM (SELECT 'booking' AS kind, id FROM bookings
          WHERE organization_id = $1 AND event_type_id = $2 LIMIT 3) AS booked
        UNION ALL SELECT * FROM (SELECT 'presence' AS kind, id FROM presence
          WHERE organization_id = $1 AND event_type_id = $2 LIMIT 3) AS waiting";
    DELETE = "DELETE FROM event_types WHERE organization_id = $1 AND id = $2";
}

/// A number of a column in the domain's type.
fn number(value: i64) -> Result<u32, StoreError> {
    u32::try_from(value).sound(TABLE)
}

impl EventTypeRow {
    fn read(self) -> Result<EventType, StoreError> {
        let durations: Vec<i64> = from_json(TABLE, &self.durations)?;
        let spec = EventTypeSpec {
            slug: Slug::stored(self.slug),
            title: Name::stored(self.title),
            description: Prose::stored(self.description),
            durations: Durations::new(&durations).sound(TABLE)?,
            slot_interval_minutes: self.slot_interval_minutes.map(number).transpose()?,
            buffer_before_minutes: number(self.buffer_before_minutes)?,
            buffer_after_minutes: number(self.buffer_after_minutes)?,
            min_notice_minutes: number(self.min_notice_minutes)?,
            horizon_days: self.horizon_days.map_or(Ok(limits::HORIZON_DAYS), number)?,
            schedule_id: ScheduleId::new(self.schedule_id),
            requirements: from_json(TABLE, &self.requirements)?,
            limits: from_json(TABLE, &self.limits)?,
            requires_confirmation: self.requires_confirmation,
            hold_deadline_minutes: self.hold_deadline_minutes.map(number).transpose()?,
            location: self.location.as_deref().map(|text| from_json(TABLE, text)).transpose()?,
            questions: from_json(TABLE, &self.questions)?,
            active: self.active,
            cancel_until_minutes: self.cancel_until_minutes.map(number).transpose()?,
            move_until_minutes: self.move_until_minutes.map(number).transpose()?,
            reconfirm_moves: self.reconfirm_moves.unwrap_or(true),
        };
        let stamp = Stamp { created_at: self.created_at.0, updated_at: self.updated_at.0, version: self.version };
        Ok(EventType { id: EventTypeId::new(self.id), spec, stamp })
    }
}

/// Binds a spec's columns, in the order in which the table and the statements name them.
macro_rules! bind_spec {
    ($query:expr, $spec:ident, $texts:ident) => {
        $query
            .bind($spec.slug.as_str())
            .bind($spec.title.as_str())
            .bind($spec.description.as_str())
            .bind($texts.durations)
            .bind($spec.slot_interval_minutes.map(i64::from))
            .bind(i64::from($spec.buffer_before_minutes))
            .bind(i64::from($spec.buffer_after_minutes))
            .bind(i64::from($spec.min_notice_minutes))
            .bind(i64::from($spec.horizon_days))
            .bind($spec.schedule_id.uuid())
            .bind($texts.requirements)
            .bind($texts.limits)
            .bind($spec.requires_confirmation)
            .bind($spec.hold_deadline_minutes.map(i64::from))
            .bind($texts.location)
            .bind($texts.questions)
            .bind($spec.active)
            .bind($spec.cancel_until_minutes.map(i64::from))
            .bind($spec.move_until_minutes.map(i64::from))
            .bind($spec.reconfirm_moves)
    };
}

/// The columns of a spec that are JSON.
struct SpecTexts {
    durations: String,
    requirements: String,
    limits: String,
    location: Option<String>,
    questions: String,
}

impl SpecTexts {
    fn of(spec: &EventTypeSpec) -> Result<Self, StoreError> {
        Ok(Self {
            durations: json(&spec.durations)?,
            requirements: json(&spec.requirements)?,
            limits: json(&spec.limits)?,
            location: spec.location.as_ref().map(json).transpose()?,
            questions: json(&spec.questions)?,
        })
    }
}

/// Inserts an event type. A slug that exists is a conflict, `Taken("event_types_slug")`; so is an unknown schedule or resource,
/// `Missing`.
///
/// # Errors
/// The conflicts said; or the database fails.
pub async fn insert(tx: &mut Tx, organization: OrganizationId, event_type: &EventType) -> Result<(), StoreError> {
    let EventType { id, spec, stamp } = event_type;
    let texts = SpecTexts::of(spec)?;
    execute!(
        tx,
        bind_spec!(query(INSERT).bind(organization.uuid()).bind(id.uuid()), spec, texts)
            .bind(At(stamp.created_at))
            .bind(At(stamp.updated_at))
            .bind(stamp.version)
    )?;
    insert_resources(tx, organization, *id, spec).await?;
    touch_catalog(tx, organization).await
}

async fn insert_resources(
    tx: &mut Tx,
    organization: OrganizationId,
    id: EventTypeId,
    spec: &EventTypeSpec,
) -> Result<(), StoreError> {
    let list = id_list(&spec.resource_ids())?;
    execute!(tx, query(INSERT_RESOURCES).bind(organization.uuid()).bind(id.uuid()).bind(list))?;
    Ok(())
}

/// The event type with this id.
///
/// # Errors
/// The database fails, or a row of the event type is `Corrupt`.
pub async fn find(tx: &mut Tx, organization: OrganizationId, id: EventTypeId) -> Result<Option<EventType>, StoreError> {
    let row: Option<EventTypeRow> = fetch_optional!(tx, query_as(FIND).bind(organization.uuid()).bind(id.uuid()))?;
    row.map(EventTypeRow::read).transpose()
}

/// A page of the event types, in id order.
///
/// # Errors
/// `PageToken` when the list did not give the token out; the database fails, or a row is `Corrupt`.
pub async fn list(
    tx: &mut Tx,
    organization: OrganizationId,
    page: &PageRequest,
) -> Result<Page<EventType>, StoreError> {
    let rows = read_after(tx, organization, after_id(page)?, rows_to_read(page)).await?;
    Ok(page_of(rows, page, |event_type| event_type.id.to_string()))
}

/// At most `count` event types after this id.
pub(super) async fn read_after(
    tx: &mut Tx,
    organization: OrganizationId,
    after: Uuid,
    count: i64,
) -> Result<Vec<EventType>, StoreError> {
    let rows: Vec<EventTypeRow> = fetch_all!(tx, query_as(LIST).bind(organization.uuid()).bind(after).bind(count))?;
    rows.into_iter().map(EventTypeRow::read).collect()
}

/// Changes an event type. Nothing when there is none; a conflict when it has another version, or as for `insert`.
///
/// # Errors
/// `Conflict::Stale` when it has another version, the conflicts of `insert`; or the database fails.
pub async fn update(
    tx: &mut Tx,
    organization: OrganizationId,
    edit: Edit<'_, EventTypeId, EventTypeSpec>,
) -> Result<Option<EventType>, StoreError> {
    let (id, spec, texts) = (edit.id, edit.spec, SpecTexts::of(edit.spec)?);
    let changed = execute!(
        tx,
        bind_spec!(query(UPDATE).bind(organization.uuid()).bind(id.uuid()), spec, texts)
            .bind(At(edit.at))
            .bind(edit.expected())
    )?;
    if changed == 0 {
        return unchanged(find(tx, organization, id).await?.map(|now| now.stamp.version));
    }
    execute!(tx, query(DELETE_RESOURCES).bind(organization.uuid()).bind(id.uuid()))?;
    insert_resources(tx, organization, id, spec).await?;
    touch_catalog(tx, organization).await?;
    find(tx, organization, id).await
}

/// Deletes an event type; whether there was one. Bookings and sessions in its rooms keep it: a conflict, `InUse`.
///
/// # Errors
/// `Conflict::InUse` as said; or the database fails.
pub async fn delete(tx: &mut Tx, organization: OrganizationId, id: EventTypeId) -> Result<bool, StoreError> {
    delete_unused(tx, (organization, id.uuid()), (USERS, DELETE)).await
}
