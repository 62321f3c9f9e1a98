//! The places for connections: so many for one address, so many in all, and whose place a new one takes when there is none.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use booking_domain::address::AddressKey;

use super::activity::{Activity, Closed, Patience};
use crate::http::address::Trusted;

/// Most connections at once, whatever descriptors there are: each watcher is one, and each costs some 20 KiB.
pub const CONNECTIONS: usize = 20_000;
/// Most connections of one client address at once, unless said otherwise: dozens of people behind one address.
pub const CONNECTIONS_PER_ADDRESS: u32 = 256;
/// Most requests of one address that are answered at once: more streams of HTTP/2 than a crowd behind one address opens.
pub const REQUESTS_PER_ADDRESS: usize = 1_024;
/// How many connections make room at a time when there is no place left: to find the oldest, all have to be looked at.
const DISPLACED_AT_ONCE: usize = 16;

/// Why a connection was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Its address has as many as it may have, and is answered on all of them.
    Address,
    /// There are as many as there may be, and all are answered.
    Full,
}

impl Refused {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 2] = [Self::Address, Self::Full];

    /// Its name in the metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Full => "full",
        }
    }
}

/// The places for connections.
pub struct Places {
    most: usize,
    /// No bound when absent.
    most_per_address: Option<usize>,
    /// Addresses through which many people come.
    exempt: Trusted,
    open: Mutex<Open>,
    refused: [AtomicU64; Refused::ALL.len()],
    closed: [AtomicU64; Closed::ALL.len()],
}

/// By age: whoever came first has the lowest number.
#[derive(Default)]
struct Open {
    next: u64,
    connections: BTreeMap<u64, Connection>,
    addresses: HashMap<AddressKey, Address>,
}

struct Connection {
    from: AddressKey,
    activity: Arc<Activity>,
}

#[derive(Default)]
struct Address {
    connections: BTreeMap<u64, Arc<Activity>>,
    /// Requests of this address that are being answered.
    answering: Arc<AtomicUsize>,
}

/// A connection's place, for as long as this lives.
pub struct ConnectionPermit {
    number: u64,
    places: Arc<Places>,
    /// What the connection is doing.
    pub activity: Arc<Activity>,
    /// Requests of its address that are being answered; none when they are not bounded.
    pub answering: Option<Arc<AtomicUsize>>,
}

impl Places {
    /// So many places in all, and so many for each address that is not exempt; no bound when absent.
    pub fn new(most: usize, most_per_address: Option<u32>, exempt: Trusted) -> Arc<Self> {
        let most_per_address = most_per_address.map(|most| usize::try_from(most).unwrap_or(usize::MAX));
        let (refused, closed) = Default::default();
        Arc::new(Self { most, most_per_address, exempt, open: Mutex::default(), refused, closed })
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a connection from there. When there is none, those that wait longest for a request make room.
    ///
    /// # Errors
    /// Nobody can make room.
    pub fn take(self: &Arc<Self>, from: IpAddr, patience: Patience) -> Result<ConnectionPermit, Refused> {
        let bound = self.most_per_address.filter(|_| !self.exempt.holds(from.to_canonical()));
        let from = AddressKey::from(from);
        let mut open = self.open();
        let room = match bound {
            Some(most) if open.of(from) >= most => open.displace_of(from).then_some(()).ok_or(Refused::Address),
            _ => Ok(()),
        };
        let room = room.and_then(|()| match open.connections.len() >= self.most {
            true => open.displace().then_some(()).ok_or(Refused::Full),
            false => Ok(()),
        });
        if let Err(refused) = room {
            count(&self.refused, &Refused::ALL, refused);
            return Err(refused);
        }
        let activity = Activity::new(patience);
        let (number, answering) = open.add(from, &activity);
        Ok(ConnectionPermit { number, places: Arc::clone(self), activity, answering: bound.map(|_| answering) })
    }

    /// Makes room for what needs a descriptor.
    pub fn make_room(&self) {
        self.open().displace();
    }

    /// A connection was closed by us.
    pub fn closed(&self, why: Closed) {
        count(&self.closed, &Closed::ALL, why);
    }

    /// How many connections there are.
    pub fn taken(&self) -> usize {
        self.open().connections.len()
    }

    /// How many were refused, by reason.
    pub fn refusals(&self) -> impl Iterator<Item = (&'static str, u64)> {
        Refused::ALL.iter().zip(&self.refused).map(|(why, count)| (why.as_str(), count.load(Ordering::Relaxed)))
    }

    /// How many were closed by us, by reason.
    pub fn ends(&self) -> impl Iterator<Item = (&'static str, u64)> {
        Closed::ALL.iter().zip(&self.closed).map(|(why, count)| (why.as_str(), count.load(Ordering::Relaxed)))
    }
}

fn count<T: PartialEq>(counts: &[AtomicU64], all: &[T], which: T) {
    if let Some((_, count)) = all.iter().zip(counts).find(|(one, _)| **one == which) {
        count.fetch_add(1, Ordering::Relaxed);
    }
}

impl Open {
    fn of(&self, from: AddressKey) -> usize {
        self.addresses.get(&from).map_or(0, |address| address.connections.len())
    }

