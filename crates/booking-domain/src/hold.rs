//! Holds: the line for a slot, who is first in it, and the decisions that move it.
//!
//! Rooms compete when their slots need the same resource at overlapping times. Free units go to the earliest joined of the
//! competing sessions whose *whole* need is free; nobody reserves by waiting. Whatever frees a unit promotes.

pub mod change;
pub mod command;
pub mod contention;
mod correcting;
mod decide;
mod ending;
pub mod fixed_term;
mod lifecycle;
pub mod line;
pub mod live;
pub mod named;
pub mod surroundings;
pub mod term;
pub mod time_held;
pub mod wish;
pub mod working_set;

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::address::AddressKey;
use crate::allow::Allow;
use crate::availability::{Appointment, Owner, UnitRef};
use crate::booking::Booking;
use crate::hold::fixed_term::FixedTerm;
use crate::hold::time_held::TimeHeld;
use crate::id::{BookingId, EventTypeId, PresenceId, ResourceId};
use crate::interval::Interval;
use crate::invalid::Invalid;
use crate::limits;

/// Which slot of which event type: what names the room that sessions are in. As text: event type, start and minutes, joined by `~`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlotKey {
    /// Of which event type.
    pub event_type_id: EventTypeId,
    /// From when to when.
    pub slot: Interval,
}

impl Booking {
    /// The slot that it takes: it names the room in which it would have been held.
    pub const fn slot_key(&self) -> SlotKey {
        SlotKey { event_type_id: self.event_type_id, slot: self.slot }
    }
}

const ROOM_START: &str = "%Y%m%dT%H%MZ";

impl fmt::Display for SlotKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}~{}~{}", self.event_type_id, self.slot.start().format(ROOM_START), self.slot.minutes())
    }
}

impl FromStr for SlotKey {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let wrong = Invalid("must be a room as a heartbeat answered it");
        let mut parts = text.splitn(3, '~');
        let (Some(id), Some(start), Some(minutes)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(wrong);
        };
        let start = NaiveDateTime::parse_from_str(start, ROOM_START).map_err(|_| wrong)?.and_utc();
        let minutes = minutes.parse().ok().filter(|m| (1..=limits::DURATION_MINUTES_MAX).contains(m)).ok_or(wrong)?;
        let room = Self { event_type_id: id.parse().map_err(|_| wrong)?, slot: Interval::lasting(start, minutes)? };
        if room.to_string() == text { Ok(room) } else { Err(wrong) }
    }
}

/// The secret of one browser tab or API caller: a random UUIDv4 (RFC 9562, 5.4). It is never shown, stored or logged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SessionId(Uuid);

impl SessionId {
    /// The session id in this text.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match Uuid::try_parse(text) {
            Ok(uuid) if uuid.get_version_num() == 4 => Ok(Self(uuid)),
            _ => Err(Invalid("must be a random UUID (version 4)")),
        }
    }

    /// The secret itself, to be sent or hashed.
    pub const fn expose(self) -> Uuid {
        self.0
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionId(…)")
    }
}

/// What is kept of a session id: its SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionKey(pub [u8; 32]);

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionKey(…)")
    }
}

/// The pseudonym of one session in one room, so that nobody can follow a person from room to room.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pseudonym(pub String);

/// JSON that a session shows to its room: at most 1 KiB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomData(String);

impl RoomData {
    /// The JSON (RFC 8259) in this text.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.len() > limits::DATA_BYTES {
            return Err(Invalid("must be at most 1 KiB of JSON"));
        }
        match serde_json::from_str::<serde::de::IgnoredAny>(text) {
            Ok(_) => Ok(Self(text.to_owned())),
            Err(_) => Err(Invalid("must be JSON")),
        }
    }

    /// The JSON text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A session being in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presence {
    /// Its id; ids grow in the order of joining, so they are the line.
    pub id: PresenceId,
    /// Which room.
    pub room: SlotKey,
    /// Whose it is.
    pub session: SessionKey,
    /// Their pseudonym here.
    pub who: Pseudonym,
    /// Where they come from, when caps count it.
    pub address: Option<AddressKey>,
    /// The resource that must be among those taken.
    pub wanted: Option<ResourceId>,
    /// The booking that shall move here.
    pub moving: Option<BookingId>,
    /// The rules that an operator set aside for them.
    pub allow: Allow,
    /// What they show to the room.
    pub data: Option<RoomData>,
    /// When they joined.
    pub joined_at: DateTime<Utc>,
    /// When they are gone unless a heartbeat comes.
    pub expires_at: DateTime<Utc>,
    /// Why no heartbeat has to come until then; nothing when heartbeats are what counts.
    pub fixed_term: Option<FixedTerm>,
    /// Their hold; nothing while they wait.
    pub hold: Option<Hold>,
    /// Of what is held, the units that the booking which shall move has for the whole time already: nobody has to claim them.
    pub kept: Vec<UnitRef>,
    /// How long they, and others before them at their address, will have held overlapping times by their hold's deadline.
    pub held_by_deadline: TimeHeld,
}

