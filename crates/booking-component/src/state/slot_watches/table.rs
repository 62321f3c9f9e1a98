//! The table of lists that somebody watches now: what each shows, who is told when that changes, and when to look at it again.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use booking_domain::id::{OrganizationId, ResourceId};
use booking_domain::refusal::Refusal;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::touch::{Dependence, Touch};
use super::week_list::{Kept, Week, WeekList};

/// Most lists that are watched at once: with what each costs beside its slots, four megabytes, and a look at each of them a minute
/// is a small part of a core.
pub(crate) const LISTS: usize = 4_096;
/// Most of them for one organization, so that who floods one's pages leaves room for the others'.
pub(crate) const BLOCKS_PER_ORGANIZATION: usize = LISTS / 2;
/// What a list costs beside its slots, in bytes, as it is counted: its name in a few tables, and what it depends on.
pub(crate) const LIST_BYTES: usize = 1_024;
/// Most bytes that all lists may take with their slots: a few hundred weeks of the finest grid there is, or thousands of usual ones.
pub(crate) const BYTES: usize = 64 * 1024 * 1024;

/// Shortest rest of a list between two looks, so that a busy day costs each watch a bounded part of a core.
const SHORTEST_REST: Duration = Duration::from_millis(10);
/// Longest such rest: so long may what a watcher sees be old, however dear a look is.
const LONGEST_REST: Duration = Duration::from_secs(2);
/// How many times as long as the look itself took a list rests afterwards.
const REST_FACTOR: u32 = 10;

/// Who watches.
pub(crate) type WatcherId = u64;

/// One who watches, and what to ring when something they watch has changed.
pub(crate) type Watcher<'a> = (WatcherId, &'a Arc<Notify>);

/// What a look found out.
pub(crate) struct Looked {
    /// What is shown now.
    pub kept: Arc<Kept>,
    /// What that depends on; what it was before if nobody can tell.
    pub dependence: Option<Dependence>,
    /// How long the look took.
    pub took: Duration,
    /// How long it stays true if nothing is touched.
    pub stays_true_for: Duration,
}

/// The lists that are watched.
#[derive(Default)]
pub(crate) struct ListTable {
    lists: HashMap<WeekList, Entry>,
    /// Which lists depend on what happens in a week.
    by_week: BTreeMap<(OrganizationId, Week), BTreeSet<WeekList>>,
    /// Which lists depend on what happens in any week before, too.
    by_turns: BTreeMap<OrganizationId, BTreeSet<WeekList>>,
    of_organizations: HashMap<OrganizationId, usize>,
    /// When to look at whom: who has been due the longest comes first.
    due: BTreeSet<(Instant, WeekList)>,
}

struct Entry {
    kept: Arc<Kept>,
    dependence: Dependence,
    watchers: HashMap<WatcherId, Arc<Notify>>,
    /// Nothing while it is looked at.
    due: Option<Instant>,
    /// Not looked at before.
    rested_at: Instant,
    /// Whether it was touched while it was looked at.
    touched: bool,
}

impl ListTable {
    /// Whether one more list of this organization may be watched.
    pub(crate) fn admit(&self, organization: OrganizationId, bytes: usize) -> Result<(), Refusal> {
        let of_organization = self.of_organizations.get(&organization).copied().unwrap_or(0);
        let full = self.lists.len() >= LISTS
            || of_organization >= BLOCKS_PER_ORGANIZATION
            || bytes + (self.lists.len() + 1) * LIST_BYTES > BYTES;
        if full { Err(Refusal::Unavailable) } else { Ok(()) }
    }

    /// Joins those who watch a list, if anybody does.
    pub(crate) fn enter(&mut self, list: &WeekList, (id, wake): Watcher<'_>) -> Option<Arc<Kept>> {
        let entry = self.lists.get_mut(list)?;
        entry.watchers.insert(id, wake.clone());
        Some(entry.kept.clone())
    }

    /// Begins to keep a list for its first watcher.
    pub(crate) fn insert(&mut self, list: WeekList, looked: Looked, (id, wake): Watcher<'_>) {
        let Some(dependence) = looked.dependence else { return };
        self.remember(list, &dependence);
        *self.of_organizations.entry(list.organization).or_default() += 1;
        let now = Instant::now();
        let (due, rested_at) = (now + looked.stays_true_for, now + rest(looked.took));
        self.due.insert((due, list));
        let watchers = HashMap::from([(id, wake.clone())]);
        let entry = Entry { kept: looked.kept, dependence, watchers, due: Some(due), rested_at, touched: false };
        self.lists.insert(list, entry);
    }

    /// Leaves a list, which ends with its last watcher.
    pub(crate) fn leave(&mut self, list: &WeekList, id: WatcherId) {
        let Some(entry) = self.lists.get_mut(list) else { return };
        entry.watchers.remove(&id);
        if entry.watchers.is_empty() {
            self.remove(list);
        }
    }

    fn remove(&mut self, list: &WeekList) {
        let Some(entry) = self.lists.remove(list) else { return };
        self.forget(list, &entry.dependence);
        entry.due.map(|due| self.due.remove(&(due, *list)));
        if let Some(count) = self.of_organizations.get_mut(&list.organization) {
            *count -= 1;
            if *count == 0 {
                self.of_organizations.remove(&list.organization);
            }
        }
    }

