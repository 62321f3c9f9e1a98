//! Following places: whoever keeps places alive, or just follows one, is told at once when something changes around them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use booking_domain::access::Action;
use booking_domain::answer::{PlaceChange, PlaceUpdate};
use booking_domain::finding::{Finding, Reason};
use booking_domain::hold::change::Departure;
use booking_domain::hold::term::nothing_left;
use booking_domain::hold::wish::Wish;
use booking_domain::hold::{Place, SessionId, SessionKey, SlotKey, Standing};
use booking_domain::limits;
use booking_domain::refusal::{Loss, Refusal};
use booking_domain::request::{HeartbeatRequest, PlaceRequest, SlotRequest};
use booking_domain::text::Prose;
use chrono::TimeDelta;
use futures::stream::{self, Stream, StreamExt};
use tokio::time::Instant;

use crate::caller::Caller;
use crate::error::{ServiceError, ServiceResult};
use crate::secret::session_key;
use crate::service::Service;
use crate::state::followers::{Mailbox, PlaceKey};
use crate::store::{StoreError, cooldowns};

/// Heartbeats of one batch that are on their way at once.
const AT_ONCE: usize = 64;
/// After something was told of a place, how long it is not told again merely because others came or went: who comes and goes all
/// the time would otherwise make every one in a line be written to each time. A promotion, another position and an end are told at
/// once.
const CROWD_REST: Duration = Duration::from_millis(500);
/// How long to rest after the store failed.
const REST: Duration = Duration::from_millis(250);

/// What a mailbox held.
type News = BTreeMap<PlaceKey, Option<Departure>>;

/// What was last told of a place, and when: nothing is told twice.
#[derive(Clone)]
struct LastSent {
    standing: Standing,
    waiting: u32,
    at: Option<Instant>,
}

impl LastSent {
    fn of(place: &Place) -> Self {
        Self { standing: place.standing.clone(), waiting: place.waiting, at: None }
    }

    fn is_all_of(&self, place: &Place) -> bool {
        self.standing == place.standing && self.waiting == place.waiting
    }

    /// Until when this place is not told, if others only came or went.
    fn rests_until(&self, place: &Place) -> Option<Instant> {
        let until = self.at? + CROWD_REST;
        (self.standing == place.standing && Instant::now() < until).then_some(until)
    }
}

/// A set of places that one stream follows. Dropped, it follows nothing any more.
pub struct Followed {
    service: Service,
    caller: Caller,
    mailbox: Arc<Mailbox>,
    places: BTreeMap<PlaceKey, (SessionId, LastSent)>,
    /// When to look again at places that rest.
    resting: BTreeMap<PlaceKey, Instant>,
}

impl Followed {
    /// Waits for news of the places. Whoever stops waiting loses nothing; what was given has to be passed to `updates`.
    pub async fn news(&self) -> News {
        let Some(rested_at) = self.resting.values().min().copied() else { return self.mailbox.read().await };
        tokio::select! {
            news = self.mailbox.read() => news,
            () = tokio::time::sleep_until(rested_at) => {
                self.resting.iter().filter(|(_, until)| **until <= rested_at).map(|(key, _)| (*key, None)).collect()
            }
        }
    }

    /// What is different around the places of which there was news.
    pub async fn updates(&mut self, news: News) -> Vec<PlaceUpdate> {
        let mut updates = Vec::new();
        for (key, departure) in news {
            match self.update(key, departure.clone()).await {
                Ok(update) => updates.extend(update),
                Err(failure) => {
                    self.service.engine.tell(&failure, "looking at a place");
                    self.mailbox.put(key, departure);
                    tokio::time::sleep(REST).await;
                }
            }
        }
        updates
    }

    async fn update(&mut self, key: PlaceKey, departure: Option<Departure>) -> Result<Option<PlaceUpdate>, StoreError> {
        let Some((session_id, told)) = self.places.get_mut(&key) else { return Ok(None) };
        let (room, session_id) = (key.0, *session_id);
        let found = self.service.engine.place(key).await?;
        self.resting.remove(&key);
        let outcome = match found {
            Some(place) if told.is_all_of(&place) => return Ok(None),
            Some(place) => {
                if let Some(until) = told.rests_until(&place) {
                    self.resting.insert(key, until);
                    return Ok(None);
                }
                *told = LastSent { at: Some(Instant::now()), ..LastSent::of(&place) };
                Ok(place)
            }
            None => {
                self.forget(key);
                Err(self.service.why_ended(self.caller, key, departure).await)
            }
        };
        Ok(Some(PlaceUpdate { room: Some(room), session_id, outcome }))
    }

