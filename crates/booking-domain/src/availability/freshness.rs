//! How long a list of slots stays true while nothing is committed: only the time says no to more of it, or to less.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::needs::Needs;
use super::wall_clock::{DAY, WallClock, day_of, instant_of, minute_of};
use super::{Scene, Slot};

impl Scene<'_> {
    /// Whether what remains depends on who served last, however long before these slots that was.
    pub fn takes_turns(&self) -> bool {
        let spec = &self.offer.spec;
        let ids = spec.resource_ids();
        let capacities: Vec<u32> =
            ids.iter().map(|id| self.occupancy.get(id).map_or(0, |units| units.capacity)).collect();
        Needs::new(&spec.requirements, None, &ids).takes_turns(&capacities)
    }

    /// The first instant from which on these slots, which are what this scene lists, may not be what it would list.
    ///
    /// Until then `slots` answers the same whatever the time, if nobody takes or frees anything. The first of them goes when its
    /// start has passed, or is nearer than the notice; others come when a new local day moves the horizon.
    pub fn true_until(&self, slots: &[Slot]) -> DateTime<Utc> {
        let spec = &self.offer.spec;
        let notice = TimeDelta::minutes(i64::from(spec.min_notice_minutes));
        // At its last instant a slot can still be taken.
        let first_goes = slots.first().map(|slot| slot.interval.start() - notice + TimeDelta::nanoseconds(1));
        let horizon_moves = next_date(self.offer.hours.time_zone, self.now);
        first_goes.map_or(horizon_moves, |goes| goes.min(horizon_moves))
    }
}

/// When the wall clock shows another date: after 23 hours where an hour is left out, and not at the first midnight where it is set
/// back from there to the evening.
fn next_date(zone: Tz, now: DateTime<Utc>) -> DateTime<Utc> {
    let now = minute_of(now);
    // Looking again too early is no harm, should a date ever last longer.
    let clock = WallClock::new(zone, now..now + 2 * DAY);
    let today = day_of(clock.local(now));
    let changes = clock.runs().find_map(|(run, offset)| {
        let other = if day_of(run.start) == today { (today + 1) * DAY } else { run.start };
        run.contains(&other).then_some(other - offset)
    });
    instant_of(changes.unwrap_or(now + 2 * DAY))
}
