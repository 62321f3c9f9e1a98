//! Fields in which instants stand together: a range, and when a thing was made and changed.

use booking_domain::draft::reader::Reader;
use booking_domain::interval::Interval;
use booking_domain::schedule::Stamp;
use prost_types::Timestamp;

use super::fields::written;
use crate::v1;

/// The range from `start` to `end`.
pub(crate) fn range(r: &mut Reader<'_>, start: Option<Timestamp>, end: Option<Timestamp>) -> Option<Interval> {
    let (start, end) = (r.minute("start", written(start)), r.minute("end", written(end)));
    r.take("end", Interval::new(start?, end?))
}

/// When a stored thing was made and changed.
pub(crate) fn stamp(r: &mut Reader<'_>, stamp: Option<v1::Stamp>) -> Option<Stamp> {
    let stamp = stamp.unwrap_or_default();
    let created_at = r.instant("stamp.created_at", written(stamp.created_at));
    let updated_at = r.instant("stamp.updated_at", written(stamp.updated_at));
    Some(Stamp { created_at: created_at?, updated_at: updated_at?, version: stamp.version })
}
