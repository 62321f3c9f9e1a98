//! Availability calls: days, slots, why not, and what else is near.

use std::sync::Arc;

use booking_domain::DateTime;
use booking_domain::access::Action;
use booking_domain::allow::Allow;
use booking_domain::answer::{Edited, NextSlots};
use booking_domain::availability::{Conditions, Day, Explanation, Offer, Owner, Slot, SlotSearch};
use booking_domain::booking::Booking;
use booking_domain::hold::wish::Wish;
use booking_domain::id::{EventTypeId, OrganizationId};
use booking_domain::refusal::Refusal;
use booking_domain::request::{BookingRef, ExplainRequest, NextSlotsRequest, Revision, SlotsRequest};

use crate::caller::Caller;
use crate::error::{ServiceError, ServiceResult};
use crate::queries::availability::{Taken, look};
use crate::queries::free_slots::{Sought, near, next};
use crate::service::Service;
use crate::state::catalogs::Catalog;
use crate::store::organizations;

impl Service {
    /// The free and held slots of a range of dates, unless the caller has a revision that still says the same.
    ///
    /// # Errors
    /// Refused when the caller may not, when there is no such event type, dates are out of order or too many, or the question takes
    /// too much work; or the store fails.
    pub async fn list_slots(
        &self,
        caller: Caller,
        asked: &SlotsRequest,
        have: Option<Revision>,
    ) -> ServiceResult<Edited<Vec<Slot>>> {
        caller.may(Action::ListSlots)?;
        self.edited(caller, (asked, have, true), |_, slots| slots).await
    }

    /// How many slots are free and held on each date, unless the caller has a revision that still says the same.
    ///
    /// # Errors
    /// As for `list_slots`.
    pub async fn list_days(
        &self,
        caller: Caller,
        asked: &SlotsRequest,
        have: Option<Revision>,
    ) -> ServiceResult<Edited<Vec<Day>>> {
        caller.may(Action::ListDays)?;
        self.edited(caller, (asked, have, false), |query, slots| query.days(&slots)).await
    }

    async fn edited<T>(
        &self,
        caller: Caller,
        (asked, have, counted): (&SlotsRequest, Option<Revision>, bool),
        show: impl FnOnce(&SlotSearch, Vec<Slot>) -> T,
    ) -> ServiceResult<Edited<T>> {
        // Before the look, and before the query is completed: whatever is committed meanwhile makes the revision an old one.
        // What is asked on behalf of a booking is for whoever may see that, and is looked at again each time.
        let mark = self.engine.mark(caller, asked.event_type_id).filter(|_| asked.moving.is_none());
        if let (Some(mark), Some(have)) = (mark, have)
            && self.engine.is_current(&have, mark)
        {
            return Ok(Edited::Same);
        }
        let (organization, query) = self.slot_query(caller, asked).await?;
        let seen = look(&self.engine, organization, (&query, counted)).await?;
        let revision = mark.and_then(|mark| self.engine.revision(mark, seen.true_until));
        Ok(Edited::New(show(&query, seen.slots), revision))
    }

    /// The free slots that come next, up to the horizon.
    ///
    /// # Errors
    /// Refused when the caller may not, when there is no such event type, or the question takes too much work; or the store fails.
    pub async fn list_next_slots(&self, caller: Caller, asked: &NextSlotsRequest) -> ServiceResult<NextSlots> {
        caller.may(Action::ListNextSlots)?;
        let (organization, catalog) = self.catalog_of(caller, asked.event_type_id).await?;
        let offer = catalog.offer(asked.event_type_id).ok_or(Refusal::not_found("event type"))?;
        offer.check_wanted(asked.resource_id)?;
        let sought = Sought {
            event_type_id: asked.event_type_id,
            duration_minutes: asked.duration_minutes.unwrap_or_else(|| offer.spec.durations.shortest()),
            wanted: asked.resource_id,
            moving: None,
            allow: Allow::NOTHING,
        };
        let after = asked.after.unwrap_or(DateTime::UNIX_EPOCH);
        let slots = next(&self.engine, organization, (sought, after, asked.count)).await?;
        Ok(NextSlots { slots, time_zone: asked.time_zone.unwrap_or(offer.hours.time_zone) })
    }

