//! Steps of the clock, with an embedded store: whatever is kept as an instant and means a length of time moves along with it, in
//! one transaction, before anything is decided by the new time.
//!
//! That is every deadline of a hold, every lease, every cooldown and how long an idempotency key is remembered. What was written
//! down as having happened stays as it was.

use booking_domain::{DateTime, Utc};
use chrono::TimeDelta;

use crate::clock::{Boot, ClockStep, STEP};
use crate::engine::Engine;
use crate::state::presence_index::PresenceIndex;
use crate::store::timekeeping::{self, ClockReading};
use crate::store::{StoreError, Tx};

/// Takes a step of the clock, if there was one. Only the command queue may: nothing is decided meanwhile.
pub(crate) async fn follow(engine: &Engine, index: &PresenceIndex) -> Result<(), StoreError> {
    let Some(step) = engine.clock.step() else { return Ok(()) };
    let boot = engine.clock.boot().map(|boot| Boot { at: boot.at + step.set, ..boot });
    let mut tx = engine.store.write().await?;
    timekeeping::shift(&mut tx, step.set).await?;
    timekeeping::save(&mut tx, &seen(engine.clock.now() + step.set + step.slept, boot)).await?;
    tx.commit().await?;
    tracing::warn!(
        set_ms = step.set.num_milliseconds(),
        slept_ms = step.slept.num_milliseconds(),
        "the clock was set, or the machine slept: leases and deadlines keep their length"
    );
    take(engine, index, step);
    Ok(())
}

/// From now on the new time is decided by, and everybody sees it.
fn take(engine: &Engine, index: &PresenceIndex, step: ClockStep) {
    let moved = index.shift(step.set, || engine.clock.take(step));
    if !step.slept.is_zero() {
        // Nobody could be heard meanwhile.
        index.rearm(engine.clock.now());
    }
    engine.followers.tell(&moved);
    for organization in engine.catalogs.organizations() {
        engine.invalidations.notify_lines(organization);
        engine.invalidations.notify_slots(organization);
        engine.slots.touch_all(organization);
    }
    engine.expiry.wake();
}

/// Moves what the last run of the process left, if the clock is another one than it was then, as far as that can be known.
pub(crate) async fn follow_over_a_restart(tx: &mut Tx, engine: &Engine) -> Result<(), StoreError> {
    let now = seen(engine.clock.now(), engine.clock.boot());
    let set = timekeeping::find(tx).await?.map_or_else(TimeDelta::zero, |last| set_between(&last, &now));
    if !set.is_zero() {
        tracing::warn!(
            set_ms = set.num_milliseconds(),
            "the clock was set while nothing ran: deadlines keep their length"
        );
        timekeeping::shift(tx, set).await?;
    }
    timekeeping::save(tx, &now).await
}

/// Writes down what time it is, for the next start.
pub(crate) async fn note(tx: &mut Tx, engine: &Engine) -> Result<(), StoreError> {
    timekeeping::save(tx, &seen(engine.clock.now(), engine.clock.boot())).await
}

fn seen(at: DateTime<Utc>, boot: Option<Boot>) -> ClockReading {
    ClockReading { at, boot: boot.map(|boot| (boot.id, boot.at)) }
}

/// How far the clock was set between two looks. One start of the machine is seen at one time by one clock. Over a start of the
/// machine nothing is known but that time does not run backwards.
fn set_between(last: &ClockReading, now: &ClockReading) -> TimeDelta {
    let set = match (&last.boot, &now.boot) {
        (Some((one, before)), Some((other, after))) if one == other => *after - *before,
        _ => (now.at - last.at).min(TimeDelta::zero()),
    };
    if set.abs() > STEP { set } else { TimeDelta::zero() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen_at(minutes: i64, boot: Option<(&str, i64)>) -> ClockReading {
        let at = |minutes: i64| DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes);
        ClockReading { at: at(minutes), boot: boot.map(|(id, booted)| (id.to_owned(), at(booted))) }
    }

    #[test]
    fn a_clock_that_was_set_between_two_runs_shows_by_the_start_of_the_machine() {
        let last = seen_at(100, Some(("a", 10)));
        let set = |now: &ClockReading| set_between(&last, now).num_minutes();
        assert_eq!(set(&seen_at(130, Some(("a", 10)))), 0, "half an hour passed");
        assert_eq!(set(&seen_at(190, Some(("a", 70)))), 60);
        assert_eq!(set(&seen_at(70, Some(("a", -50)))), -60, "set back while half an hour passed");
        assert_eq!(set(&seen_at(130, Some(("b", 120)))), 0, "another start: it may all have passed");
        assert_eq!(set(&seen_at(40, Some(("b", 30)))), -60, "but time does not run backwards");
        assert_eq!(set(&seen_at(40, None)), -60);
    }
}
