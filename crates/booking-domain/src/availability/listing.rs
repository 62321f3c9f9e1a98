//! What a scene says: the verdict on a slot, the slots of a range, the state of one that left the list.

use super::explaining::verdict;
use super::judging::{Judging, Question};
use super::wall_clock::{Instants, Minute, minute_of};
use super::{Owner, Reason, Scene, Slot, SlotState, SlotsAsked, TooMuchWork, Verdict};
use crate::id::ResourceId;
use crate::interval::Interval;

impl Scene<'_> {
    /// Judges one slot: the units to take, or every rule that says no.
    ///
    /// `wanted` must be among the resources taken, if it matters. Claims and appointments of `own` are not in the way: one's own
    /// hold, or the booking that is moved.
    pub fn judge(&self, slot: Interval, wanted: Option<ResourceId>, own: &[Owner]) -> Verdict {
        verdict(*self, slot, wanted, own)
    }

    /// The slots that are free or held, in order.
    ///
    /// # Errors
    ///
    /// When it would take more steps than it may.
    pub fn slots(&self, asked: &SlotsAsked) -> Result<Vec<Slot>, TooMuchWork> {
        let duration = Minute::from(asked.duration_minutes);
        let question = Question { duration, wanted: asked.wanted, own: &[], counted: asked.counted };
        let starts = minute_of(asked.range.start())..minute_of(asked.range.end());
        let (mut judging, on_grid) = Judging::new(*self, question, starts);
        let mut slots = Vec::with_capacity(on_grid.len());
        let (mut starts, mut ends) = (Instants::default(), Instants::default());
        for start in on_grid {
            let standing = judging.weigh(start);
            if judging.work() > asked.work {
                return Err(TooMuchWork);
            }
            if let Some(state) = standing.listed()
                && let Ok(interval) = Interval::new(starts.at(start), ends.at(start + duration))
            {
                slots.push(Slot { interval, state, remaining: standing.remaining });
            }
        }
        Ok(slots)
    }

    /// The state of any slot, listed or not.
    pub fn state_of(&self, slot: Interval, wanted: Option<ResourceId>) -> SlotState {
        let reasons: Vec<_> = self.judge(slot, wanted, &[]).findings.iter().map(|finding| finding.reason).collect();
        let taken = |reason: &Reason| matches!(reason, Reason::Booked | Reason::Buffer);
        // A limit is reached by bookings, so it may stand beside them.
        let by_bookings =
            |reason: &Reason| taken(reason) || matches!(reason, Reason::Limit | Reason::Busy | Reason::Held);
        if reasons.is_empty() {
            SlotState::Free
        } else if reasons == [Reason::Held] {
            SlotState::Held
        } else if reasons.iter().any(taken) && reasons.iter().all(by_bookings) {
            SlotState::Booked
        } else {
            SlotState::Absent
        }
    }
}
