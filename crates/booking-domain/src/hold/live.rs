//! What changed among everybody in an organization's rooms, so that one who watches them is not told of everybody again.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{LivePresence, Pseudonym, SlotKey, Standing};
use crate::id::EventTypeId;
use crate::interval::Interval;

/// What is different among those who are present.
///
/// Who moved up in a line because somebody before them went is not named: in each room, those who wait and are not named keep
/// their order, those who are named stand at the position told, and positions count from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiveDifference {
    /// Who came, or looks different.
    pub present: Vec<LivePresence>,
    /// Who is not there any more.
    pub departed: Vec<(SlotKey, Pseudonym)>,
}

/// What somebody who watches everybody is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LiveChange {
    /// Everybody: replaces all that was told before.
    Snapshot(Vec<LivePresence>),
    /// What is different from what was told before.
    Difference(LiveDifference),
}

impl LiveDifference {
    /// What is different `now`. A lease that was renewed is no difference.
    pub fn between(before: &[LivePresence], now: &[LivePresence]) -> Self {
        let mut gone: HashMap<_, _> = before.iter().map(|presence| (key(presence), presence)).collect();
        let mut present = Vec::new();
        for now in now {
            if gone.remove(&key(now)).is_none_or(|before| !looks_the_same(before, now)) {
                present.push(now.clone());
            }
        }
        let departed = gone.into_keys().map(|(room, who)| (room, who.clone())).collect();
        Self { present, departed }
    }

    /// Whether nothing is different.
    pub fn is_empty(&self) -> bool {
        self.present.is_empty() && self.departed.is_empty()
    }

    /// Everybody, if it was `before` that this is different: room by room, holders first, as they joined.
    pub fn apply(self, before: Vec<LivePresence>) -> Vec<LivePresence> {
        let named: HashSet<(SlotKey, Pseudonym)> =
            self.present.iter().map(|p| (p.room, p.who.clone())).chain(self.departed).collect();
        let mut rooms = BTreeMap::<(Interval, EventTypeId), Line>::new();
        for presence in before.into_iter().filter(|p| !named.contains(&(p.room, p.who.clone()))) {
            rooms.entry((presence.room.slot, presence.room.event_type_id)).or_default().push(presence);
        }
        let mut told = self.present;
        told.sort_by_key(position);
        for presence in told {
            rooms.entry((presence.room.slot, presence.room.event_type_id)).or_default().place(presence);
        }
        rooms.into_values().flat_map(Line::numbered).collect()
    }
}

/// Sessions have one pseudonym in a room, whenever they come.
fn key(presence: &LivePresence) -> (SlotKey, &Pseudonym) {
    (presence.room, &presence.who)
}

/// 0 for whoever holds.
fn position(presence: &LivePresence) -> u32 {
    match presence.standing {
        Standing::Holding(_) => 0,
        Standing::Waiting { position } => position,
    }
}

/// Whether nobody could see a difference, but for a position that follows from who else is there.
fn looks_the_same(one: &LivePresence, other: &LivePresence) -> bool {
    let stand_alike = match (&one.standing, &other.standing) {
        (Standing::Waiting { .. }, Standing::Waiting { .. }) => true,
        (one, other) => one == other,
    };
    stand_alike && one.joined_at == other.joined_at && one.data == other.data
}

/// Who is in a room.
#[derive(Default)]
struct Line {
    holding: Vec<LivePresence>,
    waiting: Vec<LivePresence>,
}

impl Line {
    fn push(&mut self, presence: LivePresence) {
        if position(&presence) == 0 { self.holding.push(presence) } else { self.waiting.push(presence) }
    }

    fn place(&mut self, presence: LivePresence) {
        let place = usize::try_from(position(&presence)).unwrap_or(usize::MAX);
        match place.checked_sub(1) {
            None => {
                let place = self.holding.partition_point(|other| other.joined_at <= presence.joined_at);
                self.holding.insert(place, presence);
            }
            Some(place) => self.waiting.insert(place.min(self.waiting.len()), presence),
        }
    }

    fn numbered(self) -> impl Iterator<Item = LivePresence> {
        let waiting = (1..).zip(self.waiting);
        let waiting = waiting.map(|(position, p)| LivePresence { standing: Standing::Waiting { position }, ..p });
        self.holding.into_iter().chain(waiting)
    }
}
