//! Rule 10: the one judgement of a start. Lists, explanations, holds and bookings all ask it.

use std::ops::Range;
use std::vec::IntoIter;

use super::free_units::{FreeUnits, Reach};
use super::loads::{Loads, Period};
use super::needs::Needs;
use super::open_hours::open_minutes;
use super::reasons::Reasons;
use super::serving::Serving;
use super::tally::Tally;
use super::wall_clock::{DAY, Minute, WallClock, day_of, instant_of, minute_of, week_of};
use super::{Conditions, Scene, SlotState, Units, grid};
use crate::event_type::PeriodLimits;
use crate::finding::Reason;
use crate::id::ResourceId;
use crate::interval::Interval;
use crate::limits;
use crate::schedule::Hours;

/// Steps that a start costs by itself: its wall clock, its rules, its line in the list.
const STEPS_PER_START: u64 = 10;

/// What is asked: slots of which length, for whom.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question<'a> {
    /// The length in minutes.
    pub(super) duration: Minute,
    pub(super) conditions: Conditions<'a>,
    /// Whether it matters how many slots could be taken.
    pub(super) counted: bool,
}

/// How a start stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct SlotJudgement {
    /// The rules that say no, but for what takes the units.
    pub(super) reasons: Reasons,
    /// Whether units are missing even if others' holds are left out.
    pub(super) taken: bool,
    /// How many slots could be taken, one after another; 0 unless free, and 1 if nobody asked how many.
    pub(super) remaining: u32,
}

impl SlotJudgement {
    /// The state of a slot that lists show.
    pub(super) fn listed(self) -> Option<SlotState> {
        let held = Reasons::of(&[Reason::Held]);
        match self.reasons {
            _ if self.taken => None,
            reasons if reasons == Reasons::default() => Some(SlotState::Free),
            reasons if reasons == held => Some(SlotState::Held),
            _ => None,
        }
    }
}

/// Whether there are units for a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Supply {
    Free(u32),
    Held,
    Taken,
}

/// What the units that are free at a start serve.
#[derive(Debug)]
struct Supplies {
    now: Serving,
    /// If nobody else held any; nothing when nobody does.
    unheld: Option<Serving>,
}

/// All that the starts of a range are judged by, worked out once.
#[derive(Debug)]
pub(super) struct Judging<'a> {
    pub(super) scene: Scene<'a>,
    pub(super) question: Question<'a>,
    /// Every resource that may be taken, in order of id; what follows names them by their place here.
    pub(super) ids: Vec<ResourceId>,
    pub(super) needs: Needs,
    pub(super) clock: WallClock,
    pub(super) tally: Tally,
    pub(super) free: FreeUnits,
    /// Kept up to date where there are several starts; one alone is cheaper to look at by itself.
    supplies: Option<Supplies>,
    /// When it is open, from the last start on.
    open: IntoIter<Range<Minute>>,
    /// What says no to every start.
    always: Reasons,
    /// The first minute that has not passed, and the first with enough notice.
    bounds: (Minute, Minute),
    /// The last local day within the horizon.
    pub(super) last_day: i64,
    /// What was found for the current day's limits: how many more, and which rules say no.
    quota: Option<(i64, u32, Reasons)>,
    /// What was found for the current units and period.
    supply: Option<(Period, Supply)>,
    /// What resources have served, where what remains depends on that.
    loads: Option<Loads>,
    /// Whether bookings are among what takes the current units, where that was asked.
    pub(super) booked: Option<bool>,
    /// What it takes to go through the starts and the changes, in steps.
    work: u64,
}

