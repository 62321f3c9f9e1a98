//! Bookings over gRPC, each with a request id of its own.

use anyhow::{Context, Result};
use booking_domain::availability::Slot;

use crate::crowd::Crowd;
use crate::stage::Stage;

/// Prints bookings a second.
pub(crate) async fn run(crowd: Crowd) -> Result<()> {
    println!("bookings_per_second {:.0}", crowd.per_second(book).await?);
    Ok(())
}

async fn book(stage: Stage, slot: Slot) -> Result<()> {
    stage.api.create_booking(&stage.booking(&slot)?).await.context("cannot book")?;
    Ok(())
}
