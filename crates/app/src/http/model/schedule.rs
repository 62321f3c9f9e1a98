//! Schedules on the wire.

use std::collections::BTreeMap;

use booking_domain::NaiveDate;
use booking_domain::refusal::{Fields as Wrong, Refusal};
use booking_domain::schedule::{
    self, Hours, ScheduleSpec, WEEKDAYS, format_time, parse_date, parse_time, parse_weekday, parse_zone, weekday_name,
};
use booking_domain::text::Name;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::json::objects;
use crate::http::model::entity::{Entity, EntityFields, Patch};

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

/// A weekday.
#[derive(Clone, Copy, Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
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
    const ENTITY: &'static str = "Schedule";
    const PATCH: &'static str = "SchedulePatch";
    const IS: &'static str = "Weekly hours with overrides";
}

fn window(wrong: &mut Wrong, at: &str, (start, end): (&str, &str)) -> Option<schedule::Window> {
    let start = wrong.take(format!("{at}.start"), parse_time(start));
    let end = wrong.take(format!("{at}.end"), parse_time(end));
    wrong.take(format!("{at}.start"), schedule::Window::new(start?, end?))
}

fn weekly(wrong: &mut Wrong, windows: &[WeeklyWindow]) -> [Vec<schedule::Window>; 7] {
    let mut weekly: [Vec<schedule::Window>; 7] = Default::default();
    for (i, each) in windows.iter().enumerate() {
        let at = format!("weekly_hours[{i}]");
        let day = wrong.take(format!("{at}.weekday"), parse_weekday(&each.weekday));
        let window = window(wrong, &at, (&each.start, &each.end));
        let slot = day.and_then(|day| weekly.get_mut(day.num_days_from_monday() as usize));
        if let (Some(slot), Some(window)) = (slot, window) {
            slot.push(window);
        }
    }
    weekly
}

fn overrides(wrong: &mut Wrong, given: &[DateOverride]) -> BTreeMap<NaiveDate, Vec<schedule::Window>> {
    let mut overrides = BTreeMap::new();
    for (i, each) in given.iter().enumerate() {
        let date = wrong.take(format!("overrides[{i}].date"), parse_date(&each.date));
        let hours = each.hours.iter().enumerate();
        let hours: Vec<schedule::Window> = hours
            .filter_map(|(j, hours)| window(wrong, &format!("overrides[{i}].hours[{j}]"), (&hours.start, &hours.end)))
            .collect();
        if let Some(date) = date
            && overrides.insert(date, hours).is_some()
        {
            wrong.wrong(format!("overrides[{i}].date"), "must not come twice");
        }
    }
    overrides
}

impl NewSchedule {
    /// The schedule that these fields describe.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn parse(self) -> Result<ScheduleSpec, Refusal> {
        let mut wrong = Wrong::default();
        let name = wrong.take("name", Name::parse(&self.name));
        let time_zone = wrong.take("time_zone", parse_zone(&self.time_zone));
        let weekly = weekly(&mut wrong, &self.weekly_hours);
        let overrides = overrides(&mut wrong, &self.overrides);
        let build = || Some(ScheduleSpec { name: name?, hours: Hours { time_zone: time_zone?, weekly, overrides } });
        wrong.finish(build())
    }
}

impl From<&ScheduleSpec> for NewSchedule {
    fn from(spec: &ScheduleSpec) -> Self {
        let day =
            |window: &schedule::Window| Window { start: format_time(window.start()), end: format_time(window.end()) };
        let weekly = WEEKDAYS.into_iter().zip(&spec.hours.weekly).flat_map(|(weekday, windows)| {
            windows.iter().map(day).map(move |Window { start, end }| WeeklyWindow {
                weekday: weekday_name(weekday).to_owned(),
                start,
                end,
            })
        });
        let overrides = spec.hours.overrides.iter();
        Self {
            name: spec.name.to_string(),
            time_zone: spec.hours.time_zone.name().to_owned(),
            weekly_hours: weekly.collect(),
            overrides: overrides
                .map(|(date, hours)| DateOverride { date: date.to_string(), hours: hours.iter().map(day).collect() })
                .collect(),
        }
    }
}

/// A stored schedule.
pub type Schedule = Entity<NewSchedule>;

/// A change to one.
pub type SchedulePatch = Patch<NewSchedule>;

impl From<&schedule::Schedule> for Schedule {
    fn from(schedule: &schedule::Schedule) -> Self {
        Self::new(schedule.id.uuid(), (&schedule.spec).into(), schedule.stamp)
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
