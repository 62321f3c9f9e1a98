//! What a scene says: the verdict on a slot, the slots of a range, the state of one that left the list.

use super::explaining::verdict;
use super::judging::{Judging, Question};
use super::wall_clock::{Instants, Minute, minute_of};
use super::{Owner, Scene, Slot, SlotState, SlotsAsked, TooMuchWork, Verdict};
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
            let judgement = judging.weigh(start);
            if judging.work() > asked.work {
                return Err(TooMuchWork);
            }
            if let Some(state) = judgement.listed()
                && let Ok(interval) = Interval::new(starts.at(start), ends.at(start + duration))
            {
                slots.push(Slot { interval, state, remaining: judgement.remaining });
            }
        }
        Ok(slots)
    }

    /// The state of any slot, listed or not.
    pub fn state_of(&self, slot: Interval, wanted: Option<ResourceId>) -> SlotState {
        self.states_of(&[slot], wanted).pop().unwrap_or(SlotState::Absent)
    }

    /// The states of slots of one length, in order of start.
    pub fn states_of(&self, slots: &[Interval], wanted: Option<ResourceId>) -> Vec<SlotState> {
        let (Some(first), Some(last)) = (slots.first(), slots.last()) else { return Vec::new() };
        let question = Question { duration: first.minutes(), wanted, own: &[], counted: false };
        let starts = minute_of(first.start())..minute_of(last.start()) + 1;
        let (mut judging, on_grid) = Judging::new(*self, question, starts);
        slots.iter().map(|slot| judging.state(*slot, &on_grid)).collect()
    }
}
