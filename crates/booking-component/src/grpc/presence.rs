//! `PresenceService`.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::time::Duration;

use booking_domain::answer::{PlaceChange, RoomPresence};
use booking_domain::hold::Place;
use booking_domain::hold::live::LiveChange;
use booking_domain::limits;
use booking_domain::refusal::Refusal;
use booking_domain::request::{HeartbeatRequest, PlaceRequest, ReleaseRequest, SlotRequest};
use booking_proto::v1::presence_service_server::PresenceService;
use booking_proto::{status, v1};
use futures::{StreamExt, stream};
use tokio::time::{Instant, Sleep, sleep};
use tonic::{Request, Response, Status, Streaming};

use crate::grpc::{Messages, Server, answered, denied, listed};
use crate::service::places::Followed;

#[tonic::async_trait]
impl PresenceService for Server {
    type FollowPlaceStream = Messages<v1::FollowPlaceResponse>;
    type KeepAliveStream = Messages<v1::KeepAliveResponse>;
    type WatchPresenceStream = Messages<v1::ListLivePresenceResponse>;

    async fn heartbeat(
        &self,
        request: Request<v1::HeartbeatRequest>,
    ) -> Result<Response<v1::HeartbeatResponse>, Status> {
        let (caller, asked): (_, HeartbeatRequest) = self.open(request).await?;
        answered::<Place, _>(self.service.heartbeat(caller, &asked).await)
    }

    async fn keep_alive(
        &self,
        request: Request<Streaming<v1::KeepAliveRequest>>,
    ) -> Result<Response<Self::KeepAliveStream>, Status> {
        let (caller, authority) = self.authority(&request).await?;
        let silence = Silence::of_at_most(self.service.longest_silence());
        let followed = self.service.keep_alive(caller).map_err(|refusal| status::refused(&refusal))?;
        let stream = KeepAlive { batches: request.into_inner(), followed, silence };
        let answers = stream::unfold(Some(stream), |stream| async {
            let mut stream = stream?;
            match stream.next().await.transpose()? {
                Ok(updates) => Some((Ok(v1::KeepAliveResponse { updates }), Some(stream))),
                Err(status) => Some((Err(status), None)),
            }
        });
        Ok(self.stream(authority, answers))
    }

    async fn follow_place(
        &self,
        request: Request<v1::FollowPlaceRequest>,
    ) -> Result<Response<Self::FollowPlaceStream>, Status> {
        let (caller, authority, asked): (_, _, PlaceRequest) = self.open_stream(request).await?;
        let changes = self.service.follow_place(caller, &asked).await.map_err(denied)?;
        let messages = changes.map(|change: PlaceChange| Ok(v1::FollowPlaceResponse::from(&change)));
        Ok(self.stream(authority, messages))
    }

    async fn leave(&self, request: Request<v1::LeaveRequest>) -> Result<Response<v1::LeaveResponse>, Status> {
        let (caller, asked): (_, PlaceRequest) = self.open(request).await?;
        self.service.leave(caller, &asked).await.map_err(denied)?;
        Ok(Response::new(v1::LeaveResponse {}))
    }

    async fn release(&self, request: Request<v1::ReleaseRequest>) -> Result<Response<v1::ReleaseResponse>, Status> {
        let (caller, asked): (_, ReleaseRequest) = self.open(request).await?;
        self.service.release(caller, &asked).await.map_err(denied)?;
        Ok(Response::new(v1::ReleaseResponse {}))
    }

    async fn extend_hold(
        &self,
        request: Request<v1::ExtendHoldRequest>,
    ) -> Result<Response<v1::HeartbeatResponse>, Status> {
        let (caller, asked): (_, PlaceRequest) = self.open(request).await?;
        answered::<Place, _>(self.service.extend_hold(caller, &asked).await)
    }

    async fn list_presence(
        &self,
        request: Request<v1::ListPresenceRequest>,
    ) -> Result<Response<v1::ListPresenceResponse>, Status> {
        let (caller, asked): (_, SlotRequest) = self.open(request).await?;
        let (room, present) = self.service.list_presence(caller, &asked).await.map_err(denied)?;
        Ok(Response::new((&RoomPresence { room, present }).into()))
    }

