//! What a change concerns, on the wire.

use booking_domain::affected;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::model::time::Id;

/// What a change concerns. Nothing is taken away from a hold or a booking.
#[derive(Debug, Serialize, ToSchema)]
pub struct Affected {
    /// How many holds: each may be booked until its deadline, or released.
    pub holds: u32,
    /// How many waited; they were told at once if nothing can become of it.
    pub waiting: u32,
    /// The bookings, by their `uid`, in the order of their starts: they stay.
    #[schema(max_items = 100)]
    pub bookings: Vec<Id>,
    /// Whether there are more than are named or counted here.
    pub more: bool,
    /// After a change of an event type: how many of its bookings keep other buffers than it has now. A booking keeps those that it was
    /// made with.
    pub keeping_buffers: u32,
}

impl From<&affected::Affected> for Affected {
    fn from(affected: &affected::Affected) -> Self {
        Self {
            holds: affected.holds,
            waiting: affected.waiting,
            bookings: affected.bookings.iter().map(|booking| Id(booking.uuid())).collect(),
            more: affected.more,
            keeping_buffers: affected.keeping_buffers,
        }
    }
}