impl<'a> Judging<'a> {
    /// What judges the starts of a range, and those of its starts that are on the grid.
    pub(super) fn new(scene: Scene<'a>, question: Question<'a>, starts: Range<Minute>) -> (Self, Vec<Minute>) {
        let (spec, hours) = (&scene.offer.spec, &scene.offer.hours);
        let ids = spec.resource_ids();
        let Conditions { wanted, own, allow, .. } = question.conditions;
        let needs = Needs::new(&spec.requirements, wanted, &ids);
        let period_limits = if allow.sets_aside(Reason::Limit) { PeriodLimits::default() } else { spec.limits };
        // Weeks and months around the starts: what lies further away counts towards nothing here.
        let around = if period_limits.is_empty() { 8 * DAY } else { 32 * DAY };
        let clock = WallClock::new(hours.time_zone, starts.start - around..starts.end + around);
        let longest = question.duration.min(Minute::from(limits::DURATION_MINUTES_MAX));
        let near = WallClock::new(hours.time_zone, starts.start..starts.end + longest);
        let on_grid = grid::starts(hours, spec.interval_minutes(), &WallClock::new(hours.time_zone, starts.clone()));
        let reach = Reach {
            before: Minute::from(spec.buffer_before_minutes),
            after: question.duration + Minute::from(spec.buffer_after_minutes),
            duration: question.duration,
        };
        let resources = ids.iter().map(|id| scene.occupancy.get(id));
        let free = FreeUnits::new(resources.clone(), reach, question.conditions, &starts);
        let several = starts.end - starts.start > 1;
        let capacities = resources.clone().map(|units| units.map_or(0, |units| units.capacity)).collect::<Vec<_>>();
        let ranks = several && question.counted && needs.takes_turns(&capacities);
        let loads = ranks.then(|| Loads::new(resources, own));
        let changes = free.changes() + loads.as_ref().map_or(0, Loads::len);
        let judging = Self {
            tally: Tally::new(period_limits, scene.appointments, own, &clock),
            supplies: several.then(|| Supplies::new(&needs, (changes, free.held()))),
            work: changes as u64 + STEPS_PER_START * on_grid.len() as u64,
            free,
            open: open_minutes(hours, &near).into_iter(),
            always: Reasons::default(),
            bounds: bounds(&scene),
            last_day: last_day(&scene),
            quota: None,
            supply: None,
            loads,
            booked: None,
            scene,
            question,
            ids,
            needs,
            clock,
        };
        (judging.with_always(), on_grid)
    }

    fn with_always(mut self) -> Self {
        let spec = &self.scene.offer.spec;
        let lasting = |minutes: &u32| Minute::from(*minutes) == self.question.duration;
        let offered = spec.durations.minutes().iter().any(lasting);
        self.always.add_if(!spec.active || !self.can_serve(), Reason::Inactive);
        self.always.add_if(!offered, Reason::Duration);
        self
    }

    /// Whether the active resources could serve a slot if nobody took anything.
    pub(super) fn can_serve(&self) -> bool {
        self.needs.served_by(&self.capacities())
    }

    /// How many units each resource has, if it is active.
    pub(super) fn capacities(&self) -> Vec<u32> {
        self.capacities_if(|units| units.active)
    }

    /// How many units each resource has, if it is active, and open for the whole slot.
    pub(super) fn open_capacities(&self, slot: Interval) -> Vec<u32> {
        let open = |hours: &Hours| hours.open_within(slot) == [slot];
        let any = self.question.conditions.allow.sets_aside(Reason::OutsideHours);
        self.capacities_if(|units| units.active && (any || units.hours.as_deref().is_none_or(open)))
    }

    fn capacities_if(&self, counts: impl Fn(&Units) -> bool) -> Vec<u32> {
        let capacity =
            |id| self.scene.occupancy.get(id).filter(|units| counts(units)).map_or(0, |units| units.capacity);
        self.ids.iter().map(capacity).collect()
    }

    /// How this start stands, whether it is on the grid or not. Starts must not go back.
    pub(super) fn weigh(&mut self, start: Minute) -> SlotJudgement {
        let day = day_of(self.clock.local(start));
        let (quota, limited) = self.quota(day);
        let mut reasons = self.always.union(limited);
        reasons.add_if(start < self.bounds.0, Reason::Past);
        reasons.add_if(start < self.bounds.1, Reason::Notice);
        reasons.add_if(day > self.last_day, Reason::Horizon);
        reasons.add_if(!self.fits(start), Reason::OutsideHours);
        let period = self.period(start, week_of(day));
        let supply = self.supply(start, period);
        reasons.add_if(supply == Supply::Held, Reason::Held);
        let free = if let Supply::Free(units) = supply { units } else { 0 };
        let reasons = reasons.without(self.question.conditions.allow);
        let remaining = if reasons == Reasons::default() { free.min(quota) } else { 0 };
        SlotJudgement { reasons, taken: supply == Supply::Taken, remaining }
    }

    /// Whether a slot that starts then lies in open hours.
    fn fits(&mut self, start: Minute) -> bool {
        while self.open.as_slice().first().is_some_and(|open| open.end <= start) {
            self.open.next();
        }
        self.open_at(start).is_some_and(|open| start + self.question.duration <= open.end)
    }

    /// Whether a start lies in open hours, but between two starts of the grid.
    pub(super) fn is_off_grid(&self, start: Minute, on_grid: &[Minute]) -> bool {
        on_grid.binary_search(&start).is_err() && self.open_at(start).is_some()
    }

    /// The open time that this minute is part of; not for minutes before the last start.
    pub(super) fn open_at(&self, minute: Minute) -> Option<&Range<Minute>> {
        self.open.as_slice().iter().find(|open| minute < open.end).filter(|open| open.start <= minute)
    }

