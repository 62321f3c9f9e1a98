//! What an organization lets the public do, on the wire.

use booking_domain::draft::fields::same_fields;
use booking_domain::draft::organization::{BlockedDraft, BookingCapDraft, BookingCapsDraft};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::json::objects;

/// How much the public may book; bookings of operators are not counted.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BookingCaps {
    /// With one e-mail address, whatever the letters' case.
    #[serde(deserialize_with = "objects::one")]
    pub per_email: BookingCap,
    /// From one network address.
    #[serde(deserialize_with = "objects::one")]
    pub per_address: BookingCap,
}

/// Most bookings of one kind of caller; `null` for no cap.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BookingCap {
    /// Pending or confirmed, and not over yet.
    #[schema(required, minimum = 1, maximum = 10000)]
    #[serde(deserialize_with = "Option::deserialize")]
    pub open: Option<u32>,
    /// Made within 24 hours, whatever became of them.
    #[schema(required, minimum = 1, maximum = 10000)]
    #[serde(deserialize_with = "Option::deserialize")]
    pub made_in_a_day: Option<u32>,
}

/// Whom the organization does not serve: what they would hold or book is refused.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Blocked {
    /// IP addresses, and networks such as `192.0.2.0/24`.
    #[schema(max_items = 500)]
    pub addresses: Vec<String>,
    /// E-mail addresses, and domains such as `@example.org`.
    #[schema(max_items = 500)]
    pub emails: Vec<String>,
}

impl Default for BookingCaps {
    fn default() -> Self {
        BookingCapsDraft::default().into()
    }
}

same_fields! {
    BookingCaps = BookingCapsDraft { per_email as object, per_address as object }
    BookingCap = BookingCapDraft { open, made_in_a_day }
    Blocked = BlockedDraft { addresses, emails }
}
