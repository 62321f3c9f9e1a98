//! Small worlds: one offer, its resources, and who has taken what. Made by hand, or at random.

use std::collections::BTreeMap;
use std::sync::Arc;

use booking_domain::allow::Allow;
use booking_domain::availability::{
    Appointment, Claim, Occupancy, Offer, Owner, Scene, Slot, SlotsAsked, UnitRef, Units,
};
use booking_domain::event_type::{Durations, EventTypeSpec, PeriodLimits, Requirement};
use booking_domain::id::{BookingId, EventTypeId, PresenceId, ResourceId, ScheduleId};
use booking_domain::interval::Interval;
use booking_domain::limits::{self, LISTING_WORK};
use booking_domain::schedule::{Hours, Window};
use booking_domain::text::{Name, Prose, Slug};
use booking_domain::{DateTime, Tz, Utc};
use chrono::TimeDelta;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use uuid::Uuid;

/// All that a scene looks at.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) offer: Offer,
    pub(super) occupancy: Occupancy,
    pub(super) appointments: Vec<Appointment>,
    pub(super) now: DateTime<Utc>,
}

/// The instant of this RFC 3339 text.
pub(super) fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

/// So many minutes from this instant on.
pub(super) fn slot(start: &str, minutes: u32) -> Interval {
    Interval::lasting(at(start), minutes).expect("whole minutes")
}

pub(super) fn booking(number: u128) -> Owner {
    Owner::Booking(BookingId::new(Uuid::from_u128(number)))
}

pub(super) fn presence(number: u128) -> PresenceId {
    PresenceId::new(Uuid::from_u128(number))
}

pub(super) fn hold(number: u128) -> Owner {
    Owner::Hold(presence(number))
}

pub(super) fn resource(number: usize) -> ResourceId {
    ResourceId::new(Uuid::from_u128(number as u128))
}

pub(super) fn daily(zone: Tz, start: u16, end: u16) -> Hours {
    let windows = vec![Window::new(start, end).expect("a window")];
    Hours { time_zone: zone, weekly: std::array::from_fn(|_| windows.clone()), overrides: BTreeMap::new() }
}

impl World {
    /// These hours, 30 minutes, no other rules and no resources yet.
    pub(super) fn new(hours: Hours, now: DateTime<Utc>) -> Self {
        let spec = EventTypeSpec {
            slug: Slug::parse("visit").expect("a slug"),
            title: Name::parse("Visit").expect("a name"),
            description: Prose::parse("").expect("prose"),
            durations: Self::durations(&[30]),
            slot_interval_minutes: None,
            buffer_before_minutes: 0,
            buffer_after_minutes: 0,
            min_notice_minutes: 0,
            horizon_days: limits::HORIZON_DAYS,
            schedule_id: ScheduleId::new(Uuid::from_u128(1)),
            requirements: Vec::new(),
            limits: PeriodLimits::default(),
            requires_confirmation: false,
            hold_deadline_minutes: None,
            location: None,
            questions: Vec::new(),
            active: true,
            cancel_until_minutes: None,
            move_until_minutes: None,
            reconfirm_moves: true,
        };
        let offer = Offer { event_type_id: EventTypeId::new(Uuid::from_u128(2)), spec, hours };
        Self { offer, occupancy: Occupancy::new(), appointments: Vec::new(), now }
    }

    /// Open 9 to 17 in UTC on each day, with these capacities, of which one resource is needed; it is 2027-03-01, a Monday.
    pub(super) fn simple(capacities: &[u32]) -> Self {
        let mut world = Self::new(daily(Tz::UTC, 9 * 60, 17 * 60), at("2027-03-01T00:00:00Z"));
        for capacity in capacities {
            world.add_resource(Units { capacity: *capacity, active: true, ..Units::default() });
        }
        world.require(&[(1, &(0..capacities.len()).collect::<Vec<_>>())]);
        world
    }

    pub(super) fn durations(minutes: &[u32]) -> Durations {
        let minutes: Vec<_> = minutes.iter().map(|minutes| i64::from(*minutes)).collect();
        Durations::new(&minutes).expect("durations")
    }

    /// Adds a resource, and requires it.
    pub(super) fn add_resource(&mut self, units: Units) {
        let id = resource(self.occupancy.len());
        self.occupancy.insert(id, units);
        self.offer.spec.requirements.push(Requirement { count: 1, resource_ids: vec![id] });
    }

    /// Requires so many of these resources, for each pair, and nothing else.
    pub(super) fn require(&mut self, requirements: &[(u32, &[usize])]) {
        let requirement = |(count, among): &(u32, &[usize])| Requirement {
            count: *count,
            resource_ids: among.iter().map(|number| resource(*number)).collect(),
        };
        self.offer.spec.requirements = requirements.iter().map(requirement).collect();
    }