    /// Sends heartbeats, many at once, and follows the places that they answer.
    ///
    /// # Errors
    /// The store fails. What one heartbeat is refused for is in its update.
    pub async fn heartbeats(&mut self, beats: Vec<HeartbeatRequest>) -> ServiceResult<Vec<PlaceUpdate>> {
        let (service, caller) = (self.service.clone(), self.caller);
        let send = |beat: HeartbeatRequest| {
            let service = service.clone();
            async move {
                let session = session_key(beat.session_id);
                (service.heartbeat_of(caller, &beat, session).await, (beat.session_id, session))
            }
        };
        let answers: Vec<_> = stream::iter(beats).map(send).buffered(AT_ONCE).collect().await;
        let mut updates = Vec::with_capacity(answers.len());
        for (answer, session) in answers {
            updates.push(self.told(session, answer).await?);
        }
        Ok(updates)
    }

    async fn told(
        &mut self,
        (session_id, session): (SessionId, SessionKey),
        answer: ServiceResult<Place>,
    ) -> ServiceResult<PlaceUpdate> {
        let outcome = match answer {
            Ok(place) => Ok(place),
            Err(error) => {
                if let ServiceError::Away(why) = &error {
                    self.service.engine.outage.refuse(why);
                }
                Err(error.refusal().map_err(ServiceError::Failed)?)
            }
        };
        if let Ok(place) = &outcome {
            self.follow((session_id, session), place).await?;
        }
        let room = outcome.as_ref().ok().map(|place| place.room);
        Ok(PlaceUpdate { room, session_id, outcome })
    }

    async fn follow(&mut self, (session_id, session): (SessionId, SessionKey), place: &Place) -> ServiceResult<()> {
        let (key, told) = ((place.room, session), LastSent::of(place));
        if self.places.insert(key, (session_id, told.clone())).is_some() {
            return Ok(());
        }
        let engine = &self.service.engine;
        engine.followers.follow(key, &self.mailbox);
        // What happened between the answer and now was told to nobody.
        if engine.place(key).await?.is_none_or(|place| !told.is_all_of(&place)) {
            self.mailbox.put(key, None);
        }
        Ok(())
    }

