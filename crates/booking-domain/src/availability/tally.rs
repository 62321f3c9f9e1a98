//! Rule 9: how many appointments each local day, week and month has, and how many more it may have.

use chrono::Datelike;

use super::wall_clock::{WallClock, date_of, day_of, minute_of, week_of};
use super::{Appointment, Owner};
use crate::event_type::PeriodLimits;

/// A length of time that may have a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Period {
    Day,
    Week,
    Month,
}

impl Period {
    /// The number of the period that this local day lies in.
    pub(super) fn number(self, day: i64) -> i64 {
        match self {
            Self::Day => day,
            Self::Week => week_of(day),
            Self::Month => {
                let date = date_of(day);
                i64::from(date.year()) * 12 + i64::from(date.month0())
            }
        }
    }
}

/// The limit of a kind of period, and the appointments of the periods that have any.
#[derive(Clone, Debug)]
struct Limited {
    period: Period,
    limit: u32,
    counts: Vec<Count>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    number: i64,
    booked: u32,
    held: u32,
}

/// Every limit with what counts towards it.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    limits: Vec<Limited>,
}

/// A limit that is reached on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reached {
    pub(super) period: Period,
    pub(super) limit: u32,
    pub(super) booked: u32,
}

impl Reached {
    /// Whether it would not be reached without others' holds.
    pub(super) fn by_holds(self) -> bool {
        self.booked < self.limit
    }
}

impl Tally {
    /// What counts towards `limits`, leaving out what is of `own`.
    pub(super) fn new(limits: PeriodLimits, appointments: &[Appointment], own: &[Owner], clock: &WallClock) -> Self {
        let limited = |period: Period, limit: Option<u32>| {
            limit.map(|limit| Limited { period, limit, counts: counts(numbered(period, (appointments, own), clock)) })
        };
        let (day, week) = (limited(Period::Day, limits.per_day), limited(Period::Week, limits.per_week));
        let month = limited(Period::Month, limits.per_month);
        Self { limits: [day, week, month].into_iter().flatten().collect() }
    }

    /// How many more appointments the local day may have; `u32::MAX` when nothing limits them.
    pub(super) fn left(&self, day: i64) -> u32 {
        self.limits.iter().map(|limited| limited.left(day)).min().unwrap_or(u32::MAX)
    }

    /// The limits that the local day has reached.
    pub(super) fn reached(&self, day: i64) -> impl Iterator<Item = Reached> + '_ {
        self.limits.iter().filter(move |limited| limited.left(day) == 0).map(move |limited| Reached {
            period: limited.period,
            limit: limited.limit,
            booked: limited.count(day).booked,
        })
    }
}

impl Limited {
    fn count(&self, day: i64) -> Count {
        let number = self.period.number(day);
        let found = self.counts.binary_search_by_key(&number, |count| count.number).ok();
        found.and_then(|place| self.counts.get(place)).copied().unwrap_or_default()
    }

    fn left(&self, day: i64) -> u32 {
        let count = self.count(day);
        self.limit.saturating_sub(count.booked.saturating_add(count.held))
    }
}

/// Who counts towards which period, leaving out what is of `own`: once for a booking and the hold to which it shall move, where
/// both lie in one.
pub(super) fn numbered(
    period: Period,
    (appointments, own): (&[Appointment], &[Owner]),
    clock: &WallClock,
) -> Vec<(i64, Owner)> {
    let number = |appointment: &Appointment| period.number(day_of(clock.local(minute_of(appointment.start))));
    let others = || appointments.iter().filter(|appointment| !own.contains(&appointment.owner));
    let is_move = |hold: &Appointment| {
        let stays = |other: &Appointment| hold.moving.is_some_and(|booking| other.owner == Owner::Booking(booking));
        hold.moving.is_some() && others().any(|other| stays(other) && number(other) == number(hold))
    };
    others().filter(|appointment| !is_move(appointment)).map(|it| (number(it), it.owner)).collect()
}

fn counts(numbered: Vec<(i64, Owner)>) -> Vec<Count> {
    let mut counts: Vec<_> = numbered
        .into_iter()
        .map(|(number, owner)| match owner {
            Owner::Hold(_) => Count { number, held: 1, booked: 0 },
            Owner::Booking(_) => Count { number, held: 0, booked: 1 },
        })
        .collect();
    counts.sort_unstable_by_key(|count| count.number);
    counts.dedup_by(|next, sum| {
        let same = next.number == sum.number;
        if same {
            (sum.booked, sum.held) = (sum.booked + next.booked, sum.held + next.held);
        }
        same
    });
    counts
}
