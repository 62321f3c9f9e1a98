//! Schedules: weekly hours in a time zone, with date overrides.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::id::ScheduleId;
use crate::invalid::Invalid;
use crate::text::Name;

/// When a stored thing was made and last changed, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Grows by one with each change, from 1; a writer says which one it read (optimistic lock).
    pub version: i64,
}

/// The IANA zone of this name (time-zone database).
pub fn parse_zone(name: &str) -> Result<Tz, Invalid> {
    name.parse().map_err(|_| Invalid("must be an IANA time zone such as Europe/Berlin"))
}

/// The date `YYYY-MM-DD` (RFC 3339 full-date), in the years 1970 to 9999.
pub fn parse_date(text: &str) -> Result<NaiveDate, Invalid> {
    let wrong = Invalid("must be a date such as 2027-03-10, in the years 1970 to 9999");
    match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        Ok(date) if text.len() == 10 && text >= "1970-01-01" => Ok(date),
        _ => Err(wrong),
    }
}

/// A weekday by its English name in lower case.
pub fn parse_weekday(name: &str) -> Result<Weekday, Invalid> {
    WEEKDAYS.into_iter().find(|day| weekday_name(*day) == name).ok_or(Invalid("must be a weekday such as monday"))
}

/// Monday first.
pub const WEEKDAYS: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// The weekday's English name in lower case.
pub const fn weekday_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "monday",
        Weekday::Tue => "tuesday",
        Weekday::Wed => "wednesday",
        Weekday::Thu => "thursday",
        Weekday::Fri => "friday",
        Weekday::Sat => "saturday",
        Weekday::Sun => "sunday",
    }
}

/// A window of wall-clock time, `[start, end)` in minutes from the local midnight of the date on which it begins. It may end on the
/// next date, and belongs to the date of its start all the same: `22:00` to `06:00` on a Friday is Friday's, and a Saturday off does
/// not shorten it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Window {
    start: u16,
    end: u16,
}

const DAY_MINUTES: u16 = 24 * 60;

impl Window {
    /// The window from `start` to `end`, both times of the day in minutes from midnight. It ends on the next date unless `end` is after
    /// `start`: `00:00` to `24:00` and `00:00` to `00:00` are the same whole day.
    ///
    /// # Errors
    /// It starts at 24:00, or one of the two is later than that.
    pub fn new(start: u16, end: u16) -> Result<Self, Invalid> {
        match (start, end) {
            (DAY_MINUTES.., _) => Err(Invalid("must start before 24:00")),
            (_, end) if end > DAY_MINUTES => Err(Invalid("must end by 24:00, or by a time on the next day")),
            (start, end) if end > start => Ok(Self { start, end }),
            (start, end) => Ok(Self { start, end: end + DAY_MINUTES }),
        }
    }

    /// The first minute inside, from local midnight.
    pub const fn start(self) -> u16 {
        self.start
    }

    /// The first minute after, from the local midnight before the start: more than 1440 on the next date.
    pub const fn end(self) -> u16 {
        self.end
    }
}

/// The minutes from midnight of `HH:MM`, `00:00` to `24:00`.
pub fn parse_time(text: &str) -> Result<u16, Invalid> {
    let wrong = Invalid("must be a time such as 09:30, up to 24:00");
    let digits =
        |part: &str| (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<u16>().ok());
    let (hours, minutes) = text.split_once(':').ok_or(wrong)?;
    match (digits(hours).flatten(), digits(minutes).flatten()) {
        (Some(hours), Some(minutes)) if minutes < 60 && hours * 60 + minutes <= DAY_MINUTES => Ok(hours * 60 + minutes),
        _ => Err(wrong),
    }
}

/// `HH:MM` of these minutes from midnight, or from the midnight before: `24:00` at the end of a day, `06:00` on the next one.
pub fn format_time(minutes: u16) -> String {
    let minutes = if minutes > DAY_MINUTES { minutes - DAY_MINUTES } else { minutes };
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Weekly hours in a zone, with date overrides: what says when something is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// The zone whose wall clock the windows mean.
    pub time_zone: Tz,
    /// The windows of each weekday, Monday first, as written; they may touch and overlap.
    pub weekly: [Vec<Window>; 7],
    /// Dates whose windows replace the weekly ones; no windows is a day off.
    pub overrides: BTreeMap<NaiveDate, Vec<Window>>,
}

impl Hours {
    /// The windows of a local date, as written.
    pub fn windows_on(&self, date: NaiveDate) -> &[Window] {
        use chrono::Datelike;
        self.overrides
            .get(&date)
            .or_else(|| self.weekly.get(date.weekday().num_days_from_monday() as usize))
            .map_or(&[], Vec::as_slice)
    }
}

/// What an operator says about a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleSpec {
    /// What people call it.
    pub name: Name,
    /// When it is open.
    pub hours: Hours,
}

/// A stored schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Its id.
    pub id: ScheduleId,
    /// What it says.
    pub spec: ScheduleSpec,
    /// When it was made and changed.
    pub stamp: Stamp,
}
