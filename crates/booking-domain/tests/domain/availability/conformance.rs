//! The conformance tables: each case is a fact that the engine must reproduce.
//!
//! `CONFORMANCE_DIR` names another folder with such tables. Every `.json` file of the folder is read, and what a case has
//! decides what it is about: `open`, `starts`, or `resources` (with `starts`).

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use booking_domain::availability::{Claim, Owner, SlotState, Units};
use booking_domain::id::BookingId;
use booking_domain::interval::Interval;
use booking_domain::schedule::{Hours, Window, parse_date, parse_time, parse_weekday, parse_zone};
use booking_domain::{DateTime, Utc, limits};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::world::World;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OpeningCase {
    name: String,
    schedule: ScheduleCase,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    open: Vec<(DateTime<Utc>, DateTime<Utc>)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SlotsCase {
    name: String,
    schedule: ScheduleCase,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    now: DateTime<Utc>,
    duration_minutes: u32,
    slot_interval_minutes: u32,
    min_notice_minutes: u32,
    horizon_days: Option<u32>,
    buffer_before_minutes: u32,
    buffer_after_minutes: u32,
    capacity: u32,
    claims: Vec<ClaimCase>,
    busy: Vec<BusyCase>,
    starts: Vec<DateTime<Utc>>,
}

/// A slot needs so many of these resources at once.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResourcesCase {
    name: String,
    schedule: ScheduleCase,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    now: DateTime<Utc>,
    duration_minutes: u32,
    slot_interval_minutes: u32,
    min_notice_minutes: u32,
    buffer_before_minutes: u32,
    buffer_after_minutes: u32,
    count: u32,
    resources: Vec<ResourceCase>,
    starts: Vec<DateTime<Utc>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResourceCase {
    schedule: Option<ScheduleCase>,
    capacity: u32,
    claims: Vec<ClaimCase>,
    blocks: Vec<BusyCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScheduleCase {
    time_zone: String,
    weekly_hours: Vec<WeeklyCase>,
    overrides: Vec<OverrideCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WeeklyCase {
    weekday: String,
    start: String,
    end: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OverrideCase {
    date: String,
    hours: Vec<WindowCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WindowCase {
    start: String,
    end: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimCase {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    unit: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BusyCase {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
}

fn window(start: &str, end: &str) -> Window {
    let (start, end) = (parse_time(start).expect("a time"), parse_time(end).expect("a time"));
    Window::new(start, end).expect("a window")
}

impl ScheduleCase {
    fn hours(&self) -> Hours {
        let mut hours = Hours {
            time_zone: parse_zone(&self.time_zone).expect("a zone"),
            weekly: Default::default(),
            overrides: BTreeMap::new(),
        };
        for weekly in &self.weekly_hours {
            let weekday = parse_weekday(&weekly.weekday).expect("a weekday").num_days_from_monday();
            let day = hours.weekly.get_mut(weekday as usize).expect("seven days");
            day.push(window(&weekly.start, &weekly.end));
        }
        for each in &self.overrides {
            let windows = each.hours.iter().map(|hours| window(&hours.start, &hours.end)).collect();
            hours.overrides.insert(parse_date(&each.date).expect("a date"), windows);
        }
        hours
    }
}

fn range(from: DateTime<Utc>, to: DateTime<Utc>) -> Interval {
    Interval::new(from, to).expect("a range")
}

impl ResourceCase {
    fn units(&self) -> Units {
        let claim = |(number, claim): (usize, &ClaimCase)| {
            let blocked = range(claim.start, claim.end);
            let owner = Owner::Booking(BookingId::new(Uuid::from_u128(number as u128)));
            Claim { unit: claim.unit, slot: blocked, blocked, owner }
        };
        let mut claims: Vec<_> = self.claims.iter().enumerate().map(claim).collect();
        claims.sort_by_key(|claim| claim.blocked.start());
        let busy = self.blocks.iter().map(|busy| range(busy.start, busy.end)).collect();
        let hours = self.schedule.as_ref().map(|schedule| Arc::new(schedule.hours()));
        Units { capacity: self.capacity, active: true, hours, claims, busy }
    }
}

impl ResourcesCase {
    fn check(&self, horizon_days: Option<u32>) {
        let mut world = World::new(self.schedule.hours(), self.now);
        let spec = &mut world.offer.spec;
        spec.durations = World::durations(&[self.duration_minutes]);
        spec.slot_interval_minutes = Some(self.slot_interval_minutes);
        spec.min_notice_minutes = self.min_notice_minutes;
        spec.horizon_days = horizon_days.unwrap_or(limits::HORIZON_DAYS);
        spec.buffer_before_minutes = self.buffer_before_minutes;
        spec.buffer_after_minutes = self.buffer_after_minutes;
        self.resources.iter().for_each(|resource| world.add_resource(resource.units()));
        world.require(&[(self.count, &(0..self.resources.len()).collect::<Vec<_>>())]);
        let slots = world.slots(range(self.from, self.to), self.duration_minutes, None);
        assert!(slots.iter().all(|slot| slot.state == SlotState::Free), "{}", self.name);
        let starts: Vec<_> = slots.iter().map(|slot| slot.interval.start()).collect();
        assert_eq!(starts, self.starts, "{}", self.name);
    }
}

impl SlotsCase {
    fn check(self) {
        let one = ResourceCase { schedule: None, capacity: self.capacity, claims: self.claims, blocks: self.busy };
        let case = ResourcesCase {
            name: self.name,
            schedule: self.schedule,
            from: self.from,
            to: self.to,
            now: self.now,
            duration_minutes: self.duration_minutes,
            slot_interval_minutes: self.slot_interval_minutes,
            min_notice_minutes: self.min_notice_minutes,
            buffer_before_minutes: self.buffer_before_minutes,
            buffer_after_minutes: self.buffer_after_minutes,
            count: 1,
            resources: vec![one],
            starts: self.starts,
        };
        case.check(self.horizon_days);
    }
}

impl OpeningCase {
    fn check(&self) {
        let open = self.schedule.hours().open_within(range(self.from, self.to));
        let open: Vec<_> = open.into_iter().map(|open| (open.start(), open.end())).collect();
        assert_eq!(open, self.open, "{}", self.name);
    }
}

/// Every case of every table in the folder.
fn cases() -> Vec<Value> {
    #[expect(clippy::disallowed_methods, reason = "a test has no command line to read settings from")]
    let other = std::env::var("CONFORMANCE_DIR");
    let own = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../conformance"));
    let folder = other.map_or_else(|_| own(), PathBuf::from);
    let files = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = files.map(|file| file.expect("a readable folder").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    let read = |path: &PathBuf| -> Vec<Value> {
        let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    paths.iter().flat_map(read).collect()
}

/// What a case is about, by what it has and has not.
fn kind(case: &Value) -> &'static str {
    match case {
        case if case.get("resources").is_some() => "resources",
        case if case.get("starts").is_some() => "starts",
        _ => "open",
    }
}

fn parsed<T: for<'de> Deserialize<'de>>(of: &str) -> Vec<T> {
    let of_this_kind = cases().into_iter().filter(|case| kind(case) == of);
    let parse = |case: Value| {
        let name = case.get("name").cloned();
        serde_json::from_value(case).unwrap_or_else(|error| panic!("{name:?}: {error}"))
    };
    let parsed: Vec<T> = of_this_kind.map(parse).collect();
    assert!(!parsed.is_empty(), "no case of `{of}` was found; is CONFORMANCE_DIR the right folder?");
    parsed
}

#[test]
fn open_hours_are_those_of_the_tables() {
    parsed::<OpeningCase>("open").iter().for_each(OpeningCase::check);
}

#[test]
fn slots_are_those_of_the_tables() {
    parsed::<SlotsCase>("starts").into_iter().for_each(SlotsCase::check);
}

#[test]
fn slots_of_resources_with_hours_and_blocks_are_those_of_the_tables() {
    parsed::<ResourcesCase>("resources").iter().for_each(|case| case.check(None));
}
