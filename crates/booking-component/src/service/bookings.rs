//! Booking calls: making, reading, changing and ending bookings.

use std::time::Duration;

use booking_domain::access::Action;
use booking_domain::address::AddressKey;
use booking_domain::answer::CreatedBooking;
use booking_domain::booking::{Booking, BookingStatus, HistoryEntry, Transition, checked_answers};
use booking_domain::event_type::EventTypeSpec;
use booking_domain::hold::SlotKey;
use booking_domain::hold::command::{Book, Command, Outcome, Reschedule, Step};
use booking_domain::hold::wish::Wish;
use booking_domain::id::{BookingId, OrganizationId};
use booking_domain::interval::Interval;
use booking_domain::page::Page;
use booking_domain::refusal::{Fields, Refusal};
use booking_domain::request::{CreateBooking, ListBookings, ListHistory, RescheduleRequest, TransitionRequest};
use booking_domain::schedule::Stamp;
use booking_domain::secret::ManagementToken;
use booking_domain::text::Prose;

use crate::caller::Caller;
use crate::commands::idempotency::{KeyOwner, Once};
use crate::commands::job::Job;
use crate::error::ServiceResult;
use crate::secret::{draw_token, equal, session_key, token_hash};
use crate::service::Service;
use crate::service::presence::{may_set_aside, refuse_blocked};
use crate::store::{bookings, organizations};

/// How long a list of bookings waits for its turn.
const LIST_PATIENCE: Duration = Duration::from_secs(5);

impl Service {
    /// Turns a hold into a booking, or books free units. Answers with the management token, which is told this once.
    ///
    /// # Errors
    /// Refused when the caller may not or is not served, when a field does not fit the event type, a cap is reached, or the
    /// time is held, booked or not offered; or the store fails.
    pub async fn create_booking(
        &self,
        caller: Caller,
        asked: &CreateBooking,
        once: Option<Once>,
    ) -> ServiceResult<CreatedBooking> {
        caller.may(Action::CreateBooking)?;
        may_set_aside(caller, asked.allow)?;
        if caller.is_public() {
            asked.check_public()?;
        }
        let (organization, catalog) = self.catalog_of(caller, asked.slot.event_type_id).await?;
        let offer = catalog.offer(asked.slot.event_type_id).ok_or(Refusal::not_found("event type"))?;
        let slot = offer.slot(asked.slot.start, asked.slot.duration_minutes)?;
        offer.check_wanted(asked.slot.resource_id)?;
        refuse_blocked(&catalog, caller, asked.booker.email.as_ref())?;
        self.engine.disk.refuse_public(caller)?;
        let mut fields = Fields::default();
        let answers = checked_answers(&offer.spec.questions, &asked.answers, &mut fields);
        fields.finish(Some(()))?;

        let now = self.engine.clock.now();
        let booking = Booking {
            id: BookingId::new(self.engine.ids.next(now)),
            event_type_id: asked.slot.event_type_id,
            event_type_title: offer.spec.title.clone(),
            status: initial_status(caller, asked, &offer.spec),
            slot,
            time_zone: asked.time_zone.unwrap_or(offer.hours.time_zone),
            resources: Vec::new(),
            wanted: None,
            booker: asked.booker.clone(),
            answers,
            location: offer.spec.location.clone(),
            ended_reason: None,
            staff_notes: Prose::default(),
            calendar_sequence: 0,
            stamp: Stamp { created_at: now, updated_at: now, version: 1 },
        };
        let wish = Wish { wanted: asked.slot.resource_id, allow: asked.allow, ..Wish::plain(booking.slot_key()) };
        let session = asked.session_id.map(session_key);
        let once = once.map(|once| once.of(KeyOwner::of(caller, session)));
        let Wish { wanted, allow, .. } = wish;
        let (actor, address) = (caller.actor(), self.counted_address(caller));
        let book = Book { session, wanted, allow, booking, actor, address };
        let command = Command::Book(Box::new(book));
        let job = Job { organization, command, once, token: Some(draw_token()) };
        match self.commands.submit(job).await {
            Ok(served) => {
                let management_token = served.token.ok_or(Refusal::Unavailable)?;
                Ok(CreatedBooking { booking: shown_to(caller, booking_of(served.outcome)?), management_token })
            }
            Err(error) => Err(self.with_alternatives(error, organization, wish).await),
        }
    }

    /// One booking, for its organization's operator or the bearer of its token. To everybody else it does not exist.
    ///
    /// # Errors
    /// Refused as not found to whoever may not see it; or the store fails.
    pub async fn get_booking(
        &self,
        caller: Caller,
        id: BookingId,
        token: Option<&ManagementToken>,
    ) -> ServiceResult<Booking> {
        caller.may(Action::GetBooking)?;
        Ok(shown_to(caller, self.open(caller, id, token).await?.1))
    }

    /// The organization's bookings.
    ///
    /// # Errors
    /// Refused when the caller may not, or when the page token is of another list; or the store fails.
    pub async fn list_bookings(&self, caller: Caller, asked: &ListBookings) -> ServiceResult<Page<Booking>> {
        let organization = caller.organization_for(Action::ListBookings)?;
        let turn = tokio::time::timeout(LIST_PATIENCE, self.engine.lists.acquire()).await;
        let _turn = turn.map_err(|_| Refusal::Unavailable)?.map_err(|_| Refusal::Unavailable)?;
        let mut tx = self.engine.store.read().await?;
        Ok(bookings::list(&mut tx, organization, &asked.filter, &asked.page).await?)
    }