    pub(super) fn units(&mut self, number: usize) -> &mut Units {
        self.occupancy.get_mut(&resource(number)).expect("a resource")
    }

    /// Takes a unit for a slot with the offer's buffers, whatever is there, and counts it as an appointment.
    pub(super) fn take(&mut self, (number, unit): (usize, u32), slot: Interval, owner: Owner) {
        let spec = &self.offer.spec;
        let blocked = slot.widened(spec.buffer_before_minutes, spec.buffer_after_minutes);
        let claims = &mut self.units(number).claims;
        claims.push(Claim { unit, slot, blocked, owner });
        claims.sort_by_key(|claim| claim.blocked.start());
        self.count(slot, owner);
    }

    /// Takes this unit as `take` does.
    pub(super) fn take_unit(&mut self, taken: UnitRef, slot: Interval, owner: Owner) {
        let number = self.occupancy.keys().position(|id| *id == taken.resource_id).expect("a resource");
        self.take((number, taken.unit), slot, owner);
    }

    /// Counts an appointment, once for each owner.
    pub(super) fn count(&mut self, slot: Interval, owner: Owner) {
        if self.appointments.iter().all(|appointment| appointment.owner != owner) {
            self.appointments.push(Appointment { start: slot.start(), owner, moving: None });
        }
    }

    pub(super) fn scene(&self) -> Scene<'_> {
        Scene { offer: &self.offer, occupancy: &self.occupancy, appointments: &self.appointments, now: self.now }
    }

    /// The slots of a range, counted.
    pub(super) fn slots(&self, range: Interval, duration_minutes: u32, wanted: Option<ResourceId>) -> Vec<Slot> {
        let asked = SlotsAsked {
            range,
            duration_minutes,
            wanted,
            moving: None,
            allow: Allow::NOTHING,
            counted: true,
            work: LISTING_WORK,
        };
        self.scene().slots(&asked).expect("little work")
    }

    /// Half a day around which a random world has its claims; it begins a little before now.
    pub(super) fn range(&self) -> Interval {
        let ago = TimeDelta::seconds(self.now.timestamp().rem_euclid(60)) + TimeDelta::minutes(20);
        Interval::lasting(self.now - ago, 12 * 60).expect("whole minutes")
    }
}

/// Moments around which wall clocks do something odd, and some quiet ones.
const MOMENTS: [(Tz, &str); 14] = [
    (Tz::UTC, "2027-03-01T08:00:00Z"),
    (Tz::Europe__Berlin, "2027-03-27T20:00:00Z"),
    (Tz::Europe__Berlin, "2027-10-30T20:00:00Z"),
    (Tz::America__New_York, "2035-11-04T02:00:00Z"),
    (Tz::Australia__Lord_Howe, "2027-10-02T10:00:00Z"),
    (Tz::Australia__Lord_Howe, "2028-04-01T10:00:00Z"),
    (Tz::Africa__Cairo, "2027-04-29T18:00:00Z"),
    (Tz::Africa__Cairo, "2027-10-28T18:00:00Z"),
    (Tz::Pacific__Apia, "2011-12-30T06:00:00Z"),
    (Tz::Asia__Kathmandu, "1985-12-31T12:00:00Z"),
    (Tz::America__St_Johns, "2010-11-06T22:00:00Z"),
    (Tz::America__Sao_Paulo, "2018-02-17T22:00:00Z"),
    (Tz::Africa__Monrovia, "1972-01-06T20:00:00Z"),
    (Tz::Antarctica__Troll, "2030-03-30T20:00:00Z"),
];

fn windows() -> impl Strategy<Value = Vec<Window>> {
    // Some end on the next day.
    let window = (0_u16..288, 1_u16..120).prop_map(|(start, length)| {
        let end = start + length;
        Window::new(start * 5, if end > 288 { end - 288 } else { end } * 5).expect("a window")
    });
    vec(window, 0..4)
}

fn hours(zone: Tz) -> impl Strategy<Value = Hours> {
    let weekly = proptest::array::uniform7(prop_oneof![windows(), Just(vec![Window::new(0, 1440).expect("a day")])]);
    weekly.prop_map(move |weekly| Hours { time_zone: zone, weekly, overrides: BTreeMap::new() })
}

/// A claim in the making: which resource and unit, from when on, for how long, with which buffers, and whose.
type Draft = (usize, u32, i64, u32, (u32, u32), Owner);

fn drafts() -> impl Strategy<Value = Vec<Draft>> {
    let owner = prop_oneof![(1_u128..6).prop_map(booking), (1_u128..6).prop_map(hold)];
    let buffers = (select(vec![0_u32, 10]), select(vec![0_u32, 15]));
    // Some in the weeks before.
    let start = prop_oneof![7 => -24_i64..160, 1 => -6_000_i64..-24];
    vec((0_usize..4, 1_u32..4, start, 1_u32..20, buffers, owner), 0..14)
}

