//! Presence calls: heartbeats, leaving, more time, and who is in a room.

use booking_domain::access::Action;
use booking_domain::allow::Allow;
use booking_domain::booking::Booking;
use booking_domain::hold::command::{Command, Heartbeat, Outcome};
use booking_domain::hold::wish::Wish;
use booking_domain::hold::{LivePresence, Place, Present, SessionKey, SlotKey};
use booking_domain::id::OrganizationId;
use booking_domain::interval::Interval;
use booking_domain::page::{Page, PageRequest};
use booking_domain::refusal::Refusal;
use booking_domain::request::{HeartbeatRequest, PlaceRequest, ReleaseRequest, SlotRequest};
use booking_domain::text::Email;
use chrono::TimeDelta;

use crate::caller::Caller;
use crate::commands::job::Job;
use crate::error::ServiceResult;
use crate::secret::{pseudonym, session_key};
use crate::service::Service;
use crate::state::catalogs::Catalog;
use crate::state::presence_index::Renewal;

impl Service {
    /// Says that a session is in a slot's room. A renewal that changes nothing visible never reaches the store.
    ///
    /// # Errors
    /// Refused when the caller may not or is not served, when the time is booked or not offered, a cap is reached, or the hold
    /// has just met its deadline; or the store fails.
    pub async fn heartbeat(&self, caller: Caller, beat: &HeartbeatRequest) -> ServiceResult<Place> {
        self.heartbeat_of(caller, beat, session_key(beat.session_id)).await
    }

    /// The same, of a session whose key is known.
    pub(super) async fn heartbeat_of(
        &self,
        caller: Caller,
        beat: &HeartbeatRequest,
        session: SessionKey,
    ) -> ServiceResult<Place> {
        caller.may(Action::Heartbeat)?;
        may_set_aside(caller, beat.allow)?;
        let slot = beat.slot.duration_minutes.and_then(|minutes| Interval::lasting(beat.slot.start, minutes).ok());
        if let Some(slot) = slot
            && let Some(place) = self.renew(beat, (slot, session)).await?
        {
            return Ok(place);
        }
        self.join(caller, beat, session).await
    }

    /// Renews a place that the session has. A fixed term is more than that.
    async fn renew(
        &self,
        beat: &HeartbeatRequest,
        (slot, session): (Interval, SessionKey),
    ) -> ServiceResult<Option<Place>> {
        if beat.lease_seconds.is_some() {
            return Ok(None);
        }
        let renewal = Renewal { wish: wish(beat, slot), session, data: beat.data.as_ref() };
        self.engine.leases.renew(&renewal, self.engine.clock.now()).await
    }

    async fn join(&self, caller: Caller, beat: &HeartbeatRequest, session: SessionKey) -> ServiceResult<Place> {
        let asked = &beat.slot;
        let (organization, catalog) = self.catalog_of(caller, asked.event_type_id).await?;
        let offer = catalog.offer(asked.event_type_id).ok_or(Refusal::not_found("event type"))?;
        let moving = self.find_moving(caller, beat.moving.as_ref(), offer).await?;
        let own_minutes = moving.as_ref().and_then(Booking::minutes);
        let slot = offer.slot(asked.start, asked.duration_minutes.or(own_minutes))?;
        let wish = wish(beat, slot);
        // What was not known before: the shortest duration, or who is in a room of a shared store.
        self.engine.leases.recall(organization, wish.room).await?;
        if let Some(place) = self.renew(beat, (slot, session)).await? {
            return Ok(place);
        }
        offer.check_wanted(asked.resource_id)?;
        refuse_blocked(&catalog, caller, None)?;
        self.engine.disk.refuse_public(caller)?;
        let command = Command::Heartbeat(Heartbeat {
            room: wish.room,
            session,
            who: pseudonym(session, wish.room),
            address: caller.address(),
            wanted: wish.wanted,
            moving: wish.moving,
            allow: wish.allow,
            lease: beat.lease_seconds.map(|seconds| TimeDelta::seconds(i64::from(seconds))),
            actor: caller.actor(),
            data: beat.data.clone(),
        });
        self.place_from_queue(organization, command, moving.map_or(wish, |booking| wish.of_move(&booking))).await
    }

