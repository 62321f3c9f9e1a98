//! One transaction of the write path: load, decide, save, commit.

use std::collections::{BTreeMap, BTreeSet};

use booking_domain::booking::{Actor, Booking};
use booking_domain::hold::Presence;
use booking_domain::hold::change::{Change, NetChanges};
use booking_domain::hold::command::{Command, Outcome};
use booking_domain::hold::working_set::DecisionContext;
use booking_domain::id::{OrganizationId, PresenceId};
use booking_domain::refusal::Refusal;
use booking_domain::secret::ManagementToken;
use booking_domain::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::commands::idempotency::Replays;
use crate::commands::job::{Job, Served};
use crate::commands::load::{self, Loaded};
use crate::commands::publish;
use crate::engine::Engine;
use crate::error::{ServiceError, ServiceResult};
use crate::secret::{sealed, token_hash};
use crate::store::StoreError;
use crate::store::changes::{self, Extras};
use crate::store::nodes;

/// What was decided, and is committed.
pub(super) struct Decided {
    pub(super) answers: Vec<ServiceResult<Served>>,
    pub(super) changes: Vec<Change>,
    /// The presences as they were before.
    pub(super) before: BTreeMap<PresenceId, Presence>,
}

/// Load, decide, save, commit.
pub(super) async fn transact(
    engine: &Engine,
    organization: OrganizationId,
    jobs: &[Job],
) -> Result<Decided, StoreError> {
    let mut tx = engine.store.write().await?;
    let Loaded { mut working_set, now } = load::load(&mut tx, engine, (organization, jobs)).await?;
    let mut replays =
        Replays::load(&mut tx, organization, jobs.iter().filter_map(|job| job.once.as_ref()), now).await?;
    let (stored, before) = (working_set.before(), working_set.presences.clone());
    let mut last_in_line = working_set.presences.last_key_value().map(|(id, _)| *id);

    let mut answers = Vec::with_capacity(jobs.len());
    for job in jobs {
        answers.push(match earlier(&replays, job)? {
            Some(answer) => answer,
            None => {
                let newcomer = PresenceId::new(engine.ids.next_after(now, last_in_line.map(PresenceId::uuid)));
                last_in_line = Some(newcomer);
                let outcome = working_set.decide(&job.command, DecisionContext { rules: &engine.rules, now, newcomer });
                remember(&mut replays, job, &outcome, now)?;
                outcome.map(|outcome| Served { outcome, token: job.token.clone() }).map_err(ServiceError::Refused)
            }
        });
    }

    let changes = working_set.take_changes();
    if changes.is_empty() {
        return Ok(Decided { answers, changes, before });
    }
    changes::save(&mut tx, organization, &NetChanges::of(&changes, &stored), &extras(jobs, &answers)).await?;
    replays.save(&mut tx, organization).await?;
    let visible = changes.iter().filter(|change| publish::is_visible(change, &before));
    let lines: BTreeSet<_> = visible.filter_map(Change::event_type).collect();
    nodes::number(&mut tx, organization, &lines).await?;
    tx.commit().await?;
    Ok(Decided { answers, changes, before })
}

fn extras(jobs: &[Job], answers: &[ServiceResult<Served>]) -> Extras {
    let made = jobs.iter().filter_map(|job| match (&job.command, &job.token) {
        (Command::Book(book), Some(token)) => Some((book.booking.id, token_hash(token))),
        _ => None,
    });
    let public = jobs.iter().filter_map(|job| match &job.command {
        Command::Book(book) if book.actor == Actor::Booker => Some((book.booking.id, book.address)),
        _ => None,
    });
    // What is answered once more renews nothing: it has the token of the first time.
    let renewed = jobs.iter().zip(answers).filter_map(|(job, answer)| match (&job.command, &job.token, answer) {
        (Command::RenewLink(asked), Some(token), Ok(served)) if served.token.as_ref() == Some(token) => {
            Some((asked.booking_id, token_hash(token)))
        }
        _ => None,
    });
    Extras { token_hashes: made.collect(), renewed: renewed.collect(), public: public.collect() }
}

/// What is remembered of a booking that got a token with an idempotency key.
#[derive(Serialize, Deserialize)]
struct Made {
    booking: Booking,
    sealed_token: String,
}

fn earlier(replays: &Replays, job: &Job) -> Result<Option<ServiceResult<Served>>, StoreError> {
    let Some(once) = &job.once else { return Ok(None) };
    let found = replays.find::<Made>(once)?;
    Ok(found.map(|made| {
        let Made { booking, sealed_token } = made?;
        let token = ManagementToken::parse(&sealed_token).ok().map(|token| sealed(&token, &once.key, booking.id));
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
    let sealed_token = sealed(token, &once.key, booking.id).expose();
    replays.remember(once, &Made { booking: (**booking).clone(), sealed_token }, now)
}
