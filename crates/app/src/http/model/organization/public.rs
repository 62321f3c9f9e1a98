//! What an organization lets the public do, on the wire.

use booking_domain::invalid::Invalid;
use booking_domain::limits;
use booking_domain::organization::public;
use booking_domain::refusal::Fields as Wrong;
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
        public::BookingCaps::default().into()
    }
}

impl From<public::Cap> for BookingCap {
    fn from(cap: public::Cap) -> Self {
        Self { open: cap.open, made_in_a_day: cap.made_in_a_day }
    }
}

impl From<public::BookingCaps> for BookingCaps {
    fn from(caps: public::BookingCaps) -> Self {
        Self { per_email: caps.per_email.into(), per_address: caps.per_address.into() }
    }
}

impl From<&public::Blocked> for Blocked {
    fn from(blocked: &public::Blocked) -> Self {
        Self {
            addresses: blocked.addresses.iter().map(ToString::to_string).collect(),
            emails: blocked.emails.iter().map(|email| email.as_str().to_owned()).collect(),
        }
    }
}

impl BookingCaps {
    /// The caps, or nothing and a note about what is wrong.
    pub fn parse(&self, wrong: &mut Wrong) -> Option<public::BookingCaps> {
        let per_email = self.per_email.parse("booking_caps.per_email", wrong);
        let per_address = self.per_address.parse("booking_caps.per_address", wrong);
        Some(public::BookingCaps { per_email: per_email?, per_address: per_address? })
    }
}

impl BookingCap {
    fn parse(&self, field: &str, wrong: &mut Wrong) -> Option<public::Cap> {
        let mut number = |name: &str, number: Option<u32>| {
            wrong.take(format!("{field}.{name}"), number.map(public::Cap::check).transpose())
        };
        let (open, made_in_a_day) = (number("open", self.open), number("made_in_a_day", self.made_in_a_day));
        Some(public::Cap { open: open?, made_in_a_day: made_in_a_day? })
    }
}

impl Blocked {
    /// Who is blocked, or nothing and a note about what is wrong.
    pub fn parse(&self, wrong: &mut Wrong) -> Option<public::Blocked> {
        let addresses = entries(wrong, ("blocked.addresses", &self.addresses), str::parse);
        let emails = entries(wrong, ("blocked.emails", &self.emails), public::EmailPattern::parse);
        Some(public::Blocked { addresses: addresses?, emails: emails? })
    }
}

/// Each entry of a list that is bounded.
fn entries<T>(
    wrong: &mut Wrong,
    (field, texts): (&str, &[String]),
    parse: impl Fn(&str) -> Result<T, Invalid>,
) -> Option<Vec<T>> {
    if texts.len() > limits::BLOCKED_ENTRIES {
        wrong.wrong(field, "must have at most 500 entries");
        return None;
    }
    let parsed = texts.iter().enumerate().map(|(nth, text)| wrong.take(format!("{field}[{nth}]"), parse(text)));
    parsed.collect()
}
