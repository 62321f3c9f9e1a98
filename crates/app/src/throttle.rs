//! How often one address may ask, as a bucket that refills: bursts are fine, a flood is not.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use booking_domain::hold::AddressKey;
use booking_domain::refusal::Refusal;

/// How much of a burst is fine: five seconds' worth.
const BURST: Duration = Duration::from_secs(5);
/// Most addresses that are remembered at once.
const ADDRESSES: usize = 65_536;

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
    /// When each bucket will be full again.
    full_at: Mutex<HashMap<(Kind, AddressKey), Instant>>,
}

impl Throttle {
    /// So many calls a second for each address.
    pub fn new(per_second: Option<u32>) -> Self {
        let cost = per_second.and_then(|calls| Duration::from_secs(1).checked_div(calls));
        Self { cost, full_at: Mutex::new(HashMap::new()) }
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
        let full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let missing =
            full_at.get(&(kind, address.into())).map_or(Duration::ZERO, |at| at.saturating_duration_since(now));
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
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= ADDRESSES {
            full_at.retain(|_, at| *at > now);
            // That many addresses within seconds are a flood from everywhere, which no bucket can tell from people.
            if full_at.len() >= ADDRESSES {
                full_at.clear();
            }
        }
        let at = full_at.entry((kind, address.into())).or_insert(now);
        *at = (*at).max(now) + cost;
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
    fn without_a_rate_nothing_is_refused() {
        let (throttle, now) = (Throttle::new(None), Instant::now());
        assert!((0..10_000).all(|_| throttle.take(Kind::Public, ADDRESS, now).is_ok()));
    }
}
