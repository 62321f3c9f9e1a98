//! What a change concerns.

use booking_domain::affected::Affected;
use booking_domain::draft::reader::Reader;

use crate::v1;

impl From<&Affected> for v1::Affected {
    fn from(affected: &Affected) -> Self {
        Self {
            holds: affected.holds,
            waiting: affected.waiting,
            bookings: affected.bookings.iter().map(ToString::to_string).collect(),
            more: affected.more,
            keeping_buffers: affected.keeping_buffers,
        }
    }
}

/// What a change concerns, in an answer.
pub(in crate::convert) fn affected(r: &mut Reader<'_>, message: Option<v1::Affected>) -> Option<Affected> {
    let mut message = message.unwrap_or_default();
    let bookings = r.all("affected.bookings", std::mem::take(&mut message.bookings), |r, uid| r.id("", &uid))?;
    let v1::Affected { holds, waiting, more, keeping_buffers, .. } = message;
    Some(Affected { holds, waiting, bookings, more, keeping_buffers })
}
