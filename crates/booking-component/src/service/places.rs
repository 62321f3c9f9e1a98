//! Following places: whoever keeps places alive, or just follows one, is told at once when something changes around them.

use std::collections::BTreeMap;
use std::sync::Arc;

use booking_domain::answer::{PlaceChange, PlaceUpdate};
use booking_domain::hold::change::Departure;
use booking_domain::hold::{Place, Room, SessionId, Standing};
use booking_domain::refusal::Refusal;
use booking_domain::request::{HeartbeatRequest, PlaceRequest};
use futures::stream::{self, Stream, StreamExt};

use crate::presence::followers::{Mailbox, PlaceKey};
use crate::secret::session_key;
use crate::service::caller::Caller;
use crate::service::{Answer, Service, ServiceError};

/// Heartbeats of one batch that are on their way at once.
const AT_ONCE: usize = 64;

/// What was last told of a place: nothing is told twice.
#[derive(Clone, PartialEq, Eq)]
struct Told {
    standing: Standing,
    waiting: u32,
}

impl Told {
    fn of(place: &Place) -> Self {
        Self { standing: place.standing.clone(), waiting: place.waiting }
    }
}

/// A set of places that one stream follows. Dropped, it follows nothing any more.
pub struct Followed {
    service: Service,
    caller: Caller,
    mailbox: Arc<Mailbox>,
    places: BTreeMap<PlaceKey, (SessionId, Told)>,
}

impl Followed {
    /// Waits for news of the places, and says what is different.
    pub async fn news(&mut self) -> Vec<PlaceUpdate> {
        loop {
            let news = self.mailbox.read().await;
            let mut updates = Vec::new();
            for (key, departure) in news {
                updates.extend(self.update(key, departure).await);
            }
            if !updates.is_empty() {
                return updates;
            }
        }
    }

    async fn update(&mut self, key: PlaceKey, departure: Option<Departure>) -> Option<PlaceUpdate> {
        let (session_id, told) = self.places.get_mut(&key)?;
        let (room, session_id) = (key.0, *session_id);
        let outcome = match self.service.engine.board.place(key.0, key.1) {
            Some(place) if *told == Told::of(&place) => return None,
            Some(place) => {
                *told = Told::of(&place);
                Ok(place)
            }
            None => {
                self.forget(key);
                Err(self.service.farewell(self.caller, room, departure).await)
            }
        };
        Some(PlaceUpdate { room: Some(room), session_id, outcome })
    }

    /// Sends heartbeats, many at once, and follows the places that they answer.
    pub async fn heartbeats(&mut self, beats: Vec<HeartbeatRequest>) -> Answer<Vec<PlaceUpdate>> {
        let (service, caller) = (self.service.clone(), self.caller);
        let send = |beat: HeartbeatRequest| {
            let service = service.clone();
            async move { (service.heartbeat(caller, &beat).await, beat) }
        };
        let answers: Vec<_> = stream::iter(beats).map(send).buffered(AT_ONCE).collect().await;
        answers.into_iter().map(|(answer, beat)| self.told(&beat, answer)).collect()
    }

    fn told(&mut self, beat: &HeartbeatRequest, answer: Answer<Place>) -> Answer<PlaceUpdate> {
        let outcome = match answer {
            Ok(place) => Ok(place),
            Err(ServiceError::Refused(refusal)) => Err(refusal),
            Err(failure) => return Err(failure),
        };
        if let Ok(place) = &outcome {
            self.follow(beat.session_id, place);
        }
        let room = outcome.as_ref().ok().map(|place| place.room);
        Ok(PlaceUpdate { room, session_id: beat.session_id, outcome })
    }

    fn follow(&mut self, session_id: SessionId, place: &Place) {
        let (key, told) = ((place.room, session_key(session_id)), Told::of(place));
        if self.places.insert(key, (session_id, told.clone())).is_some() {
            return;
        }
        let engine = &self.service.engine;
        engine.followers.follow(key, &self.mailbox);
        // What happened between the answer and now was told to nobody.
        if engine.board.place(key.0, key.1).is_none_or(|place| Told::of(&place) != told) {
            self.mailbox.put(key, None);
        }
    }

    fn forget(&mut self, key: PlaceKey) {
        self.places.remove(&key);
        self.service.engine.followers.unfollow(key, &self.mailbox);
    }
}

impl Drop for Followed {
    fn drop(&mut self) {
        for key in self.places.keys() {
            self.service.engine.followers.unfollow(*key, &self.mailbox);
        }
    }
}

impl Service {
    /// A stream's places; none yet.
    pub fn followed(&self, caller: Caller) -> Followed {
        Followed { service: self.clone(), caller, mailbox: Arc::default(), places: BTreeMap::new() }
    }

    /// Follows one place without keeping it alive: the place now, each change, and at last why it ended.
    pub async fn follow_place(
        &self,
        caller: Caller,
        asked: &PlaceRequest,
    ) -> Answer<impl Stream<Item = PlaceChange> + Send + use<>> {
        self.catalog_of(caller, asked.room.event_type_id).await?;
        let mut followed = self.followed(caller);
        let key = (asked.room, session_key(asked.session_id));
        // Followed before the first look, so that nothing is missed in between.
        self.engine.followers.follow(key, &followed.mailbox);
        let place = self.engine.board.place(key.0, key.1);
        let Some(place) = place else {
            self.engine.followers.unfollow(key, &followed.mailbox);
            return Err(Refusal::HoldLost.into());
        };
        followed.places.insert(key, (asked.session_id, Told::of(&place)));
        let now = stream::iter([PlaceChange::Place(place)]);
        Ok(now.chain(stream::unfold(Some(followed), next_change)))
    }

    /// What to tell one whose place ended.
    async fn farewell(&self, caller: Caller, room: Room, departure: Option<Departure>) -> Refusal {
        let refusal = match departure {
            Some(Departure::TakenByBooking) => Refusal::SlotBooked { reasons: Vec::new(), alternatives: Vec::new() },
            Some(Departure::NoLongerOffered) => return self.why_not_offered(caller, room).await,
            _ => return Refusal::HoldLost,
        };
        let Ok((organization, _)) = self.catalog_of(caller, room.event_type_id).await else { return refusal };
        match self.with_alternatives(refusal.clone().into(), organization, room).await {
            ServiceError::Refused(refusal) => refusal,
            ServiceError::Failed(failure) => {
                tracing::error!(%failure, "alternatives could not be looked for");
                refusal
            }
        }
    }

    async fn why_not_offered(&self, caller: Caller, room: Room) -> Refusal {
        let slot = booking_domain::request::SlotRequest {
            event_type_id: room.event_type_id,
            start: room.slot.start(),
            duration_minutes: u32::try_from(room.slot.minutes()).ok(),
            resource_id: None,
        };
        match self.explain_slot(caller, &slot).await {
            Ok(explanation) if !explanation.findings.is_empty() => {
                Refusal::SlotUnavailable { reasons: explanation.findings }
            }
            _ => Refusal::HoldLost,
        }
    }
}

async fn next_change(followed: Option<Followed>) -> Option<(PlaceChange, Option<Followed>)> {
    let mut followed = followed?;
    let update = followed.news().await.pop()?;
    Some(match update.outcome {
        Ok(place) => (PlaceChange::Place(place), Some(followed)),
        Err(refusal) => (PlaceChange::Gone(refusal), None),
    })
}
