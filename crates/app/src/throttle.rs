//! How often one address may ask, as a bucket that refills: bursts are fine, a flood is not.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use booking_domain::hold::AddressKey;
use booking_domain::refusal::Refusal;

/// How much of a burst is fine: five seconds' worth.
const BURST: Duration = Duration::from_secs(5);
/// Most buckets of one generation that are remembered at once.
const BUCKETS: usize = 32_768;

/// What is counted, each in a bucket of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Calls of the public.
    Public,
    /// Calls with a key or token that nobody knows: guessing.
    Guess,
}

/// The buckets.
pub struct Throttle {
    /// How long one call takes to be forgotten; no cap when absent.
    cost: Option<Duration>,
    buckets: Mutex<Buckets>,
}

/// When each bucket will be full again, in two generations: what was not used while a whole generation came is forgotten at once,
/// and nothing has to be walked through. So many addresses within seconds are a flood from everywhere, which no bucket can tell
/// from people.
#[derive(Default)]
struct Buckets {
    young: HashMap<(Kind, AddressKey), Instant>,
    old: HashMap<(Kind, AddressKey), Instant>,
}

impl Buckets {
    fn full_at(&self, bucket: &(Kind, AddressKey)) -> Option<Instant> {
        self.young.get(bucket).or_else(|| self.old.get(bucket)).copied()
    }

    fn set(&mut self, bucket: (Kind, AddressKey), full_at: Instant) {
        if self.young.len() >= BUCKETS && !self.young.contains_key(&bucket) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(bucket, full_at);
    }
}

impl Throttle {
    /// So many calls a second for each address.
    pub fn new(per_second: Option<u32>) -> Self {
        let cost = per_second.and_then(|calls| Duration::from_secs(1).checked_div(calls));
        Self { cost, buckets: Mutex::default() }
    }

    /// Counts a call.
    ///
    /// # Errors
    /// Refused as `rate_limited` when the bucket is empty; then nothing is counted.
    pub fn take(&self, kind: Kind, address: IpAddr, now: Instant) -> Result<(), Refusal> {
        self.check(kind, address, now)?;
        self.charge(kind, address, now);
        Ok(())
    }

    /// Whether a call may be made.
    ///
    /// # Errors
    /// Refused as `rate_limited` when the bucket is empty.
    pub fn check(&self, kind: Kind, address: IpAddr, now: Instant) -> Result<(), Refusal> {
        let Some(cost) = self.cost else { return Ok(()) };
        let full_at = self.buckets().full_at(&(kind, address.into()));
        let missing = full_at.map_or(Duration::ZERO, |at| at.saturating_duration_since(now));
        let over = (missing + cost).saturating_sub(BURST);
        if over.is_zero() {
            return Ok(());
        }
        let retry_after_s = u32::try_from(over.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
        Err(Refusal::RateLimited { retry_after_s })
    }

    /// Counts a call, whatever is left.
    pub fn charge(&self, kind: Kind, address: IpAddr, now: Instant) {
        let Some(cost) = self.cost else { return };
        let mut buckets = self.buckets();
        let bucket = (kind, address.into());
        let full_at = buckets.full_at(&bucket).map_or(now, |at| at.max(now)) + cost;
        buckets.set(bucket, full_at);
    }

    fn buckets(&self) -> MutexGuard<'_, Buckets> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn a_burst_of_five_seconds_is_fine_and_then_the_rate_counts() {
        let (throttle, start) = (Throttle::new(Some(2)), Instant::now());
        let calls = |n: usize, at| (0..n).filter(|_| throttle.take(Kind::Public, ADDRESS, at).is_ok()).count();
        assert_eq!(calls(20, start), 10);
        assert_eq!(calls(20, start + Duration::from_secs(1)), 2);
        assert_eq!(calls(20, start + Duration::from_secs(60)), 10);
    }

    #[test]
    fn who_is_refused_is_told_when_to_come_back() {
        let (throttle, now) = (Throttle::new(Some(1)), Instant::now());
        while throttle.take(Kind::Public, ADDRESS, now).is_ok() {}
        let Err(Refusal::RateLimited { retry_after_s }) = throttle.check(Kind::Public, ADDRESS, now) else { panic!() };
        assert!(throttle.check(Kind::Public, ADDRESS, now + Duration::from_secs(retry_after_s.into())).is_ok());
        assert!(throttle.check(Kind::Guess, ADDRESS, now).is_ok(), "guesses are counted apart");
    }

    #[test]
    fn who_came_last_is_remembered_however_many_come() {
        let (throttle, now) = (Throttle::new(Some(1)), Instant::now());
        while throttle.take(Kind::Public, ADDRESS, now).is_ok() {}
        let others = (0..u32::try_from(3 * BUCKETS).unwrap()).map(|n| IpAddr::from((n | 0x0a00_0000).to_be_bytes()));
        for (nth, other) in others.enumerate() {
            throttle.charge(Kind::Public, other, now);
            if nth % (BUCKETS / 2) == 0 {
                throttle.charge(Kind::Public, ADDRESS, now);
            }
        }
        assert!(throttle.check(Kind::Public, ADDRESS, now).is_err());
        let buckets = throttle.buckets();
        assert!(buckets.young.len() + buckets.old.len() <= 2 * BUCKETS);
    }

    #[test]
    fn without_a_rate_nothing_is_refused() {
        let (throttle, now) = (Throttle::new(None), Instant::now());
        assert!((0..10_000).all(|_| throttle.take(Kind::Public, ADDRESS, now).is_ok()));
    }
}
