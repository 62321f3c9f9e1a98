//! Fake services that answer, refuse, fail, babble or sleep.

use std::time::Duration;

use booking_client::Edited;
use booking_client::{ExplainRequest, HeartbeatRequest, PlaceUpdate, SlotChange};
use booking_domain::availability::{Explanation, Slot, SlotState};
use booking_domain::finding::{Finding, Reason};
use booking_domain::hold::{Place, Pseudonym, SlotKey, Standing};
use booking_domain::interval::Interval;
use booking_domain::refusal::Refusal;
use booking_domain::{DateTime, Utc};
use booking_proto::caller::{ADDRESS, AUTHORIZATION, CallerMetadata, ORGANIZATION};
use booking_proto::v1::availability_service_server::{AvailabilityService, AvailabilityServiceServer};
use booking_proto::v1::presence_service_server::{PresenceService, PresenceServiceServer};
use booking_proto::{status, v1};
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use tonic::service::Routes;
use tonic::{Request, Response, Status, Streaming};

type Answer<T> = Result<Response<T>, Status>;
type Answers<T> = BoxStream<'static, Result<T, Status>>;

/// How a fake behaves.
#[derive(Clone)]
pub(crate) enum Script {
    Answers,
    Refuses(Refusal),
    Fails,
    Babbles,
    Sleeps,
}

#[derive(Clone)]
pub(crate) struct Fake(pub Script);

pub(crate) fn slots() -> Vec<Slot> {
    let start: DateTime<Utc> = DateTime::from_timestamp(1_804_593_600, 0).unwrap();
    let interval = Interval::lasting(start, 30).unwrap();
    vec![Slot { interval, state: SlotState::Free, remaining: 2 }]
}

fn place(HeartbeatRequest { slot: asked, .. }: &HeartbeatRequest) -> Place {
    let slot = Interval::lasting(asked.start, asked.duration_minutes.unwrap_or(30)).unwrap();
    Place {
        room: SlotKey { event_type_id: asked.event_type_id, slot },
        who: Pseudonym("heron".to_owned()),
        standing: Standing::Waiting { position: 1 },
        expires_at: asked.start,
        waiting: 1,
        held_until: None,
        heartbeat_interval_ms: 5_000,
    }
}

impl Fake {
    pub(crate) fn routes(self) -> Routes {
        Routes::new(AvailabilityServiceServer::new(self.clone())).add_service(PresenceServiceServer::new(self))
    }

    async fn play<P>(&self, request: &Request<P>) -> Result<(), Status> {
        match &self.0 {
            Script::Refuses(refusal) => Err(status::refused(refusal)),
            Script::Fails => Err(status::failed("request-7")),
            Script::Sleeps => {
                tokio::time::sleep(Duration::from_secs(60)).await;
                Ok(())
            }
            Script::Answers | Script::Babbles => match CallerMetadata::read(request.metadata()) {
                Ok(CallerMetadata { key: Some(_), .. }) => Ok(()),
                _ => Err(status::refused(&Refusal::Unauthenticated)),
            },
        }
    }

    fn slots(&self) -> v1::ListSlotsResponse {
        let mut response = v1::ListSlotsResponse::from(&Edited::New(slots(), None));
        if matches!(self.0, Script::Babbles) {
            response.slots.iter_mut().for_each(|slot| slot.state = "melting".to_owned());
        }
        response
    }
}

#[tonic::async_trait]
impl AvailabilityService for Fake {
    type WatchSlotsStream = Answers<v1::WatchSlotsResponse>;

    async fn list_days(&self, _: Request<v1::SlotQuery>) -> Answer<v1::ListDaysResponse> {
        Ok(Response::new(Default::default()))
    }

    async fn list_slots(&self, request: Request<v1::SlotQuery>) -> Answer<v1::ListSlotsResponse> {
        self.play(&request).await?;
        Ok(Response::new(self.slots()))
    }

    /// Says who asked.
    async fn list_next_slots(&self, _: Request<v1::ListNextSlotsRequest>) -> Answer<v1::ListNextSlotsResponse> {
        Ok(Response::new(Default::default()))
    }

