//! Followers: streams that want to know when something changes around some places.
//!
//! Each follower has one mailbox, in which all changes of one place fold into one: a slow stream costs no memory.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use booking_domain::hold::change::Departure;
use booking_domain::hold::{Room, SessionKey};
use booking_domain::id::EventTypeId;
use tokio::sync::Notify;

use crate::presence::board::RoomChange;

/// A place that is followed.
pub type PlaceKey = (Room, SessionKey);

/// Who follows places in which room.
type ByRoom = HashMap<Room, Vec<(SessionKey, Weak<Mailbox>)>>;

/// Who is to be told of what happens in which room.
#[derive(Default)]
pub struct Followers {
    rooms: Mutex<ByRoom>,
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
    fn rooms(&self) -> MutexGuard<'_, ByRoom> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts news of this place into the mailbox from now on.
    pub fn follow(&self, (room, session): PlaceKey, mailbox: &Arc<Mailbox>) {
        self.rooms().entry(room).or_default().push((session, Arc::downgrade(mailbox)));
    }

    /// Puts no more news of this place into the mailbox.
    pub fn unfollow(&self, (room, session): PlaceKey, mailbox: &Arc<Mailbox>) {
        let mut rooms = self.rooms();
        let Some(followers) = rooms.get_mut(&room) else { return };
        followers.retain(|(other, to)| !(*other == session && std::ptr::eq(to.as_ptr(), Arc::as_ptr(mailbox))));
        if followers.is_empty() {
            rooms.remove(&room);
        }
    }

    /// Tells everybody who follows a place in a room of this event type.
    pub fn tell_all(&self, event_type: EventTypeId) {
        let rooms = self.rooms();
        for (room, followers) in rooms.iter().filter(|(room, _)| room.event_type_id == event_type) {
            for (session, mailbox) in followers.iter().filter_map(|(session, to)| Some((session, to.upgrade()?))) {
                mailbox.nudge((*room, *session));
            }
        }
    }

    /// Tells everybody who follows a place in the rooms that changed.
    pub fn tell(&self, changes: &[RoomChange]) {
        let rooms = self.rooms();
        for change in changes {
            for (session, mailbox) in rooms.get(&change.room).into_iter().flatten() {
                let departure = change.departed.filter(|(who, _)| who == session).map(|(_, why)| why);
                if let Some(mailbox) = mailbox.upgrade() {
                    mailbox.put((change.room, *session), departure);
                }
            }
        }
    }
}
