//! The verdict on one slot: the units to take, or every rule that says no, in words for people.

use super::judging::{Judging, Question};
use super::obstacles::{Obstacles, holds_on_limits, holds_on_units, lowest_free};
use super::reasons::Reasons;
use super::wall_clock::{day_of, minute_of};
use super::{Conditions, Scene, UnitRef, Verdict};
use crate::finding::{Finding, Reason};
use crate::id::PresenceId;
use crate::interval::Interval;

/// The verdict on a slot under these conditions.
pub(super) fn verdict(scene: Scene<'_>, slot: Interval, conditions: Conditions<'_>) -> Verdict {
    let start = minute_of(slot.start());
    let question = Question { duration: slot.minutes(), conditions, counted: false };
    let (mut judging, on_grid) = Judging::new(scene, question, start..start + 1);
    let judgement = judging.weigh(start);
    let (before, after) = (scene.offer.spec.buffer_before_minutes, scene.offer.spec.buffer_after_minutes);
    let day = day_of(judging.clock.local(start));
    let mut explaining = Explaining {
        slot,
        blocked: slot.widened(before, after),
        day,
        open: !judgement.reasons.contains(Reason::OutsideHours),
        reasons: judgement.reasons,
        obstacles: Obstacles::default(),
        held_by: Vec::new(),
        judging: &judging,
    };
    let is_off_grid = judging.is_off_grid(start, &on_grid) && !conditions.allow.sets_aside(Reason::OffGrid);
    explaining.reasons.add_if(is_off_grid, Reason::OffGrid);
    explaining.look_for_obstacles(judgement.taken);
    explaining.finish()
}

impl Verdict {
    /// Whether only holds are in the way; also when nothing is.
    pub fn is_held(&self) -> bool {
        self.findings.iter().all(|finding| finding.reason == Reason::Held)
    }

    /// Whether bookings take the slot.
    pub fn is_booked(&self) -> bool {
        let reasons: Vec<Reason> = self.findings.iter().map(|finding| finding.reason).collect();
        Reasons::of(&reasons).are_bookings()
    }
}

/// One slot that has been weighed, and what was found about it.
pub(super) struct Explaining<'a> {
    pub(super) judging: &'a Judging<'a>,
    pub(super) slot: Interval,
    blocked: Interval,
    /// The local day on which it starts.
    pub(super) day: i64,
    /// Whether the event type's schedule is open then.
    pub(super) open: bool,
    reasons: Reasons,
    pub(super) obstacles: Obstacles,
    pub(super) held_by: Vec<PresenceId>,
}

impl Explaining<'_> {
    fn look_for_obstacles(&mut self, taken: bool) {
        if taken {
            self.obstacles = Obstacles::of(self.judging, self.slot, self.blocked);
            let switched_on = !self.reasons.contains(Reason::Inactive);
            self.reasons.add_if(self.obstacles.closed && switched_on, Reason::OutsideHours);
            self.reasons.add_if(!self.obstacles.busy.is_empty(), Reason::Busy);
            self.reasons.add_if(!self.obstacles.booked.is_empty(), Reason::Booked);
            self.reasons.add_if(!self.obstacles.near.is_empty(), Reason::Buffer);
        } else if self.reasons.contains(Reason::Held) {
            self.held_by = holds_on_units(self.judging, self.blocked);
        }
        self.held_by.extend(holds_on_limits(self.judging, self.day));
        self.held_by.sort_unstable();
        self.held_by.dedup();
    }

    fn finish(self) -> Verdict {
        let reasons = Reason::ALL.into_iter().filter(|reason| self.reasons.contains(*reason));
        let findings: Vec<_> = reasons.map(|reason| Finding { reason, detail: self.sentence(reason) }).collect();
        let units = if findings.is_empty() { self.units() } else { Vec::new() };
        Verdict { findings, units, held_by: self.held_by }
    }

    fn units(&self) -> Vec<UnitRef> {
        let judging = self.judging;
        let chosen = judging.choose(minute_of(self.slot.start()));
        let each = chosen.chunk_by(|one, other| one == other).filter_map(|same| {
            let id = *judging.ids.get(*same.first()?)?;
            let resource = judging.scene.occupancy.get(&id)?;
            let lowest = lowest_free(resource, self.blocked, judging.question.conditions.own, same.len());
            Some(lowest.into_iter().map(move |unit| UnitRef { resource_id: id, unit }))
        });
        each.flatten().collect()
    }
}