    /// What happened to a booking, oldest first.
    ///
    /// # Errors
    /// Refused when the caller may not, there is no such booking, or the page token is of another list; or the store fails.
    pub async fn list_booking_history(&self, caller: Caller, asked: &ListHistory) -> ServiceResult<Page<HistoryEntry>> {
        let organization = caller.organization_for(Action::ListBookingHistory)?;
        let mut tx = self.engine.store.read().await?;
        let found = bookings::find(&mut tx, organization, asked.id).await?;
        found.ok_or(Refusal::not_found("booking"))?;
        Ok(bookings::history(&mut tx, organization, asked).await?)
    }

    /// Takes a booking a step further.
    ///
    /// # Errors
    /// Refused when the caller may not, there is no such booking, it has another version, or may not take this step; or the
    /// store fails.
    pub async fn step_booking(
        &self,
        caller: Caller,
        asked: &TransitionRequest,
        transition: Transition,
    ) -> ServiceResult<Booking> {
        caller.may(action_of(transition))?;
        let (organization, booking) = self.open(caller, asked.id, asked.management_token.as_ref()).await?;
        let step = Step {
            booking_id: booking.id,
            transition,
            version: asked.version,
            reason: asked.reason.clone(),
            actor: caller.actor(),
        };
        let stepped = self.commands.submit(Job::new(organization, Command::Step(step))).await?;
        Ok(shown_to(caller, booking_of(stepped.outcome)?))
    }

    /// Moves a booking to another time; the old one stays until the swap.
    ///
    /// # Errors
    /// Refused when the caller may not, there is no such booking, it has another version or has ended, its event type cannot take
    /// the resource that is chosen, or the new time is held, booked or not offered; or the store fails.
    pub async fn reschedule_booking(&self, caller: Caller, asked: &RescheduleRequest) -> ServiceResult<Booking> {
        caller.may(Action::RescheduleBooking)?;
        may_set_aside(caller, asked.allow)?;
        let (organization, booking) = self.open(caller, asked.id, asked.management_token.as_ref()).await?;
        self.engine.disk.refuse_public(caller)?;
        if asked.resource_id.is_some() {
            let (_, catalog) = self.catalog_of(caller, booking.event_type_id).await?;
            let offer = catalog.offer(booking.event_type_id).ok_or(Refusal::not_found("event type"))?;
            offer.check_wanted(asked.resource_id)?;
        }
        let same = u32::try_from(booking.slot.minutes()).unwrap_or(1);
        let slot = Interval::lasting(asked.start, asked.duration_minutes.unwrap_or(same))
            .map_err(|invalid| Refusal::field("start", invalid.0))?;
        let room = SlotKey { event_type_id: booking.event_type_id, slot };
        let command = Command::Reschedule(Reschedule {
            booking_id: booking.id,
            room,
            session: asked.session_id.map(session_key),
            wanted: asked.resource_id,
            allow: asked.allow,
            version: asked.version,
            reason: asked.reason.clone(),
            actor: caller.actor(),
        });
        match self.commands.submit(Job::new(organization, command)).await {
            Ok(served) => Ok(shown_to(caller, booking_of(served.outcome)?)),
            Err(error) => {
                let wish = Wish { wanted: asked.resource_id, allow: asked.allow, ..Wish::plain(room) };
                Err(self.with_alternatives(error, organization, wish.of_move(&booking)).await)
            }
        }
    }

    /// The booking, if the caller may see it.
    pub(super) async fn open(
        &self,
        caller: Caller,
        id: BookingId,
        token: Option<&ManagementToken>,
    ) -> ServiceResult<(OrganizationId, Booking)> {
        let hidden = Refusal::not_found("booking");
        let mut tx = self.engine.store.read().await?;
        let organization = match caller.organization() {
            Some(organization) => organization,
            None => organizations::of_booking(&mut tx, id).await?.ok_or(hidden.clone())?,
        };
        if caller.is_public() {
            let shown = token.map(token_hash).ok_or(hidden.clone())?;
            let kept = bookings::find_token_hash(&mut tx, organization, id).await?.ok_or(hidden.clone())?;
            if !equal(shown, kept) {
                return Err(hidden.into());
            }
        }
        let booking = bookings::find(&mut tx, organization, id).await?.ok_or(hidden)?;
        Ok((organization, booking))
    }

    /// Where the caller comes from, unless an address is a whole crowd here.
    fn counted_address(&self, caller: Caller) -> Option<AddressKey> {
        caller.address().filter(|_| self.engine.rules.presences_per_address.is_some())
    }
}

const fn action_of(transition: Transition) -> Action {
    match transition {
        Transition::Confirm => Action::ConfirmBooking,
        Transition::Decline => Action::DeclineBooking,
        Transition::Complete => Action::CompleteBooking,
        Transition::NoShow => Action::MarkNoShow,
        Transition::Cancel => Action::CancelBooking,
    }
}

/// Whoever confirms has no need to confirm their own.
fn initial_status(caller: Caller, asked: &CreateBooking, spec: &EventTypeSpec) -> BookingStatus {
    match asked.status {
        _ if caller.is_public() && spec.requires_confirmation => BookingStatus::Pending,
        _ if caller.is_public() => BookingStatus::Confirmed,
        asked => asked.unwrap_or(BookingStatus::Confirmed),
    }
}

pub(super) fn shown_to(caller: Caller, booking: Booking) -> Booking {
    if caller.is_public() { booking.for_booker() } else { booking }
}

pub(super) fn booking_of(outcome: Outcome) -> ServiceResult<Booking> {
    match outcome {
        Outcome::Booking(booking) => Ok(*booking),
        Outcome::Place(_) | Outcome::Done => Err(Refusal::Unavailable.into()),
    }
}
