//! Availability: what is offered, and why not. One function judges a slot, whether it is listed, explained, held or booked.
//!
//! The rules, by number:
//!
//! 1. Ranges are half-open, in UTC, in whole minutes.
//! 2. **Open hours.** A slot lies in the hours of the event type's schedule, and in those of each resource that serves it; a
//!    resource without hours of its own is always there, but for its blocks. An instant is open if its local wall-clock time is inside a window of its local date. The hour that does not
//!    exist in spring is never open; the hour that happens twice in autumn is open twice. An override replaces the weekly hours of
//!    its date. A window may end on the next date; it belongs to the date on which it begins, so that an override of the next one
//!    does not touch it. Windows that overlap or touch, over midnight too, join.
//! 3. **Grid.** A start is offered if its local wall-clock time is a window's start plus a whole number of intervals.
//! 4. **Fit.** `[start, start + duration)` lies in open hours, which may be several joined windows.
//! 5. **Notice and horizon.** `start >= now + min_notice`, exact to the second; the start's local date is at most today +
//!    `horizon_days`.
//! 6. **Buffers.** A claim blocks `[start - before, end + after)`; two blocked ranges may not overlap on a unit. Blocks, and times
//!    that an outside calendar calls busy, count without buffers of their own.
//! 7. **Capacity.** A resource offers a slot if *one* of its units is free for the whole blocked range. Where it has lost units under
//!    its bookings, these still count: with the slot, no more claims than units stand at any moment.
//! 8. **Requirements.** Every requirement finds `count` distinct resources among its own, each with a free unit. Which is taken
//!    when several could be: fewest claims in that local week, then the one whose last claim before the slot began longest ago
//!    (never: longest of all), then id. What took place counts as what will.
//! 9. **Limits.** Bookings per local day, week (Monday first) or month, counting pending and confirmed ones and others' holds.
//! 10. A slot listed and a slot accepted are judged by one function; `explain` returns every rule that says no.
//!
//! **What remains** of one time is how many slots of it can be taken one after another, each as the door would take it. It is counted
//! up to 99 (`limits::REMAINING_MAX`). Where requirements share resources, or choose several that have several units, thousands of
//! claims and hundreds of resources lower that number (`limits::COUNTING_WORK`), never below `limits::REMAINING_LEAST`.
//!
//! **Cost.** A list goes once along its starts (at most one a minute, 89,280 in 62 days), and looks at units only where some come or
//! go: `serving` says what that costs, `matching` what a choice costs, `free_units` and `grid` what the rest does. All of it is
//! counted in steps of some nanoseconds, and a question that would take more than `limits::LISTING_WORK` is refused.
//!
//! Zones and their rules are the IANA time-zone database's, as compiled into `chrono-tz`.

mod explaining;
mod fitting;
mod free_units;
mod freshness;
mod grid;
mod group;
mod judging;
mod levels;
mod listing;
mod loads;
mod matching;
mod needs;
mod obstacles;
mod offer;
mod open_hours;
mod packed;
mod reasons;
mod sentences;
mod serving;
mod state;
mod tally;
mod turns;
mod wall_clock;
mod windows;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::allow::Allow;
use crate::event_type::EventTypeSpec;
use crate::finding::Finding;
use crate::id::{BookingId, EventTypeId, PresenceId, ResourceId};
use crate::interval::Interval;
use crate::refusal::Refusal;
use crate::schedule::Hours;

pub use self::fitting::OpenTimes;
pub use self::packed::PackedSlots;

/// What an event type offers, with all that the rules need to know besides who has taken what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Which event type.
    pub event_type_id: EventTypeId,
    /// Its rules.
    pub spec: EventTypeSpec,
    /// Its schedule's hours.
    pub hours: Hours,
}

/// Who takes a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// A hold.
    Hold(PresenceId),
    /// A booking.
    Booking(BookingId),
}

/// One unit of one resource, taken for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Which unit, from 1.
    pub unit: u32,
    /// The appointment itself.
    pub slot: Interval,
    /// The appointment with its buffers; blocked ranges on one unit never overlap.
    pub blocked: Interval,
    /// Who takes it.
    pub owner: Owner,
}

/// One resource, and who has taken what of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Units {
    /// How many units there are.
    pub capacity: u32,
    /// Whether the resource can be booked now.
    pub active: bool,
    /// When the resource is there; always unless said.
    pub hours: Option<Arc<Hours>>,
    /// The claims, in order of `blocked.start()`. Those of units beyond the capacity are of units that the resource has lost.
    pub claims: Vec<Claim>,
    /// When it is closed for a while, all units at once: blocks, and what an outside calendar says. In order of start.
    pub busy: Vec<Interval>,
}

