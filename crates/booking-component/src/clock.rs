//! The one place that knows what time it is.

mod boot;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use booking_domain::{DateTime, Utc};
use chrono::TimeDelta;

pub use self::boot::Boot;

/// A difference between the steady clock and the system's that is taken for a step, not for drift.
pub const STEP: TimeDelta = TimeDelta::milliseconds(500);

/// Two clocks read within this time can be compared.
const TOGETHER: Duration = Duration::from_millis(50);

/// Says what time it is.
pub trait Clock: Send + Sync + 'static {
    /// The current time, in whole milliseconds. It goes on evenly but for the steps that are taken.
    fn now(&self) -> DateTime<Utc>;

    /// How far the system's clock has left this one, if that is a step. This one goes on as it did until the step is taken: first
    /// everything has to be moved that is kept as an instant and means a length of time.
    fn step(&self) -> Option<ClockStep>;

    /// Goes on from where the system's clock is after this step.
    fn take(&self, step: ClockStep);

    /// Goes on from this time, which a database's clock showed just now.
    fn follow(&self, now: DateTime<Utc>);

    /// When this machine started, by this clock; nothing where that is not known.
    fn boot(&self) -> Option<Boot>;
}

/// How far the system's clock has left ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockStep {
    /// As somebody set it: no time has passed.
    pub set: TimeDelta,
    /// As the machine slept: time has passed, and nobody could be heard.
    pub slept: TimeDelta,
}

/// The system's time as it was read once, carried on by the monotonic clock: somebody who sets the machine's clock moves no lease.
pub struct SteadyClock {
    anchor: Mutex<Anchor>,
}

#[derive(Clone, Copy)]
struct Anchor {
    wall: DateTime<Utc>,
    instant: Instant,
    /// How long the machine had been up, asleep or awake; the monotonic clock stands still while it sleeps.
    uptime: Option<Duration>,
}

impl Anchor {
    #[allow(clippy::disallowed_methods, reason = "this is the clock")]
    fn set() -> Self {
        let instant = Instant::now();
        Self { wall: DateTime::from(SystemTime::now()), instant, uptime: boot::uptime() }
    }

    fn now(self) -> DateTime<Utc> {
        let elapsed = TimeDelta::from_std(self.instant.elapsed()).unwrap_or(TimeDelta::MAX);
        whole_milliseconds(self.wall + elapsed)
    }

    /// How long the machine has slept between this and a later anchor.
    fn slept_until(self, later: Self) -> TimeDelta {
        let up = later.uptime.zip(self.uptime).and_then(|(later, earlier)| later.checked_sub(earlier));
        let asleep = up.and_then(|up| up.checked_sub(later.instant.duration_since(self.instant)));
        let asleep = asleep.and_then(|asleep| TimeDelta::from_std(asleep).ok()).unwrap_or_default();
        if asleep > STEP { asleep } else { TimeDelta::zero() }
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

    fn anchor(&self) -> MutexGuard<'_, Anchor> {
        self.anchor.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for SteadyClock {
    fn now(&self) -> DateTime<Utc> {
        self.anchor().now()
    }

    fn step(&self) -> Option<ClockStep> {
        let anchor = *self.anchor();
        #[allow(clippy::disallowed_methods, reason = "this is the clock")]
        let left_by = DateTime::<Utc>::from(SystemTime::now()) - anchor.now();
        if left_by.abs() <= STEP {
            return None;
        }
        let fresh = Anchor::set();
        let carried_on = anchor.now();
        // Put aside for a moment between the readings, this thread would take the pause for a step.
        if fresh.instant.elapsed() > TOGETHER {
            return None;
        }
        step_of(fresh.wall - carried_on, anchor.slept_until(fresh))
    }

    fn take(&self, step: ClockStep) {
        let mut anchor = self.anchor();
        anchor.wall += step.set + step.slept;
        // What the machine slept until now is counted once.
        let now = Anchor { wall: anchor.now(), ..Anchor::set() };
        *anchor = now;
    }

    fn follow(&self, now: DateTime<Utc>) {
        *self.anchor() = Anchor { wall: now, ..Anchor::set() };
    }

    fn boot(&self) -> Option<Boot> {
        Boot::before(self.now())
    }
}

/// What of a step was set, and what slept.
fn step_of(by: TimeDelta, slept: TimeDelta) -> Option<ClockStep> {
    let set = whole(by - slept);
    let set = if set.abs() > STEP { set } else { TimeDelta::zero() };
    Some(ClockStep { set, slept: whole(slept) }).filter(|step| !step.set.is_zero() || !step.slept.is_zero())
}

fn whole(length: TimeDelta) -> TimeDelta {
    TimeDelta::milliseconds(length.num_milliseconds())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(set_ms: i64, slept_ms: i64) -> Option<ClockStep> {
        Some(ClockStep { set: TimeDelta::milliseconds(set_ms), slept: TimeDelta::milliseconds(slept_ms) })
    }

    #[test]
    fn sleeping_is_told_from_being_set() {
        let of = |by, slept| step_of(TimeDelta::milliseconds(by), TimeDelta::milliseconds(slept));
        assert_eq!(of(3_600_000, 0), step(3_600_000, 0));
        assert_eq!(of(-3_600_000, 0), step(-3_600_000, 0));
        assert_eq!(of(3_600_200, 3_600_000), step(0, 3_600_000), "what is left is how late the sleep was noticed");
        assert_eq!(of(0, 3_600_000), step(-3_600_000, 3_600_000), "set back while it slept");
        assert_eq!(of(400, 0), None);
    }

    #[test]
    fn a_clock_that_nobody_set_has_not_stepped_and_one_that_took_a_step_goes_on_from_there() {
        let clock = SteadyClock::start();
        assert_eq!(clock.step(), None);
        let hour = ClockStep { set: TimeDelta::hours(1), slept: TimeDelta::zero() };
        let before = clock.now();
        clock.take(hour);
        assert!(clock.now() - before >= hour.set && clock.now() - before < hour.set + STEP);
        // The system's clock has not moved, so ours has left it by as much.
        let back = clock.step().unwrap();
        assert!((back.set + hour.set).abs() < STEP && back.slept.is_zero(), "{back:?}");
    }
}