    async fn list_live_presence(
        &self,
        request: Request<v1::ListLivePresenceRequest>,
    ) -> Result<Response<v1::ListLivePresenceResponse>, Status> {
        let (caller, page) = self.open(request).await?;
        let list = |page| {
            let service = self.service.clone();
            async move { service.list_live_presence(caller, &page).await }
        };
        listed::<_, v1::LivePresence, _, _>(page, list).await
    }

    async fn watch_presence(
        &self,
        request: Request<v1::WatchPresenceRequest>,
    ) -> Result<Response<Self::WatchPresenceStream>, Status> {
        let (caller, authority) = self.authority(&request).await?;
        if request.get_ref().changes {
            let changes = self.service.watch_presence_changes(caller).map_err(denied)?;
            return Ok(self.stream(authority, changes.map(|change: LiveChange| Ok((&change).into()))));
        }
        let snapshots = self.service.watch_presence(caller).map_err(denied)?;
        let messages = snapshots.map(|live| Ok(v1::ListLivePresenceResponse::from(live.as_slice())));
        Ok(self.stream(authority, messages))
    }
}

/// One stream of heartbeats: each batch is answered, and besides, what changes around the places is told at once.
struct KeepAlive {
    batches: Streaming<v1::KeepAliveRequest>,
    followed: Followed,
    silence: Silence,
}

impl KeepAlive {
    async fn next(&mut self) -> Result<Option<Vec<v1::PlaceUpdate>>, Status> {
        loop {
            let news = tokio::select! {
                biased;
                batch = self.batches.message() => return match batch? {
                    Some(batch) => {
                        self.silence.broken();
                        self.answer(batch.heartbeats).await.map(Some)
                    }
                    None => Ok(None),
                },
                news = self.followed.news() => news,
                () = self.silence.too_long() => return Ok(None),
            };
            let updates = self.followed.updates(news).await;
            if !updates.is_empty() {
                return Ok(Some(updates.iter().map(Into::into).collect()));
            }
        }
    }

    /// One update for each heartbeat, in their order. One that cannot be read spoils nothing for its neighbours.
    async fn answer(&mut self, batch: Vec<v1::HeartbeatRequest>) -> Result<Vec<v1::PlaceUpdate>, Status> {
        if !(1..=limits::ROOMS_PER_BATCH).contains(&batch.len()) {
            let refusal = Refusal::field("heartbeats", format!("must have 1 to {} entries", limits::ROOMS_PER_BATCH));
            return Err(status::refused(&refusal));
        }
        let mut beats = Vec::with_capacity(batch.len());
        let mut unread = BTreeMap::new();
        for (at, message) in batch.into_iter().enumerate() {
            let session_id = message.session_id.clone();
            match HeartbeatRequest::try_from(message) {
                Ok(beat) => beats.push(beat),
                Err(refusal) => drop(unread.insert(at, v1::PlaceUpdate::unread(session_id, &refusal))),
            }
        }
        let told = self.followed.heartbeats(beats).await.map_err(denied)?;
        let mut updates: Vec<v1::PlaceUpdate> = told.iter().map(Into::into).collect();
        unread.into_iter().for_each(|(at, update)| updates.insert(at, update));
        Ok(updates)
    }
}

/// How long nothing has come.
struct Silence {
    most: Duration,
    since: Instant,
    /// Looks at it only when it would be too long if nothing had come: what comes often must not set a clock each time.
    alarm: Pin<Box<Sleep>>,
}

impl Silence {
    fn of_at_most(most: Duration) -> Self {
        Self { most, since: Instant::now(), alarm: Box::pin(sleep(most)) }
    }

    fn broken(&mut self) {
        self.since = Instant::now();
    }

    async fn too_long(&mut self) {
        loop {
            self.alarm.as_mut().await;
            let until = self.since + self.most;
            if until <= Instant::now() {
                return;
            }
            self.alarm.as_mut().reset(until);
        }
    }
}
