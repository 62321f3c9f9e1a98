//! How often something may be done, as buckets that refill: bursts are fine, a flood is not.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::{Duration, Instant};

use booking_domain::refusal::Refusal;

/// Most buckets of one generation that are remembered at once.
const BUCKETS: usize = 32_768;

/// How fast a bucket refills, and how much is in it.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// How long once takes to be forgotten.
    pub cost: Duration,
    /// How much may be remembered at once.
    pub burst: Duration,
}

/// When each bucket will be full again, in two generations: what was not used while a whole generation came is forgotten at once,
/// and nothing has to be walked through. So many addresses within seconds are a flood from everywhere, which no bucket can tell
/// from people.
pub struct Buckets<K> {
    young: HashMap<K, Instant>,
    old: HashMap<K, Instant>,
}

impl<K> Default for Buckets<K> {
    fn default() -> Self {
        Self { young: HashMap::new(), old: HashMap::new() }
    }
}

impl<K: Eq + Hash> Buckets<K> {
    fn full_at(&self, bucket: &K) -> Option<Instant> {
        self.young.get(bucket).or_else(|| self.old.get(bucket)).copied()
    }

    /// Whether it may be done once more.
    ///
    /// # Errors
    /// Refused as `rate_limited` when the bucket is empty.
    pub fn check(&self, bucket: &K, rate: Rate, now: Instant) -> Result<(), Refusal> {
        let missing = self.full_at(bucket).map_or(Duration::ZERO, |at| at.saturating_duration_since(now));
        let over = (missing + rate.cost).saturating_sub(rate.burst);
        if over.is_zero() {
            return Ok(());
        }
        let retry_after_s = u32::try_from(over.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
        Err(Refusal::RateLimited { retry_after_s })
    }

    /// It was done, whatever is left.
    pub fn charge(&mut self, bucket: K, rate: Rate, now: Instant) {
        let full_at = self.full_at(&bucket).map_or(now, |at| at.max(now)) + rate.cost;
        if self.young.len() >= BUCKETS && !self.young.contains_key(&bucket) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(bucket, full_at);
    }

    /// Counts it.
    ///
    /// # Errors
    /// Refused as `rate_limited` when the bucket is empty; then nothing is counted.
    pub fn take(&mut self, bucket: K, rate: Rate, now: Instant) -> Result<(), Refusal> {
        self.check(&bucket, rate, now)?;
        self.charge(bucket, rate, now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { cost: Duration::from_secs(1), burst: Duration::from_secs(5) };

    #[test]
    fn a_burst_is_fine_and_then_the_rate_counts() {
        let (mut buckets, start) = (Buckets::default(), Instant::now());
        let mut taken = |n: usize, at| (0..n).filter(|_| buckets.take(1, RATE, at).is_ok()).count();
        assert_eq!(taken(20, start), 5);
        assert_eq!(taken(20, start + Duration::from_secs(1)), 1);
        assert_eq!(taken(20, start + Duration::from_secs(60)), 5);
    }

    #[test]
    fn who_is_refused_is_told_when_to_come_back() {
        let (mut buckets, now) = (Buckets::default(), Instant::now());
        while buckets.take(1, RATE, now).is_ok() {}
        let Err(Refusal::RateLimited { retry_after_s }) = buckets.check(&1, RATE, now) else { panic!() };
        assert!(buckets.check(&1, RATE, now + Duration::from_secs(retry_after_s.into())).is_ok());
    }

    #[test]
    fn who_came_last_is_remembered_however_many_come() {
        let (mut buckets, now) = (Buckets::default(), Instant::now());
        while buckets.take(0, RATE, now).is_ok() {}
        for other in 1..3 * BUCKETS {
            buckets.charge(other, RATE, now);
            if other % (BUCKETS / 2) == 0 {
                buckets.charge(0, RATE, now);
            }
        }
        assert!(buckets.check(&0, RATE, now).is_err());
        assert!(buckets.young.len() + buckets.old.len() <= 2 * BUCKETS);
    }
}
