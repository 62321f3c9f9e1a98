//! Rule 2: when a schedule is open, in UTC.

use std::ops::Range;

use super::wall_clock::{DAY, Minute, WallClock, date_of, day_of, instant_of, minute_of};
use crate::interval::Interval;
use crate::schedule::{Hours, Window};

impl Hours {
    /// When these hours are open within `range`, in order; what touches is joined.
    pub fn open_within(&self, range: Interval) -> Vec<Interval> {
        let utc = minute_of(range.start())..minute_of(range.end());
        let clock = WallClock::new(self.time_zone, utc.clone());
        let open = open_minutes(self, &clock);
        open.iter().filter_map(|open| Interval::new(instant_of(open.start), instant_of(open.end)).ok()).collect()
    }
}

/// When these hours are open within the clock's range, in order; what touches is joined.
pub(super) fn open_minutes(hours: &Hours, clock: &WallClock) -> Vec<Range<Minute>> {
    let mut open = Vec::new();
    each_window(hours, clock, |window| open.push(window.utc()));
    joined(open)
}

/// The part of a window that one run of the clock shows.
pub(super) struct Shown {
    /// When the window starts on the wall clock, whether it is shown then or not.
    pub(super) opens: Minute,
    /// The local minutes that are shown.
    pub(super) local: Range<Minute>,
    /// How far the wall clock is ahead of UTC meanwhile.
    pub(super) offset: Minute,
}

impl Shown {
    fn utc(&self) -> Range<Minute> {
        self.local.start - self.offset..self.local.end - self.offset
    }
}

/// Calls `visit` with each window of each date as often as the clock shows it: not at all in a gap, twice in a repeated hour.
pub(super) fn each_window(hours: &Hours, clock: &WallClock, mut visit: impl FnMut(Shown)) {
    for (run, offset) in clock.runs().filter(|(run, _)| !run.is_empty()) {
        // What begins on the day before may last until this one.
        for day in day_of(run.start) - 1..=day_of(run.end - 1) {
            for window in hours.windows_on(date_of(day)) {
                let (opens, closes) = on_day(*window, day);
                let local = opens.max(run.start)..closes.min(run.end);
                if !local.is_empty() {
                    visit(Shown { opens, local, offset });
                }
            }
        }
    }
}

fn on_day(window: Window, day: i64) -> (Minute, Minute) {
    (day * DAY + Minute::from(window.start()), day * DAY + Minute::from(window.end()))
}

/// The same minutes in order, without overlaps, joined where they touch.
pub(super) fn joined(mut ranges: Vec<Range<Minute>>) -> Vec<Range<Minute>> {
    ranges.sort_by_key(|range| range.start);
    ranges.dedup_by(|next, last| {
        let touches = next.start <= last.end;
        if touches {
            last.end = last.end.max(next.end);
        }
        touches
    });
    ranges
}
