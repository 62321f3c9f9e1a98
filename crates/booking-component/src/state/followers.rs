//! Followers: streams that want to know when something changes around some places.
//!
//! Each follower has one mailbox, in which all changes of one place fold into one: a slow stream costs no memory.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use booking_domain::hold::change::Departure;
use booking_domain::hold::{SessionKey, SlotKey};
use booking_domain::id::EventTypeId;
use booking_domain::interval::Interval;
use tokio::sync::Notify;

use crate::state::presence_index::RoomChange;

/// A place that is followed.
pub type PlaceKey = (SlotKey, SessionKey);

/// Who follows places in which room of an event type.
type ByRoom = HashMap<Interval, Vec<(SessionKey, Weak<Mailbox>)>>;

/// Who is to be told of what happens in which room.
#[derive(Default)]
pub struct Followers {
    event_types: Mutex<HashMap<EventTypeId, ByRoom>>,
}

/// What a follower has not read yet: the places around which something changed, and why the place ended, if it did.
#[derive(Default)]
pub struct Mailbox {
    news: Mutex<BTreeMap<PlaceKey, Option<Departure>>>,
    arrived: Notify,
}

impl Mailbox {
    /// Waits for news.
    pub async fn read(&self) -> BTreeMap<PlaceKey, Option<Departure>> {
        loop {
            let arrived = self.arrived.notified();
            let news = std::mem::take(&mut *self.news.lock().unwrap_or_else(PoisonError::into_inner));
            if !news.is_empty() {
                return news;
            }
            arrived.await;
        }
    }

    /// Something may have changed around a place. Why it ended, if that was told, stays.
    pub fn nudge(&self, place: PlaceKey) {
        self.news.lock().unwrap_or_else(PoisonError::into_inner).entry(place).or_default();
        self.arrived.notify_one();
    }

    /// Puts news of a place into the mailbox.
    pub fn put(&self, place: PlaceKey, departure: Option<Departure>) {
        let mut news = self.news.lock().unwrap_or_else(PoisonError::into_inner);
        news.insert(place, departure);
        self.arrived.notify_one();
    }
}

impl Followers {
    fn event_types(&self) -> MutexGuard<'_, HashMap<EventTypeId, ByRoom>> {
        self.event_types.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts news of this place into the mailbox from now on.
    pub fn follow(&self, (room, session): PlaceKey, mailbox: &Arc<Mailbox>) {
        let mut event_types = self.event_types();
        let rooms = event_types.entry(room.event_type_id).or_default();
        rooms.entry(room.slot).or_default().push((session, Arc::downgrade(mailbox)));
    }

    /// Puts no more news of this place into the mailbox.
    pub fn unfollow(&self, (room, session): PlaceKey, mailbox: &Arc<Mailbox>) {
        let mut event_types = self.event_types();
        let Some(rooms) = event_types.get_mut(&room.event_type_id) else { return };
        let Some(followers) = rooms.get_mut(&room.slot) else { return };
        followers.retain(|(other, to)| !(*other == session && std::ptr::eq(to.as_ptr(), Arc::as_ptr(mailbox))));
        if followers.is_empty() {
            rooms.remove(&room.slot);
        }
        if rooms.is_empty() {
            event_types.remove(&room.event_type_id);
        }
    }

    /// Tells everybody who follows a place in a room of this event type.
    pub fn tell_all(&self, event_type: EventTypeId) {
        let event_types = self.event_types();
        for (slot, followers) in event_types.get(&event_type).into_iter().flatten() {
            let room = SlotKey { event_type_id: event_type, slot: *slot };
            for (session, mailbox) in followers.iter().filter_map(|(session, to)| Some((session, to.upgrade()?))) {
                mailbox.nudge((room, *session));
            }
        }
    }

    /// Tells everybody who follows a place in the rooms that changed.
    pub fn tell(&self, changes: &[RoomChange]) {
        let event_types = self.event_types();
        for change in changes {
            let followers = event_types.get(&change.room.event_type_id).and_then(|rooms| rooms.get(&change.room.slot));
            for (session, mailbox) in followers.into_iter().flatten() {
                let departure = change.departed.as_ref().filter(|(who, _)| who == session).map(|(_, why)| why.clone());
                if let Some(mailbox) = mailbox.upgrade() {
                    mailbox.put((change.room, *session), departure);
                }
            }
        }
    }
}
