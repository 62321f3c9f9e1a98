//! What stands against a request that would be right otherwise, as programs are told it.

use uuid::Uuid;

use crate::booking::status::BookingStatus;

/// Why a request conflicts with what there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConflictReason {
    /// The thing has changed since it was read.
    StaleVersion {
        /// Its version now.
        current_version: i64,
    },
    /// Another thing has this slug.
    SlugTaken,
    /// Another thing of this kind has this external id.
    ExternalIdTaken,
    /// Other things need it.
    InUse {
        /// Which, a few of them.
        by: Vec<UsedBy>,
    },
    /// The booking is in a state from which it cannot take this step.
    WrongStatus {
        /// Its state.
        current_status: BookingStatus,
    },
    /// The visit has not begun.
    NotStarted,
    /// It may not be done any more so shortly before the visit, or after its start.
    TooLate,
}

impl ConflictReason {
    /// Every code.
    pub const SLUGS: [&'static str; 7] =
        ["stale_version", "slug_taken", "external_id_taken", "in_use", "wrong_status", "not_started", "too_late"];

    /// The code in the contract.
    pub const fn slug(&self) -> &'static str {
        match self {
            Self::StaleVersion { .. } => "stale_version",
            Self::SlugTaken => "slug_taken",
            Self::ExternalIdTaken => "external_id_taken",
            Self::InUse { .. } => "in_use",
            Self::WrongStatus { .. } => "wrong_status",
            Self::NotStarted => "not_started",
            Self::TooLate => "too_late",
        }
    }
}

/// Something that needs another thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsedBy {
    /// What kind of thing it is.
    pub kind: UserKind,
    /// Which.
    pub id: Uuid,
}

/// What can need another thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserKind {
    /// An event type, for its schedule or its requirements.
    EventType,
    /// A resource, for its schedule.
    Resource,
    /// A booking, which may have ended.
    Booking,
    /// A session that holds or waits.
    Presence,
}

impl UserKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::EventType, Self::Resource, Self::Booking, Self::Presence];

    /// The name in the contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EventType => "event_type",
            Self::Resource => "resource",
            Self::Booking => "booking",
            Self::Presence => "presence",
        }
    }

    /// The kind of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}
