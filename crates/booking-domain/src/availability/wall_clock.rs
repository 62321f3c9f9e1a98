//! The wall clock of a zone over a range: which local time each minute shows, worked out once for the range.

use std::ops::Range;

use chrono::{DateTime, NaiveDate, NaiveTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;

/// Whole minutes: of UTC since 1970, or of a wall clock since the midnight that began its 1970.
pub(super) type Minute = i64;

/// Minutes of a day whose clock is never moved.
pub(super) const DAY: Minute = 24 * 60;

/// A time within which the wall clock keeps its distance to UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Span {
    utc: Range<Minute>,
    offset: Minute,
}

/// A zone's wall clock over a range of UTC.
#[derive(Clone, Debug)]
pub(super) struct WallClock {
    spans: Vec<Span>,
}

impl WallClock {
    /// The clock of `zone` over `utc`.
    ///
    /// One look at the zone for each day of the range, and a search where two looks differ: no zone has moved its clock and
    /// moved it back within a day since 1970.
    pub(super) fn new(zone: Tz, utc: Range<Minute>) -> Self {
        let mut spans = Vec::with_capacity(2);
        let (mut from, mut offset) = (utc.start, offset_at(zone, utc.start));
        let mut seen = utc.start;
        while seen < utc.end {
            let next = (seen + DAY).min(utc.end);
            if offset_at(zone, next) == offset {
                seen = next;
            } else {
                seen = first_change(zone, seen, next);
                spans.push(Span { utc: from..seen, offset });
                (from, offset) = (seen, offset_at(zone, seen));
            }
        }
        spans.push(Span { utc: from..utc.end, offset });
        Self { spans }
    }

    /// The local minute that the clock shows at this minute of UTC; outside its range the clock is taken to go on unmoved.
    pub(super) fn local(&self, minute: Minute) -> Minute {
        let later = self.spans.iter().find(|span| minute < span.utc.end);
        minute + later.or(self.spans.last()).map_or(0, |span| span.offset)
    }

    /// The range of UTC that this is the clock of.
    pub(super) fn range(&self) -> Range<Minute> {
        let (first, last) = (self.spans.first(), self.spans.last());
        first.map_or(0, |span| span.utc.start)..last.map_or(0, |span| span.utc.end)
    }

    /// The first minute of UTC at which the clock shows this local minute or a later one.
    pub(super) fn first_at_or_after(&self, local: Minute) -> Option<Minute> {
        let reached = |span: &Span| span.utc.start.max(local - span.offset);
        self.spans.iter().find(|span| reached(span) < span.utc.end).map(reached)
    }

    /// The minute of UTC after the last one at which the clock shows an earlier time than this local minute.
    pub(super) fn end_before(&self, local: Minute) -> Option<Minute> {
        let left = |span: &Span| span.utc.end.min(local - span.offset);
        self.spans.iter().rev().find(|span| left(span) > span.utc.start).map(left)
    }

    /// The local times that the clock runs through without being moved, each with what turns them into UTC when subtracted.
    pub(super) fn runs(&self) -> impl Iterator<Item = (Range<Minute>, Minute)> + '_ {
        self.spans.iter().map(|span| (span.utc.start + span.offset..span.utc.end + span.offset, span.offset))
    }
}

/// How far the wall clock is ahead of UTC. Old offsets have seconds: a wall clock with minutes only shows them rounded down.
fn offset_at(zone: Tz, minute: Minute) -> Minute {
    DateTime::from_timestamp(minute * 60, 0).map_or(0, |instant| {
        i64::from(zone.offset_from_utc_datetime(&instant.naive_utc()).fix().local_minus_utc()).div_euclid(60)
    })
}

/// The first minute in `(same, changed]` whose offset is not that of `same`.
fn first_change(zone: Tz, mut same: Minute, mut changed: Minute) -> Minute {
    let offset = offset_at(zone, same);
    while changed - same > 1 {
        let middle = same + (changed - same) / 2;
        if offset_at(zone, middle) == offset { same = middle } else { changed = middle }
    }
    changed
}

/// The minute of UTC that this instant lies in.
pub(super) fn minute_of(instant: DateTime<Utc>) -> Minute {
    instant.timestamp().div_euclid(60)
}

/// The instant at which this minute of UTC begins.
pub(super) fn instant_of(minute: Minute) -> DateTime<Utc> {
    DateTime::from_timestamp(minute.saturating_mul(60), 0).unwrap_or_default()
}

/// Turns minutes of UTC into instants, remembering the last one's date: lists ask for many on the same date.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Instants {
    day: i64,
    date: NaiveDate,
}

impl Instants {
    /// The instant at which this minute of UTC begins.
    pub(super) fn at(&mut self, minute: Minute) -> DateTime<Utc> {
        let day = day_of(minute);
        if day != self.day {
            *self = Self { day, date: date_of(day) };
        }
        let seconds = u32::try_from(minute.rem_euclid(DAY) * 60).unwrap_or(0);
        let time = NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).unwrap_or_default();
        self.date.and_time(time).and_utc()
    }
}

/// The number of this local minute's day, from 1970-01-01 on.
pub(super) fn day_of(local: Minute) -> i64 {
    local.div_euclid(DAY)
}

/// The number of this day's week, Monday first.
pub(super) fn week_of(day: i64) -> i64 {
    // 1970-01-01 was a Thursday.
    (day + 3).div_euclid(7)
}

/// The Monday with which this week begins.
pub(super) fn monday_of(week: i64) -> i64 {
    week * 7 - 3
}

/// The date of this day.
pub(super) fn date_of(day: i64) -> NaiveDate {
    i32::try_from(day).ok().and_then(NaiveDate::from_epoch_days).unwrap_or_default()
}

/// The day of this date.
pub(super) fn day_of_date(date: NaiveDate) -> i64 {
    i64::from(date.to_epoch_days())
}
