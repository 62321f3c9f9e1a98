//! The calls that take fields: what is right for each, and what is wrong.

mod blocks;
mod bookings;
mod catalog;
mod preview;
mod slots;

use reqwest::Method;
use serde_json::{Value, json};

/// Messages that are not sent: they have an id alone, which is in the path over HTTP, or the fields of one that is sent, or do not
/// exist over HTTP.
pub(super) const NOT_SENT: &[&str] = &[
    "DeleteBlockRequest",
    "DeleteEventTypeRequest",
    "DeleteResourceRequest",
    "DeleteScheduleRequest",
    "ExtendHoldRequest",
    "FollowPlaceRequest",
    "GetBlockRequest",
    "GetBookingPageRequest",
    "GetBookingRequest",
    "GetEventTypeRequest",
    "GetLogoRequest",
    "GetPageAddressRequest",
    "GetResourceRequest",
    "GetScheduleRequest",
    "KeepAliveRequest",
    "RenewManagementTokenRequest",
    "UpdateBlockRequest",
    "UpdateEventTypeRequest",
    "UpdateResourceRequest",
    "UpdateScheduleRequest",
    "WatchPresenceRequest",
];

/// What there is to ask about.
#[derive(Default)]
pub(super) struct World {
    pub event_type: String,
    pub schedule: String,
    pub resource: String,
    pub booking: String,
}

/// One call, as each way has it.
pub(super) struct Call {
    /// The operation's name over HTTP.
    pub operation: &'static str,
    pub method: Method,
    pub path: String,
    /// The call over gRPC, and its message.
    pub call: &'static str,
    pub message: &'static str,
    /// What is not compared: over HTTP the path or a header has it, or it is there on one way only.
    pub elsewhere: &'static [&'static str],
    /// What the message has of that.
    pub besides: Value,
    /// Fields of which none is wrong.
    pub right: Value,
    /// A field, and what is wrong for it; null when it is not there.
    pub rows: Vec<(&'static str, Value)>,
}

/// Every call that is compared.
pub(super) fn calls(world: &World) -> Vec<Call> {
    let mut calls = catalog::calls(world);
    calls.extend(blocks::calls(world));
    calls.extend(bookings::calls(world));
    calls.extend(preview::calls(world));
    calls.extend(slots::calls(world));
    calls
}

impl Call {
    /// Whether this field is not compared.
    pub(super) fn is_elsewhere(&self, field: &str) -> bool {
        self.elsewhere.contains(&field)
    }

    /// The fields as the message has them: those of an entity are in its `spec`.
    pub(super) fn message_of(&self, fields: &Value) -> Value {
        let mut message = self.besides.clone();
        let all = message.as_object_mut().unwrap();
        if let Some(spec) = all.get_mut("spec") {
            *spec = fields.clone();
            let version = spec.as_object_mut().unwrap().remove("version");
            all.extend(version.map(|version| ("version".to_owned(), version)));
        } else {
            all.extend(fields.as_object().unwrap().clone());
        }
        message
    }
}

/// So many of the same.
fn many(count: usize, entry: &Value) -> Value {
    vec![entry.clone(); count].into()
}

/// A text that is too long for whatever it is.
fn long() -> Value {
    "x".repeat(4_001).into()
}

/// An entity's spec, which is what is compared of it.
fn entity() -> Value {
    json!({"spec": {}})
}
