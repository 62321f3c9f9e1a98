//! What is asked about bookings, as it is written.

use std::collections::BTreeMap;

use booking_client::{BookingRef, RescheduleRequest, TransitionRequest};
use booking_domain::booking;
use booking_domain::draft::booking::{BookerDraft, BookingDraft, BookingListDraft, RescheduleDraft, TransitionDraft};
use booking_domain::draft::reader::Draft;
use booking_domain::draft::slot::SlotDraft;
use booking_domain::refusal::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::{Answer, BookingStatus, InitialStatus};
use crate::http::json::{members, objects};
use crate::http::model::page::PageQuery;
use crate::http::model::presence::RuleCode;
use crate::http::model::time::written;

/// A booking to be made.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewBooking {
    /// Of which event type.
    #[schema(required, format = "uuid")]
    pub event_type_id: String,
    /// When it starts: a whole minute.
    #[schema(required, format = DateTime)]
    pub start: String,
    /// How long; the event type's shortest unless said.
    #[schema(minimum = 1, maximum = 10080)]
    pub duration_minutes: Option<i64>,
    /// The session whose hold becomes the booking.
    #[schema(format = "uuid")]
    pub session_id: Option<String>,
    /// The resource that must be among those taken.
    #[schema(format = "uuid")]
    pub resource_id: Option<String>,
    /// The rules that are set aside; needs a key.
    #[schema(value_type = Option<Vec<RuleCode>>, max_items = 6)]
    pub allow: Option<Vec<String>>,
    /// The booker's IANA zone, for messages to them; the schedule's unless said.
    #[schema(examples("Europe/Berlin"))]
    pub time_zone: Option<String>,
    /// Who books.
    #[schema(required)]
    #[serde(deserialize_with = "objects::one")]
    pub booker: NewBooker,
    /// The answers to the event type's questions, by key: texts, and true or false for a checkbox.
    #[schema(value_type = BTreeMap<String, Answer>)]
    #[serde(deserialize_with = "members::by_name")]
    pub answers: BTreeMap<String, Value>,
    /// `pending` if the booking has to be confirmed although an operator makes it. For operators: theirs are confirmed unless said.
    #[schema(value_type = Option<InitialStatus>)]
    pub status: Option<String>,
}

/// Who books.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewBooker {
    /// What to call them.
    #[schema(required, min_length = 1, max_length = 200)]
    pub name: String,
    /// Where to write to them; only operators may leave it out.
    #[schema(format = Email, max_length = 254)]
    pub email: Option<String>,
    /// Where to call them.
    #[schema(max_length = 40)]
    pub phone: Option<String>,
    /// What they want to say.
    #[schema(max_length = 4000)]
    pub notes: Option<String>,
}

/// Why something happens to a booking.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BookingTransition {
    /// The reason.
    #[schema(max_length = 4000)]
    pub reason: Option<String>,
    /// The version that was read; the same as `If-Match`.
    #[schema(minimum = 1)]
    pub version: Option<i64>,
}

/// A booking's new time.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Reschedule {
    /// When it shall start: a whole minute.
    #[schema(required, format = DateTime)]
    pub start: String,
    /// How long; as long as it was unless said.
    #[schema(minimum = 1, maximum = 10080)]
    pub duration_minutes: Option<i64>,
    /// The session whose hold on the new time becomes the booking's.
    #[schema(format = "uuid")]
    pub session_id: Option<String>,
    /// The resource that must be among those taken from now on; the one that was asked for unless said.
    #[schema(format = "uuid")]
    pub resource_id: Option<String>,
    /// The rules that are set aside; needs a key.
    #[schema(value_type = Option<Vec<RuleCode>>, max_items = 6)]
    pub allow: Option<Vec<String>>,
    /// The reason.
    #[schema(max_length = 4000)]
    pub reason: Option<String>,
    /// The version that was read; the same as `If-Match`.
    #[schema(minimum = 1)]
    pub version: Option<i64>,
}

