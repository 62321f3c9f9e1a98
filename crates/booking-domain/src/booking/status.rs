//! Where a booking is in its life, and the steps from one state to the next.

use serde::{Deserialize, Serialize};

use crate::invalid::Invalid;

/// Where a booking is in its life. Cancelled and declined ones free their units; the others keep them, and count towards limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BookingStatus {
    /// Asked for; an operator has to confirm it.
    Pending,
    /// Agreed.
    Confirmed,
    /// Called off, by the booker or an operator.
    Cancelled,
    /// Refused by an operator, or not answered in time.
    Declined,
    /// The visit took place.
    Completed,
    /// Nobody came.
    NoShow,
}

impl BookingStatus {
    /// Every status.
    pub const ALL: [Self; 6] =
        [Self::Pending, Self::Confirmed, Self::Cancelled, Self::Declined, Self::Completed, Self::NoShow];

    /// The name in the contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Confirmed => "confirmed",
            Self::Cancelled => "cancelled",
            Self::Declined => "declined",
            Self::Completed => "completed",
            Self::NoShow => "no_show",
        }
    }

    /// The status of this name.
    ///
    /// # Errors
    /// There is none.
    pub fn parse(name: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|status| status.name() == name);
        found.ok_or(Invalid("must be pending, confirmed, cancelled, declined, completed or no_show"))
    }

    /// Whether the booking's units are taken until its end. A visit that took place, or did not, took them all the same.
    pub const fn occupies(self) -> bool {
        matches!(self, Self::Pending | Self::Confirmed | Self::Completed | Self::NoShow)
    }

    /// The status of an operator's new booking that this names.
    ///
    /// # Errors
    /// It is another.
    pub fn parse_initial(name: &str) -> Result<Self, Invalid> {
        match name {
            "pending" => Ok(Self::Pending),
            "confirmed" => Ok(Self::Confirmed),
            _ => Err(Invalid("must be pending or confirmed")),
        }
    }

    /// What a calendar shows of it.
    pub const fn in_calendar(self) -> CalendarStatus {
        match self {
            Self::Pending => CalendarStatus::Tentative,
            Self::Confirmed | Self::Completed | Self::NoShow => CalendarStatus::Confirmed,
            Self::Cancelled | Self::Declined => CalendarStatus::Cancelled,
        }
    }

    /// Whether the visit may still be moved or called off.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Confirmed)
    }
}

/// A booking's status, as a calendar has it (RFC 5545, 3.8.1.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the RFC documents each")]
pub enum CalendarStatus {
    Tentative,
    Confirmed,
    Cancelled,
}

/// A step in a booking's life that an operator or booker asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition {
    /// What was asked for is agreed.
    Confirm,
    /// What was asked for is refused.
    Decline,
    /// The visit is called off.
    Cancel,
    /// The visit took place.
    Complete,
    /// Nobody came.
    NoShow,
}

impl Transition {
    /// The status after the step.
    pub const fn status(self) -> BookingStatus {
        match self {
            Self::Confirm => BookingStatus::Confirmed,
            Self::Decline => BookingStatus::Declined,
            Self::Cancel => BookingStatus::Cancelled,
            Self::Complete => BookingStatus::Completed,
            Self::NoShow => BookingStatus::NoShow,
        }
    }

    /// Whether a booking may take the step from this status.
    ///
    /// # Errors
    /// It may not, with a sentence that says from which it may.
    pub const fn check(self, from: BookingStatus) -> Result<(), &'static str> {
        use BookingStatus::{Completed, Confirmed, NoShow, Pending};
        match (self, from) {
            (Self::Confirm | Self::Decline, Pending)
            | (Self::Cancel, Pending | Confirmed)
            | (Self::Complete, Confirmed | NoShow)
            | (Self::NoShow, Confirmed | Completed) => Ok(()),
            (Self::Confirm, _) => Err("only a pending booking can be confirmed"),
            (Self::Decline, _) => Err("only a pending booking can be declined"),
            (Self::Cancel, _) => Err("only a pending or confirmed booking can be cancelled"),
            (Self::Complete, _) => Err("only a confirmed booking, or one that was missed, can be completed"),
            (Self::NoShow, _) => Err("only a confirmed booking, or a completed one, can be one that nobody came to"),
        }
    }

    /// Whether the step says what became of the visit, which nobody knows before it has begun.
    pub const fn tells_of_visit(self) -> bool {
        matches!(self, Self::Complete | Self::NoShow)
    }
}
