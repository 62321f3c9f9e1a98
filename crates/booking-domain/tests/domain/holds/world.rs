//! A small world to hold times in: resources, offers and a clock, with short names for what people do.

use std::sync::Arc;

use booking_domain::address::AddressKey;
use booking_domain::allow::Allow;
use booking_domain::availability::{Offer, Owner, Units};
use booking_domain::booking::{Actor, Booker, Booking, BookingStatus, Transition};
use booking_domain::event_type::{Durations, EventTypeSpec, PeriodLimits, Requirement};
use booking_domain::hold::change::{Change, Departure};
use booking_domain::hold::command::{Book, Command, Heartbeat, Outcome, Reschedule, Step};
use booking_domain::hold::working_set::{DecisionContext, WorkingSet};
use booking_domain::hold::{Hold, HoldRules, Place, Presence, Pseudonym, SessionKey, SlotKey, Standing};
use booking_domain::id::{BookingId, EventTypeId, PresenceId, ResourceId, ScheduleId};
use booking_domain::interval::Interval;
use booking_domain::refusal::Refusal;
use booking_domain::schedule::{Hours, Stamp, Window};
use booking_domain::text::{Email, Name, Prose, Slug};
use booking_domain::{DateTime, Utc};
use chrono::{TimeDelta, TimeZone};
use uuid::Uuid;

/// Two days before the slots: a Monday.
pub(super) fn monday() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2027, 3, 8, 8, 0, 0).unwrap()
}

/// The day of the slots: a Wednesday.
pub(super) fn slot(hour: u32, minute: u32, minutes: u32) -> Interval {
    Interval::lasting(Utc.with_ymd_and_hms(2027, 3, 10, hour, minute, 0).unwrap(), minutes).unwrap()
}

pub(super) fn resource(n: u8) -> ResourceId {
    ResourceId::new(Uuid::from_u128(n.into()))
}

pub(super) fn event_type(n: u8) -> EventTypeId {
    EventTypeId::new(Uuid::from_u128(n.into()))
}

pub(super) fn session(n: u8) -> SessionKey {
    SessionKey([n; 32])
}

pub(super) fn address(n: u8) -> AddressKey {
    AddressKey::from(std::net::IpAddr::from([192, 0, 2, n]))
}

/// An hour of event type 1 that starts then.
pub(super) fn hour_at(hour: u32, minute: u32) -> SlotKey {
    room(1, hour, minute, 60)
}

pub(super) fn room(event_type_number: u8, hour: u32, minute: u32, minutes: u32) -> SlotKey {
    SlotKey { event_type_id: event_type(event_type_number), slot: slot(hour, minute, minutes) }
}

/// "`count` of these resources".
pub(super) type Need<'a> = (i64, &'a [u8]);

