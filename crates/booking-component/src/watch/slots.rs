//! Watching slots: a snapshot, then one change for each slot whose visible state changed. All who watch the same thing share one
//! computation; who is too slow is given a snapshot again instead of a growing queue.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use booking_domain::answer::SlotChange;
use booking_domain::availability::{Slot, SlotQuery, SlotState};
use booking_domain::id::OrganizationId;
use booking_domain::interval::Interval;
use futures::stream::{self, Stream};
use tokio::sync::broadcast::{self, error::RecvError};

use crate::engine::Engine;
use crate::service::availability::{Seen, look, stays_true_for};
use crate::service::{Answer, ServiceError};

/// Changes that a watcher may be behind before it is given a snapshot instead.
const BEHIND: usize = 256;
/// Longest time between two looks.
const LONGEST: Duration = Duration::from_secs(60);
/// Shortest time between two looks of one watch, so that a busy day costs each watch a bounded part of a core.
const SHORTEST: Duration = Duration::from_millis(10);

/// The watches that somebody watches now.
#[derive(Default)]
pub struct SlotWatches {
    watches: Mutex<HashMap<(OrganizationId, SlotQuery), Weak<Watch>>>,
}

/// One thing that is watched, by everybody who watches it.
struct Watch {
    state: Mutex<Arc<Vec<Slot>>>,
    changes: broadcast::Sender<Slot>,
}

impl Watch {
    fn state(&self) -> MutexGuard<'_, Arc<Vec<Slot>>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A snapshot, and all changes after it.
    fn join(&self) -> (Arc<Vec<Slot>>, broadcast::Receiver<Slot>) {
        let state = self.state();
        (state.clone(), self.changes.subscribe())
    }

    fn show(&self, slots: Vec<Slot>, changed: Vec<Slot>) {
        let mut state = self.state();
        *state = Arc::new(slots);
        // Nobody listens for a moment when the last watcher has just gone.
        changed.into_iter().for_each(|slot| drop(self.changes.send(slot)));
    }
}

/// One who watches.
struct Watcher {
    watch: Arc<Watch>,
    changes: broadcast::Receiver<Slot>,
    snapshot: Option<Arc<Vec<Slot>>>,
}

impl SlotWatches {
    /// Watches these slots.
    pub async fn watch(
        &self,
        engine: &Arc<Engine>,
        organization: OrganizationId,
        query: SlotQuery,
    ) -> Answer<impl Stream<Item = SlotChange> + Send + use<>> {
        let watch = match self.find(organization, &query) {
            Some(watch) => watch,
            None => self.begin(engine, organization, query).await?,
        };
        let (snapshot, changes) = watch.join();
        Ok(stream::unfold(Watcher { watch, changes, snapshot: Some(snapshot) }, next))
    }

    fn watches(&self) -> MutexGuard<'_, HashMap<(OrganizationId, SlotQuery), Weak<Watch>>> {
        self.watches.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, organization: OrganizationId, query: &SlotQuery) -> Option<Arc<Watch>> {
        self.watches().get(&(organization, query.clone()))?.upgrade()
    }

    async fn begin(&self, engine: &Arc<Engine>, organization: OrganizationId, query: SlotQuery) -> Answer<Arc<Watch>> {
        // Heard before the first look, so that nothing committed in between is missed.
        let hints = engine.hints.hear(organization);
        let seen = look(engine, organization, &query).await?;
        let watch = Arc::new(Watch {
            state: Mutex::new(Arc::new(seen.slots.clone())),
            changes: broadcast::Sender::new(BEHIND),
        });
        let mut watches = self.watches();
        if let Some(other) = watches.get(&(organization, query.clone())).and_then(Weak::upgrade) {
            return Ok(other);
        }
        watches.insert((organization, query.clone()), Arc::downgrade(&watch));
        let keeper = Keeper { engine: engine.clone(), organization, query, watch: Arc::downgrade(&watch), hints };
        engine.tasks.spawn(keeper.run(seen));
        Ok(watch)
    }

    /// Forgets a watch that nobody watches any more, unless another one has taken its place.
    fn forget(&self, organization: OrganizationId, query: SlotQuery) {
        if let Entry::Occupied(watch) = self.watches().entry((organization, query))
            && watch.get().strong_count() == 0
        {
            watch.remove();
        }
    }
}

async fn next(mut watcher: Watcher) -> Option<(SlotChange, Watcher)> {
    if let Some(snapshot) = watcher.snapshot.take() {
        return Some((SlotChange::Snapshot(snapshot.to_vec()), watcher));
    }
    match watcher.changes.recv().await {
        Ok(slot) => Some((SlotChange::Slot(slot), watcher)),
        Err(RecvError::Lagged(_)) => {
            let (snapshot, changes) = watcher.watch.join();
            watcher.changes = changes;
            Some((SlotChange::Snapshot(snapshot.to_vec()), watcher))
        }
        Err(RecvError::Closed) => None,
    }
}

/// Keeps one watch true for as long as somebody watches.
struct Keeper {
    engine: Arc<Engine>,
    organization: OrganizationId,
    query: SlotQuery,
    watch: Weak<Watch>,
    hints: tokio::sync::watch::Receiver<u64>,
}

impl Keeper {
    async fn run(mut self, seen: Seen) {
        self.keep(seen).await;
        self.engine.slots.forget(self.organization, self.query);
    }

    async fn keep(&mut self, mut seen: Seen) {
        while self.wait(&seen).await {
            let Some(watch) = self.watch.upgrade() else { return };
            self.hints.mark_unchanged();
            match look(&self.engine, self.organization, &self.query).await {
                Ok(fresh) => {
                    let changed = changed(&seen.slots, &fresh, &self.query);
                    if !changed.is_empty() {
                        watch.show(fresh.slots.clone(), changed);
                    }
                    seen = fresh;
                }
                // The event type is gone: nothing is offered any more.
                Err(ServiceError::Refused(_)) => {
                    let gone = seen.slots.iter().map(|slot| Slot { state: SlotState::Absent, remaining: 0, ..*slot });
                    watch.show(Vec::new(), gone.collect());
                    seen.slots.clear();
                }
                Err(ServiceError::Failed(failure)) => {
                    tracing::error!(%failure, "a watch could not look again; it will")
                }
            }
        }
    }

    /// Waits until something may look different. False when nobody watches any more.
    async fn wait(&mut self, seen: &Seen) -> bool {
        tokio::time::sleep(SHORTEST).await;
        let rest = stays_true_for(seen).to_std().unwrap_or(LONGEST).min(LONGEST);
        tokio::select! {
            heard = self.hints.changed() => heard.is_ok(),
            () = tokio::time::sleep(rest) => true,
        }
    }
}

/// The slots that look different now, in order of start.
fn changed(before: &[Slot], fresh: &Seen, query: &SlotQuery) -> Vec<Slot> {
    let was: BTreeMap<Interval, &Slot> = before.iter().map(|slot| (slot.interval, slot)).collect();
    let is: BTreeMap<Interval, &Slot> = fresh.slots.iter().map(|slot| (slot.interval, slot)).collect();
    let gone = was.keys().filter(|interval| !is.contains_key(interval)).map(|interval| {
        let state = fresh.taken.scene(&fresh.offer, fresh.at).state_of(*interval, query.resource_id);
        Slot { interval: *interval, state, remaining: 0 }
    });
    let different = fresh.slots.iter().filter(|slot| was.get(&slot.interval) != Some(slot)).copied();
    let mut changed: Vec<Slot> = different.chain(gone).collect();
    changed.sort_by_key(|slot| slot.interval);
    changed
}