/// One to four resources, most of them active, with few units; some have hours of their own.
fn resources() -> impl Strategy<Value = Vec<Units>> {
    let own_hours = select(&MOMENTS[..]).prop_flat_map(|(zone, _)| hours(zone)).prop_map(Arc::new);
    let units = (1_u32..4, prop::bool::weighted(0.9), prop::option::weighted(0.3, own_hours));
    vec(units.prop_map(|(capacity, active, hours)| Units { capacity, active, hours, ..Units::default() }), 1..5)
}

/// One to three requirements over so many resources, which may share them.
pub(super) fn requirements(resources: usize) -> impl Strategy<Value = Vec<Requirement>> {
    let among = subsequence((0..resources).collect::<Vec<_>>(), 1..=resources);
    let requirement = (among, 0_u32..3).prop_map(|(among, count)| Requirement {
        count: 1 + count % u32::try_from(among.len()).expect("few"),
        resource_ids: among.into_iter().map(resource).collect(),
    });
    vec(requirement, 1..4)
}

fn rules() -> impl Strategy<Value = (u32, u32, (u32, u32), u32, u32, PeriodLimits)> {
    let limit = || prop_oneof![4 => Just(None), 1 => (1_u32..6).prop_map(Some)];
    let limits = (limit(), limit(), limit());
    let limits = limits.prop_map(|(per_day, per_week, per_month)| PeriodLimits { per_day, per_week, per_month });
    let (duration, interval) = (select(vec![5_u32, 20, 45, 90]), select(vec![5_u32, 7, 15, 60]));
    let buffers = (select(vec![0_u32, 10]), select(vec![0_u32, 15]));
    (duration, interval, buffers, select(vec![0_u32, 0, 90]), select(vec![limits::HORIZON_DAYS, 0, 1]), limits)
}

/// Any small world, in which half a day from now on is interesting.
pub(super) fn any_world() -> impl Strategy<Value = World> {
    let hours = select(&MOMENTS[..]).prop_flat_map(|(zone, moment)| (hours(zone), Just(at(moment))));
    let resources = resources().prop_flat_map(|units| (requirements(units.len()), Just(units)));
    let busy = vec((0_usize..4, 0_i64..140, 1_u32..20), 0..3);
    (hours, rules(), resources, drafts(), busy, -90_i64..4000).prop_map(
        |((hours, moment), rules, (requirements, units), drafts, busy, seconds)| {
            let mut world = World::new(hours, moment + TimeDelta::seconds(seconds));
            world.set_rules(rules);
            units.into_iter().for_each(|units| world.add_resource(units));
            world.offer.spec.requirements = requirements;
            drafts.into_iter().for_each(|draft| world.add_claim(moment, draft));
            busy.into_iter().for_each(|busy| world.add_busy(moment, busy));
            world
        },
    )
}

impl World {
    fn set_rules(&mut self, rules: (u32, u32, (u32, u32), u32, u32, PeriodLimits)) {
        let (duration, interval, (before, after), notice, horizon, limits) = rules;
        let spec = &mut self.offer.spec;
        spec.durations = Self::durations(&[duration]);
        spec.slot_interval_minutes = Some(interval);
        (spec.buffer_before_minutes, spec.buffer_after_minutes) = (before, after);
        spec.min_notice_minutes = notice;
        spec.horizon_days = horizon;
        spec.limits = limits;
    }

    /// Adds a claim where it fits, also of a unit that the resource has lost.
    fn add_claim(&mut self, moment: DateTime<Utc>, draft: Draft) {
        let (number, unit, start, length, (before, after), owner) = draft;
        let slot = Interval::lasting(moment + TimeDelta::minutes(5 * start), 5 * length).expect("a range");
        let blocked = slot.widened(before, after);
        let Some(units) = self.occupancy.get_mut(&resource(number)) else { return };
        let clash = units.claims.iter().any(|claim| claim.unit == unit && claim.blocked.overlaps(blocked));
        if !clash {
            units.claims.push(Claim { unit, slot, blocked, owner });
            units.claims.sort_by_key(|claim| claim.blocked.start());
            self.count(slot, owner);
        }
    }

    fn add_busy(&mut self, moment: DateTime<Utc>, (number, start, length): (usize, i64, u32)) {
        let start = moment + TimeDelta::minutes(5 * start);
        if let Some(units) = self.occupancy.get_mut(&resource(number)) {
            units.busy.push(Interval::lasting(start, 5 * length).expect("a range"));
            units.busy.sort();
        }
    }
}
