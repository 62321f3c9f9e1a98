//! Retention: bookings that ended long ago are erased, a few at a time, so that nobody else waits for it.

use std::sync::Arc;
use std::time::Duration;

use booking_domain::id::OrganizationId;
use booking_domain::{DateTime, Utc};
use chrono::TimeDelta;

use crate::engine::Engine;
use crate::store::bookings::erasing::{ErasingCursor, erase_ended};
use crate::store::{StoreError, organizations};

/// Bookings that are looked at in one transaction: some tens of milliseconds.
const TOGETHER: i64 = 200;
/// The pause between two transactions: those who hold and book come first.
const PAUSE: Duration = Duration::from_millis(200);
/// How often it is looked whether something has become old enough.
const ROUND: Duration = Duration::from_secs(60 * 60);

/// Erases what ended more than so many days ago, until it is ended itself.
pub(super) async fn run(engine: Arc<Engine>, days: u32) {
    loop {
        match erase_all(&engine, TimeDelta::days(days.into())).await {
            Ok(0) => {}
            Ok(erased) => tracing::info!(erased, days, "bookings that ended longer ago were erased"),
            Err(error) => {
                engine.tell(&error, "erasing old bookings");
            }
        }
        tokio::time::sleep(ROUND).await;
    }
}

/// Erases all that ended longer ago than this; how many bookings there were.
pub(super) async fn erase_all(engine: &Engine, age: TimeDelta) -> Result<usize, StoreError> {
    let before = engine.clock.now() - age;
    let mut tx = engine.store.read().await?;
    let all = organizations::list(&mut tx).await?;
    drop(tx);
    let mut erased = 0;
    for organization in all {
        erased += erase_of(engine, organization.id, before).await?;
    }
    Ok(erased)
}

async fn erase_of(engine: &Engine, organization: OrganizationId, before: DateTime<Utc>) -> Result<usize, StoreError> {
    let (mut erased, mut from) = (0, Some(ErasingCursor::START));
    while let Some(place) = from {
        let mut tx = engine.store.write().await?;
        let step = erase_ended(&mut tx, organization, (place, before), TOGETHER).await?;
        tx.commit().await?;
        erased += step.erased;
        from = step.next;
        if from.is_some() {
            tokio::time::sleep(PAUSE).await;
        }
    }
    Ok(erased)
}
