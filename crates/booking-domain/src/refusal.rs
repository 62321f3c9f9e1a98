//! Refusals: what a caller is told when the answer is no, and what they can do about it.

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, Utc};

use crate::code::Code;
use crate::conflict::ConflictReason;
use crate::finding::Finding;
use crate::interval::Interval;
use crate::invalid::{FieldError, Invalid};
use crate::organization::public::NotServed;
use crate::text::Prose;

/// A refusal: the caller can act on it. Failures of the machinery are not refusals.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The request is malformed.
    #[error("{}", first_of(.errors))]
    InvalidArgument {
        /// Every field that is wrong; never empty.
        errors: Vec<FieldError>,
    },
    /// No key, or one that is not known.
    #[error("a valid API key is needed")]
    Unauthenticated,
    /// The key is known and does not allow this.
    #[error("this key does not allow that")]
    PermissionDenied,
    /// Somebody decided that this caller may not.
    #[error("{detail}")]
    Denied {
        /// What they say, as a sentence.
        detail: String,
    },
    /// There is no such thing, or the caller may not know of it.
    #[error("{what} not found")]
    NotFound {
        /// What was looked for: `resource`, `booking`.
        what: Cow<'static, str>,
    },
    /// Somebody else holds units that the slot needs.
    #[error("somebody else holds this time")]
    SlotHeld {
        /// When the hold ends at the latest, unless it is extended or booked.
        held_until: DateTime<Utc>,
        /// Up to five free slots nearby, nearest first.
        alternatives: Vec<Interval>,
    },
    /// Bookings take units that the slot needs.
    #[error("this time is booked")]
    SlotBooked {
        /// The rules that say no: `booked`, `buffer`.
        reasons: Vec<Finding>,
        /// Up to five free slots nearby, nearest first.
        alternatives: Vec<Interval>,
    },
    /// The hold has ended, or was never there.
    #[error("{0}")]
    HoldLost(Loss),
    /// A stale version, or a thing in use.
    #[error("{detail}")]
    Conflict {
        /// Why, for programs; nothing where only people need to know.
        reason: Option<ConflictReason>,
        /// What is in the way, as a sentence.
        detail: Cow<'static, str>,
    },
    /// The idempotency key was used with another request.
    #[error("this idempotency key was used with another request")]
    IdempotencyMismatch,
    /// The slot is not offered.
    #[error("this time is not offered")]
    SlotUnavailable {
        /// Every rule that says no; never empty.
        reasons: Vec<Finding>,
        /// Up to five free slots nearby, nearest first.
        alternatives: Vec<Interval>,
    },
    /// A cap on presences or holds is reached.
    #[error("{detail}")]
    TooManyHolds {
        /// Which cap, as a sentence.
        detail: Cow<'static, str>,
        /// When to try again, in seconds, where waiting alone helps.
        retry_after_s: Option<u32>,
    },
    /// A cap on bookings of the public is reached.
    #[error("{detail}")]
    TooManyBookings {
        /// Which cap, as a sentence.
        detail: Cow<'static, str>,
        /// When to try again, in seconds, where waiting alone helps.
        retry_after_s: Option<u32>,
    },
    /// Too many requests from one place.
    #[error("too many requests")]
    RateLimited {
        /// When to try again, in seconds.
        retry_after_s: u32,
    },
    /// The service cannot serve now; nothing was done.
    #[error("the service is not available right now")]
    Unavailable,
}

