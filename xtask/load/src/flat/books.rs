//! Bookings: of free units, confirmed and declined, moved and cancelled.

use anyhow::Result;
use booking_client::{CreateBooking, RescheduleRequest};
use booking_domain::allow::Allow;
use booking_domain::booking::{Booking, BookingStatus};
use booking_domain::page::PageRequest;
use booking_domain::text::Prose;
use booking_domain::{DateTime, Utc};
use chrono::TimeDelta;

use super::side::{Side, step, wish};

/// Books what nobody holds, and completes it.
pub(super) async fn books(side: &mut Side) -> Result<()> {
    let (api, start) = (side.api.clone(), side.next_start());
    let wish = wish(side.plain, start, None)?;
    let booking = side.time("book", api.create_booking(&wish)).await?.booking;
    side.time("complete", api.complete_booking(&step(&booking)?)).await?;
    Ok(())
}

/// A booking that waits for an answer, although it is made with an operator's key.
fn request(side: &Side, start: DateTime<Utc>) -> Result<CreateBooking> {
    Ok(CreateBooking { status: Some(BookingStatus::Pending), ..wish(side.confirmed, start, None)? })
}

/// Books twice what has to be confirmed: one is confirmed and cancelled then, the other is declined.
pub(super) async fn confirms(side: &mut Side) -> Result<()> {
    let api = side.api.clone();
    let [one, other] = [side.next_start(), side.next_start()];
    let accepted = api.create_booking(&request(side, one)?).await?.booking;
    side.time("confirm", api.confirm_booking(&step(&accepted)?)).await?;
    api.cancel_booking(&step(&accepted)?).await?;
    let refused = api.create_booking(&request(side, other)?).await?.booking;
    side.time("decline", api.decline_booking(&step(&refused)?)).await?;
    Ok(())
}

/// Moves a booking by an hour, cancels it, and asks what happened to it.
pub(super) async fn move_and_cancel(side: &mut Side, booking: &Booking) -> Result<()> {
    let api = side.api.clone();
    let later = RescheduleRequest {
        allow: Allow::NOTHING,
        id: booking.id,
        start: booking.slot.start() + TimeDelta::hours(1),
        duration_minutes: None,
        session_id: None,
        resource_id: None,
        reason: Prose::parse("")?,
        version: None,
        management_token: None,
    };
    side.time("move", api.reschedule_booking(&later)).await?;
    side.time("cancel", api.cancel_booking(&step(booking)?)).await?;
    side.time("history", api.list_booking_history(booking.id, PageRequest::longest())).await?;
    Ok(())
}
