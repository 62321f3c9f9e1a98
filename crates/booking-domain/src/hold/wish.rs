//! What a session wants in a room, and how its lease goes on.

use chrono::{DateTime, TimeDelta, Utc};

use crate::allow::Allow;
use crate::availability::Owner;
use crate::booking::Booking;
use crate::finding::Reason;
use crate::hold::command::{Book, Heartbeat};
use crate::hold::fixed_term::FixedTerm;
use crate::hold::{Presence, RoomData, SlotKey};
use crate::id::{BookingId, ResourceId};

/// A room as one who looks at it wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wish {
    /// Which room.
    pub room: SlotKey,
    /// The resource that must be among those taken.
    pub wanted: Option<ResourceId>,
    /// The booking that shall move there: it is judged as if that were not where it is.
    pub moving: Option<BookingId>,
    /// The rules that an operator sets aside.
    pub allow: Allow,
}

impl Wish {
    /// The room, with nothing special about it.
    pub const fn plain(room: SlotKey) -> Self {
        Self { room, wanted: None, moving: None, allow: Allow::NOTHING }
    }

    /// The same, of who moves this booking. Its own length stays allowed to it, whatever is on offer by now, and who was asked for is
    /// wanted unless somebody else is.
    #[must_use]
    pub fn of_move(self, booking: &Booking) -> Self {
        let allow = self.allow.and_all(booking.allowed_length(self.room.slot.minutes()));
        Self { wanted: self.wanted.or(booking.wanted), moving: Some(booking.id), allow, ..self }
    }

    /// Whether whoever asks for this is where this wish is met already. The length that a booking has stays allowed to it when it
    /// moves, and who was asked for stays wanted, without being asked for again.
    pub fn is_met_by(&self, asked: &Self) -> bool {
        let wanted = asked.wanted.or(self.wanted.filter(|_| self.moving.is_some()));
        let own_length = self.moving.is_some() && self.allow.sets_aside(Reason::Duration);
        let allow = if own_length { asked.allow.and(Reason::Duration) } else { asked.allow };
        *self == Self { wanted, allow, ..*asked }
    }

    /// What of the booking that moves is not in the way.
    pub fn moved(self) -> Option<Owner> {
        self.moving.map(Owner::Booking)
    }
}

impl Presence {
    /// What it is here for.
    pub const fn wish(&self) -> Wish {
        Wish { room: self.room, wanted: self.wanted, moving: self.moving, allow: self.allow }
    }
}

impl Heartbeat {
    /// What it asks for.
    pub const fn wish(&self) -> Wish {
        Wish { room: self.room, wanted: self.wanted, moving: self.moving, allow: self.allow }
    }
}

impl Book {
    /// What shall be booked.
    pub const fn wish(&self) -> Wish {
        Wish { room: self.booking.slot_key(), wanted: self.wanted, moving: None, allow: self.allow }
    }
}

impl Presence {
    /// Whether a heartbeat with this wish changes nothing but until when the lease lasts. One that reaches beyond a fixed term ends
    /// that, which has to be decided.
    pub fn is_renewed_by(&self, wish: &Wish, data: Option<&RoomData>, beats_until: DateTime<Utc>) -> bool {
        let shows_the_same = data.is_none_or(|data| self.data.as_ref() == Some(data));
        let within_term = self.fixed_term.is_none_or(|term| beats_until <= term.until);
        shows_the_same && within_term && self.wish().is_met_by(wish)
    }

    /// Renews the lease by a heartbeat. A lease never shrinks: a fixed term goes on to its end, and once a heartbeat reaches beyond
    /// it, heartbeats are what counts again.
    ///
    /// An example, with a ttl of 12 s and a term of five minutes from 10:00 on: a heartbeat at 10:01 changes nothing, one at 10:04:55
    /// makes the lease last until 10:05:07.
    pub(super) fn beat(&mut self, now: DateTime<Utc>, ttl: TimeDelta) {
        if now + ttl > self.expires_at {
            self.expires_at = now + ttl;
            self.fixed_term = None;
        }
    }

    /// Gives the lease this fixed term, unless it lasts longer already.
    pub(super) fn lease(&mut self, term: FixedTerm) {
        if term.of_operator {
            self.hold_until(term.until);
        }
        // Nobody is told that a time is theirs for longer than it is held.
        let until = self.hold.as_ref().map_or(term.until, |hold| term.until.min(hold.deadline));
        if until > self.expires_at {
            self.expires_at = until;
            self.fixed_term = Some(FixedTerm { until, ..term });
        }
    }

    /// Sees to it that its hold, if it has one, does not end before then.
    pub(super) fn hold_until(&mut self, until: DateTime<Utc>) {
        if let Some(hold) = self.hold.as_mut().filter(|hold| hold.deadline < until) {
            self.held_by_deadline = self.held_by_deadline.plus(until - hold.deadline);
            hold.deadline = until;
        }
    }
}
