//! Schedules, as they are written.

use std::collections::BTreeMap;

use chrono::{NaiveDate, Weekday};

use crate::draft::reader::{Draft, Reader};
use crate::limits;
use crate::schedule::{
    Hours, ScheduleSpec, WEEKDAYS, Window, format_time, parse_date, parse_time, parse_weekday, parse_zone, weekday_name,
};

/// A [`ScheduleSpec`], as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the spec documents each field")]
pub struct ScheduleDraft {
    pub name: String,
    pub time_zone: String,
    pub weekly_hours: Vec<WeeklyWindowDraft>,
    pub overrides: Vec<DateOverrideDraft>,
}

/// A [`Window`] on a weekday, as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WeeklyWindowDraft {
    /// Its English name in lower case.
    pub weekday: String,
    /// `HH:MM`.
    pub start: String,
    /// `HH:MM`.
    pub end: String,
}

/// The hours of one date, as they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DateOverrideDraft {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// None is a day off.
    pub hours: Vec<WindowDraft>,
}

/// A [`Window`], as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WindowDraft {
    /// `HH:MM`.
    pub start: String,
    /// `HH:MM`.
    pub end: String,
}

impl Draft for WindowDraft {
    type Parsed = Window;

    fn read(self, r: &mut Reader<'_>) -> Option<Window> {
        let start = r.required("start", &self.start, parse_time);
        let end = r.required("end", &self.end, parse_time);
        r.take("start", Window::new(start?, end?))
    }
}

impl Draft for WeeklyWindowDraft {
    type Parsed = (Weekday, Window);

    fn read(self, r: &mut Reader<'_>) -> Option<(Weekday, Window)> {
        let weekday = r.required("weekday", &self.weekday, parse_weekday);
        let window = WindowDraft { start: self.start, end: self.end }.read(r);
        Some((weekday?, window?))
    }
}

impl Draft for DateOverrideDraft {
    type Parsed = (NaiveDate, Vec<Window>);

    fn read(self, r: &mut Reader<'_>) -> Option<(NaiveDate, Vec<Window>)> {
        let date = r.required("date", &self.date, parse_date);
        let hours = r.each("hours", (self.hours, limits::OVERRIDE_WINDOWS), |r, window| window.read(r));
        Some((date?, hours?))
    }
}

fn weekly(r: &mut Reader<'_>, windows: Vec<WeeklyWindowDraft>) -> Option<[Vec<Window>; 7]> {
    let windows = r.each("weekly_hours", (windows, limits::WEEKLY_WINDOWS), |r, window| window.read(r))?;
    Some(WEEKDAYS.map(|day| windows.iter().filter(|(weekday, _)| *weekday == day).map(|(_, window)| *window).collect()))
}

fn overrides(r: &mut Reader<'_>, dates: Vec<DateOverrideDraft>) -> Option<BTreeMap<NaiveDate, Vec<Window>>> {
    let mut overrides = BTreeMap::new();
    r.each("overrides", (dates, limits::OVERRIDES), |r, date| {
        let (date, windows) = date.read(r)?;
        match overrides.insert(date, windows) {
            None => Some(()),
            Some(_) => r.wrong("date", "must not come twice"),
        }
    })?;
    Some(overrides)
}

impl Draft for ScheduleDraft {
    type Parsed = ScheduleSpec;

    fn read(self, r: &mut Reader<'_>) -> Option<ScheduleSpec> {
        let name = r.name("name", &self.name);
        let time_zone = r.required("time_zone", &self.time_zone, parse_zone);
        let weekly = weekly(r, self.weekly_hours);
        let overrides = overrides(r, self.overrides);
        let hours = Hours { time_zone: time_zone?, weekly: weekly?, overrides: overrides? };
        Some(ScheduleSpec { name: name?, hours })
    }
}

impl From<Window> for WindowDraft {
    fn from(window: Window) -> Self {
        Self { start: format_time(window.start()), end: format_time(window.end()) }
    }
}

fn weekly_draft((day, window): (Weekday, Window)) -> WeeklyWindowDraft {
    let WindowDraft { start, end } = window.into();
    WeeklyWindowDraft { weekday: weekday_name(day).to_owned(), start, end }
}

impl From<&ScheduleSpec> for ScheduleDraft {
    fn from(spec: &ScheduleSpec) -> Self {
        let days = WEEKDAYS.into_iter().zip(&spec.hours.weekly);
        let windows = days.flat_map(|(day, windows)| windows.iter().map(move |window| (day, *window)));
        let overrides = spec.hours.overrides.iter().map(|(date, windows)| DateOverrideDraft {
            date: date.to_string(),
            hours: windows.iter().map(|window| (*window).into()).collect(),
        });
        Self {
            name: spec.name.to_string(),
            time_zone: spec.hours.time_zone.name().to_owned(),
            weekly_hours: windows.map(weekly_draft).collect(),
            overrides: overrides.collect(),
        }
    }
}
