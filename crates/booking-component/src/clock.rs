//! The one place that knows what time it is.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use booking_domain::{DateTime, Utc};
use chrono::TimeDelta;

/// A difference between the steady clock and the system's that is taken for a step, not for drift.
const STEP: TimeDelta = TimeDelta::milliseconds(500);

/// Two clocks read within this time can be compared.
const TOGETHER: Duration = Duration::from_millis(50);

/// Says what time it is.
pub trait Clock: Send + Sync + 'static {
    /// The current time, in whole milliseconds. It never runs backwards between two corrections.
    fn now(&self) -> DateTime<Utc>;

    /// Follows the system's clock if that was set, or the machine slept. True when it did: leases are then given a full ttl again.
    fn correct(&self) -> bool;

    /// Goes on from this time, which a database's clock showed just now.
    fn follow(&self, now: DateTime<Utc>);
}

/// The system's time as it was read once, carried on by the monotonic clock: somebody who sets the machine's clock moves no lease.
pub struct SteadyClock {
    anchor: Mutex<Anchor>,
}

#[derive(Clone, Copy)]
struct Anchor {
    wall: DateTime<Utc>,
    instant: Instant,
}

impl Anchor {
    #[allow(clippy::disallowed_methods, reason = "this is the clock")]
    fn set() -> Self {
        let instant = Instant::now();
        Self { wall: DateTime::from(SystemTime::now()), instant }
    }

    fn now(self) -> DateTime<Utc> {
        let elapsed = TimeDelta::from_std(self.instant.elapsed()).unwrap_or(TimeDelta::MAX);
        whole_milliseconds(self.wall + elapsed)
    }
}

/// Stores keep milliseconds; so does every time that is decided with.
fn whole_milliseconds(instant: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(instant.timestamp_millis()).unwrap_or(instant)
}

impl SteadyClock {
    /// A clock that starts with the system's time.
    pub fn start() -> Self {
        Self { anchor: Mutex::new(Anchor::set()) }
    }
}

impl Clock for SteadyClock {
    fn now(&self) -> DateTime<Utc> {
        self.anchor.lock().unwrap_or_else(PoisonError::into_inner).now()
    }

    fn correct(&self) -> bool {
        let mut anchor = self.anchor.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = Anchor::set();
        let carried_on = anchor.now();
        // Put aside for a moment between the two readings, this thread would take the pause for a step.
        let together = fresh.instant.elapsed() < TOGETHER;
        let stepped = together && (fresh.wall - carried_on).abs() > STEP;
        if stepped {
            *anchor = fresh;
        }
        stepped
    }

    fn follow(&self, now: DateTime<Utc>) {
        let anchor = Anchor { wall: now, instant: Instant::now() };
        *self.anchor.lock().unwrap_or_else(PoisonError::into_inner) = anchor;
    }
}
