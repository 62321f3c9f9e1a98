//! How often the public may ask, of one address and in all.

use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use booking_client::ManagementToken;
use booking_component::state::buckets::{Buckets, Rate};
use booking_domain::address::AddressKey;
use booking_domain::refusal::Refusal;

/// How much of a burst is fine: five seconds' worth.
const BURST: Duration = Duration::from_secs(5);
/// Pages that fall over, of one address: ten at once, and one every five seconds, whatever cap there is for calls. Each is a line in
/// the log, and a few say what there is to say.
const REPORTS: Rate = Rate { cost: Duration::from_secs(5), burst: Duration::from_secs(50) };
/// The same of everybody: a hundred at once, and five a second.
const ALL_REPORTS: Rate = Rate { cost: Duration::from_millis(200), burst: Duration::from_secs(20) };

/// What is counted, each in a bucket of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Bucket {
    /// Calls of an address.
    Calls(AddressKey),
    /// Calls with a right token whose address has no call left, by a hash of it.
    TokenCalls(u64),
    /// Reports of a page that fell over, of an address.
    Reports(AddressKey),
    /// All such reports, from wherever.
    AllReports,
}

/// The buckets.
pub struct Throttle {
    /// For calls; no cap when absent.
    calls: Option<Rate>,
    buckets: Mutex<Buckets<Bucket>>,
    hashes: RandomState,
}

/// So many a second, with bursts of five seconds' worth; no cap when absent.
pub fn rate(per_second: Option<u32>) -> Option<Rate> {
    let cost = per_second.and_then(|calls| Duration::from_secs(1).checked_div(calls));
    cost.map(|cost| Rate { cost, burst: BURST })
}

impl Throttle {
    /// So many calls a second for each address.
    pub fn new(per_second: Option<u32>) -> Self {
        Self { calls: rate(per_second), buckets: Mutex::default(), hashes: RandomState::new() }
    }

    fn buckets(&self) -> MutexGuard<'_, Buckets<Bucket>> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a call of the public.
    ///
    /// # Errors
    /// Refused as `rate_limited` when the bucket is empty; then nothing is counted.
    pub fn take_call(&self, from: IpAddr, now: Instant) -> Result<(), Refusal> {
        self.calls.map_or(Ok(()), |rate| self.buckets().take(Bucket::Calls(from.into()), rate, now))
    }

    /// Counts a call with a token that was found right: of its address, and when that has none left, of its own.
    ///
    /// # Errors
    /// Refused as `rate_limited` when both buckets are empty; then nothing is counted.
    pub fn take_call_of(&self, token: &ManagementToken, from: IpAddr, now: Instant) -> Result<(), Refusal> {
        let Some(rate) = self.calls else { return Ok(()) };
        let own = Bucket::TokenCalls(self.hashes.hash_one(token.expose()));
        let mut buckets = self.buckets();
        buckets.take(Bucket::Calls(from.into()), rate, now).or_else(|_| buckets.take(own, rate, now))
    }

    /// Counts a report of a page that fell over, for its address and for everybody.
    ///
    /// # Errors
    /// Refused as `rate_limited` when either bucket is empty; then nothing is counted.
    pub fn take_report(&self, from: IpAddr, now: Instant) -> Result<(), Refusal> {
        let counted = [(Bucket::Reports(from.into()), REPORTS), (Bucket::AllReports, ALL_REPORTS)];
        let mut buckets = self.buckets();
        counted.iter().try_for_each(|(bucket, rate)| buckets.check(bucket, *rate, now))?;
        counted.into_iter().for_each(|(bucket, rate)| buckets.charge(bucket, rate, now));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[test]
    fn a_burst_of_five_seconds_is_fine_and_then_the_rate_counts() {
        let (throttle, start) = (Throttle::new(Some(2)), Instant::now());
        let calls = |n: usize, at| (0..n).filter(|_| throttle.take_call(ADDRESS, at).is_ok()).count();
        assert_eq!(calls(20, start), 10);
        assert_eq!(calls(20, start + Duration::from_secs(1)), 2);
        assert_eq!(calls(20, start + Duration::from_secs(60)), 10);
    }

    #[test]
    fn a_right_token_has_calls_of_its_own_when_its_address_has_none() {
        let (throttle, now) = (Throttle::new(Some(1)), Instant::now());
        while throttle.take_call(ADDRESS, now).is_ok() {}
        let token = |digit: &str| ManagementToken::parse(&digit.repeat(64)).unwrap();
        let taken = |of: &str| (0..20).filter(|_| throttle.take_call_of(&token(of), ADDRESS, now).is_ok()).count();
        assert_eq!((taken("a"), taken("a"), taken("b")), (5, 0, 5));
    }

    #[test]
    fn without_a_rate_nothing_is_refused() {
        let (throttle, now) = (Throttle::new(None), Instant::now());
        assert!((0..10_000).all(|_| throttle.take_call(ADDRESS, now).is_ok()));
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
