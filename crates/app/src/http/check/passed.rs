//! Who has passed lately, so that a hold asks once, and so does a booking that is sent again.

use std::collections::HashMap;
use std::mem::take;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use booking_domain::address::AddressKey;
use uuid::Uuid;

/// How long a session that passed is let through after its last heartbeat: as long as a hold.
const REMEMBERED: Duration = Duration::from_secs(10 * 60);
/// Most sessions of one generation that are remembered at once: some megabytes. Whoever is forgotten is asked about again.
const SESSIONS: usize = 32_768;

/// What passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Call {
    /// A session's holds.
    Hold(Uuid),
    /// One booking, with its idempotency key: a hash of both.
    Booking(u64),
}

/// A call, at the address from which it passed.
pub(super) type Key = (Call, AddressKey);

/// Who has passed lately, in two generations: what was not used while a whole one came is forgotten at once.
#[derive(Default)]
pub(super) struct Passed {
    generations: Mutex<Generations>,
}

#[derive(Default)]
struct Generations {
    young: HashMap<Key, Instant>,
    old: HashMap<Key, Instant>,
}

impl Passed {
    /// Whether this session has passed; then it is remembered anew.
    pub(super) fn renew(&self, key: Key) -> bool {
        self.renew_at(key, Instant::now())
    }

    /// Remembers a session that has passed.
    pub(super) fn note(&self, key: Key) {
        self.lock().put(key, Instant::now());
    }

    fn renew_at(&self, key: Key, now: Instant) -> bool {
        let mut generations = self.lock();
        let known = generations.young.get(&key).or_else(|| generations.old.get(&key));
        let has_passed = known.is_some_and(|at| now.saturating_duration_since(*at) < REMEMBERED);
        if has_passed {
            generations.put(key, now);
        }
        has_passed
    }

    fn lock(&self) -> MutexGuard<'_, Generations> {
        self.generations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Generations {
    fn put(&mut self, key: Key, now: Instant) {
        if self.young.len() >= SESSIONS {
            self.old = take(&mut self.young);
        }
        self.young.insert(key, now);
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    fn key(session: u128) -> Key {
        (Call::Hold(Uuid::from_u128(session)), AddressKey::from(IpAddr::from([192, 0, 2, 1])))
    }

    #[test]
    fn a_session_is_let_through_until_ten_minutes_after_its_last_heartbeat() {
        let (passed, began) = (Passed::default(), Instant::now());
        assert!(!passed.renew_at(key(1), began));
        passed.lock().put(key(1), began);
        assert!(passed.renew_at(key(1), began + REMEMBERED / 2));
        assert!(passed.renew_at(key(1), began + REMEMBERED), "it was there in between");
        assert!(!passed.renew_at(key(1), began + REMEMBERED * 2));
        assert!(!passed.renew_at(key(2), began));
    }

    #[test]
    fn no_more_sessions_than_two_generations_are_remembered() {
        let passed = Passed::default();
        (0..3 * SESSIONS as u128).for_each(|session| passed.note(key(session)));
        let generations = passed.lock();
        assert!(generations.young.len() <= SESSIONS && generations.old.len() <= SESSIONS);
        assert!(!generations.old.contains_key(&key(0)));
    }
}
