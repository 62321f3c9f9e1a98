//! What a scene says: the verdict on a slot, the slots of a range, the state of one that left the list.

use super::explaining::verdict;
use super::judging::{Judging, Question};
use super::wall_clock::{Instants, Minute, minute_of};
use super::{Conditions, Owner, Scene, Slot, SlotState, SlotsAsked, TooMuchWork, Verdict};
use crate::id::ResourceId;
use crate::interval::Interval;

impl Scene<'_> {
    /// Judges one slot: the units to take, or every rule that says no.
    pub fn judge(&self, slot: Interval, conditions: Conditions<'_>) -> Verdict {
        verdict(*self, slot, conditions)
    }

    /// The slots that are free or held, in order.
    ///
    /// # Errors
    ///
    /// When it would take more steps than it may.
    pub fn slots(&self, asked: &SlotsAsked) -> Result<Vec<Slot>, TooMuchWork> {
        let duration = Minute::from(asked.duration_minutes);
        let own: Vec<Owner> = asked.moving.into_iter().map(Owner::Booking).collect();
        let conditions = Conditions { wanted: asked.wanted, own: &own, allow: asked.allow, ..Conditions::default() };
        let question = Question { duration, conditions, counted: asked.counted };
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
        let conditions = Conditions { wanted, ..Conditions::default() };
        let question = Question { duration: first.minutes(), conditions, counted: false };
        let starts = minute_of(first.start())..minute_of(last.start()) + 1;
        let (mut judging, on_grid) = Judging::new(*self, question, starts);
        slots.iter().map(|slot| judging.state(*slot, &on_grid)).collect()
    }
}
