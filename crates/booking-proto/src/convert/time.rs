//! Instants, exact to the nanosecond: `google.protobuf.Timestamp` and the domain's.

use booking_domain::schedule::Stamp;
use booking_domain::{DateTime, Utc};
use prost_types::Timestamp;

use crate::v1;

const NANOS_PER_SECOND: u32 = 1_000_000_000;

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
