//! The rules that say no to a slot, and what they say.

/// A rule that says no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The event type, or every resource that could serve, is switched off.
    Inactive,
    /// This duration is not on offer.
    Duration,
    /// The start has passed.
    Past,
    /// The start is nearer than the notice allows.
    Notice,
    /// The start is further away than the horizon.
    Horizon,
    /// Some of the time is outside open hours.
    OutsideHours,
    /// The start is inside the hours, between two starts of the grid.
    OffGrid,
    /// The day, week or month has as many bookings as it may have.
    Limit,
    /// A block closes what it needs, or an outside calendar says busy.
    Busy,
    /// A booking takes some of this time.
    Booked,
    /// Only the buffers around this time or around a booking are in the way.
    Buffer,
    /// Somebody else's hold is in the way.
    Held,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 12] = [
        Self::Inactive,
        Self::Duration,
        Self::Past,
        Self::Notice,
        Self::Horizon,
        Self::OutsideHours,
        Self::OffGrid,
        Self::Limit,
        Self::Busy,
        Self::Booked,
        Self::Buffer,
        Self::Held,
    ];

    /// Whether it says no because an operator says so, whoever has taken what, and whatever time it is.
    pub const fn is_of_an_operator(self) -> bool {
        matches!(self, Self::Inactive | Self::Duration | Self::OutsideHours | Self::OffGrid | Self::Busy)
    }

    /// The code in the contract.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Inactive => "inactive",
            Self::Duration => "duration",
            Self::Past => "past",
            Self::Notice => "notice",
            Self::Horizon => "horizon",
            Self::OutsideHours => "outside_hours",
            Self::OffGrid => "off_grid",
            Self::Limit => "limit",
            Self::Busy => "busy",
            Self::Booked => "booked",
            Self::Buffer => "buffer",
            Self::Held => "held",
        }
    }

    /// The reason with this code.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.slug() == slug)
    }
}

/// A rule that says no, with a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which rule.
    pub reason: Reason,
    /// Why, in one sentence with the numbers that matter.
    pub detail: String,
}
