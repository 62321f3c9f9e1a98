//! Watching everybody in an organization's rooms: one look for all who watch, and what is different for each.

use std::sync::Arc;
use std::time::Duration;

use booking_domain::hold::LivePresence;
use booking_domain::hold::live::{LiveChange, LiveDifference};
use booking_domain::id::OrganizationId;
use futures::stream::{self, Stream};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::engine::Engine;
use crate::state::live_presences::{Everybody, LastSeen};

/// Changes so close together are told as one.
const TOGETHER: Duration = Duration::from_millis(50);
/// Longest time for which they are, however dear a look is.
const LONGEST_REST: Duration = Duration::from_secs(1);
/// How many times as long as the look itself took nobody looks afterwards.
const REST_FACTOR: u32 = 10;
/// How long to rest after the store failed.
const REST: Duration = Duration::from_secs(1);
/// Most who are told of in one message: with what each may show, it stays under a gRPC message's 4 MiB. The others follow in the next.
const TOLD_AT_ONCE: usize = 2_000;

/// Everybody in an organization's rooms: a snapshot, then what is different.
pub(crate) fn changes(engine: Arc<Engine>, organization: OrganizationId) -> impl Stream<Item = LiveChange> + Send {
    // Heard before the first look, so that nothing is missed in between.
    let invalidations = engine.invalidations.subscribe_lines(organization);
    let last = engine.live.of(organization);
    let watch = Watch { engine, organization, invalidations, last, told: None, rest: Vec::new() };
    stream::unfold(watch, |mut watch| async { Some((watch.next().await?, watch)) })
}

/// The same, but everybody again whenever something is different.
pub(crate) fn snapshots(
    engine: Arc<Engine>,
    organization: OrganizationId,
) -> impl Stream<Item = Vec<LivePresence>> + Send {
    let invalidations = engine.invalidations.subscribe_lines(organization);
    let last = engine.live.of(organization);
    let watch = Watch { engine, organization, invalidations, last, told: None, rest: Vec::new() };
    stream::unfold(watch, |mut watch| async {
        let (now, _) = watch.look_until_different().await?;
        Some((now.to_vec(), watch))
    })
}

/// One who watches.
struct Watch {
    engine: Arc<Engine>,
    organization: OrganizationId,
    invalidations: watch::Receiver<u64>,
    last: Arc<tokio::sync::Mutex<LastSeen>>,
    told: Option<Everybody>,
    /// Of what is being told, what did not go into one message.
    rest: Vec<LivePresence>,
}

impl Watch {
    async fn next(&mut self) -> Option<LiveChange> {
        if !self.rest.is_empty() {
            let present = self.some_of_the_rest();
            return Some(LiveChange::Difference(LiveDifference { present, departed: Vec::new() }));
        }
        let (now, difference) = self.look_until_different().await?;
        let Some(difference) = difference else {
            self.rest = now.to_vec();
            return Some(LiveChange::Snapshot(self.some_of_the_rest()));
        };
        self.rest = difference.present.clone();
        let departed = difference.departed.clone();
        Some(LiveChange::Difference(LiveDifference { present: self.some_of_the_rest(), departed }))
    }

    fn some_of_the_rest(&mut self) -> Vec<LivePresence> {
        let later = self.rest.split_off(self.rest.len().min(TOLD_AT_ONCE));
        std::mem::replace(&mut self.rest, later)
    }

    /// Everybody now, as soon as that is not what was told; and what is different, if something was told.
    async fn look_until_different(&mut self) -> Option<(Everybody, Option<Arc<LiveDifference>>)> {
        loop {
            if self.told.is_some() {
                self.invalidations.changed().await.ok()?;
            }
            let now = self.look().await?;
            let Some(told) = self.told.replace(now.clone()) else { return Some((now, None)) };
            let difference = self.difference(&told, &now).await;
            if !difference.is_empty() {
                return Some((now, Some(difference)));
            }
        }
    }

    /// What is seen since the last invalidation, by whoever looked first.
    async fn look(&mut self) -> Option<Everybody> {
        let mut last = self.last.lock().await;
        loop {
            // What is counted now has been committed: a look after this sees it.
            let count = *self.invalidations.borrow_and_update();
            if let Some(seen) = last.seen.upgrade().filter(|_| last.count >= count) {
                return Some(seen);
            }
            if let Some(rested_at) = last.rested_at.take() {
                tokio::time::sleep_until(rested_at).await;
                continue;
            }
            let started = Instant::now();
            match self.engine.leases.live(self.organization).await {
                Ok(live) => {
                    let (seen, rest) =
                        (Arc::new(live), (started.elapsed() * REST_FACTOR).clamp(TOGETHER, LONGEST_REST));
                    (last.seen, last.count, last.rested_at) =
                        (Arc::downgrade(&seen), count, Some(Instant::now() + rest));
                    return Some(seen);
                }
                Err(failure) => {
                    self.engine.tell(&failure, "looking at who is where");
                    tokio::time::sleep(REST).await;
                }
            }
        }
    }

    /// What is different from what was told, worked out once for all who were told the same.
    async fn difference(&self, told: &Everybody, now: &Everybody) -> Arc<LiveDifference> {
        let mut last = self.last.lock().await;
        let (of, to) = (Arc::downgrade(told), Arc::downgrade(now));
        let known = last.difference.as_ref().filter(|(from, _)| from.ptr_eq(&of) && last.seen.ptr_eq(&to));
        if let Some((_, difference)) = known {
            return difference.clone();
        }
        let difference = Arc::new(LiveDifference::between(told, now));
        last.difference = Some((of, difference.clone()));
        difference
    }
}
