//! Week lists: the slots of a week, which are looked at together. A question is answered by the lists of its weeks, so that whatever
//! dates and zones are asked for, one event type has no more lists than its horizon has weeks.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use booking_domain::Tz;
use booking_domain::allow::Allow;
use booking_domain::availability::{PackedSlots, SlotSearch};
use booking_domain::id::{BookingId, EventTypeId, OrganizationId, ResourceId};
use booking_domain::interval::Interval;
use booking_domain::{DateTime, NaiveDate, Utc};
use chrono::Days;

/// Days of a list: few enough that a change makes little be looked at again, and enough that the longest question is ten lists.
const DAYS: u32 = 7;

/// A week, by its number since the first one of 1970, in UTC.
pub(crate) type Week = u32;

/// Which slots are looked at together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WeekList {
    /// Whose.
    pub organization: OrganizationId,
    /// Of which event type.
    pub event_type: EventTypeId,
    minutes: u32,
    /// Only slots that this resource can serve.
    pub resource: Option<ResourceId>,
    moving: Option<BookingId>,
    allow: Allow,
    week: Week,
}

fn week_of(instant: DateTime<Utc>) -> Week {
    u32::try_from(instant.timestamp().div_euclid(i64::from(DAYS) * 86_400)).unwrap_or(0)
}

/// The weeks in which this range lies.
pub(crate) fn weeks(range: Interval) -> RangeInclusive<Week> {
    week_of(range.start())..=week_of(range.end() - chrono::TimeDelta::minutes(1))
}

impl WeekList {
    /// The lists with which this question, whose slots start in `range`, is answered.
    pub fn of(organization: OrganizationId, query: &SlotSearch, range: Interval) -> impl Iterator<Item = Self> {
        let (event_type, resource) = (query.event_type_id, query.resource_id);
        let (moving, allow) = (query.moving, query.allow);
        let minutes = query.duration_minutes.unwrap_or_default();
        weeks(range).map(move |week| Self { organization, event_type, minutes, resource, moving, allow, week })
    }

    /// How long its slots are, in minutes.
    pub const fn minutes(&self) -> u32 {
        self.minutes
    }

    /// The question for all its slots.
    pub fn query(&self) -> SlotSearch {
        let day = |day: u32| NaiveDate::default().checked_add_days(Days::new(day.into())).unwrap_or(NaiveDate::MAX);
        let last_of_all = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX);
        SlotSearch {
            event_type_id: self.event_type,
            from: day(self.week * DAYS),
            to: day(self.week * DAYS + DAYS - 1).min(last_of_all),
            duration_minutes: Some(self.minutes),
            time_zone: Tz::UTC,
            resource_id: self.resource,
            moving: self.moving,
            allow: self.allow,
        }
    }
}

/// A list's slots as they were last seen, counted for as long as somebody keeps them.
pub(crate) struct Kept {
    /// The slots.
    pub slots: PackedSlots,
    bytes: usize,
    total: Arc<AtomicUsize>,
}

impl Kept {
    /// These slots, counted in this total.
    pub(crate) fn new(slots: PackedSlots, total: &Arc<AtomicUsize>) -> Self {
        let bytes = slots.bytes();
        total.fetch_add(bytes, Ordering::Relaxed);
        Self { slots, bytes, total: total.clone() }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.total.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(from: &str, to: &str, time_zone: Tz) -> SlotSearch {
        SlotSearch {
            event_type_id: EventTypeId::new(uuid::Uuid::from_u128(1)),
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
            duration_minutes: Some(30),
            time_zone,
            resource_id: None,
            moving: None,
            allow: Allow::NOTHING,
        }
    }

    fn lists(question: &SlotSearch) -> Vec<WeekList> {
        let organization = OrganizationId::new(uuid::Uuid::from_u128(2));
        WeekList::of(organization, question, question.range().unwrap()).collect()
    }

    #[test]
    fn whatever_dates_and_zones_are_asked_for_the_lists_are_those_of_the_weeks() {
        let mut all = std::collections::BTreeSet::new();
        for day in 1..=31 {
            for zone in [Tz::UTC, Tz::Europe__Berlin, Tz::Asia__Kolkata, Tz::Pacific__Kiritimati, Tz::America__Lima] {
                let from = NaiveDate::from_ymd_opt(2031, 1, day).unwrap();
                let question =
                    SlotSearch { from, to: from + Days::new(61), ..question("2031-01-01", "2031-01-01", zone) };
                let lists = lists(&question);
                assert!(lists.len() <= 10, "{}", lists.len());
                all.extend(lists);
            }
        }
        assert_eq!(all.len(), 15, "31 + 61 days in all, and a day more by zones");
    }

    #[test]
    fn the_lists_of_a_question_cover_it_without_a_gap() {
        for (from, to, zone) in [
            ("1970-01-01", "1970-02-14", Tz::UTC),
            ("2031-03-20", "2031-05-02", Tz::Europe__Berlin),
            ("9999-12-20", "9999-12-31", Tz::America__Lima),
        ] {
            let question = question(from, to, zone);
            let range = question.range().unwrap();
            let ranges: Vec<Interval> = lists(&question).iter().map(|list| list.query().range().unwrap()).collect();
            assert!(ranges.windows(2).all(|two| two[0].end() == two[1].start()), "{ranges:?}");
            assert!(ranges[0].start() <= range.start(), "{from}");
            assert!(ranges.last().unwrap().end() >= range.end(), "{from}");
        }
    }
}
