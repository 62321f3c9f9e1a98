//! A small studio to book: two rooms, one schedule, one event type; and everything that may happen in it.

use booking_component::secret::Digest;
use booking_component::store::changes::Extras;
use booking_component::store::organizations::StoredOrganization;
use booking_component::store::{Tx, bookings, changes, event_types, organizations, resources, schedules};
use booking_domain::allow::Allow;
use booking_domain::availability::{Claim, Owner};
use booking_domain::booking::{BookedResource, Booker, Booking, BookingStatus, HistoryEntry};
use booking_domain::event_type::{Durations, EventType, EventTypeSpec, PeriodLimits, Requirement};
use booking_domain::hold::change::{Cooldown, NetChanges};
use booking_domain::hold::time_held::TimeHeld;
use booking_domain::hold::{Hold, Presence, Pseudonym, SessionKey, SlotKey};
use booking_domain::id::{BookingId, EventTypeId, OrganizationId, PresenceId, ResourceId, ScheduleId};
use booking_domain::interval::Interval;
use booking_domain::organization::OrganizationSpec;
use booking_domain::page::PageRequest;
use booking_domain::request::ListHistory;
use booking_domain::resource::{Capacity, Resource, ResourceKind, ResourceSpec};
use booking_domain::schedule::{Hours, Schedule, ScheduleSpec, Stamp, Window};
use booking_domain::text::{Email, Name, Prose, Slug};
use booking_domain::{DateTime, Utc};
use chrono::TimeDelta;
use uuid::Uuid;

use super::stores::Place;

/// The epoch of these tests: Monday, 4 January 2027, 00:00 UTC.
pub(crate) fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_799_020_800 + minutes * 60, 0).unwrap()
}

/// A range in minutes of the epoch.
pub(crate) fn span(from: i64, to: i64) -> Interval {
    Interval::new(at(from), at(to)).unwrap()
}

pub(crate) fn uuid(n: u64) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + u128::from(n))
}

pub(crate) fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

pub(crate) fn prose(text: &str) -> Prose {
    Prose::parse(text).unwrap()
}

pub(crate) fn stamp() -> Stamp {
    Stamp { created_at: at(0), updated_at: at(0), version: 1 }
}

/// An organization with ids of its own, so that several fit one database.
#[derive(Clone, Copy)]
pub(crate) struct Studio {
    pub organization: OrganizationId,
    pub rooms: [ResourceId; 2],
    pub schedule: ScheduleId,
    pub event_type: EventTypeId,
    /// From which number on its ids are.
    base: u64,
}

/// The studio that most tests book.
pub(crate) const STUDIO: u64 = 1_000_000;
/// Another tenant.
pub(crate) const NEIGHBOUR: u64 = 2_000_000;

impl Studio {
    pub(crate) fn new(base: u64) -> Self {
        Self {
            organization: OrganizationId::new(uuid(base)),
            rooms: [ResourceId::new(uuid(base + 1)), ResourceId::new(uuid(base + 2))],
            schedule: ScheduleId::new(uuid(base + 3)),
            event_type: EventTypeId::new(uuid(base + 4)),
            base,
        }
    }

    /// Puts it into the store.
    pub(crate) async fn insert(base: u64, tx: &mut Tx) -> Self {
        let studio = Self::new(base);
        organizations::insert(tx, &studio.organization()).await.unwrap();
        for room in studio.rooms {
            resources::insert(tx, studio.organization, &resource(room)).await.unwrap();
        }
        schedules::insert(tx, studio.organization, &schedule(studio.schedule)).await.unwrap();
        event_types::insert(tx, studio.organization, &studio.event_type()).await.unwrap();
        studio
    }

    pub(crate) fn organization(&self) -> StoredOrganization {
        let slug = Slug::parse(&format!("studio-{}", self.base)).unwrap();
        let spec = OrganizationSpec::named(name("Studio"));
        StoredOrganization { id: self.organization, slug, spec, catalog_version: 0, stamp: stamp() }
    }

    pub(crate) fn event_type(&self) -> EventType {
        EventType { id: self.event_type, spec: self.spec("session"), stamp: stamp() }
    }

    pub(crate) fn spec(&self, slug: &str) -> EventTypeSpec {
        EventTypeSpec {
            slug: Slug::parse(slug).unwrap(),
            title: name("Session"),
            description: prose("An hour.\nOr two."),
            durations: Durations::new(&[30, 60]).unwrap(),
            slot_interval_minutes: None,
            buffer_before_minutes: 0,
            buffer_after_minutes: 15,
            min_notice_minutes: 0,
            horizon_days: 60,
            schedule_id: self.schedule,
            requirements: vec![Requirement::new(1, self.rooms.to_vec()).unwrap()],
            limits: PeriodLimits { per_day: Some(3), ..PeriodLimits::default() },
            requires_confirmation: false,
            hold_deadline_minutes: None,
            location: None,
            questions: Vec::new(),
            active: true,
            cancel_until_minutes: None,
            move_until_minutes: None,
            reconfirm_moves: true,
        }
    }

