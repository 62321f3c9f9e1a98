//! The desk: everybody who wants to change a line or a booking queues here, and is served in the order of arrival.
//!
//! **Group commit.** Those who arrive together are decided and saved in one transaction. A refusal is a value and spoils nothing
//! for its neighbours. If the store refuses the whole transaction, its jobs are tried again one by one. Nobody is answered, and
//! nothing is announced, before it is committed.

use std::collections::BTreeMap;
use std::sync::Arc;

use booking_domain::booking::Booking;
use booking_domain::hold::calendar::Moment;
use booking_domain::hold::change::{Change, Net};
use booking_domain::hold::command::{Command, Outcome};
use booking_domain::id::{OrganizationId, PresenceId};
use booking_domain::refusal::Refusal;
use booking_domain::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::engine::Engine;
use crate::presence::loading::{self, Batch};
use crate::secret::Token;
use crate::service::once::{Once, Replays};
use crate::service::{Answer, ServiceError};
use crate::store::StoreError;
use crate::store::ledger::{self, Extras};

/// Jobs that may wait; more are turned away at once.
const QUEUE: usize = 4_096;
/// Jobs of one transaction: enough to share a commit among many, few enough to keep everybody's wait short.
const BATCH: usize = 256;

/// One thing to decide.
#[derive(Debug)]
pub struct Job {
    /// Whose line or booking it is.
    pub organization: OrganizationId,
    /// What to decide.
    pub command: Command,
    /// The call's idempotency key, if it has one.
    pub once: Option<Once>,
    /// The new booking's management token.
    pub token: Option<Token>,
}

impl Job {
    /// A job without an idempotency key.
    pub fn new(organization: OrganizationId, command: Command) -> Self {
        Self { organization, command, once: None, token: None }
    }
}

/// What was decided, and the token of a booking that was made.
#[derive(Clone, Debug)]
pub struct Served {
    /// The decision's answer.
    pub outcome: Outcome,
    /// The management token, for a new booking.
    pub token: Option<Token>,
}

struct Waiting {
    job: Job,
    reply: oneshot::Sender<Answer<Served>>,
}

/// Where one queues.
#[derive(Clone)]
pub struct Desk {
    queue: mpsc::Sender<Waiting>,
}

impl Desk {
    /// Opens the desk. Told to close, it serves all who have queued, and ends.
    pub fn open(engine: Arc<Engine>, close: CancellationToken) -> (Self, impl Future<Output = ()> + Send) {
        let (queue, waiting) = mpsc::channel(QUEUE);
        (Self { queue }, serve(engine, waiting, close))
    }

    /// Queues, and waits for the answer. Once queued, a job is done even if nobody waits for it any more.
    pub async fn submit(&self, job: Job) -> Answer<Served> {
        let (reply, answer) = oneshot::channel();
        self.queue.try_send(Waiting { job, reply }).map_err(|_| Refusal::Unavailable)?;
        answer.await.map_err(|_| Refusal::Unavailable)?
    }
}

async fn serve(engine: Arc<Engine>, mut waiting: mpsc::Receiver<Waiting>, close: CancellationToken) {
    let mut arrived = Vec::with_capacity(BATCH);
    loop {
        let count = tokio::select! {
            count = waiting.recv_many(&mut arrived, BATCH) => count,
            () = close.cancelled(), if !waiting.is_closed() => {
                waiting.close();
                continue;
            }
        };
        if count == 0 {
            return;
        }
        for (organization, group) in by_organization(&mut arrived) {
            serve_group(&engine, organization, group).await;
        }
    }
}

fn by_organization(arrived: &mut Vec<Waiting>) -> BTreeMap<OrganizationId, Vec<Waiting>> {
    let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
    arrived.drain(..).for_each(|each| groups.entry(each.job.organization).or_default().push(each));
    groups
}

