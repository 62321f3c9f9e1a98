//! From dates to ranges of UTC: which range a query means, and what must be loaded to judge the starts of a range.

use std::ops::Range;

use chrono::{Datelike, Months, NaiveDate};
use chrono_tz::Tz;

use super::wall_clock::{
    DAY, Minute, WallClock, date_of, day_of, day_of_date, instant_of, minute_of, monday_of, week_of,
};
use super::{Day, Offer, Slot, SlotSearch, SlotState};
use crate::interval::Interval;
use crate::invalid::Invalid;
use crate::limits::RANGE_DAYS_MAX;
use crate::refusal::{Fields, Refusal};

/// The last minute that a range may end with: 9999-12-31T23:59Z.
const LAST_MINUTE: Minute = 253_402_300_740 / 60;

impl SlotSearch {
    /// The range of UTC that the dates mean on the viewer's wall clock.
    ///
    /// # Errors
    ///
    /// Names `from` or `to` when they are out of order, more than 62 dates, outside the years 1970 to 9999, or when the
    /// viewer's zone skipped them all.
    pub fn range(&self) -> Result<Interval, Refusal> {
        let mut fields = Fields::default();
        fields.take("from", within_years(self.from));
        fields.take("to", within_years(self.to));
        let dates = day_of_date(self.to) - day_of_date(self.from) + 1;
        if dates < 1 {
            fields.wrong("to", "must not be before `from`");
        } else if dates > RANGE_DAYS_MAX {
            fields.wrong("to", format!("must be at most {RANGE_DAYS_MAX} dates from `from` on, both included"));
        }
        fields.finish(Some(()))?;
        let utc = utc_of_days(self.time_zone, day_of_date(self.from)..day_of_date(self.to) + 1);
        Interval::new(instant_of(utc.start.max(0)), instant_of(utc.end.min(LAST_MINUTE)))
            .map_err(|_| Refusal::field("from", "must begin a range with a date that exists in this time zone"))
    }

    /// How many of these slots start on each date of the query, on the viewer's wall clock. Every date appears, in order.
    pub fn days(&self, slots: &[Slot]) -> Vec<Day> {
        let (first, last) = (day_of_date(self.from), day_of_date(self.to));
        let last = last.min(first.saturating_add(RANGE_DAYS_MAX - 1));
        let mut days: Vec<_> = (first..=last).map(|day| Day { date: date_of(day), free: 0, held: 0 }).collect();
        let clock = WallClock::new(self.time_zone, around(first..last + 1));
        for slot in slots {
            let day = day_of(clock.local(minute_of(slot.interval.start())));
            let place = usize::try_from(day - first).ok();
            if let Some(day) = place.and_then(|place| days.get_mut(place)) {
                day.free += u32::from(slot.state == SlotState::Free);
                day.held += u32::from(slot.state == SlotState::Held);
            }
        }
        days
    }
}

fn within_years(date: NaiveDate) -> Result<(), Invalid> {
    let fits = (1970..=9999).contains(&date.year());
    fits.then_some(()).ok_or(Invalid("must be in the years 1970 to 9999"))
}

impl Offer {
    /// The range whose claims and busy times must be loaded to judge the slots that start in `range`: those that overlap it.
    ///
    /// It spans whole local weeks if some requirement leaves a choice, since the fewest claims in the week decide that; then the last
    /// claim that begins before it must be loaded, too, of each resource among which there is a choice (`chosen_ids`).
    pub fn load_window(&self, range: Interval) -> Interval {
        let spec = &self.spec;
        let reach = spec.durations.longest().saturating_add(spec.buffer_after_minutes);
        let near = range.widened(spec.buffer_before_minutes, reach);
        if spec.requirements.iter().all(|requirement| requirement.is_fixed()) {
            return near;
        }
        let weeks = self.local_days(range, |first, last| monday_of(week_of(first))..monday_of(week_of(last) + 1));
        near.hull(weeks)
    }

    /// The same for slots of this length, which may be none that is on offer any more.
    pub fn load_window_of(&self, range: Interval, minutes: u32) -> Interval {
        self.load_window(range.widened(0, minutes.saturating_sub(self.spec.durations.longest())))
    }

    /// The range whose appointments must be loaded to judge the slots that start in `range`: those that start in it. Nothing
    /// when there are no limits.
    pub fn limit_window(&self, range: Interval) -> Option<Interval> {
        let limits = self.spec.limits;
        let days = limits.per_day.map(|_| self.local_days(range, |first, last| first..last + 1));
        let weeks = limits
            .per_week
            .map(|_| self.local_days(range, |first, last| monday_of(week_of(first))..monday_of(week_of(last) + 1)));
        let months =
            limits.per_month.map(|_| self.local_days(range, |first, last| month_start(first, 0)..month_start(last, 1)));
        [days, weeks, months].into_iter().flatten().reduce(Interval::hull)
    }

    /// `range` widened to the local days that `widen` makes of its first and its last one.
    fn local_days(&self, range: Interval, widen: impl Fn(i64, i64) -> Range<i64>) -> Interval {
        let (start, end) = (minute_of(range.start()), minute_of(range.end()));
        let zone = self.hours.time_zone;
        let clock = WallClock::new(zone, start..end);
        // A clock that is set back over midnight shows the later date first.
        let days = clock.runs().filter(|(run, _)| !run.is_empty());
        let days = days.map(|(run, _)| (day_of(run.start), day_of(run.end - 1)));
        let (first, last) = days.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or_default();
        let utc = utc_of_days(zone, widen(first, last));
        let minutes = |length: Minute| u32::try_from(length).unwrap_or(0);
        range.widened(minutes(start - utc.start), minutes(utc.end - end))
    }
}

/// The first day of the month that lies so many months after this day's.
fn month_start(day: i64, later: u32) -> i64 {
    let first = date_of(day).with_day(1).and_then(|date| date.checked_add_months(Months::new(later)));
    first.map_or(day, day_of_date)
}

/// The smallest range of UTC with every minute whose local date is one of these days; empty if the zone skipped them all.
fn utc_of_days(zone: Tz, days: Range<i64>) -> Range<Minute> {
    let clock = WallClock::new(zone, around(days.clone()));
    let start = clock.first_at_or_after(days.start * DAY).unwrap_or(days.start * DAY);
    let end = clock.end_before(days.end * DAY).unwrap_or(days.end * DAY);
    start..end
}

/// A range of UTC that surely has all of these local days: no wall clock is two days from UTC.
fn around(days: Range<i64>) -> Range<Minute> {
    (days.start - 2) * DAY..(days.end + 2) * DAY
}
