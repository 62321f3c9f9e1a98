//! The expiry task: it sleeps until somebody may be late, wakes for an earlier lease, and ends exactly what is due.
//!
//! Its lateness can delay a notification and never breaks a rule: every command ends what is overdue in its way itself.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use booking_domain::hold::command::Command;
use booking_domain::id::{OrganizationId, PresenceId};
use booking_domain::{DateTime, Utc};
use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

use crate::commands::job::Job;
use crate::commands::queue::CommandQueue;
use crate::engine::Engine;
use crate::error::ServiceError;
use crate::state::leases::Leases;
use crate::state::presence_index::PresenceIndex;
use crate::store::StoreError;
use crate::store::nodes::{Nodes, Overdue};

/// Presences ended in one round.
const ROUND: usize = 500;
/// How often is looked, at least.
const CHECK: Duration = Duration::from_secs(1);
/// How often what is due is looked for in a shared store.
const LOOK: Duration = Duration::from_millis(250);
/// How far back it is looked for, in a shared store: whoever is being decided about is passed over, and no transaction lasts so
/// long. Where the index begins there is only what was put off, until the database sweeps it away.
const LOOK_BACK: TimeDelta = TimeDelta::seconds(15);
/// How often all is looked at nevertheless.
const LOOK_AT_ALL: TimeDelta = TimeDelta::seconds(60);
/// Waking so late means that the process stood still, and that heartbeats could not reach it either.
const STALL: Duration = Duration::from_secs(1);

/// Ends what is due, until told to stop.
pub(crate) async fn run(engine: Arc<Engine>, commands: CommandQueue, stop: CancellationToken) {
    match &engine.leases {
        Leases::InMemory(index) => run_own(&engine, index, (&commands, stop)).await,
        Leases::InDatabase(_) => run_shared(&engine, (&commands, stop)).await,
    }
}

/// This process knows every lease, so it knows when to wake.
async fn run_own(engine: &Engine, index: &PresenceIndex, (commands, stop): (&CommandQueue, CancellationToken)) {
    while !stop.is_cancelled() {
        let rest = until_next(engine, index);
        let resting = Instant::now();
        tokio::select! {
            () = stop.cancelled() => return,
            () = engine.expiry.woken() => {}
            () = tokio::time::sleep(rest) => {}
        }
        if resting.elapsed() > rest + STALL {
            tracing::warn!("this process stood still: every lease is given its full time again");
            index.rearm(engine.clock.now());
        }
        end((engine, commands), index.due(engine.clock.now(), ROUND)).await;
    }
}

/// Other nodes renew leases, too, and may go without a word, so every node looks for what is due anywhere. Whoever is second
/// finds nothing to end any more.
async fn run_shared(engine: &Engine, (commands, stop): (&CommandQueue, CancellationToken)) {
    let Some(node) = &engine.node else { return };
    let mut all_seen = None;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
        let now = engine.clock.now();
        let since = match all_seen {
            Some(at) if now < at + LOOK_AT_ALL => now - LOOK_BACK,
            _ => DateTime::UNIX_EPOCH,
        };
        match end_overdue((engine, node.nodes()), since, (commands, &stop)).await {
            Ok(()) if since == DateTime::UNIX_EPOCH => all_seen = Some(now),
            Ok(()) => {}
            Err(failure) => {
                all_seen = None;
                tracing::debug!(
                    error = &failure as &dyn Error,
                    "what is due could not be looked for; it is tried again"
                );
            }
        }
    }
}

async fn end_overdue(
    (engine, nodes): (&Engine, &Nodes),
    since: DateTime<Utc>,
    (commands, stop): (&CommandQueue, &CancellationToken),
) -> Result<(), StoreError> {
    let mut before = BTreeSet::new();
    while !stop.is_cancelled() {
        let Overdue { presences, more } = nodes.overdue(since, ROUND).await?;
        end((engine, commands), presences.iter().copied()).await;
        // Whoever could not be ended is tried again with the next look.
        let stuck = !presences.is_empty() && presences == before;
        if stuck || !more {
            return Ok(());
        }
        before = presences;
    }
    Ok(())
}

fn until_next(engine: &Engine, index: &PresenceIndex) -> Duration {
    let now = engine.clock.now();
    let next = index.next_alarm().map_or(CHECK, |at| (at - now).to_std().unwrap_or(Duration::ZERO));
    next.min(CHECK)
}

async fn end(
    (engine, commands): (&Engine, &CommandQueue),
    due: impl IntoIterator<Item = (OrganizationId, PresenceId)>,
) {
    let mut by_organization: BTreeMap<OrganizationId, Vec<PresenceId>> = BTreeMap::new();
    for (organization, id) in due {
        by_organization.entry(organization).or_default().push(id);
    }
    for (organization, due) in by_organization {
        match commands.submit(Job::new(organization, Command::Tick(due))).await {
            Err(ServiceError::Failed(failure) | ServiceError::Away(failure)) => {
                engine.tell(&failure, "ending what is due");
            }
            Err(ServiceError::Refused(why)) => {
                tracing::debug!(%why, "what is due could not be ended; it is tried again")
            }
            Ok(_) => {}
        }
    }
}
