//! The day of the tests: what is offered goes by a clock that runs.

use std::fmt;
use std::sync::LazyLock;
use std::time::SystemTime;

use booking_domain::{DateTime, Utc};
use chrono::{Datelike, Days, Months, NaiveDate, TimeDelta, Weekday};
use serde::{Serialize, Serializer};

/// The next second Monday of a winter month (November to February) that is a month away: within the horizon, with weeks around it in
/// which no clocks change.
pub(crate) const DAY: Day = Day(0);

/// A date, so many days after the day of the tests.
#[derive(Clone, Copy)]
pub(crate) struct Day(pub i64);

impl Day {
    pub(crate) fn date(self) -> NaiveDate {
        static MONDAY: LazyLock<NaiveDate> = LazyLock::new(|| second_monday_after(today() + Days::new(31)));
        *MONDAY + TimeDelta::days(self.0)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().fmt(f)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// An instant on the day of the tests.
pub(crate) fn at(time: &str) -> String {
    format!("{DAY}T{time}:00Z")
}

#[allow(clippy::disallowed_methods, reason = "what is offered depends on when it is")]
pub(crate) fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}

fn today() -> NaiveDate {
    now().date_naive()
}

fn second_monday_after(date: NaiveDate) -> NaiveDate {
    let months = (0..12).map(|months| date + Months::new(months));
    let winter = months.filter(|month| [11, 12, 1, 2].contains(&month.month()));
    let second = |month: NaiveDate| NaiveDate::from_weekday_of_month_opt(month.year(), month.month(), Weekday::Mon, 2);
    winter.filter_map(second).find(|second| *second >= date).unwrap()
}
