//! `Debug` of the messages that carry session ids or management tokens: their names alone, so that no log can hold a secret.

use std::fmt;

use crate::v1;

macro_rules! redacted {
    ($($message:ident)+) => {$(
        impl fmt::Debug for v1::$message {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($message)).finish_non_exhaustive()
            }
        }
    )+};
}

redacted! {
    CreateBookingRequest
    CreateBookingResponse
    ExtendHoldRequest
    FollowPlaceRequest
    GetBookingRequest
    HeartbeatRequest
    LeaveRequest
    PlaceUpdate
    RescheduleBookingRequest
    TransitionBookingRequest
    UpdateBookingRequest
}