/// What is offered around the clock on a grid of a quarter of an hour, unless `change` says otherwise.
pub(super) fn offer(n: u8, needs: &[Need<'_>], change: impl FnOnce(&mut EventTypeSpec)) -> Offer {
    let need =
        |(count, ids): &Need<'_>| Requirement::new(*count, ids.iter().map(|id| resource(*id)).collect()).unwrap();
    let mut spec = EventTypeSpec {
        slug: Slug::parse(&format!("kind-{n}")).unwrap(),
        title: Name::parse(&format!("Kind {n}")).unwrap(),
        description: Prose::default(),
        durations: Durations::new(&[30, 60, 90]).unwrap(),
        slot_interval_minutes: Some(15),
        buffer_before_minutes: 0,
        buffer_after_minutes: 0,
        min_notice_minutes: 0,
        horizon_days: 731,
        schedule_id: ScheduleId::new(Uuid::nil()),
        requirements: needs.iter().map(need).collect(),
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
    change(&mut spec);
    let weekly = std::array::from_fn(|_| vec![Window::new(0, 1440).unwrap()]);
    let hours = Hours { time_zone: chrono_tz::UTC, weekly, overrides: std::collections::BTreeMap::new() };
    Offer { event_type_id: event_type(n), spec, hours }
}

/// A heartbeat with nothing special about it.
pub(super) fn beat(session_number: u8, room: SlotKey) -> Heartbeat {
    Heartbeat {
        room,
        session: session(session_number),
        who: Pseudonym(format!("who-{session_number}")),
        address: None,
        wanted: None,
        moving: None,
        allow: Allow::NOTHING,
        lease: None,
        actor: Actor::Booker,
        data: None,
    }
}

/// A booking as it is asked for.
pub(super) fn booking(n: u128, room: SlotKey, now: DateTime<Utc>) -> Booking {
    Booking {
        id: BookingId::new(Uuid::from_u128(n)),
        event_type_id: room.event_type_id,
        event_type_title: Name::parse("Lesson").unwrap(),
        status: BookingStatus::Confirmed,
        slot: room.slot,
        time_zone: chrono_tz::UTC,
        resources: Vec::new(),
        wanted: None,
        booker: Booker {
            name: Name::parse("Ada").unwrap(),
            email: Some(Email::parse("ada@example.org").unwrap()),
            phone: None,
            notes: Prose::default(),
        },
        answers: std::collections::BTreeMap::new(),
        location: None,
        ended_reason: None,
        staff_notes: Prose::default(),
        calendar_sequence: 0,
        stamp: Stamp { created_at: now, updated_at: now, version: 1 },
    }
}

/// A working set with a clock, and what the last command changed.
pub(super) struct World {
    pub working_set: WorkingSet,
    pub rules: HoldRules,
    pub now: DateTime<Utc>,
    pub changes: Vec<Change>,
    next_id: u128,
}

impl World {
    /// One resource of one unit, and event type 1 that takes it.
    pub(super) fn of_one_room() -> Self {
        Self::new().with_resource(1, 1).with_offer(offer(1, &[(1, &[1])], |_| {}))
    }

    pub(super) fn new() -> Self {
        let rules = HoldRules::default();
        Self { working_set: WorkingSet::default(), rules, now: monday(), changes: Vec::new(), next_id: 1 }
    }

    pub(super) fn with_resource(mut self, n: u8, capacity: u32) -> Self {
        let units = Units { capacity, active: true, ..Units::default() };
        self.working_set.occupancy.insert(resource(n), units);
        self.working_set.names.insert(resource(n), Name::parse(&format!("Resource {n}")).unwrap());
        self
    }

    pub(super) fn with_offer(mut self, offer: Offer) -> Self {
        self.working_set.offers.insert(offer.event_type_id, Arc::new(offer));
        self
    }

    pub(super) fn pass(&mut self, time: TimeDelta) {
        self.now += time;
    }

    /// Lets time pass while these sessions go on saying that they are there.
    pub(super) fn pass_with(&mut self, time: TimeDelta, present: &[(u8, SlotKey)]) {
        let until = self.now + time;
        while self.now < until {
            self.now = until.min(self.now + TimeDelta::seconds(5));
            for (session_number, room) in present {
                let _ = self.beats(*session_number, *room);
            }
        }
    }

    pub(super) fn decide(&mut self, command: &Command) -> Result<Outcome, Refusal> {
        self.next_id += 1;
        let newcomer = PresenceId::new(Uuid::from_u128(self.next_id));
        let outcome = self.working_set.decide(command, DecisionContext { rules: &self.rules, now: self.now, newcomer });
        self.changes = self.working_set.take_changes();
        if let (Command::Book(_), Ok(Outcome::Booking(booking))) = (command, &outcome) {
            self.working_set.bookings.insert(booking.id, (**booking).clone());
        }
        outcome
    }

    pub(super) fn heartbeat(&mut self, beat: Heartbeat) -> Result<Place, Refusal> {
        match self.decide(&Command::Heartbeat(beat))? {
            Outcome::Place(place) => Ok(place),
            other => panic!("a heartbeat answers a place, not {other:?}"),
        }
    }

    pub(super) fn beats(&mut self, session_number: u8, room: SlotKey) -> Result<Place, Refusal> {
        self.heartbeat(beat(session_number, room))
    }

    /// Heartbeats that must not be refused, one session after the other.
    pub(super) fn all_beat(&mut self, sessions: &[u8], room: SlotKey) {
        sessions.iter().for_each(|session| drop(self.beats(*session, room).unwrap()));
    }

    pub(super) fn leaves(&mut self, session_number: u8, room: SlotKey) {
        self.decide(&Command::Leave { room, session: session(session_number) }).unwrap();
    }

    pub(super) fn extends(&mut self, session_number: u8, room: SlotKey) -> Result<Place, Refusal> {
        match self.decide(&Command::Extend { room, session: session(session_number) })? {
            Outcome::Place(place) => Ok(place),
            other => panic!("an extension answers a place, not {other:?}"),
        }
    }

    /// Ends whoever is overdue.
    pub(super) fn ticks(&mut self) {
        let due = self.working_set.presences.keys().copied().collect();
        self.decide(&Command::Tick(due)).unwrap();
    }

    pub(super) fn books(&mut self, by: impl Into<Option<u8>>, room: SlotKey) -> Result<Booking, Refusal> {
        self.books_wanting(by, room, None)
    }

    pub(super) fn books_pending(&mut self, by: impl Into<Option<u8>>, room: SlotKey) -> Booking {
        let mut booking = booking(1_000_000 + self.next_id, room, self.now);
        booking.status = BookingStatus::Pending;
        let session = by.into().map(session);
        let book = Book { session, wanted: None, allow: Allow::NOTHING, booking, actor: Actor::Booker, address: None };
        self.booking_from(&Command::Book(Box::new(book))).unwrap()
    }

    pub(super) fn books_wanting(
        &mut self,
        by: impl Into<Option<u8>>,
        room: SlotKey,
        wanted: Option<u8>,
    ) -> Result<Booking, Refusal> {
        let booking = booking(1_000_000 + self.next_id, room, self.now);
        let (session, wanted) = (by.into().map(session), wanted.map(resource));
        self.booking_from(&Command::Book(Box::new(Book {
            session,
            wanted,
            allow: Allow::NOTHING,
            booking,
            actor: Actor::Booker,
            address: None,
        })))
    }

    pub(super) fn reschedules(
        &mut self,
        booking: &Booking,
        room: SlotKey,
        by: impl Into<Option<u8>>,
    ) -> Result<Booking, Refusal> {
        self.reschedules_wanting(booking, room, (by.into(), None))
    }

    pub(super) fn reschedules_wanting(
        &mut self,
        booking: &Booking,
        room: SlotKey,
        (by, wanted): (Option<u8>, Option<u8>),
    ) -> Result<Booking, Refusal> {
        self.booking_from(&Command::Reschedule(Reschedule {
            booking_id: booking.id,
            room,
            session: by.map(session),
            wanted: wanted.map(resource),
            allow: Allow::NOTHING,
            version: None,
            reason: Prose::default(),
            actor: Actor::Booker,
        }))
    }

    pub(super) fn steps(&mut self, booking: &Booking, transition: Transition) -> Result<Booking, Refusal> {
        self.booking_from(&Command::Step(Step {
            booking_id: booking.id,
            transition,
            version: None,
            reason: Prose::default(),
            actor: Actor::Operator,
        }))
    }

    fn booking_from(&mut self, command: &Command) -> Result<Booking, Refusal> {
        match self.decide(command)? {
            Outcome::Booking(booking) => Ok(*booking),
            other => panic!("a booking was asked for, not {other:?}"),
        }
    }

    pub(super) fn presence(&self, session_number: u8, room: SlotKey) -> Option<&Presence> {
        self.working_set.presences.values().find(|p| p.room == room && p.session == session(session_number))
    }

    pub(super) fn hold(&self, session_number: u8, room: SlotKey) -> Option<&Hold> {
        self.presence(session_number, room)?.hold.as_ref()
    }

    pub(super) fn holds(&self, session_number: u8, room: SlotKey) -> bool {
        self.hold(session_number, room).is_some()
    }

    pub(super) fn waits(&self, session_number: u8, room: SlotKey) -> bool {
        self.presence(session_number, room).is_some_and(|p| p.hold.is_none())
    }

    /// Who departed by the last command, and why.
    pub(super) fn departures(&self) -> Vec<(u8, Departure)> {
        let departed = self.changes.iter().filter_map(|change| match change {
            Change::Departed(presence, why) => Some((presence.session.0[0], why.clone())),
            _ => None,
        });
        departed.collect()
    }

    /// How many claims each owner has.
    pub(super) fn claims_of(&self, owner: Owner) -> usize {
        self.working_set.occupancy.values().flat_map(|units| &units.claims).filter(|claim| claim.owner == owner).count()
    }
}

/// The position in line, if the place is one.
pub(super) fn position(place: Result<Place, Refusal>) -> Option<u32> {
    match place.ok()?.standing {
        Standing::Waiting { position } => Some(position),
        Standing::Holding(_) => None,
    }
}

/// The hold, if the place has one.
pub(super) fn held(place: Result<Place, Refusal>) -> Option<Hold> {
    match place.ok()?.standing {
        Standing::Holding(hold) => Some(hold),
        Standing::Waiting { .. } => None,
    }
}

pub(super) const fn seconds(n: i64) -> TimeDelta {
    TimeDelta::seconds(n)
}

pub(super) const fn minutes(n: i64) -> TimeDelta {
    TimeDelta::minutes(n)
}
