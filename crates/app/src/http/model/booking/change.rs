//! What shall be different about a booking, as it is written.

use std::collections::BTreeMap;

use booking_client::{BookingRef, UpdateBooking};
use booking_domain::draft::booking_change::{BookerChangeDraft, BookingChangeDraft};
use booking_domain::draft::fields::same_fields;
use booking_domain::draft::reader::Draft;
use booking_domain::refusal::Refusal;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::Answer;
use super::asked::answer_in;
use crate::http::json::{members, objects};

/// A change to a booking: what is not named stays, and `null` takes away what may be absent.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BookingPatch {
    /// Who booked.
    #[serde(deserialize_with = "objects::one")]
    pub booker: BookerPatch,
    /// Answers by the question's key; `null` takes one away.
    #[schema(value_type = BTreeMap<String, AnswerChange>)]
    #[serde(deserialize_with = "members::by_name")]
    pub answers: BTreeMap<String, Value>,
    /// What those who run the organization note about it. For operators.
    #[schema(max_length = 4000)]
    #[serde(deserialize_with = "or_empty")]
    pub staff_notes: Option<String>,
    /// The version that was read; the same as `If-Match`.
    #[schema(minimum = 1)]
    pub version: Option<i64>,
}

/// A change to who booked.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BookerPatch {
    /// What to call them.
    #[schema(nullable = false, min_length = 1, max_length = 200)]
    #[serde(deserialize_with = "or_empty")]
    pub name: Option<String>,
    /// Where to write to them. For operators.
    #[schema(format = Email, max_length = 254)]
    #[serde(deserialize_with = "or_empty")]
    pub email: Option<String>,
    /// Where to call them.
    #[schema(max_length = 40)]
    #[serde(deserialize_with = "or_empty")]
    pub phone: Option<String>,
    /// What they want to say.
    #[schema(max_length = 4000)]
    #[serde(deserialize_with = "or_empty")]
    pub notes: Option<String>,
}

/// An answer to a question; null takes away the one that there is.
#[derive(Serialize, ToSchema)]
pub struct AnswerChange(Option<Answer>);

/// A text that is named, where `null` is as good as an empty one.
fn or_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::<String>::deserialize(deserializer).map(|text| Some(text.unwrap_or_default()))
}

same_fields! {
    BookerPatch = BookerChangeDraft { name, email, phone, notes }
}

impl BookingPatch {
    /// The change, to this booking. The version that `If-Match` names goes before the one in the body.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn parse(self, booking: BookingRef, seen: Option<i64>) -> Result<UpdateBooking, Refusal> {
        let change = |value: Value| match value {
            Value::Null => Some(None),
            value => answer_in(value).map(Some),
        };
        let draft = BookingChangeDraft {
            booking: booking.into(),
            booker: self.booker.into(),
            answers: self.answers.into_iter().map(|(key, answer)| (key, change(answer))).collect(),
            staff_notes: self.staff_notes,
            version: seen.or(self.version),
        };
        draft.parse()
    }
}
