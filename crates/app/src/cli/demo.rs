//! The demo: a small studio for an empty database, made through the client as an operator would.

use booking_client::{ApiKey, CallError};
use booking_component::error::ServiceError;
use booking_component::keyring::{Keyring, Scope};
use booking_domain::id::{ApiKeyId, ResourceId, ScheduleId};
use booking_domain::invalid::Invalid;
use booking_domain::page::PageRequest;
use booking_domain::refusal::Refusal;
use booking_domain::resource::Resource;
use booking_domain::schedule::Stamp;
use booking_domain::text::{Name, Slug};
use booking_domain::{DateTime, Tz, Utc};
use chrono::{Days, SecondsFormat};
use serde_json::{Value, json};

use crate::http::channel::Api;
use crate::http::json::of_value;
use crate::http::model::block::NewBlock;
use crate::http::model::entity::EntityFields;
use crate::http::model::event_type::NewEventType;
use crate::http::model::resource::NewResource;
use crate::http::model::schedule::NewSchedule;

/// Why the demo cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A call did not succeed.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The demo's own data is wrong.
    #[error(transparent)]
    Data(#[from] Refusal),
    /// A key cannot be made.
    #[error(transparent)]
    Key(#[from] ServiceError),
    /// A name is none.
    #[error(transparent)]
    Name(#[from] Invalid),
}

/// Fills the organization `default` when it offers nothing yet.
///
/// # Errors
/// Something could not be made.
pub async fn fill(api: &Api, known_key: Option<&str>, keyring: &Keyring) -> Result<(), DemoError> {
    match known_key {
        Some(key) => fill_with(&api.with_key(ApiKey::parse(key)?)).await,
        None => {
            // A key was made at an earlier start, and nobody here knows it; so one is made for this moment.
            let (id, key) = temporary_key(keyring).await?;
            let filled = fill_with(&api.with_key(ApiKey::parse(&key)?)).await;
            keyring.revoke(id).await?;
            filled
        }
    }
}

async fn temporary_key(keyring: &Keyring) -> Result<(ApiKeyId, String), DemoError> {
    let organization = keyring.organization(&Slug::parse("default")?).await?;
    Ok(keyring.create(Scope::Admin(organization), Name::parse("filling the demo")?).await?)
}

async fn fill_with(api: &Api) -> Result<(), DemoError> {
    let first = PageRequest { size: 1, token: None };
    if !api.list_event_types(first).await?.items.is_empty() {
        return Ok(());
    }
    let (studio, office) = (schedule(api, studio_hours()).await?, schedule(api, office_hours()).await?);
    let Resource { id: room_a, stamp: Stamp { created_at: now, .. }, .. } =
        made(api, thing("Studio A", "room")).await?;
    let room_b = resource(api, thing("Studio B", "room")).await?;
    let engineer = resource(api, thing("The engineer", "person")).await?;
    let practice =
        resource(api, json!({ "capacity": 3, "name": "Practice room", "kind": "room", "time_zone": ZONE })).await?;
    let mornings = schedule(api, weekdays("Harbour Studio, mornings", "09:00", "13:00")).await?;
    let afternoons = schedule(api, weekdays("Harbour Studio, afternoons", "13:00", "18:00")).await?;
    let early = resource(api, teacher("The morning teacher", mornings)).await?;
    let late = resource(api, teacher("The afternoon teacher", afternoons)).await?;
    let nights = schedule(api, night_hours()).await?;
    event_type(api, live_room(studio, &[room_a, engineer])).await?;
    event_type(api, practice_room(studio, practice)).await?;
    event_type(api, tour(office, room_b)).await?;
    event_type(api, lesson(studio, &[early, late])).await?;
    event_type(api, night_session(nights, room_b)).await?;
    close(api, room_a, piano_tuning(now)).await?;
    tracing::info!("the demo studio is set up: see /default");
    Ok(())
}

async fn schedule(api: &Api, fields: Value) -> Result<ScheduleId, DemoError> {
    let spec = of_value::<NewSchedule>(fields)?.parse()?;
    Ok(api.create_schedule(&spec, None).await?.id)
}

async fn made(api: &Api, fields: Value) -> Result<Resource, DemoError> {
    let spec = of_value::<NewResource>(fields)?.parse()?;
    Ok(api.create_resource(&spec, None).await?)
}

async fn resource(api: &Api, fields: Value) -> Result<ResourceId, DemoError> {
    Ok(made(api, fields).await?.id)
}

async fn close(api: &Api, room: ResourceId, fields: Value) -> Result<(), DemoError> {
    let spec = of_value::<NewBlock>(fields)?.parse()?;
    api.create_block(room, &spec, None).await?;
    Ok(())
}

async fn event_type(api: &Api, fields: Value) -> Result<(), DemoError> {
    let spec = of_value::<NewEventType>(fields)?.parse()?;
    api.create_event_type(&spec, None).await?;
    Ok(())
}

fn hours(days: &[(&str, &str, &str)]) -> Value {
    days.iter().map(|(weekday, start, end)| json!({ "weekday": weekday, "start": start, "end": end })).collect()
}

const ZONE: &str = "Europe/Berlin";
const WEEKDAYS: [&str; 5] = ["monday", "tuesday", "wednesday", "thursday", "friday"];

fn studio_hours() -> Value {
    let mut days = WEEKDAYS.map(|day| (day, "09:00", "18:00")).to_vec();
    days.push(("saturday", "10:00", "16:00"));
    json!({ "name": "Harbour Studio", "time_zone": ZONE, "weekly_hours": hours(&days) })
}

fn office_hours() -> Value {
    weekdays("Harbour Studio, front desk", "10:00", "17:00")
}

fn weekdays(name: &str, start: &str, end: &str) -> Value {
    json!({ "name": name, "time_zone": ZONE, "weekly_hours": hours(&WEEKDAYS.map(|day| (day, start, end))) })
}

/// Each of them belongs to the day on which it begins.
fn night_hours() -> Value {
    let nights = ["thursday", "friday", "saturday"].map(|day| (day, "22:00", "06:00"));
    json!({ "name": "Harbour Studio, nights", "time_zone": ZONE, "weekly_hours": hours(&nights) })
}

/// Tomorrow from 14 to 16, by the clock on the wall.
fn piano_tuning(now: DateTime<Utc>) -> Value {
    let tomorrow = now.with_timezone(&Tz::Europe__Berlin).date_naive() + Days::new(1);
    let at = |hour| tomorrow.and_hms_opt(hour, 0, 0)?.and_local_timezone(Tz::Europe__Berlin).single();
    let text = |hour| at(hour).map(|at| at.to_utc().to_rfc3339_opts(SecondsFormat::Secs, true));
    json!({ "start": text(14), "end": text(16), "reason": "The tuner is at the grand piano" })
}

fn thing(name: &str, kind: &str) -> Value {
    json!({ "name": name, "kind": kind, "time_zone": ZONE })
}

fn teacher(name: &str, schedule: ScheduleId) -> Value {
    json!({ "name": name, "kind": "person", "time_zone": ZONE, "schedule_id": schedule.to_string() })
}

fn at_the_studio() -> Value {
    json!({ "kind": "in_person", "value": "Harbour Studio, Am Sandtorkai 12, Hamburg" })
}

fn live_room(schedule: ScheduleId, needs: &[ResourceId]) -> Value {
    let needs: Vec<Value> = needs.iter().map(|id| json!({ "resource_ids": [id.to_string()] })).collect();
    json!({
        "slug": "live-room",
        "title": "Live room, with engineer",
        "description": "Studio A with its grand piano, and somebody at the desk who knows it. Everything is set up when you arrive.",
        "durations_minutes": [60, 90, 180],
        "slot_interval_minutes": 30,
        "buffer_after_minutes": 15,
        "min_notice_minutes": 60,
        "horizon_days": 90,
        "schedule_id": schedule.to_string(),
        "requirements": needs,
        "location": at_the_studio(),
        "questions": [
            { "key": "lineup", "label": "Who plays what?", "kind": "textarea", "required": true },
            { "key": "piano", "label": "We would like the piano tuned", "kind": "checkbox" },
        ],
    })
}

fn practice_room(schedule: ScheduleId, room: ResourceId) -> Value {
    json!({
        "slug": "practice",
        "title": "Practice room",
        "description": "A dry room with drums and two amplifiers. There are three of them; bring your own cables.",
        "durations_minutes": [30, 60],
        "slot_interval_minutes": 30,
        "horizon_days": 60,
        "schedule_id": schedule.to_string(),
        "requirements": [{ "resource_ids": [room.to_string()] }],
        "location": at_the_studio(),
    })
}

fn tour(schedule: ScheduleId, room: ResourceId) -> Value {
    json!({
        "slug": "tour",
        "title": "Studio tour",
        "description": "See Studio B, hear the monitors, ask anything.",
        "durations_minutes": [15, 30],
        "slot_interval_minutes": 15,
        "horizon_days": 60,
        "schedule_id": schedule.to_string(),
        "requirements": [{ "resource_ids": [room.to_string()] }],
        "location": at_the_studio(),
        "questions": [{
            "key": "heard",
            "label": "How did you hear of us?",
            "kind": "select",
            "options": ["A friend", "A concert", "The internet"],
        }],
    })
}

fn lesson(schedule: ScheduleId, teachers: &[ResourceId]) -> Value {
    let teachers: Vec<String> = teachers.iter().map(ToString::to_string).collect();
    json!({
        "slug": "lesson",
        "title": "Piano lesson",
        "description": "An hour at the grand piano, for beginners and those who have not played for long. One teacher is there in the mornings, another in the afternoons.",
        "durations_minutes": [60],
        "horizon_days": 60,
        "schedule_id": schedule.to_string(),
        "requirements": [{ "resource_ids": teachers }],
        "location": at_the_studio(),
    })
}

fn night_session(schedule: ScheduleId, room: ResourceId) -> Value {
    json!({
        "slug": "night-session",
        "title": "Night session",
        "description": "Studio B to yourself while the harbour sleeps.",
        "durations_minutes": [120, 240],
        "slot_interval_minutes": 60,
        "horizon_days": 60,
        "schedule_id": schedule.to_string(),
        "requirements": [{ "resource_ids": [room.to_string()] }],
        "location": at_the_studio(),
    })
}
