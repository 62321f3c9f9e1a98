//! How what a booking says is corrected, and who has its link is changed. Neither takes or frees anything.

use crate::booking::{Actor, HistoryKind};
use crate::hold::command::{Correct, Outcome, RenewLink};
use crate::hold::lifecycle::entry;
use crate::hold::working_set::{DecisionContext, WorkingSet};
use crate::limits;
use crate::refusal::Refusal;

impl WorkingSet {
    pub(super) fn correct(&mut self, asked: &Correct, context: DecisionContext<'_>) -> Result<Outcome, Refusal> {
        let booking = self.current(asked.booking_id, asked.version)?;
        let corrected = asked.change.applied(booking.clone());
        if corrected == booking {
            return Ok(Outcome::Booking(Box::new(booking)));
        }
        if asked.actor == Actor::Booker && booking.stamp.version > limits::CHANGES_BY_BOOKER {
            return Err(Refusal::conflict("this booking was changed too often to be changed without its host"));
        }
        let entry = entry(&corrected, HistoryKind::Corrected, asked.actor, context);
        Ok(self.change(corrected, entry, context))
    }

    pub(super) fn renew_link(&mut self, asked: &RenewLink, context: DecisionContext<'_>) -> Result<Outcome, Refusal> {
        let booking = self.current(asked.booking_id, asked.version)?;
        let entry = entry(&booking, HistoryKind::LinkRenewed, asked.actor, context);
        Ok(self.change(booking, entry, context))
    }
}
