//! Looks: one task looks again at every list whose slots may have changed, few at once and the longest due first, so that all slot
//! watches together take a bounded part of the machine.

use std::sync::Arc;
use std::time::Duration;

use booking_domain::availability::{PackedSlots, SlotState};
use booking_domain::refusal::Refusal;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::time::Instant;

use crate::engine::Engine;
use crate::error::ServiceError;
use crate::queries::availability::{RangeSnapshot, look};
use crate::state::slot_watches::table::Looked;
use crate::state::slot_watches::touch::Dependence;
use crate::state::slot_watches::week_list::{Kept, WeekList};

/// Lists that are looked at again at once: while one waits for the store another can be judged, in one task and so on one core.
const LOOKS_AT_ONCE: usize = 4;
/// Longest time between two looks, should the clock be set meanwhile.
const LONGEST: Duration = Duration::from_secs(60);
/// Shortest time between two looks at what stands still: a look that comes a moment too early is not repeated without a pause.
const SHORTEST: Duration = Duration::from_millis(50);
/// When to look again after a look that failed.
const AGAIN: Duration = Duration::from_secs(1);

/// Looks until the component stops.
pub(crate) async fn run(engine: Arc<Engine>) {
    let mut looking = FuturesUnordered::new();
    loop {
        while looking.len() < LOOKS_AT_ONCE
            && let Some((list, kept)) = engine.slots.take_due()
        {
            looking.push(look_again(&engine, list, kept));
        }
        let next = engine.slots.next_due().unwrap_or_else(|| Instant::now() + LONGEST);
        tokio::select! {
            Some(()) = looking.next() => {}
            () = engine.slots.touched() => {}
            () = tokio::time::sleep_until(next), if looking.len() < LOOKS_AT_ONCE => {}
        }
    }
}

async fn look_again(engine: &Engine, list: WeekList, before: Arc<Kept>) {
    let started = Instant::now();
    let seen = look(engine, list.organization, (&list.query(), true)).await;
    let looked = match seen {
        Ok(seen) => found(&list, &seen, (&before, engine)),
        // The event type is gone: nothing is offered any more.
        Err(ServiceError::Refused(Refusal::NotFound { .. })) => {
            let gone = before.slots.followed_by(&[], |gone| vec![SlotState::Absent; gone.len()]);
            Looked {
                kept: kept(&before, gone, engine),
                dependence: None,
                took: Duration::ZERO,
                stays_true_for: LONGEST,
            }
        }
        Err(error) => {
            match error {
                ServiceError::Refused(why) => tracing::debug!(%why, "a watch could not look again; it will"),
                ServiceError::Away(failure) | ServiceError::Failed(failure) => {
                    engine.tell(&failure, "looking again for those who watch slots");
                }
            }
            Looked { kept: before, dependence: None, took: Duration::ZERO, stays_true_for: AGAIN }
        }
    };
    engine.slots.looked(list, Looked { took: started.elapsed(), ..looked });
}

/// What a look at a list that showed something before found out.
fn found(list: &WeekList, seen: &RangeSnapshot, (before, engine): (&Arc<Kept>, &Engine)) -> Looked {
    let scene = seen.taken.scene(&seen.offer, seen.at);
    let now = before.slots.followed_by(&seen.slots, |gone| scene.states_of(gone, list.resource));
    Looked {
        kept: kept(before, now, engine),
        dependence: Dependence::of(list, &seen.offer, seen.takes_turns()),
        took: Duration::ZERO,
        stays_true_for: true_for(seen),
    }
}

/// The same as before, unless it looks different.
fn kept(before: &Arc<Kept>, now: PackedSlots, engine: &Engine) -> Arc<Kept> {
    if now == before.slots { before.clone() } else { Arc::new(Kept::new(now, &engine.slots.bytes)) }
}

/// How long a look stays true if nothing is touched.
pub(super) fn true_for(seen: &RangeSnapshot) -> Duration {
    (seen.true_until - seen.at).to_std().unwrap_or(SHORTEST).clamp(SHORTEST, LONGEST)
}
