//! Wrong secrets, counted once they were found wrong. A right one is let in whatever else came from its address.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use booking_domain::address::AddressKey;
use booking_domain::refusal::Refusal;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::state::buckets::{Buckets, Rate};

/// Wrong secrets of one address that are told to be wrong: a hundred at once, and then twenty a second. Nobody mistypes so much.
pub const GUESSES: Rate = Rate { cost: Duration::from_millis(50), burst: Duration::from_secs(5) };
/// Secrets from addresses that have guessed too much that are looked at, at once: a flood of guesses takes one look at a time from
/// everybody else, and a right secret among them waits its turn.
const LOOKS_AT_ONCE: usize = 1;
/// How long a secret waits for its turn: thousands are looked at in that time.
const PATIENCE: Duration = Duration::from_secs(5);
/// Most secrets of one generation that are remembered as right: those who call while somebody guesses beside them.
const REMEMBERED: usize = 4_096;

/// The wrong secrets of each address.
pub struct Guesses {
    /// No cap when absent.
    rate: Option<Rate>,
    buckets: Mutex<Buckets<AddressKey>>,
    looks: Semaphore,
    right: Mutex<Right>,
    hashes: RandomState,
    told: AtomicU64,
    refused: AtomicU64,
}

/// Hashes of secrets that were found right lately, in two generations.
#[derive(Default)]
struct Right {
    young: HashSet<u64>,
    old: HashSet<u64>,
}

impl Right {
    fn note(&mut self, hash: u64) {
        if self.young.len() >= REMEMBERED {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(hash);
    }
}

/// The turn of a secret that is looked at.
pub struct Turn<'a> {
    guesses: &'a Guesses,
    hash: u64,
    _look: SemaphorePermit<'a>,
}

impl Turn<'_> {
    /// It was right: the next time it waits for nobody.
    pub fn was_right(self) {
        self.guesses.right().note(self.hash);
    }
}

impl Guesses {
    /// No guess yet; no cap without a rate.
    pub fn new(rate: Option<Rate>) -> Self {
        Self {
            rate,
            buckets: Mutex::default(),
            looks: Semaphore::new(LOOKS_AT_ONCE),
            right: Mutex::default(),
            hashes: RandomState::new(),
            told: AtomicU64::new(0),
            refused: AtomicU64::new(0),
        }
    }

    fn buckets(&self) -> MutexGuard<'_, Buckets<AddressKey>> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn right(&self) -> MutexGuard<'_, Right> {
        self.right.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// To be had while a secret from there is looked at: at once, or where too much was guessed, after others. What was right lately
    /// waits for nobody: behind an address may be a front through which everybody comes.
    ///
    /// # Errors
    /// Refused as `unavailable` when the turn does not come: then looks take long, whoever asks.
    pub async fn turn(&self, from: Option<AddressKey>, secret: &str) -> Result<Option<Turn<'_>>, Refusal> {
        if !self.has_guessed_too_much(from) {
            return Ok(None);
        }
        let hash = self.hashes.hash_one(secret);
        if self.is_right(hash) {
            return Ok(None);
        }
        match tokio::time::timeout(PATIENCE, self.looks.acquire()).await {
            Ok(Ok(look)) => Ok(Some(Turn { guesses: self, hash, _look: look })),
            Ok(Err(_)) | Err(_) => Err(Refusal::Unavailable),
        }
    }

    fn has_guessed_too_much(&self, from: Option<AddressKey>) -> bool {
        let counted = from.zip(self.rate);
        counted.is_some_and(|(from, rate)| self.buckets().check(&from, rate, Instant::now()).is_err())
    }

    fn is_right(&self, hash: u64) -> bool {
        let right = self.right();
        right.young.contains(&hash) || right.old.contains(&hash)
    }

    /// What is said of a secret from there that was found wrong: this, or that there were too many.
    pub fn wrong(&self, from: Option<AddressKey>, said: Refusal) -> Refusal {
        let taken = match (from, self.rate) {
            (Some(from), Some(rate)) => self.buckets().take(from, rate, Instant::now()),
            _ => Ok(()),
        };
        let count = if taken.is_ok() { &self.told } else { &self.refused };
        count.fetch_add(1, Ordering::Relaxed);
        taken.err().unwrap_or(said)
    }

    /// How many secrets were wrong: of those that were told so, and of those that were refused because there were too many.
    pub fn counts(&self) -> (u64, u64) {
        (self.told.load(Ordering::Relaxed), self.refused.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hundred at once, and the next an hour later: however slow the machine is that tests it, none is forgotten meanwhile.
    const HUNDRED: Rate = Rate { cost: Duration::from_secs(3_600), burst: Duration::from_secs(360_000) };

    fn address(last: u8) -> Option<AddressKey> {
        Some(std::net::IpAddr::from([203, 0, 113, last]).into())
    }

    #[tokio::test]
    async fn wrong_secrets_are_refused_by_another_name_once_there_are_too_many() {
        let guesses = Guesses::new(Some(HUNDRED));
        for _ in 0..100 {
            assert!(guesses.turn(address(1), "secret").await.unwrap().is_none());
            assert_eq!(guesses.wrong(address(1), Refusal::Unauthenticated), Refusal::Unauthenticated);
        }
        assert!(matches!(guesses.wrong(address(1), Refusal::Unauthenticated), Refusal::RateLimited { .. }));
        assert_eq!(guesses.counts(), (100, 1));
        assert_eq!(guesses.wrong(address(2), Refusal::Unauthenticated), Refusal::Unauthenticated);
    }

    #[tokio::test]
    async fn where_too_much_was_guessed_secrets_are_looked_at_one_after_the_other() {
        let guesses = Guesses::new(Some(HUNDRED));
        (0..101).for_each(|_| drop(guesses.wrong(address(1), Refusal::Unauthenticated)));
        let turn = async |secret: &'static str| {
            tokio::time::timeout(Duration::from_millis(20), guesses.turn(address(1), secret)).await
        };
        let first = turn("a key").await.unwrap().unwrap().unwrap();
        assert!(turn("another").await.is_err());
        first.was_right();
        let _second = turn("another").await.unwrap().unwrap().unwrap();
        assert!(turn("a key").await.unwrap().unwrap().is_none(), "what was right lately waits for nobody");
    }

    #[tokio::test]
    async fn without_a_rate_every_wrong_secret_is_told_to_be_wrong() {
        let guesses = Guesses::new(None);
        assert!((0..1_000).all(|_| guesses.wrong(address(1), Refusal::Unauthenticated) == Refusal::Unauthenticated));
        assert!(guesses.turn(address(1), "secret").await.unwrap().is_none());
    }
}
