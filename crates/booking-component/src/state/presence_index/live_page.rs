//! Everybody in an organization's rooms, page by page: a token names the place of the last entry, which need not be there any more.

use std::fmt;
use std::ops::Bound;
use std::str::FromStr;

use booking_domain::hold::line::Line;
use booking_domain::hold::{LivePresence, SlotKey};
use booking_domain::id::{OrganizationId, PresenceId};
use booking_domain::page::Page;
use uuid::Uuid;

use super::{PresenceIndex, State};

/// A place in the list: rooms by time, holders before who waits, each as they joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LivePlace {
    room: SlotKey,
    waits: bool,
    id: PresenceId,
}

impl fmt::Display for LivePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.room, if self.waits { "w" } else { "h" }, self.id.uuid().simple())
    }
}

/// The text is no place in the list.
#[derive(Debug)]
pub struct NoPlace;

impl FromStr for LivePlace {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let mut parts = text.splitn(3, '.');
        let (Some(room), Some(waits @ ("w" | "h")), Some(id)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoPlace);
        };
        let id = Uuid::try_parse(id).map_err(|_| NoPlace)?;
        Ok(Self { room: room.parse().map_err(|_| NoPlace)?, waits: waits == "w", id: PresenceId::new(id) })
    }
}

/// Who stands behind this place in a line, holders first.
fn behind(line: &Line, after: Option<LivePlace>) -> impl Iterator<Item = (bool, PresenceId)> {
    let from = |waits: bool| match after {
        Some(place) if place.waits == waits => Bound::Excluded(place.id),
        _ => Bound::Unbounded,
    };
    let holders_are_past = after.is_some_and(|place| place.waits);
    let holding = line.holding().range((from(false), Bound::Unbounded)).filter(move |_| !holders_are_past);
    holding.map(|id| (false, *id)).chain(line.waiting().range((from(true), Bound::Unbounded)).map(|id| (true, *id)))
}

impl State {
    fn shown(&self, id: PresenceId) -> Option<LivePresence> {
        let room = self.presences.get(&id)?.presence.room;
        self.live(id, self.rooms.get(&room)?.position(id))
    }

    fn places_after(&self, organization: OrganizationId, after: Option<LivePlace>) -> impl Iterator<Item = LivePlace> {
        let from = after.map_or(Bound::Unbounded, |place| Bound::Included((place.room.slot, place.room.event_type_id)));
        let rooms = self.of_organizations.get(&organization).into_iter();
        let rooms = rooms.flat_map(move |rooms| rooms.range((from, Bound::Unbounded)));
        rooms.flat_map(move |(slot, event_type_id)| {
            let room = SlotKey { event_type_id: *event_type_id, slot: *slot };
            let within = after.filter(|place| place.room == room);
            let line = self.rooms.get(&room).into_iter();
            line.flat_map(move |line| behind(line, within)).map(move |(waits, id)| LivePlace { room, waits, id })
        })
    }
}

impl PresenceIndex {
    /// A page of everybody in an organization's rooms, room by room in line order.
    pub fn live_page(&self, organization: OrganizationId, after: Option<LivePlace>, size: usize) -> Page<LivePresence> {
        let state = self.state();
        let mut places: Vec<LivePlace> = state.places_after(organization, after).take(size + 1).collect();
        let more = places.len() > size;
        places.truncate(size);
        let next = places.last().filter(|_| more).map(LivePlace::to_string);
        Page { items: places.iter().filter_map(|place| state.shown(place.id)).collect(), next }
    }
}
