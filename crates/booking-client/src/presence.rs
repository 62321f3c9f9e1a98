//! Presence: being in a slot's room, holding the slot or waiting in line for it.

use booking_domain::hold::live::LiveChange;
use booking_domain::hold::{LivePresence, Place, SessionId, SlotKey};
use booking_domain::page::{Page, PageRequest};
use booking_domain::request::{HeartbeatRequest, PlaceRequest, ReleaseRequest, SlotRequest};
use booking_proto::v1::{FollowPlaceRequest, KeepAliveRequest, WatchPresenceRequest};
use futures::{Stream, StreamExt};

use crate::{BookingApi, CallError, CallStream, PlaceChange, PlaceUpdate, RoomPresence, Transport};

impl<C: Transport> BookingApi<C> {
    /// Joins the slot's room, or stays in it; holds the slot when it is free.
    ///
    /// # Errors
    /// Refused as `slot_booked`, `slot_unavailable`, `hold_lost` or `too_many_holds`, among others; see [`CallError`].
    pub async fn heartbeat(&self, request: &HeartbeatRequest) -> Result<Place, CallError> {
        self.answer(self.presence().heartbeat(self.once(request))).await
    }

    /// Sends many heartbeats over one stream, in batches of 1 to 200. Each batch is answered by one update list; besides, the
    /// stream tells at once when a place that it keeps alive changes. It ends when `batches` does.
    ///
    /// # Errors
    /// See [`CallError`]; here when it is refused at once, in the stream when it ends later.
    pub async fn keep_alive(
        &self,
        batches: impl Stream<Item = Vec<HeartbeatRequest>> + Send + 'static,
    ) -> Result<CallStream<Vec<PlaceUpdate>>, CallError> {
        let batches = batches.map(|batch| KeepAliveRequest::from(batch.as_slice()));
        self.answers(self.presence().keep_alive(self.lasting(batches))).await
    }

    /// Follows a place without keeping it alive: how it is now, each change, and at last why it ended.
    ///
    /// # Errors
    /// See [`CallError`]; here when it is refused at once, in the stream when it ends later.
    pub async fn follow_place(
        &self,
        room: SlotKey,
        session_id: SessionId,
    ) -> Result<CallStream<PlaceChange>, CallError> {
        let request = FollowPlaceRequest::from(&PlaceRequest { room, session_id });
        self.answers(self.presence().follow_place(self.lasting(request))).await
    }

    /// Leaves a room. Leaving twice, or a room that one never was in, is fine.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn leave(&self, room: SlotKey, session_id: SessionId) -> Result<(), CallError> {
        self.answer(self.presence().leave(self.once(&PlaceRequest { room, session_id }))).await
    }

    /// Ends somebody's presence in a room, for an `admin` key: whoever it is is told that it was released, and the next in line holds.
    ///
    /// # Errors
    /// Refused as `not_found` when nobody of that pseudonym is there, among others; see [`CallError`].
    pub async fn release(&self, request: &ReleaseRequest) -> Result<(), CallError> {
        self.answer(self.presence().release(self.once(request))).await
    }

    /// Adds five minutes to a hold, once, in the last two minutes before its deadline.
    ///
    /// # Errors
    /// Refused as `hold_lost` or `conflict`, among others; see [`CallError`].
    pub async fn extend_hold(&self, room: SlotKey, session_id: SessionId) -> Result<Place, CallError> {
        self.answer(self.presence().extend_hold(self.once(&PlaceRequest { room, session_id }))).await
    }

    /// Who is in a slot's room, in line order.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn get_presence(&self, request: &SlotRequest) -> Result<RoomPresence, CallError> {
        self.answer(self.presence().list_presence(self.once(request))).await
    }

    /// One page of every presence of the organization now, room by room, for an `admin` key. Who moves while one turns the page may
    /// be on both or on none.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn list_live_presence(&self, page: PageRequest) -> Result<Page<LivePresence>, CallError> {
        self.answer(self.presence().list_live_presence(self.once(&page))).await
    }

    /// Every presence of the organization, now and after each change, for an `admin` key.
    ///
    /// # Errors
    /// See [`CallError`]; here when it is refused at once, in the stream when it ends later.
    pub async fn watch_presence(&self) -> Result<CallStream<Vec<LivePresence>>, CallError> {
        let changes = self.watch_presence_changes().await?;
        let everybody = changes.scan(Vec::new(), |everybody, change| {
            let now = change.map(|change| match change {
                LiveChange::Snapshot(snapshot) => snapshot,
                LiveChange::Difference(difference) => difference.apply(std::mem::take(everybody)),
            });
            everybody.clone_from(now.as_ref().unwrap_or(&Vec::new()));
            std::future::ready(Some(now))
        });
        Ok(everybody.boxed())
    }

    /// Every presence of the organization now, and then what is different, for an `admin` key.
    ///
    /// # Errors
    /// See [`CallError`]; here when it is refused at once, in the stream when it ends later.
    pub async fn watch_presence_changes(&self) -> Result<CallStream<LiveChange>, CallError> {
        let request = WatchPresenceRequest { changes: true };
        self.answers(self.presence().watch_presence(self.lasting(request))).await
    }
}