    /// Every rule that says no to a slot.
    ///
    /// # Errors
    /// Refused when the caller may not, or when there is no such event type; or the store fails.
    pub async fn explain_slot(&self, caller: Caller, question: &ExplainRequest) -> ServiceResult<Explanation> {
        caller.may(Action::ExplainSlot)?;
        let asked = question.slot;
        let (_, catalog) = self.catalog_of(caller, asked.event_type_id).await?;
        let offer = catalog.offer(asked.event_type_id).ok_or(Refusal::not_found("event type"))?;
        let moving = self.find_moving(caller, question.moving.as_ref(), offer).await?;
        let own_minutes = moving.as_ref().and_then(Booking::minutes);
        let slot = offer.slot(asked.start, asked.duration_minutes.or(own_minutes))?;
        offer.check_wanted(asked.resource_id)?;
        let mut tx = self.engine.store.read().await?;
        let minutes = u32::try_from(slot.minutes()).unwrap_or_default();
        let taken = Taken::load(&mut tx, (&catalog, offer), (slot, minutes)).await?;
        let own: Vec<Owner> = moving.iter().map(|booking| Owner::Booking(booking.id)).collect();
        let wanted = asked.resource_id.or(moving.as_ref().and_then(|booking| booking.wanted));
        let allow = moving.map_or(Allow::NOTHING, |booking| booking.allowed_length(slot.minutes()));
        let conditions = Conditions { wanted, own: &own, allow, ..Conditions::default() };
        let verdict = taken.scene(offer, self.engine.clock.now()).judge(slot, conditions);
        Ok(Explanation { findings: verdict.findings })
    }

    /// The booking that shall move, to its organization's operator or the bearer of its token.
    ///
    /// # Errors
    /// Not found by whoever may not see it; refused when it is of another event type, or may not be moved; or the store fails.
    pub(crate) async fn find_moving(
        &self,
        caller: Caller,
        moving: Option<&BookingRef>,
        offer: &Offer,
    ) -> ServiceResult<Option<Booking>> {
        let Some(BookingRef { id, management_token }) = moving else { return Ok(None) };
        let booking = self.open(caller, *id, management_token.as_ref()).await?.1;
        if booking.event_type_id != offer.event_type_id {
            return Err(Refusal::field("moving", "must be a booking of this event type").into());
        }
        booking.refuse_move(caller.actor(), offer.spec.move_until_minutes, self.engine.clock.now())?;
        Ok(Some(booking))
    }

    /// The query that is meant, where a request leaves something to the event type.
    pub(crate) async fn slot_query(
        &self,
        caller: Caller,
        asked: &SlotsRequest,
    ) -> ServiceResult<(OrganizationId, SlotSearch)> {
        let (organization, catalog) = self.catalog_of(caller, asked.event_type_id).await?;
        let offer = catalog.offer(asked.event_type_id).ok_or(Refusal::not_found("event type"))?;
        offer.check_wanted(asked.resource_id)?;
        let moving = self.find_moving(caller, asked.moving.as_ref(), offer).await?;
        let query = asked.search(offer, moving.as_ref());
        query.range()?;
        Ok((organization, query))
    }

    /// The catalog that an event type is in, if the caller may look there.
    pub(crate) async fn catalog_of(
        &self,
        caller: Caller,
        event_type: EventTypeId,
    ) -> ServiceResult<(OrganizationId, Arc<Catalog>)> {
        let mut tx = self.engine.store.read().await?;
        let known = caller.organization().or_else(|| self.engine.catalogs.organization_of(event_type));
        let organization = match known {
            Some(organization) => organization,
            None => organizations::of_event_type(&mut tx, event_type).await?.ok_or(Refusal::not_found("event type"))?,
        };
        Ok((organization, self.engine.catalogs.current(&mut tx, organization).await?))
    }

    /// A refusal of a time says what else is near.
    pub(crate) async fn with_alternatives(
        &self,
        error: ServiceError,
        organization: OrganizationId,
        wish: Wish,
    ) -> ServiceError {
        let ServiceError::Refused(mut refusal) = error else { return error };
        if let Refusal::SlotHeld { alternatives, .. }
        | Refusal::SlotBooked { alternatives, .. }
        | Refusal::SlotUnavailable { alternatives, .. } = &mut refusal
        {
            match near(&self.engine, organization, wish).await {
                Ok(found) => *alternatives = found,
                // There is no time to look for them: the refusal stands without.
                Err(ServiceError::Refused(_) | ServiceError::Away(_)) => {}
                Err(failure) => return failure,
            }
        }
        refusal.into()
    }
}