/// The exclusive claim of a session on the units of its room's slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// When it ends even if heartbeats go on.
    pub deadline: DateTime<Utc>,
    /// Whether it was extended.
    pub extended: bool,
    /// Grows with each grant of the event type: the fencing token.
    pub version: i64,
    /// The resources held, in id order.
    pub resource_ids: Vec<ResourceId>,
}

impl Presence {
    /// What counts towards limits while it holds.
    pub const fn appointment(&self) -> Appointment {
        Appointment { start: self.room.slot.start(), owner: Owner::Hold(self.id), moving: self.moving }
    }

    /// Whether it has ended by itself: silent for too long, or its hold met the deadline.
    pub fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        self.ends_at() <= now
    }

    /// Whether its hold met the deadline.
    pub fn met_deadline(&self, now: DateTime<Utc>) -> bool {
        self.hold.as_ref().is_some_and(|hold| hold.deadline <= now)
    }

    /// Whether the deadline ends it, rather than silence. What comes first does, however late anybody looks.
    pub fn ends_by_deadline(&self) -> bool {
        self.hold.as_ref().is_some_and(|hold| hold.deadline <= self.expires_at)
    }

    /// When it ends by itself unless something happens.
    pub fn ends_at(&self) -> DateTime<Utc> {
        self.hold.as_ref().map_or(self.expires_at, |hold| hold.deadline.min(self.expires_at))
    }
}

/// Where a session stands in its room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The slot is theirs.
    Holding(Hold),
    /// They wait; 1 is next in line.
    Waiting {
        /// The place in the room's line, from 1.
        position: u32,
    },
}

/// What a heartbeat answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which room.
    pub room: SlotKey,
    /// The session's pseudonym here.
    pub who: Pseudonym,
    /// Where it stands.
    pub standing: Standing,
    /// When it is gone unless a heartbeat comes.
    pub expires_at: DateTime<Utc>,
    /// How many wait in this room.
    pub waiting: u32,
    /// For whoever waits: when those who hold this room now hold it at the latest, unless they extend or book it. Nothing where
    /// others are in the way.
    pub held_until: Option<DateTime<Utc>>,
    /// How often a heartbeat is expected, in milliseconds.
    pub heartbeat_interval_ms: u32,
}

/// Somebody in a room, as everybody may see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Present {
    /// Their pseudonym here.
    pub who: Pseudonym,
    /// Whether they hold; otherwise they wait.
    pub holding: bool,
    /// When they joined.
    pub joined_at: DateTime<Utc>,
    /// What they show to the room.
    pub data: Option<RoomData>,
}

/// Somebody in a room, as the organization's operator may see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LivePresence {
    /// Which room.
    pub room: SlotKey,
    /// Their pseudonym there.
    pub who: Pseudonym,
    /// Where they stand.
    pub standing: Standing,
    /// When they joined.
    pub joined_at: DateTime<Utc>,
    /// When they are gone unless a heartbeat comes.
    pub expires_at: DateTime<Utc>,
    /// What they show to the room.
    pub data: Option<RoomData>,
}

/// The settings of the hold protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoldRules {
    /// A session is gone when no heartbeat came for so long.
    pub ttl: TimeDelta,
    /// A hold ends so long after it was granted, unless its event type says otherwise.
    pub deadline: TimeDelta,
    /// Most live presences of one session; no cap when absent.
    pub presences_per_session: Option<u32>,
    /// Most live presences of one address, and whether what its sessions held counts for each of them; no cap when absent.
    pub presences_per_address: Option<u32>,
    /// Most sessions of one address that wait in one line; no cap when absent.
    pub waiting_per_address: Option<u32>,
}

impl Default for HoldRules {
    fn default() -> Self {
        Self {
            ttl: TimeDelta::milliseconds(12_500),
            deadline: TimeDelta::minutes(10),
            presences_per_session: Some(limits::PRESENCES_PER_SESSION),
            presences_per_address: Some(limits::PRESENCES_PER_ADDRESS),
            waiting_per_address: Some(limits::WAITING_PER_ADDRESS),
        }
    }
}

impl HoldRules {
    /// How often a heartbeat is expected: the ttl is two and a half intervals.
    pub fn heartbeat_interval_ms(&self) -> u32 {
        u32::try_from(self.ttl.num_milliseconds() * 2 / 5).unwrap_or(u32::MAX)
    }
}