    fn add(&mut self, from: AddressKey, activity: &Arc<Activity>) -> (u64, Arc<AtomicUsize>) {
        self.next += 1;
        self.connections.insert(self.next, Connection { from, activity: Arc::clone(activity) });
        let address = self.addresses.entry(from).or_default();
        address.connections.insert(self.next, Arc::clone(activity));
        (self.next, Arc::clone(&address.answering))
    }

    fn remove(&mut self, number: u64) {
        let Some(Connection { from, .. }) = self.connections.remove(&number) else { return };
        let Some(address) = self.addresses.get_mut(&from) else { return };
        address.connections.remove(&number);
        if address.connections.is_empty() {
            self.addresses.remove(&from);
        }
    }

    /// Whether a connection of this address could make room.
    fn displace_of(&mut self, from: AddressKey) -> bool {
        let Some(address) = self.addresses.get(&from) else { return false };
        let waiting = address.connections.iter().filter_map(|(number, activity)| Some((activity.waiting()?, *number)));
        let longest = waiting.min().map(|(_, number)| number);
        longest.into_iter().for_each(|number| self.end(number));
        longest.is_some()
    }

    /// Whether some connections could make room: those without any request yet first, and of those the oldest.
    fn displace(&mut self) -> bool {
        let waiting = self.connections.iter().filter_map(|(number, one)| Some((one.activity.waiting()?, *number)));
        let mut waiting: Vec<_> = waiting.collect();
        let some = DISPLACED_AT_ONCE.min(waiting.len());
        if let Some(last) = some.checked_sub(1) {
            waiting.select_nth_unstable(last);
        }
        waiting.iter().take(some).for_each(|(_, number)| self.end(*number));
        some > 0
    }

    fn end(&mut self, number: u64) {
        if let Some(connection) = self.connections.get(&number) {
            connection.activity.displace();
        }
        self.remove(number);
    }
}

impl ConnectionPermit {
    /// It was closed by us.
    pub fn closed(&self, why: Closed) {
        self.places.closed(why);
    }
}

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        self.places.open().remove(self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([203, 0, 113, last])
    }

    fn take(places: &Arc<Places>, last: u8) -> Result<ConnectionPermit, Refused> {
        places.take(address(last), Patience::USUAL)
    }

    async fn is_displaced(place: &ConnectionPermit) -> bool {
        let end = tokio::time::timeout(std::time::Duration::from_millis(1), place.activity.end()).await;
        end == Ok(Closed::Displaced)
    }

    #[tokio::test]
    async fn the_oldest_silent_connection_of_an_address_makes_room_for_its_next() {
        let places = Places::new(100, Some(2), Trusted::default());
        let (first, second) = (take(&places, 1).unwrap(), take(&places, 1).unwrap());
        let neighbour = take(&places, 2).unwrap();
        let busy = first.activity.answering();
        let third = take(&places, 1).unwrap();
        assert!(is_displaced(&second).await && !is_displaced(&first).await && !is_displaced(&neighbour).await);
        let _busy_too = third.activity.answering();
        assert!(matches!(take(&places, 1), Err(Refused::Address)));
        assert!(take(&places, 2).is_ok(), "a neighbour is not concerned");
        drop(busy);
        assert!(take(&places, 1).is_ok(), "who is answered no more makes room");
    }

    #[tokio::test]
    async fn when_there_is_no_place_who_never_asked_makes_room_before_who_did() {
        let places = Places::new(DISPLACED_AT_ONCE + 1, None, Trusted::default());
        let asked = take(&places, 1).unwrap();
        drop(asked.activity.answering());
        let silent: Vec<_> = (0..DISPLACED_AT_ONCE).map(|_| take(&places, 1).unwrap()).collect();
        let next = take(&places, 2).unwrap();
        assert!(!is_displaced(&asked).await);
        for silent in &silent {
            assert!(is_displaced(silent).await);
        }
        assert_eq!(places.taken(), 2);
        drop((silent, next, asked));
        assert_eq!(places.taken(), 0, "a place is given back once");
    }

    #[test]
    fn when_all_are_answered_a_new_one_is_refused_at_once() {
        let places = Places::new(2, Some(2), Trusted::default());
        let held: Vec<_> = (1..=2).map(|last| take(&places, last).unwrap()).collect();
        let answered: Vec<_> = held.iter().map(|place| place.activity.answering()).collect();
        assert!(matches!(take(&places, 3), Err(Refused::Full)));
        assert_eq!(places.refusals().collect::<Vec<_>>(), [("address", 0), ("full", 1)]);
        drop(answered);
        assert!(take(&places, 3).is_ok());
    }

    #[test]
    fn those_through_whom_many_come_are_not_bounded_by_their_address() {
        let places = Places::new(100, Some(1), Trusted(vec!["203.0.113.7/32".parse().unwrap()]));
        let held: Vec<_> = (0..50).map(|_| take(&places, 7).unwrap()).collect();
        assert!(held.iter().all(|place| place.answering.is_none() && place.activity.waiting().is_some()));
        assert_eq!(places.taken(), 50);
    }
}
