//! `presence.proto`: being in a slot's room.

mod live;
mod place;

use booking_domain::hold::{RoomData, SessionId};
use booking_domain::limits;
use booking_domain::refusal::Refusal;

use super::availability::slot_request;
use super::reader::{Reader, parse};
use super::time::timestamp;
use crate::v1;
use booking_domain::request::{HeartbeatRequest, PlaceRequest, SlotRequest};

fn heartbeat(r: &mut Reader<'_>, message: v1::HeartbeatRequest) -> Option<HeartbeatRequest> {
    let slot = v1::ExplainSlotRequest {
        event_type_id: message.event_type_id,
        start: message.start,
        duration_minutes: message.duration_minutes,
        resource_id: message.resource_id,
    };
    let slot = slot_request(r, &slot);
    let session_id = r.take("session_id", SessionId::parse(&message.session_id));
    let data = r.optional("data", message.data, |data| RoomData::parse(&data));
    Some(HeartbeatRequest { slot: slot?, session_id: session_id?, data: data? })
}

impl TryFrom<v1::HeartbeatRequest> for HeartbeatRequest {
    type Error = Refusal;

    fn try_from(message: v1::HeartbeatRequest) -> Result<Self, Refusal> {
        parse(|r| heartbeat(r, message))
    }
}

impl From<&HeartbeatRequest> for v1::HeartbeatRequest {
    fn from(request: &HeartbeatRequest) -> Self {
        let v1::ExplainSlotRequest { event_type_id, start, duration_minutes, resource_id } = (&request.slot).into();
        Self {
            event_type_id,
            start,
            duration_minutes,
            session_id: request.session_id.expose().to_string(),
            resource_id,
            data: request.data.as_ref().map(|data| data.as_str().to_owned()),
        }
    }
}

impl TryFrom<v1::KeepAliveRequest> for Vec<HeartbeatRequest> {
    type Error = Refusal;

    fn try_from(message: v1::KeepAliveRequest) -> Result<Self, Refusal> {
        parse(|r| match message.heartbeats.len() {
            0 => r.wrong("heartbeats", "must not be empty"),
            _ => r.each("heartbeats", (message.heartbeats, limits::ROOMS_PER_BATCH), heartbeat),
        })
    }
}

impl From<&[HeartbeatRequest]> for v1::KeepAliveRequest {
    fn from(heartbeats: &[HeartbeatRequest]) -> Self {
        Self { heartbeats: heartbeats.iter().map(Into::into).collect() }
    }
}

fn place_request(r: &mut Reader<'_>, room: &str, session_id: &str) -> Option<PlaceRequest> {
    let room = r.id("room", room);
    let session_id = r.take("session_id", SessionId::parse(session_id));
    Some(PlaceRequest { room: room?, session_id: session_id? })
}

macro_rules! place_requests {
    ($($message:ident)+) => {$(
        impl TryFrom<v1::$message> for PlaceRequest {
            type Error = Refusal;

            fn try_from(message: v1::$message) -> Result<Self, Refusal> {
                parse(|r| place_request(r, &message.room, &message.session_id))
            }
        }

        impl From<&PlaceRequest> for v1::$message {
            fn from(request: &PlaceRequest) -> Self {
                Self { room: request.room.to_string(), session_id: request.session_id.expose().to_string() }
            }
        }
    )+};
}

place_requests! { FollowPlaceRequest LeaveRequest ExtendHoldRequest }

impl TryFrom<v1::LeaveResponse> for () {
    type Error = Refusal;

    fn try_from(_: v1::LeaveResponse) -> Result<Self, Refusal> {
        Ok(())
    }
}

impl TryFrom<v1::ListPresenceRequest> for SlotRequest {
    type Error = Refusal;

    fn try_from(message: v1::ListPresenceRequest) -> Result<Self, Refusal> {
        let v1::ListPresenceRequest { event_type_id, start, duration_minutes } = message;
        v1::ExplainSlotRequest { event_type_id, start, duration_minutes, resource_id: String::new() }.try_into()
    }
}

impl From<&SlotRequest> for v1::ListPresenceRequest {
    fn from(request: &SlotRequest) -> Self {
        Self {
            event_type_id: request.event_type_id.to_string(),
            start: Some(timestamp(request.start)),
            duration_minutes: request.duration_minutes.map(Into::into),
        }
    }
}
