//! The engine alone, at its largest: all that can be asked of one event type, much of it taken.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use booking_domain::allow::Allow;
use booking_domain::availability::{Claim, Occupancy, Offer, Owner, Scene, SlotsAsked, Units};
use booking_domain::event_type::Requirement;
use booking_domain::id::{BookingId, EventTypeId, ResourceId, ScheduleId};
use booking_domain::interval::Interval;
use booking_domain::{DateTime, Utc, limits};
use chrono::TimeDelta;
use uuid::Uuid;

use crate::offers::{any_one_of, daily};
use crate::quantile::quantile;

/// 2027-03-01.
const START_S: i64 = 1_803_859_200;
const MINUTES: u32 = 1_440 * limits::RANGE_DAYS_MAX as u32;
const DURATION_MINUTES: u32 = 30;
const CLAIM_MINUTES: u32 = 60;
/// How many claims there are: a busy organization, and more than any has.
const CLAIMS: [u32; 2] = [5_000, 20_000];
/// How often each is asked; the least of them is without what else the machine did.
const TIMES: usize = 3;
/// How many units each resource has.
const CAPACITIES: [u32; 5] = [1, 3, 10, 50, 10_000];

/// How many resources there are, and what is required of which of them.
struct Shape {
    name: &'static str,
    resources: usize,
    requirements: Vec<(u32, Vec<usize>)>,
}

/// Prints how long the dearest shape takes, days alone and with what remains, in nanoseconds; and to the error stream, each shape.
pub(crate) fn run() -> Result<()> {
    for claims in CLAIMS {
        let (mut days, mut remaining) = (Duration::ZERO, Duration::ZERO);
        for (shape, capacity) in shapes().iter().flat_map(|shape| CAPACITIES.map(|capacity| (shape, capacity))) {
            let (offer, occupancy) = (offer(shape)?, occupancy(shape, capacity, claims)?);
            let (bare, counted) = (least(&offer, &occupancy, false)?, least(&offer, &occupancy, true)?);
            eprintln!("{claims} claims, {:15} of {capacity:6} units: {bare:7.1?}, counted {counted:7.1?}", shape.name);
            (days, remaining) = (days.max(bare), remaining.max(counted));
        }
        println!("largest_days_{claims}_ns {}", days.as_nanos());
        println!("largest_remaining_{claims}_ns {}", remaining.as_nanos());
    }
    Ok(())
}

fn shapes() -> Vec<Shape> {
    let all = |resources: usize| (0..resources).collect::<Vec<_>>();
    let same =
        |name, requirements, count| Shape { name, resources: 100, requirements: vec![(count, all(100)); requirements] };
    let own = (0..10).map(|number| (2, (number * 100..number * 100 + 100).collect())).collect();
    vec![
        same("1 of 100", 1, 1),
        same("2 of 100", 1, 2),
        same("50 of 100", 1, 50),
        same("2x40 of 100", 2, 40),
        same("10x1 of 100", 10, 1),
        same("10x2 of 100", 10, 2),
        same("10x10 of 100", 10, 10),
        Shape { name: "10x2 of own 100", resources: 1_000, requirements: own },
        scattered("10x1 over 200", 200, 1),
        scattered("10x5 over 200", 200, 5),
        scattered("10x5 over 400", 400, 5),
        scattered("10x20 over 250", 250, 20),
        scattered("10x1 over 900", 900, 1),
    ]
}

/// Ten requirements, each of a hundred of the resources at random.
fn scattered(name: &'static str, resources: usize, count: u32) -> Shape {
    let mut random = fastrand::Rng::with_seed(1);
    let mut among = |_| random.choose_multiple(0..resources, limits::REQUIREMENT_RESOURCES);
    Shape { name, resources, requirements: (0..limits::REQUIREMENTS).map(|number| (count, among(number))).collect() }
}

fn least(offer: &Offer, occupancy: &Occupancy, counted: bool) -> Result<Duration> {
    let start = instant()?;
    let range = Interval::lasting(start, MINUTES)?;
    let scene = Scene { offer, occupancy, appointments: &[], now: start };
    let asked = SlotsAsked {
        moving: None,
        allow: Allow::NOTHING,
        range,
        duration_minutes: DURATION_MINUTES,
        wanted: None,
        counted,
        work: limits::LISTING_WORK,
    };
    let timed = || -> Result<Duration> {
        let begun = Instant::now();
        black_box(black_box(scene).slots(&asked)?);
        Ok(begun.elapsed())
    };
    let mut timings = (0..TIMES).map(|_| timed()).collect::<Result<Vec<_>>>()?;
    Ok(quantile(&mut timings, 0.0))
}

/// Open day and night, a start each minute.
fn offer(shape: &Shape) -> Result<Offer> {
    let mut spec = any_one_of(vec![resource(0)], ScheduleId::new(Uuid::from_u128(1)), "largest", DURATION_MINUTES)?;
    spec.slot_interval_minutes = Some(1);
    let requirement = |(count, among): &(u32, Vec<usize>)| {
        Requirement::new(i64::from(*count), among.iter().map(|number| resource(*number)).collect())
    };
    spec.requirements = shape.requirements.iter().map(requirement).collect::<Result<_, _>>()?;
    let hours = daily(chrono_tz::Europe::Berlin, 0, 24)?;
    Ok(Offer { event_type_id: EventTypeId::new(Uuid::from_u128(2)), spec, hours })
}

/// Units taken all over the range, each from another minute on.
fn occupancy(shape: &Shape, capacity: u32, claims: u32) -> Result<Occupancy> {
    let units = |number| (resource(number), Units { capacity, active: true, ..Units::default() });
    let mut occupancy: Occupancy = (0..shape.resources).map(units).collect();
    let mut random = fastrand::Rng::with_seed(7);
    for number in 0..claims {
        let from = instant()? + TimeDelta::minutes(random.i64(0..i64::from(MINUTES)));
        let slot = Interval::lasting(from, CLAIM_MINUTES)?;
        let owner = Owner::Booking(BookingId::new(Uuid::from_u128(number.into())));
        let taken =
            occupancy.get_mut(&resource(random.usize(0..shape.resources))).context("a resource of the shape")?;
        taken.claims.push(Claim { unit: random.u32(1..=capacity), slot, blocked: slot, owner });
    }
    for units in occupancy.values_mut() {
        units.claims.sort_by_key(|claim| claim.blocked.start());
    }
    Ok(occupancy)
}

fn resource(number: usize) -> ResourceId {
    ResourceId::new(Uuid::from_u128(number as u128))
}

fn instant() -> Result<DateTime<Utc>> {
    DateTime::from_timestamp(START_S, 0).context("no such instant")
}