/// The resources that a question concerns, by id.
pub type Occupancy = BTreeMap<ResourceId, Units>;

/// An appointment of the event type that counts towards its limits: a pending or confirmed booking, or a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appointment {
    /// When it starts.
    pub start: DateTime<Utc>,
    /// Whose it is.
    pub owner: Owner,
    /// Of a hold, the booking that shall move there: where both would count towards one limit, one of them does.
    pub moving: Option<BookingId>,
}

impl Appointment {
    /// That of a booking.
    pub const fn of_booking(booking: BookingId, start: DateTime<Utc>) -> Self {
        Self { start, owner: Owner::Booking(booking), moving: None }
    }
}

/// Under which conditions a slot is judged, beside the rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conditions<'a> {
    /// The resource that must be among those taken.
    pub wanted: Option<ResourceId>,
    /// Whose claims and appointments are not in the way: one's own hold, or the booking that moves.
    pub own: &'a [Owner],
    /// The resources that are kept where they are free, once for each unit, the first before the others.
    pub kept: &'a [ResourceId],
    /// The rules that an operator sets aside.
    pub allow: Allow,
}

/// All that a question about availability is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// What is offered.
    pub offer: &'a Offer,
    /// Who has taken what of the resources that the offer may take.
    pub occupancy: &'a Occupancy,
    /// What counts towards the limits; may be empty when there are none.
    pub appointments: &'a [Appointment],
    /// The current time.
    pub now: DateTime<Utc>,
}

/// One unit of one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnitRef {
    /// Which resource.
    pub resource_id: ResourceId,
    /// Which of its units, from 1.
    pub unit: u32,
}

/// The judgement of one slot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Every rule that says no, in the order of `Reason`, each once; empty when the slot can be taken now.
    pub findings: Vec<Finding>,
    /// The units to take, in resource order; empty unless the slot can be taken now.
    pub units: Vec<UnitRef>,
    /// The holds that are in the way; not empty exactly when `Reason::Held` is among the findings.
    pub held_by: Vec<PresenceId>,
}

/// Whether a slot can be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SlotState {
    /// It can be taken now.
    Free,
    /// Only holds are in the way.
    Held,
    /// Bookings are in the way. Not listed; told to those who watch.
    Booked,
    /// Not offered any more for another reason. Not listed; told to those who watch.
    Absent,
}

impl SlotState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Free, Self::Held, Self::Booked, Self::Absent];

    /// The name in the contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Held => "held",
            Self::Booked => "booked",
            Self::Absent => "absent",
        }
    }

    /// The state of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// A slot as lists show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slot {
    /// From when to when.
    pub interval: Interval,
    /// Whether it can be taken.
    pub state: SlotState,
    /// How many could still take it now, one after another; 0 unless free. At most `limits::REMAINING_MAX`: so many, and more.
    pub remaining: u32,
}

/// A day as a month shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// The date in the viewer's zone.
    pub date: NaiveDate,
    /// How many slots that start on it are free.
    pub free: u32,
    /// How many are held.
    pub held: u32,
}

/// Which slots are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SlotSearch {
    /// Of which event type.
    pub event_type_id: EventTypeId,
    /// The first date, in `time_zone`.
    pub from: NaiveDate,
    /// The last date, in `time_zone`, included; at most 62 dates in all.
    pub to: NaiveDate,
    /// How long, in minutes; the shortest unless said.
    pub duration_minutes: Option<u32>,
    /// The viewer's zone, which bounds the dates; it does not move the grid.
    pub time_zone: Tz,
    /// Only slots that this resource can serve.
    pub resource_id: Option<ResourceId>,
    /// As if this booking were not there: it shall move.
    pub moving: Option<BookingId>,
    /// The rules that are set aside for it.
    pub allow: Allow,
}

/// Which slots of a scene are asked for, and how much may be done to find them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotsAsked {
    /// Those that start then.
    pub range: Interval,
    /// Those of this length.
    pub duration_minutes: u32,
    /// Only those that this resource can serve.
    pub wanted: Option<ResourceId>,
    /// As if this booking were not there.
    pub moving: Option<BookingId>,
    /// The rules that are set aside.
    pub allow: Allow,
    /// Whether it matters how many could take each; if not, a free slot says that 1 can.
    pub counted: bool,
    /// How many steps it may take: `limits::LISTING_WORK`, or fewer.
    pub work: u64,
}

/// A question takes more steps than it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("asks for more computing than one call may take; ask for fewer days")]
pub struct TooMuchWork;

impl From<TooMuchWork> for Refusal {
    fn from(error: TooMuchWork) -> Self {
        Self::field("to", error.to_string())
    }
}

/// Why a slot can or cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Every rule that says no; empty when it can be taken.
    pub findings: Vec<Finding>,
}
