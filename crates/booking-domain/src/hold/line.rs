//! The line of one room: who is in it, in the order in which they came, and what each of them is told about their place.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{HoldRules, Place, Presence, Standing};
use crate::id::PresenceId;

/// Who is in a room. Ids grow in the order of joining, so they are the order of the line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    holding: BTreeSet<PresenceId>,
    waiting: BTreeSet<PresenceId>,
}

impl Line {
    /// Puts a presence where it stands now.
    pub fn insert(&mut self, presence: &Presence) {
        self.remove(presence.id);
        let among = if presence.hold.is_some() { &mut self.holding } else { &mut self.waiting };
        among.insert(presence.id);
    }

    /// Takes a presence out.
    pub fn remove(&mut self, id: PresenceId) {
        self.holding.remove(&id);
        self.waiting.remove(&id);
    }

    /// Whether nobody is there.
    pub fn is_empty(&self) -> bool {
        self.holding.is_empty() && self.waiting.is_empty()
    }

    /// Those who hold.
    pub const fn holding(&self) -> &BTreeSet<PresenceId> {
        &self.holding
    }

    /// Those who wait.
    pub const fn waiting(&self) -> &BTreeSet<PresenceId> {
        &self.waiting
    }

    /// Everybody, holders first, each with their position: 0 for holders.
    pub fn numbered(&self) -> impl Iterator<Item = (u32, PresenceId)> {
        self.holding.iter().map(|id| (0, *id)).chain((1..).zip(self.waiting.iter().copied()))
    }

    /// The position that somebody has, or would have, among those who wait: 1 is next.
    pub fn position(&self, id: PresenceId) -> u32 {
        number(self.waiting.range(..id).count()).saturating_add(1)
    }

    /// When those who hold hold at the latest, by the deadlines of their holds.
    pub fn held_until(&self, deadline_of: impl Fn(PresenceId) -> Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
        self.holding.iter().filter_map(|id| deadline_of(*id)).max()
    }

    /// What a presence in this line, which is held until then, is told about its place.
    pub fn place(&self, (presence, held_until): (&Presence, Option<DateTime<Utc>>), rules: &HoldRules) -> Place {
        Place {
            room: presence.room,
            who: presence.who.clone(),
            standing: presence.standing(self.position(presence.id)),
            expires_at: presence.expires_at,
            waiting: number(self.waiting.len()),
            held_until: held_until.filter(|_| presence.hold.is_none()),
            heartbeat_interval_ms: rules.heartbeat_interval_ms(),
        }
    }
}

impl<'a> FromIterator<&'a Presence> for Line {
    fn from_iter<I: IntoIterator<Item = &'a Presence>>(presences: I) -> Self {
        let mut line = Self::default();
        presences.into_iter().for_each(|presence| line.insert(presence));
        line
    }
}

impl Presence {
    /// Where it stands, if this is its position among those who wait.
    pub fn standing(&self, position: u32) -> Standing {
        self.hold.clone().map_or(Standing::Waiting { position }, Standing::Holding)
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
