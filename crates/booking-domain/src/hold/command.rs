//! What can be asked of the line: each command is one thing that somebody does, or that time does.

use crate::address::AddressKey;
use crate::allow::Allow;
use crate::booking::correction::BookingChange;
use crate::booking::{Actor, Booking, Transition};
use crate::hold::{Place, Pseudonym, RoomData, SessionKey, SlotKey};
use crate::id::{BookingId, PresenceId, ResourceId};
use crate::text::Prose;
use chrono::TimeDelta;

/// A command. Pseudonyms come with it, so that the decision draws no random number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// A session says that it is in a room.
    Heartbeat(Heartbeat),
    /// A session leaves a room.
    Leave {
        /// Which room.
        room: SlotKey,
        /// Who leaves.
        session: SessionKey,
    },
    /// An operator ends somebody's presence in a room.
    Release {
        /// Which room.
        room: SlotKey,
        /// Whose, by the pseudonym there.
        who: Pseudonym,
        /// Why, as they are told.
        reason: Prose,
    },
    /// A session asks for more time.
    Extend {
        /// Which room.
        room: SlotKey,
        /// Whose hold.
        session: SessionKey,
    },
    /// A hold becomes a booking, or free units are booked.
    Book(Box<Book>),
    /// A booking moves to another time.
    Reschedule(Reschedule),
    /// A booking takes a step in its life.
    Step(Step),
    /// What a booking says is corrected.
    Correct(Box<Correct>),
    /// A booking gets another management token.
    RenewLink(RenewLink),
    /// Time has passed: what was asked for by these may have begun without an answer.
    DeclineUnanswered(Vec<BookingId>),
    /// Time has passed: these presences may have ended.
    Tick(Vec<PresenceId>),
    /// Something changed that may free units elsewhere, as an operator's edit does: look at everybody who waits in these rooms.
    Review(Vec<SlotKey>),
}

/// A session says that it is in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heartbeat {
    /// Which room.
    pub room: SlotKey,
    /// Who says so.
    pub session: SessionKey,
    /// The pseudonym if it joins now.
    pub who: Pseudonym,
    /// Where it comes from, when caps count it.
    pub address: Option<AddressKey>,
    /// The resource that must be among those taken.
    pub wanted: Option<ResourceId>,
    /// The booking that shall move there.
    pub moving: Option<BookingId>,
    /// The rules that are set aside; an operator may.
    pub allow: Allow,
    /// How long it may be away without another heartbeat; the ttl unless said.
    pub lease: Option<TimeDelta>,
    /// Who asks: an operator may be away for longer than a hold lasts.
    pub actor: Actor,
    /// What it shows to the room; what was there stays when absent.
    pub data: Option<RoomData>,
}

/// Somebody books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Book {
    /// The session whose hold it is.
    pub session: Option<SessionKey>,
    /// The resource that must be among those taken.
    pub wanted: Option<ResourceId>,
    /// The rules that are set aside; an operator may.
    pub allow: Allow,
    /// The booking as it shall be; the decision fills in the resources.
    pub booking: Booking,
    /// Who asks; the bookings of bookers are counted.
    pub actor: Actor,
    /// Where they come from, when caps count it.
    pub address: Option<AddressKey>,
}

/// A booking moves to another time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reschedule {
    /// Which booking.
    pub booking_id: BookingId,
    /// Where to.
    pub room: SlotKey,
    /// The session that holds the new time, if one does.
    pub session: Option<SessionKey>,
    /// The resource that must be among those taken from now on; the one that was asked for unless said.
    pub wanted: Option<ResourceId>,
    /// The rules that are set aside; an operator may.
    pub allow: Allow,
    /// The version that the caller read, if it matters.
    pub version: Option<i64>,
    /// Why.
    pub reason: Prose,
    /// Who asks.
    pub actor: Actor,
}

/// A booking takes a step in its life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which booking.
    pub booking_id: BookingId,
    /// Which step.
    pub transition: Transition,
    /// The version that the caller read, if it matters.
    pub version: Option<i64>,
    /// Why.
    pub reason: Prose,
    /// Who asks.
    pub actor: Actor,
}

/// What a booking says is corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correct {
    /// Which booking.
    pub booking_id: BookingId,
    /// What changes.
    pub change: BookingChange,
    /// The version that the caller read, if it matters.
    pub version: Option<i64>,
    /// Who asks.
    pub actor: Actor,
}

/// A booking gets another management token: whoever has the one before it has none any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenewLink {
    /// Which booking.
    pub booking_id: BookingId,
    /// The version that the caller read, if it matters.
    pub version: Option<i64>,
    /// Who asks.
    pub actor: Actor,
}

/// The answer to a command that was not refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// To a heartbeat or an extension.
    Place(Place),
    /// To a booking, and to whatever changes one.
    Booking(Box<Booking>),
    /// To everything else.
    Done,
}
