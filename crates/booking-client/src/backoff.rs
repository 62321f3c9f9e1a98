//! Rests between attempts to connect, so that a component that is away is not overrun when it comes back, and calls to it fail
//! at once instead of each waiting for a connection.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The rest after the first failure; each further one doubles it.
const SHORTEST: Duration = Duration::from_millis(50);
/// The longest rest.
const LONGEST: Duration = Duration::from_secs(2);

/// When one may try to connect again.
#[derive(Debug, Default)]
pub(crate) struct Backoff(Mutex<Failures>);

#[derive(Debug, Default)]
struct Failures {
    in_a_row: u32,
    rest_until: Option<Instant>,
}

impl Backoff {
    fn failures(&self) -> MutexGuard<'_, Failures> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it is time to try.
    pub(crate) fn allows(&self, now: Instant) -> bool {
        self.failures().rest_until.is_none_or(|until| until <= now)
    }

    /// It went well, or not.
    pub(crate) fn note(&self, connected: bool, now: Instant) {
        let mut failures = self.failures();
        if connected {
            *failures = Failures::default();
            return;
        }
        let rest = SHORTEST.saturating_mul(1 << failures.in_a_row.min(8)).min(LONGEST);
        failures.in_a_row += 1;
        failures.rest_until = Some(now + rest.mul_f64(random_share()));
    }
}

/// Between a half and a whole: callers that lost the same component do not come back in step.
fn random_share() -> f64 {
    0.5 + fastrand::f64() / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_grow_to_a_bound_and_end_with_success() {
        let (backoff, start) = (Backoff::default(), Instant::now());
        assert!(backoff.allows(start));
        for (failure, most) in (0..9).zip([50, 100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000]) {
            backoff.note(false, start);
            assert!(!backoff.allows(start + Duration::from_millis(most / 2 - 1)), "after failure {failure}");
            assert!(backoff.allows(start + Duration::from_millis(most)), "after failure {failure}");
        }
        backoff.note(true, start);
        assert!(backoff.allows(start));
        backoff.note(false, start);
        assert!(backoff.allows(start + SHORTEST), "the next rest is the shortest again");
    }
}