    async fn explain_slot(&self, request: Request<v1::ExplainSlotRequest>) -> Answer<v1::ExplainSlotResponse> {
        self.play(&request).await?;
        let names = [AUTHORIZATION, ORGANIZATION, ADDRESS];
        let detail = names.map(|name| request.metadata().get(name).unwrap().to_str().unwrap().to_owned()).join(", ");
        ExplainRequest::try_from(request.into_inner()).map_err(|refusal| status::refused(&refusal))?;
        let explanation = Explanation { findings: vec![Finding { reason: Reason::Past, detail }] };
        Ok(Response::new((&explanation).into()))
    }

    async fn preview_availability(
        &self,
        _: Request<v1::PreviewAvailabilityRequest>,
    ) -> Answer<v1::PreviewAvailabilityResponse> {
        Ok(Response::new(Default::default()))
    }

    async fn watch_slots(&self, request: Request<v1::SlotQuery>) -> Answer<Self::WatchSlotsStream> {
        self.play(&request).await?;
        let snapshot = v1::Snapshot { slots: self.slots().slots, more: false };
        let snapshot = v1::watch_slots_response::Change::Snapshot(snapshot);
        let snapshot = v1::WatchSlotsResponse { change: Some(snapshot) };
        let slot = v1::WatchSlotsResponse::from(&SlotChange::Slot(slots()[0]));
        Ok(Response::new(stream::iter([Ok(snapshot), Ok(slot)]).boxed()))
    }
}

#[tonic::async_trait]
impl PresenceService for Fake {
    type KeepAliveStream = Answers<v1::KeepAliveResponse>;
    type FollowPlaceStream = Answers<v1::FollowPlaceResponse>;
    type WatchPresenceStream = Answers<v1::ListLivePresenceResponse>;

    async fn heartbeat(&self, request: Request<v1::HeartbeatRequest>) -> Answer<v1::HeartbeatResponse> {
        self.play(&request).await?;
        let heartbeat = HeartbeatRequest::try_from(request.into_inner()).unwrap();
        Ok(Response::new((&place(&heartbeat)).into()))
    }

    /// Answers each batch when it comes.
    async fn keep_alive(&self, request: Request<Streaming<v1::KeepAliveRequest>>) -> Answer<Self::KeepAliveStream> {
        self.play(&request).await?;
        let answer = |batch: Result<v1::KeepAliveRequest, Status>| {
            let batch = Vec::<HeartbeatRequest>::try_from(batch?).map_err(|refusal| status::refused(&refusal))?;
            let update = |beat: &HeartbeatRequest| {
                let place = place(beat);
                PlaceUpdate { room: Some(place.room), session_id: beat.session_id, outcome: Ok(place) }
            };
            let updates: Vec<_> = batch.iter().map(update).collect();
            Ok(v1::KeepAliveResponse::from(&updates[..]))
        };
        Ok(Response::new(request.into_inner().map(answer).boxed()))
    }

    async fn follow_place(&self, _: Request<v1::FollowPlaceRequest>) -> Answer<Self::FollowPlaceStream> {
        Ok(Response::new(stream::empty().boxed()))
    }

    async fn leave(&self, _: Request<v1::LeaveRequest>) -> Answer<v1::LeaveResponse> {
        Ok(Response::new(Default::default()))
    }

    async fn release(&self, _: Request<v1::ReleaseRequest>) -> Answer<v1::ReleaseResponse> {
        Ok(Response::new(Default::default()))
    }

    async fn extend_hold(&self, _: Request<v1::ExtendHoldRequest>) -> Answer<v1::HeartbeatResponse> {
        Ok(Response::new(Default::default()))
    }

    async fn list_presence(&self, _: Request<v1::ListPresenceRequest>) -> Answer<v1::ListPresenceResponse> {
        Ok(Response::new(Default::default()))
    }

    async fn list_live_presence(
        &self,
        _: Request<v1::ListLivePresenceRequest>,
    ) -> Answer<v1::ListLivePresenceResponse> {
        Ok(Response::new(Default::default()))
    }

    async fn watch_presence(&self, _: Request<v1::WatchPresenceRequest>) -> Answer<Self::WatchPresenceStream> {
        Ok(Response::new(stream::empty().boxed()))
    }
}
