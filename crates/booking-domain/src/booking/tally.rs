//! Tallies: how much one e-mail address or network address has booked, so that nobody books everything.
//!
//! They are counted and raised in the transaction that books, and are the decision's business: two calls that race for the last
//! booking that a cap allows cannot both have it.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::address::AddressKey;
use crate::booking::Booking;
use crate::limits;
use crate::organization::public::{BookingCaps, Cap};
use crate::refusal::Refusal;

/// By what bookings of the public are counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counted {
    /// The booker's e-mail address, in lower case.
    Email(String),
    /// Where the booker came from.
    Address(AddressKey),
}

impl Counted {
    /// By what a booking from this address is counted.
    pub fn all_of(booking: &Booking, address: Option<AddressKey>) -> Vec<Self> {
        let email = booking.booker.email_key().map(Self::Email);
        [email, address.map(Self::Address)].into_iter().flatten().collect()
    }
}

/// What was booked, as far as caps ask: more than a cap allows is not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Pending or confirmed, and not over yet.
    pub open: u32,
    /// Made within the last 24 hours.
    pub made: u32,
    /// When the oldest of those was made.
    pub since: Option<DateTime<Utc>>,
}

/// The tallies that a batch of decisions needs, and the caps that they are held to.
#[derive(Clone, Debug, Default)]
pub struct Tallies {
    /// How much is too much.
    pub caps: BookingCaps,
    /// What was booked so far; nothing where it is not said.
    pub by: BTreeMap<Counted, Tally>,
}

impl Tallies {
    /// Refuses one more booking where a cap is reached.
    pub fn refuse_over_caps(&self, counted: &[Counted], now: DateTime<Utc>) -> Result<(), Refusal> {
        for key in counted {
            let tally = self.by.get(key).copied().unwrap_or_default();
            let (cap, open, made) = match key {
                Counted::Email(_) => (self.caps.per_email, OPEN_BY_EMAIL, MADE_BY_EMAIL),
                Counted::Address(_) => (self.caps.per_address, OPEN_BY_ADDRESS, MADE_BY_ADDRESS),
            };
            if is_reached(cap.made_in_a_day, tally.made) {
                let again = tally.since.map(|since| since + TimeDelta::hours(limits::BOOKING_DAY_HOURS) - now);
                let retry_after_s = again.and_then(|again| u32::try_from(again.num_seconds().max(0) + 1).ok());
                return Err(Refusal::too_many_bookings(made, retry_after_s));
            }
            if is_reached(cap.open, tally.open) {
                return Err(Refusal::too_many_bookings(open, None));
            }
        }
        Ok(())
    }

    /// Counts one more.
    pub fn count(&mut self, counted: Vec<Counted>, now: DateTime<Utc>) {
        for key in counted {
            let tally = self.by.entry(key).or_default();
            tally.open += 1;
            tally.made += 1;
            tally.since = tally.since.or(Some(now));
        }
    }
}

const OPEN_BY_EMAIL: &str = "as many bookings as there may be with this e-mail address are open; cancel one first";
const MADE_BY_EMAIL: &str = "as many bookings as there may be in a day were made with this e-mail address";
const OPEN_BY_ADDRESS: &str = "as many bookings as there may be from this network address are open";
const MADE_BY_ADDRESS: &str = "as many bookings as there may be in a day were made from this network address";

fn is_reached(cap: Option<u32>, number: u32) -> bool {
    cap.is_some_and(|cap| number >= cap)
}

impl Cap {
    /// Whether nothing needs to be counted for it.
    pub const fn is_off(self) -> bool {
        self.open.is_none() && self.made_in_a_day.is_none()
    }
}
