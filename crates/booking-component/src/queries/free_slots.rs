//! Free slots that are looked for: those near one that cannot be had, and those that come next. One walk finds both.

use booking_domain::allow::Allow;
use booking_domain::availability::{SlotState, SlotsAsked};
use booking_domain::hold::wish::Wish;
use booking_domain::id::{BookingId, EventTypeId, OrganizationId, ResourceId};
use booking_domain::interval::Interval;
use booking_domain::refusal::Refusal;
use booking_domain::{DateTime, Utc, limits};
use chrono::{DurationRound, TimeDelta};

use crate::engine::Engine;
use crate::error::{ServiceError, ServiceResult};
use crate::queries::availability::{AT_ONCE_WORK, Unseen, read};

const DAY_MINUTES: u32 = 24 * 60;
/// How far alternatives are looked for on either side, at first.
const ALTERNATIVES_MINUTES: u32 = DAY_MINUTES * limits::ALTERNATIVES_DAYS;
/// How much further at a time, until there is one.
const MONTH_MINUTES: u32 = 31 * DAY_MINUTES;
/// How far the next slots are looked for at a time.
const NEXT_MINUTES: u32 = DAY_MINUTES * limits::NEXT_SLOTS_DAYS;

/// What is looked for: free slots of this length, with this resource, as if the booking that shall move were not there.
#[derive(Clone, Copy)]
pub(crate) struct Sought {
    pub event_type_id: EventTypeId,
    pub duration_minutes: u32,
    pub wanted: Option<ResourceId>,
    pub moving: Option<BookingId>,
    pub allow: Allow,
}

/// How a walk goes on: from a range, so many minutes further at a time, until there are enough.
struct Steps {
    first: Interval,
    further_minutes: u32,
    enough: usize,
}

/// The free slots nearest to the one that was wished for: of the same length, with the same resource. Where all around are taken,
/// the next ones are.
pub(crate) async fn near(
    engine: &Engine,
    organization: OrganizationId,
    Wish { room, wanted, moving, allow }: Wish,
) -> ServiceResult<Vec<Interval>> {
    let (slot, event_type_id) = (room.slot, room.event_type_id);
    let duration_minutes = u32::try_from(slot.minutes()).unwrap_or(1);
    let sought = Sought { event_type_id, duration_minutes, wanted, moving, allow };
    let first = slot.widened(ALTERNATIVES_MINUTES, ALTERNATIVES_MINUTES);
    let steps = Steps { first, further_minutes: MONTH_MINUTES, enough: 1 };
    let mut free = match walk(engine, organization, (sought, steps)).await {
        Err(ServiceError::Refused(Refusal::NotFound { .. })) => return Ok(Vec::new()),
        free => free?,
    };
    let distance = |free: &Interval| (free.start() - slot.start()).abs();
    free.sort_by_key(|slot| (distance(slot), slot.start()));
    free.truncate(limits::ALTERNATIVES);
    Ok(free)
}

/// The free slots that start after this instant, and after now: so many at most.
pub(crate) async fn next(
    engine: &Engine,
    organization: OrganizationId,
    (sought, after, count): (Sought, DateTime<Utc>, u32),
) -> ServiceResult<Vec<Interval>> {
    let after = after.max(engine.clock.now());
    let minute = after.duration_trunc(TimeDelta::minutes(1)).unwrap_or(after) + TimeDelta::minutes(1);
    // What starts after the last instant that there is starts never.
    let Ok(first) = Interval::lasting(minute, NEXT_MINUTES) else { return Ok(Vec::new()) };
    let enough = count as usize;
    let steps = Steps { first, further_minutes: NEXT_MINUTES, enough };
    let mut free = walk(engine, organization, (sought, steps)).await?;
    free.truncate(enough);
    Ok(free)
}

/// Looks from range to range, in their order, until there are enough or the horizon lies behind: as far as a horizon can be.
async fn walk(
    engine: &Engine,
    organization: OrganizationId,
    (sought, steps): (Sought, Steps),
) -> ServiceResult<Vec<Interval>> {
    let furthest = steps.first.end() + TimeDelta::days(limits::HORIZON_DAYS_MAX.into());
    let (mut range, mut free) = (steps.first, Vec::new());
    loop {
        let (found, is_last) = free_in(engine, organization, (sought, range)).await?;
        free.extend(found);
        match Interval::lasting(range.end(), steps.further_minutes) {
            Ok(next) if free.len() < steps.enough && !is_last && next.start() < furthest => range = next,
            _ => return Ok(free),
        }
    }
}

/// The free slots of a range, and whether there are none further on: the horizon lies in it, or nothing is offered.
async fn free_in(
    engine: &Engine,
    organization: OrganizationId,
    (sought, range): (Sought, Interval),
) -> ServiceResult<(Vec<Interval>, bool)> {
    let Sought { event_type_id, duration_minutes, wanted, moving, allow } = sought;
    let (offer, taken) = read(engine, organization, (event_type_id, range, duration_minutes)).await?;
    let at = engine.clock.now();
    let horizon = at + TimeDelta::days(i64::from(offer.spec.horizon_days) + 1);
    let asked = SlotsAsked { range, duration_minutes, wanted, moving, allow, counted: false, work: AT_ONCE_WORK };
    let seen = Unseen { at, offer, taken }.compute(engine, organization, asked).await?;
    let free = seen.slots.iter().filter(|slot| slot.state == SlotState::Free);
    let is_last = horizon <= range.end() || !seen.offer.spec.active;
    Ok((free.map(|slot| slot.interval).collect(), is_last))
}
