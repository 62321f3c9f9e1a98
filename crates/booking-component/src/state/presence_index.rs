//! The index: everybody who is in some rooms now, in memory.
//!
//! With an embedded store there is one index with every room on it: it mirrors what was committed, and nothing else, and leases
//! live and are renewed there. With a shared store an index shows what was just read.

mod live_page;

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap};
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use booking_domain::hold::change::{Change, Departure};
use booking_domain::hold::line::Line;
use booking_domain::hold::wish::Wish;
use booking_domain::hold::{HoldRules, LivePresence, Place, Presence, Present, RoomData, SessionKey, SlotKey};
use booking_domain::id::{EventTypeId, OrganizationId, PresenceId};
use booking_domain::interval::Interval;
use booking_domain::{DateTime, Utc};
use chrono::TimeDelta;

/// When to look again at whom the command queue could not end.
const AGAIN: TimeDelta = TimeDelta::seconds(1);

/// Everybody who is in a room now.
pub struct PresenceIndex {
    rules: HoldRules,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    presences: HashMap<PresenceId, Entry>,
    places: HashMap<(SlotKey, SessionKey), PresenceId>,
    rooms: HashMap<SlotKey, Line>,
    /// The rooms in which somebody is, by organization, as they are listed.
    of_organizations: HashMap<OrganizationId, BTreeSet<(Interval, EventTypeId)>>,
    /// The rooms in which somebody waits, by event type.
    waited_for: HashMap<EventTypeId, BTreeSet<Interval>>,
    /// When to look at whom. A renewal does not touch it: who turns out not to be late is put back for later.
    ///
    /// An example, with a ttl of 12 s: who joins at 0 has an alarm at 12. Heartbeats at 5 and 10 move the lease to 17 and 22, and no
    /// alarm, so a heartbeat costs no heap. At 12 the lease is seen to last until 22: there is the next alarm. A lease may also
    /// come to end sooner than the alarm, by the deadline of a hold that was just granted; then it gets an alarm more, and the one
    /// before means nothing any more, for it is not that of `alarm_at`.
    alarms: BinaryHeap<Reverse<(DateTime<Utc>, PresenceId)>>,
}

struct Entry {
    organization: OrganizationId,
    presence: Presence,
    /// The one alarm that counts; older ones in the heap are ignored.
    alarm_at: DateTime<Utc>,
}

/// A session's heartbeat, as far as a renewal needs to know it.
pub struct Renewal<'a> {
    /// What the session wants now.
    pub wish: Wish,
    /// Whose.
    pub session: SessionKey,
    /// What it shows to the room now.
    pub data: Option<&'a RoomData>,
}

/// What somebody who follows rooms is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomChange {
    /// Which room.
    pub room: SlotKey,
    /// Who departed, if somebody did.
    pub departed: Option<(SessionKey, Departure)>,
}

