//! From a viewer's dates to ranges of UTC, and back to days.

use booking_domain::allow::Allow;
use booking_domain::availability::{SlotSearch, SlotState};
use booking_domain::id::EventTypeId;
use booking_domain::refusal::Refusal;
use booking_domain::schedule::parse_date;
use booking_domain::{DateTime, NaiveDate, Tz, Utc};
use chrono::TimeDelta;
use chrono_tz::TZ_VARIANTS;
use proptest::prelude::*;
use proptest::sample::select;
use uuid::Uuid;

use super::world::{World, at, booking, daily, hold, slot};

fn query(zone: Tz, from: NaiveDate, to: NaiveDate) -> SlotSearch {
    let event_type_id = EventTypeId::new(Uuid::from_u128(2));
    SlotSearch {
        event_type_id,
        from,
        to,
        duration_minutes: None,
        time_zone: zone,
        resource_id: None,
        moving: None,
        allow: Allow::NOTHING,
    }
}

fn dates(zone: Tz, from: &str, to: &str) -> SlotSearch {
    query(zone, parse_date(from).expect("a date"), parse_date(to).expect("a date"))
}

fn bounds(query: &SlotSearch) -> (DateTime<Utc>, DateTime<Utc>) {
    let range = query.range().expect("a range");
    (range.start(), range.end())
}

fn wrong_field(query: &SlotSearch) -> String {
    match query.range() {
        Err(Refusal::InvalidArgument { errors }) => errors.first().expect("a field").field.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn dates_are_those_of_the_viewer() {
    let tokyo = dates(Tz::Asia__Tokyo, "2027-03-01", "2027-03-01");
    assert_eq!(bounds(&tokyo), (at("2027-02-28T15:00:00Z"), at("2027-03-01T15:00:00Z")));
}

#[test]
fn a_date_whose_midnight_does_not_exist_begins_at_its_first_instant() {
    let cairo = dates(Tz::Africa__Cairo, "2023-04-28", "2023-04-28");
    assert_eq!(bounds(&cairo), (at("2023-04-27T22:00:00Z"), at("2023-04-28T21:00:00Z")));
}

#[test]
fn a_date_with_a_repeated_hour_has_all_of_it() {
    let cairo = dates(Tz::Africa__Cairo, "2023-10-26", "2023-10-26");
    assert_eq!(bounds(&cairo), (at("2023-10-25T21:00:00Z"), at("2023-10-26T22:00:00Z")));
}

#[test]
fn a_skipped_date_is_refused_alone_and_empty_among_others() {
    assert_eq!(wrong_field(&dates(Tz::Pacific__Apia, "2011-12-30", "2011-12-30")), "from");
    let days = dates(Tz::Pacific__Apia, "2011-12-29", "2011-12-31");
    assert_eq!(bounds(&days), (at("2011-12-29T10:00:00Z"), at("2011-12-31T10:00:00Z")));
    assert_eq!(days.days(&[]).len(), 3);
}

#[test]
fn wrong_dates_are_named() {
    assert_eq!(wrong_field(&dates(Tz::UTC, "2027-03-02", "2027-03-01")), "to");
    assert_eq!(wrong_field(&dates(Tz::UTC, "2027-03-01", "2027-05-02")), "to");
    assert!(dates(Tz::UTC, "2027-03-01", "2027-05-01").range().is_ok());
    assert_eq!(wrong_field(&query(Tz::UTC, NaiveDate::MIN, NaiveDate::MIN)), "from");
    assert_eq!(wrong_field(&query(Tz::UTC, NaiveDate::MAX, NaiveDate::MAX)), "from");
}

#[test]
fn the_first_and_the_last_dates_there_are_can_be_asked_for() {
    for zone in [Tz::UTC, Tz::Pacific__Kiritimati, Tz::Pacific__Pago_Pago] {
        assert!(dates(zone, "1970-01-01", "1970-01-02").range().is_ok());
        assert!(dates(zone, "9999-12-30", "9999-12-31").range().is_ok());
    }
}

#[test]
fn every_day_appears_with_its_free_and_held_slots() {
    let mut world = World::simple(&[1]);
    world.offer.hours = daily(Tz::UTC, 22 * 60, 24 * 60);
    world.take((0, 1), slot("2027-03-02T22:00:00Z", 30), booking(1));
    world.take((0, 1), slot("2027-03-02T23:00:00Z", 30), hold(2));
    // In Berlin it is an hour later, so half of the evening belongs to the next date.
    let days = dates(Tz::Europe__Berlin, "2027-03-02", "2027-03-04");
    let slots = world.slots(days.range().expect("a range"), 30, None);
    assert_eq!(slots.iter().filter(|slot| slot.state == SlotState::Held).count(), 1);
    let counts: Vec<_> = days.days(&slots).iter().map(|day| (day.date.to_string(), day.free, day.held)).collect();
    let expected = [("2027-03-02", 3, 0), ("2027-03-03", 3, 1), ("2027-03-04", 4, 0)];
    assert_eq!(counts, expected.map(|(date, free, held)| (date.to_owned(), free, held)));
}

#[test]
fn weeks_are_loaded_only_where_there_is_a_choice() {
    let mut world = World::simple(&[1, 1]);
    let spec = &mut world.offer.spec;
    spec.durations = World::durations(&[30, 60]);
    (spec.buffer_before_minutes, spec.buffer_after_minutes) = (10, 20);
    let range = slot("2027-03-03T12:00:00Z", 30);
    let choice = world.offer.load_window(range);
    assert_eq!((choice.start(), choice.end()), (at("2027-03-01T00:00:00Z"), at("2027-03-08T00:00:00Z")));
    world.require(&[(2, &[0, 1])]);
    let fixed = world.offer.load_window(range);
    assert_eq!((fixed.start(), fixed.end()), (at("2027-03-03T11:50:00Z"), at("2027-03-03T13:50:00Z")));
}

#[test]
fn both_dates_count_where_the_clock_is_set_back_over_midnight() {
    let mut world = World::simple(&[1]);
    world.offer.hours = daily(Tz::America__St_Johns, 0, 1440);
    world.offer.spec.limits.per_day = Some(1);
    // A minute of the seventh, and then the end of the sixth once more.
    let days = world.offer.limit_window(slot("2010-11-07T02:30:00Z", 5)).expect("a limit");
    assert_eq!((days.start(), days.end()), (at("2010-11-06T02:30:00Z"), at("2010-11-08T03:30:00Z")));
}

proptest! {
    #[test]
    fn a_range_has_every_minute_of_its_dates(zone in select(&TZ_VARIANTS[..]), day in 1_i64..47_000, more in 0_i64..3) {
        let from = at("1970-01-01T00:00:00Z").date_naive() + TimeDelta::days(day);
        let dates = query(zone, from, from + TimeDelta::days(more));
        let inside = |instant: DateTime<Utc>| (dates.from..=dates.to).contains(&instant.with_timezone(&zone).date_naive());
        let around = dates.from.and_hms_opt(0, 0, 0).expect("midnight").and_utc() - TimeDelta::hours(30);
        let minutes = (0..(more + 4) * 1440).map(|minute| around + TimeDelta::minutes(minute));
        let of_dates: Vec<_> = minutes.filter(|minute| inside(*minute)).collect();
        let (first, last) = (of_dates.first().copied(), of_dates.last().map(|last| *last + TimeDelta::minutes(1)));
        let range = dates.range().ok();
        prop_assert_eq!((range.map(|range| range.start()), range.map(|range| range.end())), (first, last));
    }
}