    fn quota(&mut self, day: i64) -> (u32, Reasons) {
        match self.quota {
            Some((of, supply, reasons)) if of == day => (supply, reasons),
            _ => {
                let mut reasons = Reasons::default();
                for reached in self.tally.reached(day) {
                    reasons.add_if(true, if reached.by_holds() { Reason::Held } else { Reason::Limit });
                }
                let supply = self.tally.left(day);
                self.quota = Some((day, supply, reasons));
                (supply, reasons)
            }
        }
    }

    /// Who is preferred does not change within a period.
    fn period(&mut self, start: Minute, week: i64) -> Period {
        let before = self.loads.as_mut().map(|loads| {
            loads.advance(start);
            loads.before()
        });
        (week, before.unwrap_or(0))
    }

    fn supply(&mut self, start: Minute, period: Period) -> Supply {
        let (mut changed, needs, supplies) = (false, &self.needs, &mut self.supplies);
        let anything = self.free.advance(start, |place, now, unheld| {
            changed = true;
            supplies.iter_mut().for_each(|supplies| supplies.set(needs, place, (now, unheld)));
        });
        self.booked = self.booked.filter(|_| !anything);
        match self.supply {
            Some((of, supply)) if of == period && !changed => supply,
            _ => {
                let supply = self.find_supply(period);
                self.supply = Some((period, supply));
                supply
            }
        }
    }

    fn find_supply(&mut self, period: Period) -> Supply {
        let Some(supplies) = &mut self.supplies else {
            let served = |free: &[u32]| self.needs.served_by(free);
            return Supply::of(served(self.free.now()), || served(self.free.unheld()));
        };
        let unheld = || supplies.unheld.as_ref().is_some_and(|unheld| unheld.serves(&self.needs));
        let supply = Supply::of(supplies.now.serves(&self.needs), unheld);
        if supply == Supply::Taken || supply == Supply::Held || !self.question.counted {
            return supply;
        }
        let (loads, clock) = (&mut self.loads, &self.clock);
        let mut loads = || loads.as_mut().map(|loads| loads.of_week(period.0, clock)).unwrap_or_default();
        Supply::Free(supplies.now.count(&self.needs, period, &mut loads))
    }

    /// The resources to take for this start, once for each unit; nothing when there are none.
    pub(super) fn choose(&self, start: Minute) -> Vec<usize> {
        let week = week_of(day_of(self.clock.local(start)));
        let resources = self.ids.iter().map(|id| self.scene.occupancy.get(id));
        let mut loads = Loads::new(resources, self.question.conditions.own);
        loads.advance(start);
        let kept = self.question.conditions.kept.iter().filter_map(|id| self.ids.binary_search(id).ok());
        let kept: Vec<usize> = kept.collect();
        self.needs.choose(self.free.now(), (&kept, &loads.of_week(week, &self.clock))).unwrap_or_default()
    }

    /// What it took so far, in steps: the same for the same question, whatever else goes on.
    pub(super) fn work(&self) -> u64 {
        let supplies = self.supplies.as_ref().map_or(0, |supplies| supplies.work());
        self.work + supplies
    }
}

impl Supply {
    fn of(free: bool, unheld: impl FnOnce() -> bool) -> Self {
        match free {
            true => Self::Free(1),
            false if unheld() => Self::Held,
            false => Self::Taken,
        }
    }
}

impl Supplies {
    fn new(needs: &Needs, (changes, held): (usize, bool)) -> Self {
        let new = || Serving::new(needs, changes);
        Self { now: new(), unheld: held.then(new) }
    }

    fn set(&mut self, needs: &Needs, place: usize, (now, unheld): (u32, u32)) {
        self.now.set(needs, place, now);
        self.unheld.iter_mut().for_each(|serving| serving.set(needs, place, unheld));
    }

    fn work(&self) -> u64 {
        self.now.work() + self.unheld.as_ref().map_or(0, Serving::work)
    }
}

/// The first minute that has not passed, and the first with enough notice where notice is needed.
fn bounds(scene: &Scene<'_>) -> (Minute, Minute) {
    let begun = minute_of(scene.now);
    let now = if instant_of(begun) < scene.now { begun + 1 } else { begun };
    let notice = Minute::from(scene.offer.spec.min_notice_minutes);
    (now, if notice > 0 { now + notice } else { Minute::MIN })
}

/// The last local day within the horizon.
fn last_day(scene: &Scene<'_>) -> i64 {
    let now = minute_of(scene.now);
    let clock = WallClock::new(scene.offer.hours.time_zone, now..now + 1);
    day_of(clock.local(now)) + i64::from(scene.offer.spec.horizon_days)
}
