//! Messages and drafts have the same fields; what is absent from a message is written differently.

use booking_domain::draft::slot::MovingDraft;
use booking_domain::draft::written::WrittenInstant;
use booking_domain::request::BookingRef;
use booking_domain::secret::ManagementToken;
use prost_types::Timestamp;

/// A text that is empty when absent.
pub(crate) fn text(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// A token, or an empty text.
pub(crate) fn text_of_token(token: Option<&ManagementToken>) -> String {
    token.map(ManagementToken::expose).unwrap_or_default()
}

/// The booking that shall move, and its token: empty texts where there is none.
pub(crate) fn texts_of_moving(booking: Option<&BookingRef>) -> (String, String) {
    let token = booking.and_then(|booking| booking.management_token.as_ref());
    (booking.map(|booking| booking.id.to_string()).unwrap_or_default(), text_of_token(token))
}

/// The same, as it is written.
pub(crate) fn moving(booking: String, management_token: String) -> MovingDraft {
    MovingDraft { moving: text(booking), management_token: text(management_token) }
}

/// An instant, not yet looked at.
pub(crate) fn written(stamp: Option<Timestamp>) -> Option<WrittenInstant> {
    stamp.map(|Timestamp { seconds, nanos }| WrittenInstant::Count { seconds, nanos })
}
