//! Instants and ids as the contract writes them.

use booking_domain::draft::written::WrittenInstant;
use booking_domain::{DateTime, Utc};
use chrono::{Datelike, SecondsFormat, Timelike};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

/// An instant: RFC 3339 in UTC with `Z`, with milliseconds only where there are any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ToSchema)]
#[schema(value_type = String, format = DateTime, examples("2027-03-10T09:30:00Z"))]
pub struct Instant(pub DateTime<Utc>);

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (date, time) = (self.0.date_naive(), self.0.time());
        let (year, month, day) = (date.year(), date.month(), date.day());
        let (hour, minute, second) = (time.hour(), time.minute(), time.second());
        // A leap second is more than a second's worth of nanoseconds in `chrono`.
        match (time.nanosecond() / 1_000_000).min(999) {
            // Written out because lists of slots are long, and this is several times faster than a format string.
            0 => serializer
                .collect_str(&format_args!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")),
            ms => serializer
                .collect_str(&format_args!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z")),
        }
    }
}

/// A UUID in lower case with hyphens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, format = "uuid", examples("0198c2f0-7c1e-7a54-9a3b-1d2e3f405162"))]
pub struct Id(pub uuid::Uuid);

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.as_hyphenated())
    }
}

/// An instant in a body, where an empty text is as good as none.
pub fn written(text: String) -> Option<WrittenInstant> {
    Some(text).filter(|text| !text.is_empty()).map(Into::into)
}

/// An instant as a body has it, where one that is absent is an empty text.
pub fn text_of(written: Option<WrittenInstant>) -> String {
    let instant = written.and_then(|written| written.parse().ok());
    instant.map(|instant| instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        serde_json::to_string(&Instant(text.parse().unwrap())).unwrap()
    }

    #[test]
    fn instants_are_written_in_utc_without_an_empty_fraction() {
        assert_eq!(written("2027-03-10T09:30:00+01:00"), "\"2027-03-10T08:30:00Z\"");
        assert_eq!(written("2027-03-10T09:30:00.250Z"), "\"2027-03-10T09:30:00.250Z\"");
        assert_eq!(written("0999-03-10T09:30:01.0001Z"), "\"0999-03-10T09:30:01Z\"");
    }
}