    fn forget(&mut self, key: PlaceKey) {
        self.places.remove(&key);
        self.resting.remove(&key);
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
    /// The places that a stream of heartbeats will keep alive; none yet.
    ///
    /// # Errors
    /// The caller may not.
    pub fn keep_alive(&self, caller: Caller) -> Result<Followed, Refusal> {
        caller.may(Action::KeepAlive)?;
        Ok(self.followed(caller))
    }

    fn followed(&self, caller: Caller) -> Followed {
        Followed {
            service: self.clone(),
            caller,
            mailbox: Arc::default(),
            places: BTreeMap::new(),
            resting: BTreeMap::new(),
        }
    }

    /// Follows one place without keeping it alive: the place now, each change, and at last why it ended.
    ///
    /// # Errors
    /// Refused when the caller may not, when there is no such event type, or when the session is not in the room; or the store
    /// fails.
    pub async fn follow_place(
        &self,
        caller: Caller,
        asked: &PlaceRequest,
    ) -> ServiceResult<impl Stream<Item = PlaceChange> + Send + use<>> {
        caller.may(Action::FollowPlace)?;
        self.catalog_of(caller, asked.room.event_type_id).await?;
        let mut followed = self.followed(caller);
        let key = (asked.room, session_key(asked.session_id));
        // Followed before the first look, so that nothing is missed in between.
        self.engine.followers.follow(key, &followed.mailbox);
        let place = match self.engine.place(key).await {
            Ok(Some(place)) => place,
            gone_or_failed => {
                self.engine.followers.unfollow(key, &followed.mailbox);
                return Err(gone_or_failed.err().map_or(Refusal::HoldLost(Loss::Ended).into(), ServiceError::from));
            }
        };
        followed.places.insert(key, (asked.session_id, LastSent::of(&place)));
        let now = stream::iter([PlaceChange::Place(place)]);
        Ok(now.chain(stream::unfold(Some(followed), next_change)))
    }

    /// What to tell one whose place ended.
    async fn why_ended(&self, caller: Caller, key: PlaceKey, departure: Option<Departure>) -> Refusal {
        let room = key.0;
        let taken = match departure {
            Some(Departure::TakenByBooking) => true,
            Some(Departure::NothingLeft) => return nothing_left(TimeDelta::seconds(limits::COOLDOWN_S)),
            Some(Departure::NoLongerOffered) => return self.why_not_offered(caller, room).await,
            Some(Departure::Released(why)) => return Refusal::HoldLost(Loss::Released(why)),
            Some(Departure::BookingChanged) => return Refusal::HoldLost(Loss::BookingChanged),
            // It ended on another node, which told nobody why.
            None => {
                if let Some(why) = self.why_released(caller, key).await {
                    return Refusal::HoldLost(Loss::Released(why));
                }
                let findings = self.findings(caller, room).await;
                let is_booked = findings.iter().any(|finding| finding.reason == Reason::Booked);
                if !is_booked && findings.iter().any(|finding| finding.reason.is_of_an_operator()) {
                    return Refusal::slot_unavailable(findings);
                }
                is_booked
            }
            Some(_) => false,
        };
        if !taken {
            return Refusal::HoldLost(Loss::Ended);
        }
        let refusal = Refusal::SlotBooked { reasons: Vec::new(), alternatives: Vec::new() };
        let Ok((organization, _)) = self.catalog_of(caller, room.event_type_id).await else { return refusal };
        match self.with_alternatives(refusal.clone().into(), organization, Wish::plain(room)).await {
            ServiceError::Refused(refusal) => refusal,
            ServiceError::Away(failure) | ServiceError::Failed(failure) => {
                self.engine.tell(&failure, "looking for alternatives");
                refusal
            }
        }
    }

    /// Why an operator released a place, if one did and that can be found out.
    async fn why_released(&self, caller: Caller, (room, session): PlaceKey) -> Option<Prose> {
        let ended = async {
            let (organization, _) = self.catalog_of(caller, room.event_type_id).await?;
            let mut tx = self.engine.store.read().await?;
            Ok::<_, ServiceError>(
                cooldowns::list(&mut tx, organization, (&[session], &[]), self.engine.clock.now()).await?,
            )
        };
        match ended.await {
            Ok(ended) => ended.into_iter().filter(|ended| ended.room == room).find_map(|ended| ended.released),
            Err(ServiceError::Refused(why)) => {
                tracing::debug!(%why, "whether a place was released could not be looked up");
                None
            }
            Err(ServiceError::Away(failure) | ServiceError::Failed(failure)) => {
                self.engine.tell(&failure, "looking up whether a place was released");
                None
            }
        }
    }

    async fn why_not_offered(&self, caller: Caller, room: SlotKey) -> Refusal {
        let reasons = self.findings(caller, room).await;
        if reasons.is_empty() { Refusal::HoldLost(Loss::Ended) } else { Refusal::slot_unavailable(reasons) }
    }

    /// Every rule that says no to a room's slot now; none when that cannot be found out.
    async fn findings(&self, caller: Caller, room: SlotKey) -> Vec<Finding> {
        match self.explain_slot(caller, &SlotRequest::of(room).into()).await {
            Ok(explanation) => explanation.findings,
            Err(ServiceError::Refused(why)) => {
                tracing::debug!(%why, "why a place ended could not be looked up");
                Vec::new()
            }
            Err(ServiceError::Away(failure) | ServiceError::Failed(failure)) => {
                self.engine.tell(&failure, "looking up why a place ended");
                Vec::new()
            }
        }
    }
}

async fn next_change(followed: Option<Followed>) -> Option<(PlaceChange, Option<Followed>)> {
    let mut followed = followed?;
    let update = loop {
        let news = followed.news().await;
        if let Some(update) = followed.updates(news).await.pop() {
            break update;
        }
    };
    Some(match update.outcome {
        Ok(place) => (PlaceChange::Place(place), Some(followed)),
        Err(refusal) => (PlaceChange::Gone(refusal), None),
    })
}
