//! Watching slots: a snapshot, then one change for each slot whose visible state changed. All who watch the same weeks share one
//! list, which is looked at again when something touches it; who is slow is told later, and then of what is different by then.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use booking_domain::answer::SlotChange;
use booking_domain::availability::{PackedSlots, Slot, SlotSearch};
use booking_domain::id::OrganizationId;
use booking_domain::interval::Interval;
use booking_domain::refusal::Refusal;
use futures::stream::{self, Stream};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::engine::Engine;
use crate::error::ServiceResult;
use crate::queries::availability::look;
use crate::queries::looks;
use crate::state::slot_watches::table::{Looked, WatcherId};
use crate::state::slot_watches::touch::Dependence;
use crate::state::slot_watches::week_list::{Kept, WeekList};

/// Watches these slots. Refused as `unavailable` when as much is watched as there may be.
pub(crate) async fn watch(
    engine: &Arc<Engine>,
    organization: OrganizationId,
    query: &SlotSearch,
) -> ServiceResult<impl Stream<Item = SlotChange> + Send + use<>> {
    let range = query.range()?;
    let mut watcher = Watcher::new(engine.clone(), range);
    for list in WeekList::of(organization, query, range) {
        watcher.join(list).await?;
    }
    Ok(stream::unfold(watcher, next))
}

/// One who watches.
struct Watcher {
    engine: Arc<Engine>,
    id: WatcherId,
    wake: Arc<Notify>,
    range: Interval,
    /// What was last told of each list.
    told: Vec<(WeekList, Arc<Kept>)>,
    began: bool,
    /// Changes that were not read yet; what happens meanwhile waits in the lists.
    changes: VecDeque<Slot>,
}

impl Watcher {
    fn new(engine: Arc<Engine>, range: Interval) -> Self {
        let id = engine.slots.next_id.fetch_add(1, Ordering::Relaxed);
        engine.slots.watchers.fetch_add(1, Ordering::Relaxed);
        let (told, changes) = (Vec::new(), VecDeque::new());
        Self { engine, id, wake: Arc::default(), range, told, began: false, changes }
    }

    async fn join(&mut self, list: WeekList) -> ServiceResult<()> {
        let known = self.engine.slots.table().enter(&list, (self.id, &self.wake));
        let kept = match known {
            Some(kept) => kept,
            None => self.begin(list).await?,
        };
        self.told.push((list, kept));
        Ok(())
    }

    /// Looks at a list that nobody watches yet.
    async fn begin(&self, list: WeekList) -> ServiceResult<Arc<Kept>> {
        let (slots, of) = (&self.engine.slots, list.organization);
        let _turn = slots.firsts.acquire().await.map_err(|_| Refusal::Unavailable)?;
        slots.table().admit(of, slots.bytes.load(Ordering::Relaxed))?;
        // Counted before the look, so that nothing committed in between is missed.
        let (commits, started) = (self.engine.invalidations.commits(of), Instant::now());
        let seen = look(&self.engine, of, (&list.query(), true)).await?;
        let kept = Arc::new(Kept::new(PackedSlots::of(&seen.slots), &slots.bytes));
        let dependence = Dependence::of(&list, &seen.offer, seen.takes_turns());
        let (took, stays_true_for) = (started.elapsed(), looks::true_for(&seen));
        let looked = Looked { kept: kept.clone(), dependence, took, stays_true_for };
        let mut table = slots.table();
        if let Some(others) = table.enter(&list, (self.id, &self.wake)) {
            return Ok(others);
        }
        table.admit(of, slots.bytes.load(Ordering::Relaxed))?;
        table.insert(list, looked, (self.id, &self.wake));
        if self.engine.invalidations.commits(of) != commits {
            table.touch_list(&list);
        }
        slots.wake.notify_one();
        Ok(kept)
    }

    fn snapshot(&self) -> Vec<Slot> {
        self.told.iter().flat_map(|(_, kept)| kept.slots.listed(self.range)).collect()
    }

    /// What is different from what was told.
    fn catch_up(&mut self) {
        let table = self.engine.slots.table();
        let now: Vec<_> = self.told.iter().map(|(list, _)| table.kept(list)).collect();
        drop(table);
        for ((_, told), now) in self.told.iter_mut().zip(now) {
            let Some(now) = now.filter(|now| !Arc::ptr_eq(now, told)) else { continue };
            let seen = |slot: &Slot| (self.range.start()..self.range.end()).contains(&slot.interval.start());
            self.changes.extend(now.slots.since(&told.slots).into_iter().filter(seen));
            *told = now;
        }
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let mut table = self.engine.slots.table();
        self.told.iter().for_each(|(list, _)| table.leave(list, self.id));
        self.engine.slots.watchers.fetch_sub(1, Ordering::Relaxed);
    }
}

async fn next(mut watcher: Watcher) -> Option<(SlotChange, Watcher)> {
    if !watcher.began {
        watcher.began = true;
        return Some((SlotChange::Snapshot(watcher.snapshot()), watcher));
    }
    loop {
        if let Some(slot) = watcher.changes.pop_front() {
            return Some((SlotChange::Slot(slot), watcher));
        }
        watcher.wake.notified().await;
        watcher.catch_up();
    }
}
