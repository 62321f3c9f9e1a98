//! Instants and numbers as they come: some transports have types for them, others write them out.

use chrono::{DateTime, Utc};

use crate::invalid::Invalid;

/// The end of the year 9999 (RFC 3339 has four digits for the year), in seconds from 1970.
const LAST_SECOND: i64 = 253_402_300_799;

const NANOS_PER_SECOND: u32 = 1_000_000_000;

/// An instant, as it comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrittenInstant {
    /// In words, as RFC 3339 has them, with any offset.
    Text(String),
    /// Since the beginning of 1970, as `google.protobuf.Timestamp` counts.
    Count {
        /// Whole seconds.
        seconds: i64,
        /// And so many nanoseconds.
        nanos: i32,
    },
}

impl WrittenInstant {
    /// The instant that is meant.
    ///
    /// # Errors
    /// It is none of the years 1970 to 9999, or not one at all.
    pub fn parse(&self) -> Result<DateTime<Utc>, Invalid> {
        let years = Invalid("must be between the years 1970 and 9999");
        let instant = match self {
            Self::Text(text) => DateTime::parse_from_rfc3339(text)
                .map(|instant| instant.to_utc())
                .map_err(|_| Invalid("must be an instant such as 2027-03-10T09:30:00Z (RFC 3339)"))?,
            Self::Count { seconds, nanos } => u32::try_from(*nanos)
                .ok()
                .filter(|nanos| *nanos < NANOS_PER_SECOND)
                .and_then(|nanos| DateTime::from_timestamp(*seconds, nanos))
                .ok_or(years)?,
        };
        if (0..=LAST_SECOND).contains(&instant.timestamp()) { Ok(instant) } else { Err(years) }
    }
}

impl From<String> for WrittenInstant {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<DateTime<Utc>> for WrittenInstant {
    fn from(instant: DateTime<Utc>) -> Self {
        let nanos = instant.timestamp_subsec_nanos().min(NANOS_PER_SECOND - 1);
        Self::Count { seconds: instant.timestamp(), nanos: i32::try_from(nanos).unwrap_or_default() }
    }
}

/// A number, as it comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrittenNumber {
    /// As one.
    Number(i64),
    /// In digits.
    Text(String),
}

impl WrittenNumber {
    /// The number that is meant.
    ///
    /// # Errors
    /// It is not a whole number of 64 bits.
    pub fn parse(&self) -> Result<i64, Invalid> {
        match self {
            Self::Number(number) => Ok(*number),
            Self::Text(text) => text.parse().map_err(|_| Invalid("must be a whole number")),
        }
    }
}

impl From<i64> for WrittenNumber {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for WrittenNumber {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<String> for WrittenNumber {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_the_same_however_it_comes() {
        let expected = DateTime::from_timestamp(1_804_671_000, 250_000_000).unwrap();
        for text in ["2027-03-10T09:30:00.250Z", "2027-03-10T10:30:00.25+01:00"] {
            assert_eq!(WrittenInstant::from(text.to_owned()).parse(), Ok(expected), "{text}");
        }
        assert_eq!(WrittenInstant::Count { seconds: 1_804_671_000, nanos: 250_000_000 }.parse(), Ok(expected));
    }

    #[test]
    fn what_is_no_instant_of_years_that_people_write_is_refused() {
        for text in ["", "2027-03-10 ", "2027-03-10T09:30:00", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59-01:00"] {
            assert!(WrittenInstant::from(text.to_owned()).parse().is_err(), "{text}");
        }
        for (seconds, nanos) in [(-1, 0), (i64::MIN, 0), (i64::MAX, 0), (LAST_SECOND + 1, 0), (60, -1), (60, i32::MAX)]
        {
            assert!(WrittenInstant::Count { seconds, nanos }.parse().is_err(), "{seconds} {nanos}");
        }
        assert!(WrittenInstant::Count { seconds: LAST_SECOND, nanos: 0 }.parse().is_ok());
    }

    #[test]
    fn a_number_is_the_same_in_digits() {
        assert_eq!(WrittenNumber::from("30".to_owned()).parse(), WrittenNumber::from(30_i64).parse());
        for text in ["", "1.5", "three", " 3", "99999999999999999999"] {
            assert!(WrittenNumber::from(text.to_owned()).parse().is_err(), "{text}");
        }
    }
}