async fn serve_group(engine: &Engine, organization: OrganizationId, group: Vec<Waiting>) {
    let (jobs, replies): (Vec<Job>, Vec<_>) = group.into_iter().map(|each| (each.job, each.reply)).unzip();
    let answers = match transact(engine, organization, &jobs).await {
        Ok(answers) => answers,
        Err(failure) if jobs.len() == 1 => vec![Err(failure.into())],
        Err(failure) => {
            tracing::warn!(%failure, jobs = jobs.len(), "a batch was refused; its jobs are tried one by one");
            one_by_one(engine, organization, &jobs).await
        }
    };
    for (reply, answer) in replies.into_iter().zip(answers) {
        // Whoever hung up does not need the answer; what was decided stands.
        let _ = reply.send(answer);
    }
}

async fn one_by_one(engine: &Engine, organization: OrganizationId, jobs: &[Job]) -> Vec<Answer<Served>> {
    let mut answers = Vec::with_capacity(jobs.len());
    for job in jobs {
        let answer = transact(engine, organization, std::slice::from_ref(job)).await;
        answers.push(
            answer
                .map_err(ServiceError::from)
                .and_then(|mut one| one.pop().unwrap_or(Err(Refusal::Unavailable.into()))),
        );
    }
    answers
}

/// Load, decide, save, commit, announce.
async fn transact(
    engine: &Engine,
    organization: OrganizationId,
    jobs: &[Job],
) -> Result<Vec<Answer<Served>>, StoreError> {
    let mut tx = engine.store.write().await?;
    let now = engine.clock.now();
    let catalog = engine.catalogs.current(&mut tx, organization).await?;
    let mut replays =
        Replays::load(&mut tx, organization, jobs.iter().filter_map(|job| job.once.as_ref()), now).await?;
    let mut calendar = loading::load(&mut tx, &engine.board, &Batch { catalog: &catalog, jobs, now }).await?;
    let existed = calendar.existed();

    let mut answers = Vec::with_capacity(jobs.len());
    for job in jobs {
        answers.push(match earlier(&replays, job)? {
            Some(answer) => answer,
            None => {
                let moment = Moment { rules: &engine.rules, now, newcomer: PresenceId::new(engine.ids.next(now)) };
                let outcome = calendar.decide(&job.command, moment);
                remember(&mut replays, job, &outcome, now)?;
                outcome.map(|outcome| Served { outcome, token: job.token.clone() }).map_err(ServiceError::Refused)
            }
        });
    }

    let changes = calendar.take_changes();
    if changes.is_empty() {
        return Ok(answers);
    }
    ledger::save(&mut tx, organization, &Net::of(&changes, &existed), &extras(jobs)).await?;
    replays.save(&mut tx, organization).await?;
    tx.commit().await?;
    announce(engine, organization, &changes);
    Ok(answers)
}

fn announce(engine: &Engine, organization: OrganizationId, changes: &[Change]) {
    let told = engine.board.mirror(organization, changes);
    engine.followers.tell(&told);
    engine.hints.give(organization);
    engine.expiry.wake();
}

fn extras(jobs: &[Job]) -> Extras {
    let made = jobs.iter().filter_map(|job| match (&job.command, &job.token) {
        (Command::Book(book), Some(token)) => Some((book.booking.id, token.hash())),
        _ => None,
    });
    Extras { token_hashes: made.collect() }
}

/// What is remembered of a booking that was made with an idempotency key.
#[derive(Serialize, Deserialize)]
struct Made {
    booking: Booking,
    sealed_token: String,
}

fn earlier(replays: &Replays, job: &Job) -> Result<Option<Answer<Served>>, StoreError> {
    let Some(once) = &job.once else { return Ok(None) };
    let found = replays.find::<Made>(once)?;
    Ok(found.map(|made| {
        let Made { booking, sealed_token } = made?;
        let token = Token::shown(&sealed_token).map(|sealed| sealed.sealed(&once.key, booking.id));
        Ok(Served { outcome: Outcome::Booking(Box::new(booking)), token })
    }))
}

fn remember(
    replays: &mut Replays,
    job: &Job,
    outcome: &Result<Outcome, Refusal>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (Some(once), Some(token), Ok(Outcome::Booking(booking))) = (&job.once, &job.token, outcome) else {
        return Ok(());
    };
    let sealed_token = token.sealed(&once.key, booking.id).expose();
    replays.remember(once, &Made { booking: (**booking).clone(), sealed_token }, now)
}
