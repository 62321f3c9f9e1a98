//! What a change of an operator's concerns: it takes nothing away from a hold or a booking, and so it says whose they are.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::availability::Owner;
use crate::id::BookingId;
use crate::limits;

/// Who holds, who waits and what is booked where something changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Affected {
    /// How many holds: each may be booked until its deadline, or released.
    pub holds: u32,
    /// How many waited when it changed: each was told at once if nothing can become of it.
    pub waiting: u32,
    /// The bookings, in the order of their starts: they stay. At most `limits::AFFECTED_BOOKINGS`.
    pub bookings: Vec<BookingId>,
    /// Whether there are more than are named or counted here.
    pub more: bool,
    /// After a change of an event type: how many of its bookings keep other buffers than it has now.
    pub keeping_buffers: u32,
}

impl Affected {
    /// These holds and bookings, each with its start and once however often it comes, and so many who wait.
    pub fn of(taken: impl IntoIterator<Item = (Owner, DateTime<Utc>)>, waiting: usize) -> Self {
        let owners: BTreeMap<Owner, DateTime<Utc>> = taken.into_iter().collect();
        let holds = owners.keys().filter(|owner| matches!(owner, Owner::Hold(_))).count();
        let mut bookings: Vec<_> =
            owners.iter().filter_map(|(owner, start)| Some((*start, booking(*owner)?))).collect();
        let more = bookings.len() > limits::AFFECTED_BOOKINGS;
        bookings.sort_unstable();
        bookings.truncate(limits::AFFECTED_BOOKINGS);
        let bookings = bookings.into_iter().map(|(_, id)| id).collect();
        Self { holds: number(holds), waiting: number(waiting), bookings, more, keeping_buffers: 0 }
    }
}

fn booking(owner: Owner) -> Option<BookingId> {
    match owner {
        Owner::Booking(id) => Some(id),
        Owner::Hold(_) => None,
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Something after a change, and what the change concerns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithAffected<T> {
    /// What it is now.
    pub now: T,
    /// What it concerns.
    pub affected: Affected,
}
