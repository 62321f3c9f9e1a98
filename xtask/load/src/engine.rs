//! The engine alone: a month of slots, computed from what a store would have loaded.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use booking_domain::allow::Allow;
use booking_domain::availability::{Claim, Occupancy, Offer, Owner, Scene, SlotsAsked, Units};
use booking_domain::id::{BookingId, EventTypeId, ResourceId, ScheduleId};
use booking_domain::interval::Interval;
use booking_domain::{DateTime, Utc, limits};
use chrono::TimeDelta;
use uuid::Uuid;

use crate::offers::{any_one_of, daily};
use crate::quantile::quantile;

/// 2027-03-01, a month with a daylight-saving change in Berlin.
const MONTH_START_S: i64 = 1_803_859_200;
const DAYS: i64 = 31;
const BOOKINGS: i64 = 60;
const DURATION_MINUTES: u32 = 30;
/// How long each size is measured.
const PATIENCE: Duration = Duration::from_secs(2);

/// Prints the median time of a month of 1 and of 50 resources, in nanoseconds.
pub(crate) fn run() -> Result<()> {
    for resources in [1, 50] {
        println!("engine_{resources}_ns {}", quantile(&mut timings(resources)?, 0.5).as_nanos());
    }
    Ok(())
}

fn timings(resources: u128) -> Result<Vec<Duration>> {
    let (offer, occupancy) = (offer(resources)?, occupancy(resources)?);
    let start = instant(MONTH_START_S)?;
    let scene = Scene { offer: &offer, occupancy: &occupancy, appointments: &[], now: start - TimeDelta::hours(1) };
    let month = Interval::new(start, start + TimeDelta::days(DAYS))?;
    let asked = SlotsAsked {
        moving: None,
        allow: Allow::NOTHING,
        range: month,
        duration_minutes: DURATION_MINUTES,
        wanted: None,
        counted: true,
        work: limits::LISTING_WORK,
    };
    let mut timings = Vec::new();
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let started = Instant::now();
        black_box(black_box(scene).slots(&asked)?);
        timings.push(started.elapsed());
    }
    Ok(timings)
}

/// One of these resources, 30 minutes, from 9 to 17 on each day.
fn offer(resources: u128) -> Result<Offer> {
    let schedule_id = ScheduleId::new(Uuid::from_u128(1));
    let spec = any_one_of((0..resources).map(resource).collect(), schedule_id, "session", DURATION_MINUTES)?;
    let hours = daily(chrono_tz::Europe::Berlin, 9, 17)?;
    Ok(Offer { event_type_id: EventTypeId::new(Uuid::from_u128(2)), spec, hours })
}

/// 60 bookings of each resource, two a day, at times that differ between resources.
fn occupancy(resources: u128) -> Result<Occupancy> {
    let units = |number| -> Result<Units> {
        let claims = (0..BOOKINGS).map(|booking| claim(number, booking)).collect::<Result<_>>()?;
        Ok(Units { capacity: 1, active: true, claims, ..Units::default() })
    };
    (0..resources).map(|number| Ok((resource(number), units(number)?))).collect()
}

fn claim(number: u128, booking: i64) -> Result<Claim> {
    let (day, half) = (booking / 2, booking % 2);
    let minutes = 8 * 60 + half * 240 + i64::try_from(number % 14)? * 15;
    let start = instant(MONTH_START_S)? + TimeDelta::days(day) + TimeDelta::minutes(minutes);
    let slot = Interval::lasting(start, DURATION_MINUTES)?;
    let owner = Owner::Booking(BookingId::new(Uuid::from_u128(number << 32 | u128::try_from(booking)?)));
    Ok(Claim { unit: 1, slot, blocked: slot, owner })
}

fn resource(number: u128) -> ResourceId {
    ResourceId::new(Uuid::from_u128(number))
}

fn instant(seconds: i64) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0).context("no such instant")
}
