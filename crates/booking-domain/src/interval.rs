//! Half-open ranges of time in UTC, in whole minutes.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::invalid::Invalid;

/// A half-open range `[start, end)` of whole minutes in UTC; never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Interval {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
}

/// The instant, if it is a whole minute within the years 1970 to 9999.
pub fn whole_minute(instant: DateTime<Utc>) -> Result<DateTime<Utc>, Invalid> {
    match (instant.timestamp(), instant.timestamp_subsec_nanos()) {
        (0..=253_402_300_799, 0) if instant.timestamp() % 60 == 0 => Ok(instant),
        (0..=253_402_300_799, _) => Err(Invalid("must be a whole minute")),
        _ => Err(Invalid("must be between the years 1970 and 9999")),
    }
}

impl Interval {
    /// `[start, end)`, if both are whole minutes and `start` comes first.
    pub fn new(start: DateTime<Utc>, end: DateTime<Utc>) -> Result<Self, Invalid> {
        let (start, end) = (whole_minute(start)?, whole_minute(end)?);
        if start < end { Ok(Self { start, end }) } else { Err(Invalid("must end after it starts")) }
    }

    /// `minutes` from `start` on.
    pub fn lasting(start: DateTime<Utc>, minutes: u32) -> Result<Self, Invalid> {
        Self::new(start, start + TimeDelta::minutes(i64::from(minutes)))
    }

    /// The first instant inside.
    pub const fn start(self) -> DateTime<Utc> {
        self.start
    }

    /// The first instant after.
    pub const fn end(self) -> DateTime<Utc> {
        self.end
    }

    /// The length in minutes.
    pub fn minutes(self) -> i64 {
        (self.end - self.start).num_minutes()
    }

    /// Whether the two share an instant.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether all of `other` is inside.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// With buffers, in minutes, on both sides.
    pub fn widened(self, before: u32, after: u32) -> Self {
        Self {
            start: self.start - TimeDelta::minutes(i64::from(before)),
            end: self.end + TimeDelta::minutes(i64::from(after)),
        }
    }

    /// What both share.
    pub fn intersection(self, other: Self) -> Option<Self> {
        let (start, end) = (self.start.max(other.start), self.end.min(other.end));
        (start < end).then_some(Self { start, end })
    }

    /// What is left of it beside these others, in order.
    pub fn without(self, others: &[Self]) -> Vec<Self> {
        let mut others = others.to_vec();
        others.sort_unstable();
        let (mut left, mut start) = (Vec::new(), self.start);
        for other in others.into_iter().filter(|other| other.overlaps(self)) {
            if start < other.start {
                left.push(Self { start, end: other.start });
            }
            start = start.max(other.end);
        }
        if start < self.end {
            left.push(Self { start, end: self.end });
        }
        left
    }

    /// The smallest range around both.
    pub fn hull(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}