    /// Takes a session out of a room. Unknown sessions and rooms are fine: they are not there.
    ///
    /// # Errors
    /// Refused when the caller may not; or the store fails.
    pub async fn leave(&self, caller: Caller, place: &PlaceRequest) -> ServiceResult<()> {
        caller.may(Action::Leave)?;
        let session = session_key(place.session_id);
        if self.engine.leases.is_surely_absent(place.room, session) {
            return Ok(());
        }
        let (organization, _) = self.catalog_of(caller, place.room.event_type_id).await?;
        self.commands.submit(Job::new(organization, Command::Leave { room: place.room, session })).await?;
        Ok(())
    }

    /// Ends somebody's presence in a room: whoever it is is told that it was released, and the next in line holds.
    ///
    /// # Errors
    /// Refused when the caller may not, or when nobody of that pseudonym is there; or the store fails.
    pub async fn release(&self, caller: Caller, asked: &ReleaseRequest) -> ServiceResult<()> {
        let organization = caller.organization_for(Action::Release)?;
        let ReleaseRequest { room, who, reason } = asked.clone();
        self.commands.submit(Job::new(organization, Command::Release { room, who, reason })).await?;
        Ok(())
    }

    /// Gives a hold more time: once, in its last minutes.
    ///
    /// # Errors
    /// Refused when the caller may not, when the session does not hold there, or when it is too early or the second time; or
    /// the store fails.
    pub async fn extend_hold(&self, caller: Caller, place: &PlaceRequest) -> ServiceResult<Place> {
        caller.may(Action::ExtendHold)?;
        let (organization, _) = self.catalog_of(caller, place.room.event_type_id).await?;
        let command = Command::Extend { room: place.room, session: session_key(place.session_id) };
        self.place_from_queue(organization, command, Wish::plain(place.room)).await
    }

    async fn place_from_queue(
        &self,
        organization: OrganizationId,
        command: Command,
        wish: Wish,
    ) -> ServiceResult<Place> {
        match self.commands.submit(Job::new(organization, command)).await {
            Ok(served) => match served.outcome {
                Outcome::Place(place) => Ok(place),
                Outcome::Booking(_) | Outcome::Done => Err(Refusal::Unavailable.into()),
            },
            Err(error) => Err(self.with_alternatives(error, organization, wish).await),
        }
    }

    /// Who is in a slot's room, in line order.
    ///
    /// # Errors
    /// Refused when the caller may not, or when there is no such event type; or the store fails.
    pub async fn list_presence(&self, caller: Caller, asked: &SlotRequest) -> ServiceResult<(SlotKey, Vec<Present>)> {
        caller.may(Action::ListPresence)?;
        let (organization, catalog) = self.catalog_of(caller, asked.event_type_id).await?;
        let offer = catalog.offer(asked.event_type_id).ok_or(Refusal::not_found("event type"))?;
        let slot = offer.slot(asked.start, asked.duration_minutes)?;
        let room = SlotKey { event_type_id: asked.event_type_id, slot };
        Ok((room, self.engine.leases.present_in(organization, room).await?))
    }

    /// Everybody in the organization's rooms now.
    ///
    /// # Errors
    /// Refused when the caller may not, or when the page token is of another list; or the store fails.
    pub async fn list_live_presence(&self, caller: Caller, page: &PageRequest) -> ServiceResult<Page<LivePresence>> {
        let organization = caller.organization_for(Action::ListLivePresence)?;
        Ok(self.engine.leases.live_page(organization, page).await?)
    }
}

/// What a heartbeat asks for.
fn wish(beat: &HeartbeatRequest, slot: Interval) -> Wish {
    let HeartbeatRequest { slot: asked, moving, allow, .. } = beat;
    let room = SlotKey { event_type_id: asked.event_type_id, slot };
    let moving = moving.as_ref().map(|booking| booking.id);
    Wish { room, wanted: asked.resource_id, moving, allow: *allow }
}

/// Rules are for the public; whoever works there may set them aside.
///
/// # Errors
/// The caller may not.
pub fn may_set_aside(caller: Caller, allow: Allow) -> Result<(), Refusal> {
    if caller.is_public() && !allow.is_nothing() {
        return Err(Refusal::Denied { detail: "only an admin key sets rules aside".to_owned() });
    }
    Ok(())
}

/// Refuses whom the organization does not serve. Its operators may hold and book for anybody.
///
/// # Errors
/// They are not served: refused as for who is not let in.
pub fn refuse_blocked(catalog: &Catalog, caller: Caller, email: Option<&Email>) -> Result<(), Refusal> {
    if caller.is_public() {
        catalog.organization.spec.blocked.refuse(caller.address(), email)?;
    }
    Ok(())
}
