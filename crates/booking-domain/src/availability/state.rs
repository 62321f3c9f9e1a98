//! The state of one slot for those who watch it: also whether bookings took it.

use super::SlotState;
use super::judging::{Judging, SlotJudgement};
use super::obstacles::Obstacles;
use super::reasons::Reasons;
use super::wall_clock::{Minute, minute_of};
use crate::finding::Reason;
use crate::interval::Interval;

impl Judging<'_> {
    /// The state of a slot, listed or not. Starts must not go back.
    pub(super) fn state(&mut self, slot: Interval, on_grid: &[Minute]) -> SlotState {
        let start = minute_of(slot.start());
        let judgement = self.weigh(start);
        let mut reasons = judgement.reasons;
        reasons.add_if(self.is_off_grid(start, on_grid), Reason::OffGrid);
        if !judgement.taken {
            return SlotJudgement { reasons, ..judgement }.listed().unwrap_or(SlotState::Absent);
        }
        // They are looked for only where they would decide it: that takes longest.
        let decisive = reasons.union(Reasons::of(&[Reason::Booked])).are_bookings();
        let booked = decisive && self.is_booked(slot);
        if booked { SlotState::Booked } else { SlotState::Absent }
    }

    /// Whether bookings are among what takes the units of a slot, on the resources that could serve it: the same from one start to
    /// the next while nothing comes or goes.
    fn is_booked(&mut self, slot: Interval) -> bool {
        if let Some(booked) = self.booked {
            return booked;
        }
        let spec = &self.scene.offer.spec;
        let found = Obstacles::of(self, slot, slot.widened(spec.buffer_before_minutes, spec.buffer_after_minutes));
        let booked = !(found.closed || found.booked.is_empty() && found.near.is_empty());
        self.booked = Some(booked);
        booked
    }
}