    fn remember(&mut self, list: WeekList, dependence: &Dependence) {
        for week in dependence.weeks() {
            self.by_week.entry((list.organization, week)).or_default().insert(list);
        }
        if dependence.takes_turns() {
            self.by_turns.entry(list.organization).or_default().insert(list);
        }
    }

    fn forget(&mut self, list: &WeekList, dependence: &Dependence) {
        for week in dependence.weeks() {
            remove_from(&mut self.by_week, &(list.organization, week), list);
        }
        if dependence.takes_turns() {
            remove_from(&mut self.by_turns, &list.organization, list);
        }
    }

    /// What a list shows now.
    pub(crate) fn kept(&self, list: &WeekList) -> Option<Arc<Kept>> {
        self.lists.get(list).map(|entry| entry.kept.clone())
    }

    /// Makes what depends on any of these be looked at again.
    pub(crate) fn touch(&mut self, organization: OrganizationId, touched: &[Touch]) {
        let weeks = touched.iter().map(Touch::weeks).reduce(|a, b| *a.start().min(b.start())..=*a.end().max(b.end()));
        let Some(weeks) = weeks else { return };
        let near = self.by_week.range((organization, *weeks.start())..=(organization, *weeks.end()));
        let later = self.by_turns.get(&organization);
        let near: BTreeSet<WeekList> = near.map(|(_, lists)| lists).chain(later).flatten().copied().collect();
        let depends = |entry: &Entry| touched.iter().any(|touch| entry.dependence.is_touched_by(touch));
        let touched: Vec<WeekList> =
            near.into_iter().filter(|list| self.lists.get(list).is_some_and(depends)).collect();
        touched.iter().for_each(|list| self.touch_list(list));
    }

    /// Makes all of an organization be looked at again.
    pub(crate) fn touch_all(&mut self, organization: OrganizationId) {
        let all: Vec<WeekList> = self.lists.keys().filter(|list| list.organization == organization).copied().collect();
        all.iter().for_each(|list| self.touch_list(list));
    }

    /// Makes a list be looked at again, once it has rested. While that is pending, this costs nothing more.
    pub(crate) fn touch_list(&mut self, list: &WeekList) {
        let Some(entry) = self.lists.get_mut(list) else { return };
        let Some(due) = entry.due else {
            entry.touched = true;
            return;
        };
        let soon = entry.rested_at.max(Instant::now());
        if soon < due {
            entry.due = Some(soon);
            self.due.remove(&(due, *list));
            self.due.insert((soon, *list));
        }
    }

    /// The list to be looked at now, and what it shows; until `looked`, it is not due again.
    pub(crate) fn take_due(&mut self) -> Option<(WeekList, Arc<Kept>)> {
        let (at, list) = self.due.first().copied().filter(|(at, _)| *at <= Instant::now())?;
        self.due.remove(&(at, list));
        let entry = self.lists.get_mut(&list)?;
        (entry.due, entry.touched) = (None, false);
        Some((list, entry.kept.clone()))
    }

    /// When the next list is due.
    pub(crate) fn next_due(&self) -> Option<Instant> {
        self.due.first().map(|(at, _)| *at)
    }

    /// Takes note of what a look found out, and tells who watches if it is something new.
    pub(crate) fn looked(&mut self, list: WeekList, looked: Looked) {
        let Some(entry) = self.lists.get_mut(&list) else { return };
        if !Arc::ptr_eq(&entry.kept, &looked.kept) {
            entry.kept = looked.kept;
            entry.watchers.values().for_each(|wake| wake.notify_one());
        }
        let now = Instant::now();
        entry.rested_at = now + rest(looked.took);
        let due = if entry.touched { entry.rested_at } else { entry.rested_at.max(now + looked.stays_true_for) };
        entry.due = Some(due);
        self.due.insert((due, list));
        if let Some(dependence) = looked.dependence {
            self.depend(&list, dependence);
        }
    }

    fn depend(&mut self, list: &WeekList, dependence: Dependence) {
        let Some(entry) = self.lists.get_mut(list) else { return };
        let names = |dependence: &Dependence| (dependence.weeks(), dependence.takes_turns());
        let same = names(&entry.dependence) == names(&dependence);
        let before = std::mem::replace(&mut entry.dependence, dependence.clone());
        if !same {
            self.forget(list, &before);
            self.remember(*list, &dependence);
        }
    }

    /// The resources on which lists of these organizations depend.
    pub(crate) fn resources(&self, organizations: &[OrganizationId]) -> BTreeSet<(OrganizationId, ResourceId)> {
        let mut event_types = BTreeMap::new();
        for (list, entry) in self.lists.iter().filter(|(list, _)| organizations.contains(&list.organization)) {
            event_types.entry((list.organization, list.event_type)).or_insert(&entry.dependence);
        }
        let each =
            event_types.iter().flat_map(|((of, _), depends)| depends.resources().into_iter().map(|id| (*of, id)));
        each.collect()
    }

    /// How many lists are watched.
    pub(crate) fn len(&self) -> usize {
        self.lists.len()
    }
}

fn remove_from<K: Ord>(index: &mut BTreeMap<K, BTreeSet<WeekList>>, key: &K, list: &WeekList) {
    if let Some(lists) = index.get_mut(key) {
        lists.remove(list);
        if lists.is_empty() {
            index.remove(key);
        }
    }
}

fn rest(took: Duration) -> Duration {
    (took * REST_FACTOR).clamp(SHORTEST_REST, LONGEST_REST)
}