impl Refusal {
    /// One wrong field.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::InvalidArgument { errors: vec![FieldError { field: field.into(), message: message.into() }] }
    }

    /// The slot is not offered, for these reasons.
    pub const fn slot_unavailable(reasons: Vec<Finding>) -> Self {
        Self::SlotUnavailable { reasons, alternatives: Vec::new() }
    }

    /// There is no such thing.
    pub const fn not_found(what: &'static str) -> Self {
        Self::NotFound { what: Cow::Borrowed(what) }
    }

    /// This is in the way.
    pub const fn conflict(detail: &'static str) -> Self {
        Self::Conflict { reason: None, detail: Cow::Borrowed(detail) }
    }

    /// This is in the way, for this reason.
    pub const fn conflict_of(reason: ConflictReason, detail: &'static str) -> Self {
        Self::Conflict { reason: Some(reason), detail: Cow::Borrowed(detail) }
    }

    /// This cap on presences or holds is reached.
    pub const fn too_many_holds(detail: &'static str, retry_after_s: Option<u32>) -> Self {
        Self::TooManyHolds { detail: Cow::Borrowed(detail), retry_after_s }
    }

    /// This cap on bookings of the public is reached.
    pub const fn too_many_bookings(detail: &'static str, retry_after_s: Option<u32>) -> Self {
        Self::TooManyBookings { detail: Cow::Borrowed(detail), retry_after_s }
    }

    /// The stable code of the contract.
    pub fn code(&self) -> Code {
        match self {
            Self::InvalidArgument { .. } => Code::InvalidArgument,
            Self::Unauthenticated => Code::Unauthenticated,
            Self::PermissionDenied | Self::Denied { .. } => Code::PermissionDenied,
            Self::NotFound { .. } => Code::NotFound,
            Self::SlotHeld { .. } => Code::SlotHeld,
            Self::SlotBooked { .. } => Code::SlotBooked,
            Self::HoldLost(_) => Code::HoldLost,
            Self::Conflict { .. } => Code::Conflict,
            Self::IdempotencyMismatch => Code::IdempotencyMismatch,
            Self::SlotUnavailable { .. } => Code::SlotUnavailable,
            Self::TooManyHolds { .. } => Code::TooManyHolds,
            Self::TooManyBookings { .. } => Code::TooManyBookings,
            Self::RateLimited { .. } => Code::RateLimited,
            Self::Unavailable => Code::Unavailable,
        }
    }
}

/// Why a hold has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loss {
    /// By itself: it met its deadline, heartbeats stopped, or it was never there.
    Ended,
    /// An operator released it, and may have said why.
    Released(Prose),
    /// The booking that should move there was moved elsewhere, or has ended.
    BookingChanged,
}

impl Loss {
    /// What is told of a release.
    const RELEASED: &str = "the host has released this time";

    /// The code of those that somebody brought about.
    pub const fn slug(&self) -> Option<&'static str> {
        match self {
            Self::Ended => None,
            Self::Released(_) => Some("released"),
            Self::BookingChanged => Some("booking_changed"),
        }
    }

    /// Every code.
    pub const SLUGS: [&'static str; 2] = ["released", "booking_changed"];

    /// The loss with this code, of which this was told; one that ended by itself where there is no such code.
    pub fn told(slug: &str, told: &str) -> Self {
        match slug {
            "released" => {
                let why = told.strip_prefix(Self::RELEASED).and_then(|rest| rest.strip_prefix(": "));
                Self::Released(Prose::stored(why.unwrap_or_default().to_owned()))
            }
            "booking_changed" => Self::BookingChanged,
            _ => Self::Ended,
        }
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ended => f.write_str("the hold has ended"),
            Self::Released(why) if why.as_str().is_empty() => f.write_str(Self::RELEASED),
            Self::Released(why) => write!(f, "{}: {}", Self::RELEASED, why.as_str()),
            Self::BookingChanged => f.write_str("the booking that should move there has changed"),
        }
    }
}

impl From<NotServed> for Refusal {
    fn from(error: NotServed) -> Self {
        Self::Denied { detail: error.to_string() }
    }
}

fn first_of(errors: &[FieldError]) -> String {
    errors.first().map_or_else(|| "the request is invalid".to_owned(), |e| format!("{} {}", e.field, e.message))
}

/// Collects the wrong fields of one request, so that all are reported at once.
#[derive(Debug, Default)]
pub struct Fields {
    errors: Vec<FieldError>,
}

impl Fields {
    /// Notes a wrong field.
    pub fn wrong(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.errors.push(FieldError { field: field.into(), message: message.into() });
    }

    /// The value, or nothing and a note about the field.
    pub fn take<T>(&mut self, field: impl Into<String>, parsed: Result<T, Invalid>) -> Option<T> {
        parsed.map_err(|Invalid(message)| self.wrong(field, message)).ok()
    }

    /// What `build` makes when no field was wrong; `build` gives nothing only when a field it needs was noted as wrong.
    pub fn finish<T>(self, build: Option<T>) -> Result<T, Refusal> {
        match build {
            Some(value) if self.errors.is_empty() => Ok(value),
            _ => Err(Refusal::InvalidArgument { errors: self.errors }),
        }
    }
}
