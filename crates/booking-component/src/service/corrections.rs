//! Corrections: what a booking says is put right, and a link that others may have is ended.

use booking_domain::access::Action;
use booking_domain::answer::CreatedBooking;
use booking_domain::booking::Booking;
use booking_domain::hold::command::{Command, Correct, RenewLink};
use booking_domain::refusal::Refusal;
use booking_domain::request::{RenewManagementToken, UpdateBooking};

use crate::caller::Caller;
use crate::commands::idempotency::{KeyOwner, Once};
use crate::commands::job::Job;
use crate::error::ServiceResult;
use crate::secret::draw_token;
use crate::service::Service;
use crate::service::bookings::{booking_of, shown_to};
use crate::service::presence::refuse_blocked;

impl Service {
    /// Corrects what a booking says of its booker, their answers and its notes. Answers are held against the questions of now.
    ///
    /// # Errors
    /// Refused when the caller may not, there is no such booking, it has another version, a field is not theirs to change or an
    /// answer does not fit its question, or its booker has changed it too often; or the store fails.
    pub async fn update_booking(&self, caller: Caller, asked: &UpdateBooking) -> ServiceResult<Booking> {
        caller.may(Action::UpdateBooking)?;
        let (organization, booking) = self.open(caller, asked.id, asked.management_token.as_ref()).await?;
        let mut change = asked.change.clone();
        if caller.is_public() {
            change = change.for_booker()?;
        }
        let (_, catalog) = self.catalog_of(caller, booking.event_type_id).await?;
        refuse_blocked(&catalog, caller, None)?;
        self.engine.disk.refuse_public(caller)?;
        let questions = catalog.offer(booking.event_type_id).map(|offer| offer.spec.questions.as_slice());
        let change = change.checked(questions.unwrap_or_default())?;
        let (booking_id, version) = (asked.id, asked.version);
        let correct = Correct { booking_id, change, version, actor: caller.actor() };
        let command = Command::Correct(Box::new(correct));
        let corrected = self.commands.submit(Job::new(organization, command)).await?;
        Ok(shown_to(caller, booking_of(corrected.outcome)?))
    }

    /// Gives a booking another management token, which is told this once. Whoever shows the one before it shows nothing.
    ///
    /// # Errors
    /// Refused when the caller may not, there is no such booking, or it has another version; or the store fails.
    pub async fn renew_management_token(
        &self,
        caller: Caller,
        asked: &RenewManagementToken,
        once: Option<Once>,
    ) -> ServiceResult<CreatedBooking> {
        let organization = caller.organization_for(Action::RenewManagementToken)?;
        let once = once.map(|once| once.of(KeyOwner::of(caller, None)));
        let renew = RenewLink { booking_id: asked.id, version: asked.version, actor: caller.actor() };
        let job = Job { organization, command: Command::RenewLink(renew), once, token: Some(draw_token()) };
        let served = self.commands.submit(job).await?;
        let management_token = served.token.ok_or(Refusal::Unavailable)?;
        Ok(CreatedBooking { booking: booking_of(served.outcome)?, management_token })
    }
}
