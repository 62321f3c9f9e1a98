//! Requests that nobody answers: what has begun by then is declined by itself.
//!
//! Being late changes no rule: from its start on a request cannot be confirmed any more, whoever asks.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use booking_domain::hold::command::Command;
use booking_domain::id::{BookingId, OrganizationId};

use crate::commands::job::Job;
use crate::commands::queue::CommandQueue;
use crate::engine::Engine;
use crate::error::ServiceError;
use crate::store::{StoreError, bookings};

/// How often is looked.
const LOOK: Duration = Duration::from_secs(5);
/// Requests that are declined with each look.
const ROUND: i64 = 200;

/// Declines what has begun without an answer, until it is ended itself.
pub(crate) async fn run(engine: Arc<Engine>, commands: CommandQueue) {
    loop {
        match decline(&engine, &commands).await {
            Ok(()) => {}
            Err(ServiceError::Failed(failure) | ServiceError::Away(failure)) => {
                engine.tell(&failure, "declining what nobody answered");
            }
            Err(ServiceError::Refused(why)) => {
                tracing::debug!(%why, "requests that nobody answered could not be declined; it is tried again");
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn decline(engine: &Engine, commands: &CommandQueue) -> Result<(), ServiceError> {
    let mut asked: BTreeMap<OrganizationId, Vec<BookingId>> = BTreeMap::new();
    for (organization, id) in unanswered(engine).await? {
        asked.entry(organization).or_default().push(id);
    }
    for (organization, asked) in asked {
        commands.submit(Job::new(organization, Command::DeclineUnanswered(asked))).await?;
    }
    Ok(())
}

async fn unanswered(engine: &Engine) -> Result<Vec<(OrganizationId, BookingId)>, StoreError> {
    let mut tx = engine.store.read().await?;
    bookings::unanswered(&mut tx, engine.clock.now(), ROUND).await
}
