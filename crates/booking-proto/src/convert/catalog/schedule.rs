//! Schedules.

use std::collections::BTreeMap;

use booking_domain::id::ScheduleId;
use booking_domain::schedule::{
    Hours, Schedule, ScheduleSpec, WEEKDAYS, Window, format_time, parse_date, parse_time, parse_weekday, parse_zone,
    weekday_name,
};
use booking_domain::text::Name;
use booking_domain::{NaiveDate, limits};
use chrono::Weekday;

use super::entity::entity_messages;
use crate::convert::ranges::stamp;
use crate::convert::reader::Reader;
use crate::v1;

fn window(r: &mut Reader<'_>, start: &str, end: &str) -> Option<Window> {
    let start = r.take("start", parse_time(start));
    let end = r.take("end", parse_time(end));
    r.take("start", Window::new(start?, end?))
}

fn weekly_window(r: &mut Reader<'_>, message: v1::WeeklyWindow) -> Option<(Weekday, Window)> {
    let weekday = r.take("weekday", parse_weekday(&message.weekday));
    let window = window(r, &message.start, &message.end);
    Some((weekday?, window?))
}

fn weekly_hours(r: &mut Reader<'_>, messages: Vec<v1::WeeklyWindow>) -> Option<[Vec<Window>; 7]> {
    let windows = r.each("weekly_hours", (messages, limits::WEEKLY_WINDOWS), weekly_window)?;
    Some(WEEKDAYS.map(|day| windows.iter().filter(|(weekday, _)| *weekday == day).map(|(_, window)| *window).collect()))
}

fn date_override(r: &mut Reader<'_>, message: v1::DateOverride) -> Option<(NaiveDate, Vec<Window>)> {
    let date = r.take("date", parse_date(&message.date));
    let hours = r.each("hours", (message.hours, limits::OVERRIDE_WINDOWS), |r, each| window(r, &each.start, &each.end));
    Some((date?, hours?))
}

fn overrides(r: &mut Reader<'_>, messages: Vec<v1::DateOverride>) -> Option<BTreeMap<NaiveDate, Vec<Window>>> {
    let mut overrides = BTreeMap::new();
    r.each("overrides", (messages, limits::OVERRIDES), |r, message| {
        let (date, windows) = date_override(r, message)?;
        match overrides.insert(date, windows) {
            None => Some(()),
            Some(_) => r.wrong("date", "must not come twice"),
        }
    })?;
    Some(overrides)
}

fn schedule_spec(r: &mut Reader<'_>, spec: Option<v1::ScheduleSpec>) -> Option<ScheduleSpec> {
    let spec = spec.unwrap_or_default();
    let name = r.take("name", Name::parse(&spec.name));
    let time_zone = r.take("time_zone", parse_zone(&spec.time_zone));
    let weekly = weekly_hours(r, spec.weekly_hours);
    let overrides = overrides(r, spec.overrides);
    Some(ScheduleSpec { name: name?, hours: Hours { time_zone: time_zone?, weekly: weekly?, overrides: overrides? } })
}

fn schedule(r: &mut Reader<'_>, message: v1::Schedule) -> Option<Schedule> {
    let id = r.id("id", &message.id);
    let spec = schedule_spec(r, message.spec);
    let stamp = stamp(r, message.stamp);
    Some(Schedule { id: id?, spec: spec?, stamp: stamp? })
}

fn window_message(window: &Window) -> v1::Window {
    v1::Window { start: format_time(window.start()), end: format_time(window.end()) }
}

fn weekly_messages(weekly: &[Vec<Window>; 7]) -> Vec<v1::WeeklyWindow> {
    let days = WEEKDAYS.into_iter().zip(weekly);
    days.flat_map(|(day, windows)| windows.iter().map(move |window| (day, window_message(window))))
        .map(|(day, v1::Window { start, end })| v1::WeeklyWindow { weekday: weekday_name(day).to_owned(), start, end })
        .collect()
}

impl From<&ScheduleSpec> for v1::ScheduleSpec {
    fn from(spec: &ScheduleSpec) -> Self {
        let overrides = spec.hours.overrides.iter().map(|(date, windows)| v1::DateOverride {
            date: date.to_string(),
            hours: windows.iter().map(window_message).collect(),
        });
        Self {
            name: spec.name.to_string(),
            time_zone: spec.hours.time_zone.name().to_owned(),
            weekly_hours: weekly_messages(&spec.hours.weekly),
            overrides: overrides.collect(),
        }
    }
}

entity_messages! {
    Schedule(ScheduleId, ScheduleSpec) read by schedule, schedule_spec;
    create CreateScheduleRequest;
    get GetScheduleRequest;
    update UpdateScheduleRequest;
    delete DeleteScheduleRequest DeleteScheduleResponse;
    list ListSchedulesRequest ListSchedulesResponse schedules;
}