impl PresenceIndex {
    /// An empty index.
    pub fn new(rules: HoldRules) -> Self {
        Self { rules, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An index with these presences of one organization.
    pub fn of(rules: HoldRules, organization: OrganizationId, presences: Vec<Presence>) -> Self {
        let index = Self::new(rules);
        index.insert_all(presences.into_iter().map(|presence| (organization, presence)));
        index
    }

    /// Puts in those who were present when the last process ended.
    pub fn insert_all(&self, presences: impl IntoIterator<Item = (OrganizationId, Presence)>) {
        let mut state = self.state();
        presences.into_iter().for_each(|(organization, presence)| state.insert(organization, presence));
    }

    /// Renews a lease, when the heartbeat changes nothing that anybody could see. Otherwise nothing is done, and the command queue has to
    /// decide: the session is not here, is late, wants something else, or shows something new.
    pub fn renew(&self, renewal: &Renewal<'_>, now: DateTime<Utc>) -> Option<Place> {
        let mut state = self.state();
        let id = *state.places.get(&(renewal.wish.room, renewal.session))?;
        let presence = &mut state.presences.get_mut(&id)?.presence;
        let until = now + self.rules.ttl;
        if presence.is_overdue(now) || !presence.is_renewed_by(&renewal.wish, renewal.data, until) {
            return None;
        }
        // A lease never shrinks, though the time was read before a step of the clock moved it.
        presence.expires_at = presence.expires_at.max(until);
        state.place(id, &self.rules)
    }

    /// Where a session stands now.
    pub fn place(&self, room: SlotKey, session: SessionKey) -> Option<Place> {
        let state = self.state();
        state.place(*state.places.get(&(room, session))?, &self.rules)
    }

    /// The leases as they are now, for presences that were read from the store. Read the clock before, not after: then nobody
    /// who renews in between is taken for late.
    pub fn overlay_leases<'a>(&self, presences: impl IntoIterator<Item = &'a mut Presence>) {
        let state = self.state();
        for presence in presences {
            if let Some(entry) = state.presences.get(&presence.id) {
                presence.expires_at = entry.presence.expires_at;
            }
        }
    }

    /// Mirrors committed changes, and says what those who follow rooms have to be told.
    pub fn mirror(&self, organization: OrganizationId, changes: &[Change]) -> Vec<RoomChange> {
        let mut state = self.state();
        let mut told = Vec::new();
        for change in changes {
            match change {
                Change::Present(presence) => {
                    // What a session shows is seen in its room, and by nobody who follows a place there.
                    let stands = |old: &Entry| old.presence.hold == presence.hold;
                    let quiet = state.presences.get(&presence.id).is_some_and(stands);
                    state.insert(organization, presence.clone());
                    if !quiet {
                        told.push(RoomChange { room: presence.room, departed: None });
                    }
                }
                Change::Departed(presence, why) => {
                    state.remove(presence);
                    told.push(RoomChange { room: presence.room, departed: Some((presence.session, why.clone())) });
                }
                _ => {}
            }
        }
        told
    }

    /// Who may have ended by now, by organization, each with its room.
    pub fn due(&self, now: DateTime<Utc>, most: usize) -> Vec<(OrganizationId, PresenceId)> {
        let mut state = self.state();
        let mut due = Vec::new();
        while due.len() < most
            && let Some(Reverse((at, id))) = state.alarms.peek().copied()
            && at <= now
        {
            state.alarms.pop();
            let Some(entry) = state.presences.get_mut(&id).filter(|entry| entry.alarm_at == at) else { continue };
            entry.alarm_at = entry.presence.ends_at();
            if entry.presence.is_overdue(now) {
                due.push((entry.organization, id));
                // Should the command queue fail to end it, somebody has to look again.
                entry.alarm_at = now + AGAIN;
            }
            let alarm = Reverse((entry.alarm_at, id));
            state.alarms.push(alarm);
        }
        due
    }

    /// When to look for who is due next.
    pub fn next_alarm(&self) -> Option<DateTime<Utc>> {
        self.state().alarms.peek().map(|Reverse((at, _))| *at)
    }

    /// Gives every session a full ttl again: after a step of the clock nobody may be taken for late.
    pub fn rearm(&self, now: DateTime<Utc>) {
        let mut state = self.state();
        let mut alarms = BinaryHeap::new();
        for (id, entry) in &mut state.presences {
            // What lasts for a fixed term needs no heartbeat, and lasts no longer.
            if entry.presence.fixed_term.is_none() {
                entry.presence.expires_at = entry.presence.expires_at.max(now + self.rules.ttl);
            }
            entry.alarm_at = entry.presence.ends_at();
            alarms.push(Reverse((entry.alarm_at, *id)));
        }
        state.alarms = alarms;
    }

    /// Moves everything along with a clock that was set by so much, and sets it while nobody looks. Gives whom to tell.
    pub fn shift(&self, by: TimeDelta, set: impl FnOnce()) -> Vec<RoomChange> {
        let mut state = self.state();
        let mut alarms = BinaryHeap::new();
        for (id, Entry { presence, alarm_at, .. }) in &mut state.presences {
            presence.joined_at += by;
            presence.expires_at += by;
            presence.fixed_term.iter_mut().for_each(|term| term.until += by);
            presence.hold.iter_mut().for_each(|hold| hold.deadline += by);
            *alarm_at = presence.ends_at();
            alarms.push(Reverse((*alarm_at, *id)));
        }
        state.alarms = alarms;
        set();
        state.rooms.keys().map(|room| RoomChange { room: *room, departed: None }).collect()
    }

    /// Every lease, to be written down when the process ends.
    pub fn leases(&self) -> Vec<(OrganizationId, PresenceId, DateTime<Utc>)> {
        self.state().presences.values().map(|s| (s.organization, s.presence.id, s.presence.expires_at)).collect()
    }

    /// Who is in a room, in line order: holders first, as they joined.
    pub fn present_in(&self, room: SlotKey) -> Vec<Present> {
        let state = self.state();
        let entry =
            state.rooms.get(&room).into_iter().flat_map(Line::numbered).filter_map(|(_, id)| state.presences.get(&id));
        entry.map(|entry| shown(&entry.presence)).collect()
    }

    /// Everybody in an organization's rooms, room by room in line order.
    pub fn live(&self, organization: OrganizationId) -> Vec<LivePresence> {
        let state = self.state();
        let rooms = state.of_organizations.get(&organization).into_iter().flatten();
        let lines = rooms.filter_map(|(slot, event_type_id)| {
            state.rooms.get(&SlotKey { event_type_id: *event_type_id, slot: *slot })
        });
        lines.flat_map(Line::numbered).filter_map(|(position, id)| state.live(id, position)).collect()
    }

    /// The rooms of these event types in which somebody waits.
    pub fn waiting_rooms(&self, event_types: &[EventTypeId]) -> Vec<SlotKey> {
        let state = self.state();
        let rooms = event_types.iter().flat_map(|event_type| {
            let slots = state.waited_for.get(event_type).into_iter().flatten();
            slots.map(|slot| SlotKey { event_type_id: *event_type, slot: *slot })
        });
        rooms.collect()
    }
}

impl State {
    fn insert(&mut self, organization: OrganizationId, mut presence: Presence) {
        let old = self.presences.get(&presence.id);
        // A renewal may have been acknowledged since the command queue read the lease: a lease never shrinks.
        presence.expires_at = old.map_or(presence.expires_at, |old| old.presence.expires_at.max(presence.expires_at));
        let alarm_at = match old.map(|old| old.alarm_at).filter(|alarm| *alarm <= presence.ends_at()) {
            Some(early_enough) => early_enough,
            None => {
                self.alarms.push(Reverse((presence.ends_at(), presence.id)));
                presence.ends_at()
            }
        };
        self.places.insert((presence.room, presence.session), presence.id);
        self.line_up(organization, &presence);
        self.presences.insert(presence.id, Entry { organization, presence, alarm_at });
    }

