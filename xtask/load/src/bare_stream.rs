//! What tonic alone can do: a `KeepAlive` that answers each heartbeat with a ready-made place and does nothing else.

use std::net::SocketAddr;

use anyhow::Result;
use booking_proto::v1::presence_service_server::{PresenceService, PresenceServiceServer};
use booking_proto::v1::{
    ExtendHoldRequest, FollowPlaceRequest, FollowPlaceResponse, HeartbeatRequest, HeartbeatResponse, KeepAliveRequest,
    KeepAliveResponse, LeaveRequest, LeaveResponse, ListLivePresenceRequest, ListLivePresenceResponse,
    ListPresenceRequest, ListPresenceResponse, PlaceUpdate, ReleaseRequest, ReleaseResponse, WatchPresenceRequest,
    place_update,
};
use futures::stream::{BoxStream, StreamExt};
use prost_types::Timestamp;
use tonic::transport::Server;
use tonic::{Request, Response, Status, Streaming};

/// Serves until the process is killed.
pub(crate) async fn serve(address: SocketAddr) -> Result<()> {
    let server = Server::builder().tcp_nodelay(true).add_service(PresenceServiceServer::new(Bare));
    Ok(server.serve(address).await?)
}

struct Bare;

type Answers<T> = BoxStream<'static, Result<T, Status>>;

/// A place as the server tells it, with fields of the same lengths.
fn place(heartbeat: HeartbeatRequest) -> PlaceUpdate {
    let room = format!("{}_000000000000_00000", heartbeat.event_type_id);
    let moment = Some(Timestamp { seconds: 1_803_859_200, nanos: 123_000_000 });
    let place = HeartbeatResponse {
        room: room.clone(),
        state: "holding".to_owned(),
        who: "abcdefghijkl".to_owned(),
        resource_ids: vec![heartbeat.event_type_id],
        expires_at: moment,
        hold_deadline: moment,
        version: 1_000,
        heartbeat_interval_ms: 5_000,
        ..HeartbeatResponse::default()
    };
    let outcome = Some(place_update::Outcome::Place(place));
    PlaceUpdate { room, session_id: heartbeat.session_id, outcome }
}

fn answer(request: Result<KeepAliveRequest, Status>) -> Result<KeepAliveResponse, Status> {
    Ok(KeepAliveResponse { updates: request?.heartbeats.into_iter().map(place).collect() })
}

fn not_here<T>() -> Result<Response<T>, Status> {
    Err(Status::unimplemented("only streams are measured"))
}

#[tonic::async_trait]
impl PresenceService for Bare {
    type KeepAliveStream = Answers<KeepAliveResponse>;
    type FollowPlaceStream = Answers<FollowPlaceResponse>;
    type WatchPresenceStream = Answers<ListLivePresenceResponse>;

    async fn keep_alive(
        &self,
        request: Request<Streaming<KeepAliveRequest>>,
    ) -> Result<Response<Self::KeepAliveStream>, Status> {
        Ok(Response::new(request.into_inner().map(answer).boxed()))
    }

    async fn heartbeat(&self, _: Request<HeartbeatRequest>) -> Result<Response<HeartbeatResponse>, Status> {
        not_here()
    }

    async fn follow_place(&self, _: Request<FollowPlaceRequest>) -> Result<Response<Self::FollowPlaceStream>, Status> {
        not_here()
    }

    async fn leave(&self, _: Request<LeaveRequest>) -> Result<Response<LeaveResponse>, Status> {
        not_here()
    }

    async fn release(&self, _: Request<ReleaseRequest>) -> Result<Response<ReleaseResponse>, Status> {
        not_here()
    }

    async fn extend_hold(&self, _: Request<ExtendHoldRequest>) -> Result<Response<HeartbeatResponse>, Status> {
        not_here()
    }

    async fn list_presence(&self, _: Request<ListPresenceRequest>) -> Result<Response<ListPresenceResponse>, Status> {
        not_here()
    }

    async fn list_live_presence(
        &self,
        _: Request<ListLivePresenceRequest>,
    ) -> Result<Response<ListLivePresenceResponse>, Status> {
        not_here()
    }

    async fn watch_presence(
        &self,
        _: Request<WatchPresenceRequest>,
    ) -> Result<Response<Self::WatchPresenceStream>, Status> {
        not_here()
    }
}
