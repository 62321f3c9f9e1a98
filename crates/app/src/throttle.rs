//! How often one address may ask, as a bucket that refills: bursts are fine, a flood is not.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use booking_domain::hold::AddressKey;
use booking_domain::refusal::Refusal;

/// How much of a burst is fine: five seconds' worth.
const BURST: Duration = Duration::from_secs(5);
/// Pages that fall over, of one address: ten at once, and one every five seconds, whatever cap there is for calls. Each is a line in
/// the log, and a few say what there is to say.
const REPORTS: Rate = Rate { cost: Duration::from_secs(5), burst: Duration::from_secs(50) };
/// The same of everybody: a hundred at once, and five a second.
const ALL_REPORTS: Rate = Rate { cost: Duration::from_millis(200), burst: Duration::from_secs(20) };
/// In whose name everybody's reports are counted.
const EVERYBODY: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
/// Most buckets of one generation that are remembered at once.
const BUCKETS: usize = 32_768;

/// What is counted, each in a bucket of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Calls of the public.
    Public,
    /// Calls with a key or token that nobody knows: guessing.
    Guess,
    /// Reports of a page that fell over.
    Report,
    /// All such reports, from wherever.
    AllReports,
}

/// How fast a bucket refills, and how much is in it.
#[derive(Clone, Copy)]
struct Rate {
    /// How long one call takes to be forgotten.
    cost: Duration,
    /// How much may be remembered at once.
    burst: Duration,
}

/// The buckets.
pub struct Throttle {
    /// For calls; no cap when absent.
    calls: Option<Rate>,
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
        Self { calls: cost.map(|cost| Rate { cost, burst: BURST }), buckets: Mutex::default() }
    }

    fn rate(&self, kind: Kind) -> Option<Rate> {
        match kind {
            Kind::Public | Kind::Guess => self.calls,
            Kind::Report => Some(REPORTS),
            Kind::AllReports => Some(ALL_REPORTS),
        }
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

    /// Counts a report of a page that fell over, for its address and for everybody.
    ///
    /// # Errors
    /// Refused as `rate_limited` when either bucket is empty; then nothing is counted.
    pub fn take_report(&self, address: IpAddr, now: Instant) -> Result<(), Refusal> {
        let buckets = [(Kind::Report, address), (Kind::AllReports, EVERYBODY)];
        buckets.iter().try_for_each(|(kind, whose)| self.check(*kind, *whose, now))?;
        buckets.iter().for_each(|(kind, whose)| self.charge(*kind, *whose, now));
        Ok(())
    }

    /// Whether a call may be made.
    ///
    /// # Errors
    /// Refused as `rate_limited` when the bucket is empty.
    pub fn check(&self, kind: Kind, address: IpAddr, now: Instant) -> Result<(), Refusal> {
        let Some(Rate { cost, burst }) = self.rate(kind) else { return Ok(()) };
        let full_at = self.buckets().full_at(&(kind, address.into()));
        let missing = full_at.map_or(Duration::ZERO, |at| at.saturating_duration_since(now));
        let over = (missing + cost).saturating_sub(burst);
        if over.is_zero() {
            return Ok(());
        }
        let retry_after_s = u32::try_from(over.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
        Err(Refusal::RateLimited { retry_after_s })
    }

    /// Counts a call, whatever is left.
    pub fn charge(&self, kind: Kind, address: IpAddr, now: Instant) {
        let Some(Rate { cost, .. }) = self.rate(kind) else { return };
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

    const ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

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

    #[test]
    fn reports_are_few_from_one_address_and_few_in_all_with_or_without_a_cap_on_calls() {
        let (throttle, start) = (Throttle::new(None), Instant::now());
        let taken = |from: &[IpAddr], at| from.iter().filter(|from| throttle.take_report(**from, at).is_ok()).count();
        assert_eq!(taken(&[ADDRESS; 30], start), 10);
        assert_eq!(taken(&[ADDRESS; 30], start + Duration::from_secs(5)), 1);
        let many: Vec<IpAddr> = (0..=255).map(|last| Ipv4Addr::new(203, 0, 113, last).into()).collect();
        assert_eq!(taken(&many, start + Duration::from_secs(5)), 99, "beside the one before");
        assert_eq!(taken(&many, start + Duration::from_secs(6)), 5);
    }
}