    fn line_up(&mut self, organization: OrganizationId, presence: &Presence) {
        let SlotKey { event_type_id, slot } = presence.room;
        self.of_organizations.entry(organization).or_default().insert((slot, event_type_id));
        self.rooms.entry(presence.room).or_default().insert(presence);
        self.note_whether_waited_for(presence.room);
    }

    fn note_whether_waited_for(&mut self, room: SlotKey) {
        if self.rooms.get(&room).is_some_and(|line| !line.waiting().is_empty()) {
            self.waited_for.entry(room.event_type_id).or_default().insert(room.slot);
        } else {
            remove_from(&mut self.waited_for, &room.event_type_id, &room.slot);
        }
    }

    fn remove(&mut self, presence: &Presence) {
        let place = (presence.room, presence.session);
        if self.places.get(&place) == Some(&presence.id) {
            self.places.remove(&place);
        }
        if let Some(line) = self.rooms.get_mut(&presence.room) {
            line.remove(presence.id);
        }
        self.note_whether_waited_for(presence.room);
        let Some(entry) = self.presences.remove(&presence.id) else { return };
        if self.rooms.get(&presence.room).is_some_and(Line::is_empty) {
            self.rooms.remove(&presence.room);
            let SlotKey { event_type_id, slot } = presence.room;
            remove_from(&mut self.of_organizations, &entry.organization, &(slot, event_type_id));
        }
    }

    fn place(&self, id: PresenceId, rules: &HoldRules) -> Option<Place> {
        let presence = &self.presences.get(&id)?.presence;
        let line = self.rooms.get(&presence.room)?;
        let deadline_of = |id| Some(self.presences.get(&id)?.presence.hold.as_ref()?.deadline);
        Some(line.place((presence, line.held_until(deadline_of)), rules))
    }

    fn live(&self, id: PresenceId, position: u32) -> Option<LivePresence> {
        let presence = &self.presences.get(&id)?.presence;
        Some(LivePresence {
            room: presence.room,
            who: presence.who.clone(),
            standing: presence.standing(position),
            joined_at: presence.joined_at,
            expires_at: presence.expires_at,
            data: presence.data.clone(),
        })
    }
}

/// Removes a value from the set under this key, and the set with its last value.
fn remove_from<K: Eq + Hash, V: Ord>(sets: &mut HashMap<K, BTreeSet<V>>, key: &K, value: &V) {
    if let Some(set) = sets.get_mut(key) {
        set.remove(value);
        if set.is_empty() {
            sets.remove(key);
        }
    }
}

fn shown(presence: &Presence) -> Present {
    Present {
        who: presence.who.clone(),
        holding: presence.hold.is_some(),
        joined_at: presence.joined_at,
        data: presence.data.clone(),
    }
}
