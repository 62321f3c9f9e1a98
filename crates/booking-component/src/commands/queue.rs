//! The command queue: whoever wants to change a line or a booking queues here, and is served in the order of arrival.
//!
//! **Group commit.** Those who arrive together are decided and saved in one transaction. A refusal is a value and spoils nothing
//! for its neighbours. If the store refuses the whole transaction, its jobs are tried again one by one. Nobody is answered, and
//! nothing is announced, before it is committed.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use booking_domain::id::OrganizationId;
use booking_domain::refusal::Refusal;
use futures::stream::{self, StreamExt};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::commands::clock_steps;
use crate::commands::job::{Job, Served};
use crate::commands::publish::publish;
use crate::commands::transaction::{Decided, transact};
use crate::engine::Engine;
use crate::error::{ServiceError, ServiceResult};
use crate::state::leases::Leases;
use crate::store::StoreError;
use crate::store::nodes::ArmReason;
use crate::tasks::{caught, said};

/// Jobs that may wait; more are turned away at once.
const QUEUE: usize = 4_096;
/// Jobs of one transaction: enough to share a commit among many, few enough to keep everybody's wait short.
const BATCH: usize = 256;
/// Organizations served at once in a shared store.
const ORGANIZATIONS: usize = 8;
/// How often a transaction is tried when others are in its way. Each try sees what they did.
const TRIES: u32 = 6;
/// How long a job may take, the wait for its turn included: whoever waits for it is promised an answer within five seconds.
const QUEUE_PATIENCE: Duration = Duration::from_secs(4);
/// How often the clock is looked at for a step, at least: a deadline is told as wrong for no longer.
const CHECK: Duration = Duration::from_secs(1);
/// How long a transaction in a shared store may take; the store's own limits on locks and statements are shorter.
const PATIENCE: Duration = Duration::from_secs(4);

struct Waiting {
    job: Job,
    /// When nobody waits any more.
    until: Instant,
    reply: oneshot::Sender<ServiceResult<Served>>,
}

/// Where one queues.
#[derive(Clone)]
pub struct CommandQueue {
    queue: mpsc::Sender<Waiting>,
}

impl CommandQueue {
    /// Opens it. Told to close, it serves all who have queued, and ends.
    pub fn open(engine: Arc<Engine>, close: CancellationToken) -> (Self, impl Future<Output = ()> + Send) {
        let (queue, waiting) = mpsc::channel(QUEUE);
        (Self { queue }, serve(engine, waiting, close))
    }

    /// Queues, and waits for the answer. Once queued, a job is done even if whoever asked has gone, but not once they were told
    /// that it takes too long.
    pub async fn submit(&self, job: Job) -> ServiceResult<Served> {
        let (reply, answer) = oneshot::channel();
        let until = Instant::now() + QUEUE_PATIENCE;
        self.queue.try_send(Waiting { job, until, reply }).map_err(|_| Refusal::Unavailable)?;
        let answer = tokio::time::timeout_at(until, answer).await.map_err(|_| Refusal::Unavailable)?;
        answer.map_err(|_| Refusal::Unavailable)?
    }
}

async fn serve(engine: Arc<Engine>, mut waiting: mpsc::Receiver<Waiting>, close: CancellationToken) {
    let mut arrived = Vec::with_capacity(BATCH);
    loop {
        let count = tokio::select! {
            count = waiting.recv_many(&mut arrived, BATCH) => count,
            // Nobody may come for a while; the clock is looked at all the same.
            () = tokio::time::sleep(CHECK) => {
                keep_time(&engine).await;
                continue;
            }
            () = close.cancelled(), if !waiting.is_closed() => {
                waiting.close();
                continue;
            }
        };
        if count == 0 {
            return;
        }
        keep_time(&engine).await;
        let now = Instant::now();
        arrived.retain(|each| each.until > now);
        // An embedded store has one writer. A shared one keeps organizations apart, so none waits for another's locks.
        let at_once = if engine.node.is_some() { ORGANIZATIONS } else { 1 };
        let groups = stream::iter(by_organization(&mut arrived));
        groups.for_each_concurrent(at_once, |(of, group)| serve_group(&engine, of, group)).await;
    }
}