/// Which bookings. All conditions hold at once.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BookingsQuery {
    /// With this status.
    #[param(nullable = false, value_type = Option<BookingStatus>)]
    pub status: Option<String>,
    /// That took this resource.
    #[param(nullable = false, format = "uuid")]
    pub resource_id: Option<String>,
    /// Of this event type.
    #[param(nullable = false, format = "uuid")]
    pub event_type_id: Option<String>,
    /// That end after this instant.
    #[param(nullable = false, format = DateTime)]
    pub from: Option<String>,
    /// That start before this instant.
    #[param(nullable = false, format = DateTime)]
    pub to: Option<String>,
    /// Of this booker, whatever the letters' case.
    #[param(nullable = false, format = Email)]
    pub email: Option<String>,
    /// What is looked for: each of its words, parted by spaces, stands somewhere in the booker's name, the e-mail address or the
    /// title, also within longer words. Their order does not matter, nor do the letters' case and accents: `mull ada` finds Ada
    /// Müller.
    #[param(nullable = false)]
    pub q: Option<String>,
    /// How many entries at most; 50 unless said. There may be fewer, even none, on a page with a `next_page_token`, where many
    /// bookings fit each condition and very few fit all of them.
    #[param(nullable = false, value_type = Option<i32>, minimum = 1, maximum = 200)]
    pub page_size: Option<String>,
    /// Where the last page ended: its `next_page_token`.
    #[param(nullable = false)]
    pub page_token: Option<String>,
}

impl From<NewBooking> for BookingDraft {
    fn from(given: NewBooking) -> Self {
        let slot = SlotDraft {
            event_type_id: given.event_type_id,
            start: written(given.start),
            duration_minutes: given.duration_minutes.map(Into::into),
            resource_id: given.resource_id,
        };
        Self {
            slot,
            session_id: given.session_id,
            time_zone: given.time_zone,
            allow: given.allow.unwrap_or_default(),
            booker: given.booker.into(),
            answers: given.answers.into_iter().map(|(key, answer)| (key, answer_in(answer))).collect(),
            status: given.status,
            request_id: None,
            is_public: false,
        }
    }
}

pub(super) fn answer_in(value: Value) -> Option<booking::Answer> {
    match value {
        Value::String(text) => Some(booking::Answer::Text(text)),
        Value::Bool(ticked) => Some(booking::Answer::Ticked(ticked)),
        _ => None,
    }
}

impl From<NewBooker> for BookerDraft {
    fn from(NewBooker { name, email, phone, notes }: NewBooker) -> Self {
        Self { name, email, phone, notes: notes.unwrap_or_default() }
    }
}

impl BookingTransition {
    /// The step, for this booking. The version that `If-Match` names goes before the one in the body.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn parse(self, booking: BookingRef, seen: Option<i64>) -> Result<TransitionRequest, Refusal> {
        let (reason, version) = (self.reason.unwrap_or_default(), seen.or(self.version));
        TransitionDraft { booking: booking.into(), reason, version }.parse()
    }
}

impl Reschedule {
    /// The new time, for this booking. The version that `If-Match` names goes before the one in the body.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn parse(self, booking: BookingRef, seen: Option<i64>) -> Result<RescheduleRequest, Refusal> {
        let draft = RescheduleDraft {
            booking: booking.into(),
            start: written(self.start),
            duration_minutes: self.duration_minutes.map(Into::into),
            session_id: self.session_id,
            resource_id: self.resource_id,
            allow: self.allow.unwrap_or_default(),
            reason: self.reason.unwrap_or_default(),
            version: seen.or(self.version),
        };
        draft.parse()
    }
}

impl From<BookingsQuery> for BookingListDraft {
    fn from(query: BookingsQuery) -> Self {
        Self {
            status: query.status,
            resource_id: query.resource_id,
            event_type_id: query.event_type_id,
            from: query.from.map(Into::into),
            to: query.to.map(Into::into),
            email: query.email,
            q: query.q,
            page: PageQuery { page_size: query.page_size, page_token: query.page_token }.into(),
        }
    }
}
