//! The day of the tests that go by a clock that runs.

use std::sync::LazyLock;
use std::time::SystemTime;

use booking_domain::{DateTime, Utc};
use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

/// The next second Wednesday of a winter month (November to February) that is a month away: within every horizon of a year, with
/// weeks around it in which no clocks change, and in the middle of its month.
pub(crate) fn winter_wednesday() -> NaiveDate {
    static DAY: LazyLock<NaiveDate> = LazyLock::new(|| second_wednesday_after(today() + Days::new(31)));
    *DAY
}

#[allow(clippy::disallowed_methods, reason = "what is offered depends on when it is")]
fn today() -> NaiveDate {
    DateTime::<Utc>::from(SystemTime::now()).date_naive()
}

fn second_wednesday_after(date: NaiveDate) -> NaiveDate {
    let months = (0..12).map(|months| date + Months::new(months));
    let winter = months.filter(|month| [11, 12, 1, 2].contains(&month.month()));
    let seconds =
        winter.filter_map(|month| NaiveDate::from_weekday_of_month_opt(month.year(), month.month(), Weekday::Wed, 2));
    seconds.into_iter().find(|second| *second >= date).expect("winter comes")
}

#[test]
fn winter_is_never_further_than_a_horizon() {
    let mut date: NaiveDate = "2026-01-01".parse().unwrap();
    for _ in 0..3_000 {
        let day = second_wednesday_after(date);
        assert!(day >= date && (day - date).num_days() < 300, "{date} {day}");
        assert!([11, 12, 1, 2].contains(&day.month()) && (8..=14).contains(&day.day()));
        date = date + Days::new(1);
    }
}
