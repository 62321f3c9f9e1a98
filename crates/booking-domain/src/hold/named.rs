//! What the commands of a batch name: where to begin to look for what decides them.

use std::collections::BTreeSet;

use crate::address::AddressKey;
use crate::booking::Booking;
use crate::hold::command::Command;
use crate::hold::working_set::WorkingSet;
use crate::hold::{Presence, SessionKey, SlotKey};
use crate::id::{BookingId, EventTypeId, PresenceId};

/// What the commands of a batch name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// The rooms.
    pub rooms: BTreeSet<SlotKey>,
    /// The sessions whose other places matter.
    pub sessions: BTreeSet<SessionKey>,
    /// Where those who join come from.
    pub addresses: BTreeSet<AddressKey>,
    /// The bookings that move or end.
    pub bookings: BTreeSet<BookingId>,
    /// Who may have ended.
    pub due: BTreeSet<PresenceId>,
}

impl Named {
    /// What these commands name.
    pub fn by<'a>(commands: impl IntoIterator<Item = &'a Command>) -> Self {
        let mut named = Self::default();
        commands.into_iter().for_each(|command| named.note(command));
        named
    }

    fn note(&mut self, command: &Command) {
        match command {
            Command::Heartbeat(beat) => {
                self.rooms.insert(beat.room);
                self.sessions.insert(beat.session);
                self.addresses.extend(beat.address);
                self.bookings.extend(beat.moving);
            }
            Command::Leave { room, .. } | Command::Release { room, .. } => drop(self.rooms.insert(*room)),
            Command::Extend { room, session } => {
                self.rooms.insert(*room);
                self.sessions.insert(*session);
            }
            Command::Book(book) => drop(self.rooms.insert(book.booking.slot_key())),
            Command::Reschedule(reschedule) => {
                self.rooms.insert(reschedule.room);
                self.bookings.insert(reschedule.booking_id);
            }
            Command::Step(step) => drop(self.bookings.insert(step.booking_id)),
            Command::Correct(correct) => drop(self.bookings.insert(correct.booking_id)),
            Command::RenewLink(renew) => drop(self.bookings.insert(renew.booking_id)),
            Command::DeclineUnanswered(asked) => self.bookings.extend(asked),
            Command::Tick(due) => self.due.extend(due),
            Command::Review(rooms) => self.rooms.extend(rooms),
        }
    }

    /// Every room that is concerned: those named, those of the bookings named and of who may have ended (whoever would move such a
    /// booking, too), and those that the sessions named are in. `theirs` are the presences of these sessions, wherever they are.
    pub fn concerned(&self, theirs: &[Presence], bookings: &[Booking], due: &[SlotKey]) -> BTreeSet<SlotKey> {
        let event_types: BTreeSet<EventTypeId> = self.rooms.iter().map(|room| room.event_type_id).collect();
        // A session has one place in an event type: joining another room ends its place in the first.
        let left = theirs.iter().map(|p| p.room).filter(|room| event_types.contains(&room.event_type_id));
        let mut rooms = self.rooms.clone();
        rooms.extend(left);
        rooms.extend(bookings.iter().map(Booking::slot_key));
        rooms.extend(due);
        rooms
    }

    /// Those whose ended holds count for a hold that may be granted now: whom the batch names, and whoever waits.
    pub fn parties(&self, working_set: &WorkingSet) -> (BTreeSet<SessionKey>, BTreeSet<AddressKey>) {
        let waiting = || working_set.presences.values().filter(|p| p.hold.is_none());
        let sessions = self.sessions.iter().copied().chain(waiting().map(|p| p.session));
        let addresses = self.addresses.iter().copied().chain(waiting().filter_map(|p| p.address));
        (sessions.collect(), addresses.collect())
    }
}
