//! Sessions in a room: one holds and another waits, one leaves and the other holds; and a hold that meets its deadline.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use booking_client::{CallError, CallStream, PlaceChange};
use booking_domain::hold::{Place, SessionId, Standing};
use booking_domain::refusal::Refusal;
use booking_domain::{DateTime, Utc};
use futures::StreamExt;

use super::side::{Side, beat, ensure_holding, session, wish};

/// How long a hold lives on the servers that are measured, where its event type does not say. The bench tells them.
const DEADLINE: Duration = Duration::from_millis(250);
/// How often it is tried to follow a hold before it ends.
const ATTEMPTS: usize = 5;

/// Holds, renews, waits, extends, leaves, and books what is held, all in one room; then moves and cancels the booking.
pub(super) async fn waits(side: &mut Side) -> Result<()> {
    let (api, start) = (side.api.clone(), side.next_start());
    let (holder, next) = (session()?, session()?);
    let (held, waited) = (beat(side.plain, start, holder), beat(side.plain, start, next));
    let place = side.time("hold", api.heartbeat(&held)).await?;
    ensure_holding(&place)?;
    side.time("renew", api.heartbeat(&held)).await?;
    let second = side.time("wait", api.heartbeat(&waited)).await?;
    ensure!(matches!(second.standing, Standing::Waiting { .. }), "two sessions hold one slot");
    side.time("extend", api.extend_hold(place.room, holder)).await?;
    side.time("leave", api.leave(place.room, holder)).await?;
    let wish = wish(side.plain, start, Some(next))?;
    let booking = side.time("book_hold", api.create_booking(&wish)).await?.booking;
    super::books::move_and_cancel(side, &booking).await
}

/// Lets a hold meet its deadline, and says how long after it the holder is told.
pub(super) async fn expiry(side: &mut Side) -> Result<()> {
    let (mut changes, granted) = follow_for_a_moment(side).await?;
    while let PlaceChange::Place(_) = changes.next().await.context("the stream ended")?.context("the stream broke")? {}
    side.times.entry("expiry").or_default().push(granted.elapsed().saturating_sub(DEADLINE));
    take_over(side).await
}

/// What is told to a holder, and when the hold was granted.
async fn follow_for_a_moment(side: &mut Side) -> Result<(CallStream<PlaceChange>, Instant)> {
    for _ in 0..ATTEMPTS {
        let (start, holder) = (side.next_start(), session()?);
        let (place, granted) = hold_for_a_moment(side, start, holder).await?;
        match side.api.follow_place(place.room, holder).await {
            // The machine stood still for so long that there was nothing to follow any more.
            Err(CallError::Refused(Refusal::HoldLost(_))) => {}
            followed => return Ok((followed.context("cannot follow")?, granted)),
        }
    }
    bail!("the machine is too busy to measure on: every hold ended before it could be followed")
}

/// Nodes of a shared store look for what is late now and then only; but whoever wants a slot ends what is late in it at once.
async fn take_over(side: &mut Side) -> Result<()> {
    let (api, start, next) = (side.api.clone(), side.next_start(), session()?);
    let (_, granted) = hold_for_a_moment(side, start, session()?).await?;
    tokio::time::sleep_until((granted + DEADLINE).into()).await;
    let place = side.time("take_over", api.heartbeat(&beat(side.confirmed, start, next))).await?;
    ensure_holding(&place)?;
    Ok(api.leave(place.room, next).await?)
}

/// A hold that lives for as long as the server says, and a moment after it was granted.
async fn hold_for_a_moment(side: &Side, start: DateTime<Utc>, holder: SessionId) -> Result<(Place, Instant)> {
    let place = side.api.heartbeat(&beat(side.confirmed, start, holder)).await.context("cannot hold")?;
    ensure_holding(&place)?;
    Ok((place, Instant::now()))
}
