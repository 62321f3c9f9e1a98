//! Schedules on the wire.

use booking_domain::draft::fields::same_fields;
use booking_domain::draft::schedule::{DateOverrideDraft, ScheduleDraft, WeeklyWindowDraft, WindowDraft};
use booking_domain::schedule::{self, WEEKDAYS, weekday_name};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::json::objects;
use crate::http::model::entity::{ChangedEntity, Entity, EntityFields, OfferedFields, Patch};
use crate::http::model::names::names;

names! {
    /// A weekday.
    Weekday = WEEKDAYS.map(weekday_name);
}

/// What an operator says about a schedule.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewSchedule {
    /// What people call it.
    #[schema(required, min_length = 1, max_length = 200)]
    pub name: String,
    /// The IANA name of the zone whose wall clock the hours mean.
    #[schema(required, examples("Europe/Berlin"))]
    pub time_zone: String,
    /// When it is open in an ordinary week. Windows may touch and overlap.
    #[schema(max_items = 168)]
    #[serde(deserialize_with = "objects::list")]
    pub weekly_hours: Vec<WeeklyWindow>,
    /// Dates whose hours replace the weekly ones.
    #[schema(max_items = 731)]
    #[serde(deserialize_with = "objects::list")]
    pub overrides: Vec<DateOverride>,
}

/// Hours on one weekday.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WeeklyWindow {
    /// The weekday.
    #[schema(required, value_type = Weekday)]
    pub weekday: String,
    /// From when, by the wall clock.
    #[schema(required, pattern = r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples("09:00"))]
    pub start: String,
    /// Until when, by the wall clock; up to `24:00`. On the next date unless it is after `start`.
    #[schema(required, pattern = r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", examples("17:00"))]
    pub end: String,
}

/// Hours on one date; none is a day off.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DateOverride {
    /// The date.
    #[schema(required, format = Date, examples("2027-12-24"))]
    pub date: String,
    /// When it is open on that date.
    #[schema(max_items = 24)]
    #[serde(deserialize_with = "objects::list")]
    pub hours: Vec<Window>,
}

/// Hours on one date.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Window {
    /// From when, by the wall clock.
    #[schema(required, pattern = r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples("09:00"))]
    pub start: String,
    /// Until when, by the wall clock; up to `24:00`. On the next date unless it is after `start`.
    #[schema(required, pattern = r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", examples("12:00"))]
    pub end: String,
}

impl EntityFields for NewSchedule {
    type Draft = ScheduleDraft;
    const ENTITY: &'static str = "Schedule";
    const PATCH: &'static str = "SchedulePatch";
    const IS: &'static str = "Weekly hours with overrides";
}

impl OfferedFields for NewSchedule {
    const CHANGED: &'static str = "ChangedSchedule";
}

same_fields! {
    NewSchedule = ScheduleDraft { name, time_zone, weekly_hours as list, overrides as list }
    WeeklyWindow = WeeklyWindowDraft { weekday, start, end }
    DateOverride = DateOverrideDraft { date, hours as list }
    Window = WindowDraft { start, end }
}

/// A stored schedule.
pub type Schedule = Entity<NewSchedule>;

/// The same after a change.
pub type ChangedSchedule = ChangedEntity<NewSchedule>;

/// A change to one.
pub type SchedulePatch = Patch<NewSchedule>;

impl From<&schedule::Schedule> for Schedule {
    fn from(schedule: &schedule::Schedule) -> Self {
        Self::new(schedule.id.uuid(), &schedule.spec, schedule.stamp)
    }
}

/// One page of schedules.
#[derive(Debug, Serialize, ToSchema)]
pub struct Schedules {
    /// The entries.
    pub schedules: Vec<Schedule>,
    /// The token of the next page; null when this is the last one.
    #[schema(required)]
    pub next_page_token: Option<String>,
}
