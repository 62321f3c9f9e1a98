//! Messages and drafts have the same fields; what is absent from a message is written differently.

use booking_domain::draft::written::WrittenInstant;
use prost_types::Timestamp;

/// A text that is empty when absent.
pub(crate) fn text(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// An instant, not yet looked at.
pub(crate) fn written(stamp: Option<Timestamp>) -> Option<WrittenInstant> {
    stamp.map(|Timestamp { seconds, nanos }| WrittenInstant::Count { seconds, nanos })
}
