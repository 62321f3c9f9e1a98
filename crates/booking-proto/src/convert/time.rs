//! Instants and ranges: `google.protobuf.Timestamp` and the domain's, exact to the nanosecond.

use booking_domain::interval;
use booking_domain::invalid::Invalid;
use booking_domain::schedule::Stamp;
use booking_domain::{DateTime, Utc};
use prost_types::Timestamp;

use crate::v1;

const NANOS_PER_SECOND: u32 = 1_000_000_000;

/// The end of the year 9999 (RFC 3339 has four digits for the year), in seconds from 1970.
const LAST_SECOND: i64 = 253_402_300_799;

/// The instant of this timestamp, in the years 1970 to 9999.
pub(crate) fn instant(stamp: Timestamp) -> Result<DateTime<Utc>, Invalid> {
    let nanos = u32::try_from(stamp.nanos).ok().filter(|nanos| *nanos < NANOS_PER_SECOND);
    (0..=LAST_SECOND)
        .contains(&stamp.seconds)
        .then(|| DateTime::from_timestamp(stamp.seconds, nanos?))
        .flatten()
        .ok_or(Invalid("must be between the years 1970 and 9999"))
}

/// The instant of this timestamp, if it is a whole minute.
pub(crate) fn whole_minute(stamp: Timestamp) -> Result<DateTime<Utc>, Invalid> {
    instant(stamp).and_then(interval::whole_minute)
}

/// This instant as a timestamp.
pub(crate) fn timestamp(instant: DateTime<Utc>) -> Timestamp {
    // A leap second is more than a second's worth of nanoseconds in `chrono`; a timestamp smears it (timestamp.proto).
    let nanos = instant.timestamp_subsec_nanos().min(NANOS_PER_SECOND - 1);
    Timestamp { seconds: instant.timestamp(), nanos: i32::try_from(nanos).unwrap_or_default() }
}

impl From<&Stamp> for v1::Stamp {
    fn from(stamp: &Stamp) -> Self {
        Self {
            created_at: Some(timestamp(stamp.created_at)),
            updated_at: Some(timestamp(stamp.updated_at)),
            version: stamp.version,
        }
    }
}
