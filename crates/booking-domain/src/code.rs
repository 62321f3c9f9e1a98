//! The one table of codes: slug, HTTP status and gRPC status of everything that can be refused or fail.

/// A stable code of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the contract's; `Refusal` documents each")]
pub enum Code {
    InvalidArgument,
    Unauthenticated,
    PermissionDenied,
    NotFound,
    SlotHeld,
    SlotBooked,
    HoldLost,
    Conflict,
    IdempotencyMismatch,
    SlotUnavailable,
    TooManyHolds,
    TooManyBookings,
    RateLimited,
    Internal,
    Unavailable,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 15] = [
        Self::InvalidArgument,
        Self::Unauthenticated,
        Self::PermissionDenied,
        Self::NotFound,
        Self::SlotHeld,
        Self::SlotBooked,
        Self::HoldLost,
        Self::Conflict,
        Self::IdempotencyMismatch,
        Self::SlotUnavailable,
        Self::TooManyHolds,
        Self::TooManyBookings,
        Self::RateLimited,
        Self::Internal,
        Self::Unavailable,
    ];

    /// Slug, HTTP status (RFC 9110), gRPC status (grpc/doc/statuscodes.md) and title.
    const fn row(self) -> (&'static str, u16, i32, &'static str) {
        match self {
            Self::InvalidArgument => ("invalid_argument", 400, 3, "The request is invalid"),
            Self::Unauthenticated => ("unauthenticated", 401, 16, "A valid key is needed"),
            Self::PermissionDenied => ("permission_denied", 403, 7, "Not allowed"),
            Self::NotFound => ("not_found", 404, 5, "Not found"),
            Self::SlotHeld => ("slot_held", 409, 10, "Somebody else holds this time"),
            Self::SlotBooked => ("slot_booked", 409, 6, "This time is booked"),
            Self::HoldLost => ("hold_lost", 409, 10, "The hold has ended"),
            Self::Conflict => ("conflict", 409, 10, "Something is in the way"),
            Self::IdempotencyMismatch => {
                ("idempotency_mismatch", 409, 6, "This idempotency key was used for another request")
            }
            Self::SlotUnavailable => ("slot_unavailable", 422, 9, "This time is not offered"),
            Self::TooManyHolds => ("too_many_holds", 429, 8, "Too many holds"),
            Self::TooManyBookings => ("too_many_bookings", 429, 8, "Too many bookings"),
            Self::RateLimited => ("rate_limited", 429, 8, "Too many requests"),
            Self::Internal => ("internal", 500, 13, "Something broke on our side"),
            Self::Unavailable => ("unavailable", 503, 14, "Not available right now"),
        }
    }

    /// The slug of the contract: `slot_held`.
    pub const fn slug(self) -> &'static str {
        self.row().0
    }

    /// The HTTP status.
    pub const fn http_status(self) -> u16 {
        self.row().1
    }

    /// The gRPC status, as its number on the wire.
    pub const fn grpc_status(self) -> i32 {
        self.row().2
    }

    /// A short title for people.
    pub const fn title(self) -> &'static str {
        self.row().3
    }

    /// The code with this slug.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.slug() == slug)
    }
}