/// Takes a step of the clock, if there was one. By a shared store's clock, the store decides.
async fn keep_time(engine: &Engine) {
    let Leases::InMemory(index) = &engine.leases else { return };
    if let Err(failure) = clock_steps::follow(engine, index).await {
        // The old time is as good as it was; the next look tries again.
        engine.tell(&failure, "taking a step of the clock");
    }
}

fn by_organization(arrived: &mut Vec<Waiting>) -> BTreeMap<OrganizationId, Vec<Waiting>> {
    let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
    arrived.drain(..).for_each(|each| groups.entry(each.job.organization).or_default().push(each));
    groups
}

async fn serve_group(engine: &Engine, organization: OrganizationId, group: Vec<Waiting>) {
    let (jobs, replies): (Vec<Job>, Vec<_>) = group.into_iter().map(|each| (each.job, each.reply)).unzip();
    let answers = match persist(engine, organization, &jobs).await {
        Ok(answers) => answers,
        Err(failure) if jobs.len() == 1 => vec![Err(failure.into())],
        // Where others were in the way, they may have been in the way of some only.
        Err(failure) if failure.is_outage() && !matches!(failure, StoreError::Moved | StoreError::Unarmed) => {
            engine.notice(&failure);
            jobs.iter().map(|_| Err(Refusal::Unavailable.into())).collect()
        }
        Err(failure) => {
            tracing::warn!(
                error = &failure as &dyn Error,
                jobs = jobs.len(),
                "a batch was refused; its jobs are tried one by one"
            );
            one_by_one(engine, organization, &jobs).await
        }
    };
    for (reply, answer) in replies.into_iter().zip(answers) {
        // Whoever hung up does not need the answer; what was decided stands.
        let _ = reply.send(answer);
    }
}

async fn one_by_one(engine: &Engine, organization: OrganizationId, jobs: &[Job]) -> Vec<ServiceResult<Served>> {
    let mut answers = Vec::with_capacity(jobs.len());
    for job in jobs {
        let answer = persist(engine, organization, std::slice::from_ref(job)).await;
        answers.push(
            answer
                .map_err(ServiceError::from)
                .and_then(|mut one| one.pop().unwrap_or(Err(Refusal::Unavailable.into()))),
        );
    }
    answers
}

/// Transacts and announces, and tries again a few times when others were in the way.
async fn persist(
    engine: &Engine,
    organization: OrganizationId,
    jobs: &[Job],
) -> Result<Vec<ServiceResult<Served>>, StoreError> {
    let mut tries = 1;
    loop {
        match in_time(engine, unharmed(transact(engine, organization, jobs))).await {
            Ok(Decided { answers, changes, before }) => {
                // What was written into a file that is gone is acknowledged to nobody.
                engine.store.check_file()?;
                if !changes.is_empty() {
                    publish(engine, organization, (&changes, &before));
                }
                return Ok(answers);
            }
            Err(StoreError::Unarmed) if tries < TRIES => engine.arm(ArmReason::Restarted).await?,
            Err(failure) if tries < TRIES && failure.deserves_another_try() => {
                tracing::debug!(error = &failure as &dyn Error, "others were in the way; it is tried again");
            }
            Err(failure) => return Err(failure),
        }
        tries += 1;
    }
}

/// Bounds a transaction in a shared store, which may have gone without a word. An embedded one may not be left: what it commits
/// has to be announced.
async fn in_time<T>(
    engine: &Engine,
    transaction: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    match engine.node {
        None => transaction.await,
        Some(_) => tokio::time::timeout(PATIENCE, transaction).await.unwrap_or(Err(StoreError::Away)),
    }
}

/// A panic ends the transaction and nothing else: one job that the rules cannot bear is no harm to its neighbours.
async fn unharmed<T: Send>(transaction: impl Future<Output = Result<T, StoreError>> + Send) -> Result<T, StoreError> {
    caught(transaction).await.unwrap_or_else(|panic| Err(StoreError::Panicked(said(&*panic).to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_decision_that_panics_is_a_failure_of_its_own_transaction() {
        let failed: Result<(), _> = unharmed(async { panic!("of the rules") }).await;
        assert!(matches!(failed, Err(StoreError::Panicked(why)) if why == "of the rules"));
    }
}