    pub(crate) fn presence(&self, n: u64, slot: Interval) -> Presence {
        Presence {
            moving: None,
            allow: Allow::NOTHING,
            fixed_term: None,
            kept: Vec::new(),
            id: PresenceId::new(uuid(self.base + 1_000 + n)),
            room: SlotKey { event_type_id: self.event_type, slot },
            session: session(n),
            who: Pseudonym(format!("guest-{n}")),
            address: Some(address(n)),
            wanted: None,
            data: None,
            joined_at: at(0) + TimeDelta::milliseconds(n.cast_signed()),
            expires_at: at(1),
            hold: None,
            held_by_deadline: TimeHeld::default(),
        }
    }

    pub(crate) fn holder(&self, n: u64, slot: Interval, resource: ResourceId) -> (Presence, (ResourceId, Claim)) {
        let hold = Hold { deadline: at(10), extended: false, version: 1, resource_ids: vec![resource] };
        let presence = Presence { hold: Some(hold), held_by_deadline: held(n), ..self.presence(n, slot) };
        let claim = Claim { unit: 1, slot, blocked: slot, owner: Owner::Hold(presence.id) };
        (presence, (resource, claim))
    }

    pub(crate) fn booking(&self, n: u64, slot: Interval) -> Booking {
        Booking {
            id: self.booking_id(n),
            event_type_id: self.event_type,
            event_type_title: name("Session"),
            status: BookingStatus::Confirmed,
            slot,
            time_zone: chrono_tz::Europe::Berlin,
            wanted: None,
            resources: vec![BookedResource { id: self.rooms[0], name: name("Room") }],
            booker: Booker {
                name: name("Ada Lovelace"),
                email: Some(Email::parse("Ada@Example.org").unwrap()),
                phone: None,
                notes: prose(""),
            },
            answers: Default::default(),
            location: None,
            ended_reason: None,
            staff_notes: prose(""),
            calendar_sequence: 0,
            stamp: stamp(),
        }
    }

    pub(crate) fn booking_id(&self, n: u64) -> BookingId {
        BookingId::new(uuid(self.base + 100_000 + n))
    }

    pub(crate) fn booked(&self, booking: &Booking) -> (ResourceId, Claim) {
        (self.rooms[0], Claim { unit: 1, slot: booking.slot, blocked: booking.slot, owner: Owner::Booking(booking.id) })
    }

    pub(crate) fn cooldown(&self, n: u64, slot: Interval) -> Cooldown {
        let Presence { id, room, session, address, .. } = self.presence(n, slot);
        Cooldown {
            released: None,
            presence_id: id,
            room,
            session,
            address,
            held: held(n),
            extended: n.is_multiple_of(2),
            until: at(20),
            told: false,
        }
    }

    /// Saves a net with a token for each booking it makes.
    pub(crate) async fn save(&self, tx: &mut Tx, net: &NetChanges) -> Result<(), booking_component::store::StoreError> {
        changes::save(tx, self.organization, net, &extras(net)).await
    }

    /// The same in a transaction of its own.
    pub(crate) async fn save_in(&self, place: &Place, net: NetChanges) {
        let mut tx = place.write().await;
        self.save(&mut tx, &net).await.unwrap();
        tx.commit().await.unwrap();
    }
}

pub(crate) fn extras(net: &NetChanges) -> Extras {
    let token = |booking: &Booking| (booking.id, Digest([booking.id.uuid().as_bytes()[15]; 32]));
    Extras { token_hashes: net.made.iter().map(token).collect(), ..Extras::default() }
}

pub(crate) fn session(n: u64) -> SessionKey {
    let mut key = [7; 32];
    key[..8].copy_from_slice(&n.to_be_bytes());
    SessionKey(key)
}

/// Some time, another one for each number.
fn held(n: u64) -> TimeHeld {
    let minutes = TimeDelta::minutes(n.cast_signed());
    TimeHeld { by_session: minutes, by_address: minutes * 2 }
}

pub(crate) fn address(n: u64) -> booking_domain::address::AddressKey {
    let last = u8::try_from(n % 3).unwrap();
    std::net::IpAddr::from([192, 0, 2, last]).into()
}

pub(crate) fn resource(id: ResourceId) -> Resource {
    let spec = ResourceSpec {
        name: name("Room"),
        kind: ResourceKind::Room,
        time_zone: chrono_tz::Europe::Berlin,
        schedule_id: None,
        capacity: Capacity::ONE,
        description: prose("Upstairs"),
        active: true,
    };
    Resource { id, spec, stamp: stamp() }
}

pub(crate) fn schedule(id: ScheduleId) -> Schedule {
    let day = vec![Window::new(9 * 60, 17 * 60).unwrap()];
    let mut hours = Hours {
        time_zone: chrono_tz::Europe::Berlin,
        weekly: std::array::from_fn(|_| day.clone()),
        overrides: Default::default(),
    };
    hours.overrides.insert(at(0).date_naive(), Vec::new());
    Schedule { id, spec: ScheduleSpec { name: name("Weekdays"), hours }, stamp: stamp() }
}

/// All that happened to a booking.
pub(crate) async fn history_of(tx: &mut Tx, organization: OrganizationId, id: BookingId) -> Vec<HistoryEntry> {
    let asked = ListHistory { id, page: PageRequest::longest() };
    bookings::history(tx, organization, &asked).await.unwrap().items
}
