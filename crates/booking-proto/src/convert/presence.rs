//! `presence.proto`: being in a slot's room.

mod live;
mod place;

use booking_domain::draft::presence::{HeartbeatDraft, PlaceDraft, ReleaseDraft};
use booking_domain::draft::reader::{Draft, parse};
use booking_domain::draft::slot::SlotDraft;
use booking_domain::limits;
use booking_domain::refusal::Refusal;

use super::availability::{Spelled, spell};
use super::fields::{moving, text, texts_of_moving, written};
use super::time::timestamp;
use crate::v1;
use booking_domain::request::{HeartbeatRequest, PlaceRequest, ReleaseRequest, SlotRequest};

impl From<v1::HeartbeatRequest> for HeartbeatDraft {
    fn from(message: v1::HeartbeatRequest) -> Self {
        let slot = SlotDraft {
            event_type_id: message.event_type_id,
            start: written(message.start),
            duration_minutes: message.duration_minutes.map(Into::into),
            resource_id: text(message.resource_id),
        };
        Self {
            slot,
            session_id: message.session_id,
            lease_seconds: message.lease_seconds.map(Into::into),
            moving: moving(message.moving, message.management_token),
            allow: message.allow,
            data: message.data,
        }
    }
}

impl TryFrom<v1::HeartbeatRequest> for HeartbeatRequest {
    type Error = Refusal;

    fn try_from(message: v1::HeartbeatRequest) -> Result<Self, Refusal> {
        HeartbeatDraft::from(message).parse()
    }
}

impl From<&HeartbeatRequest> for v1::HeartbeatRequest {
    fn from(request: &HeartbeatRequest) -> Self {
        let Spelled { event_type_id, start, duration_minutes, resource_id } = spell(&request.slot);
        let (moving, management_token) = texts_of_moving(request.moving.as_ref());
        Self {
            event_type_id,
            start,
            duration_minutes,
            session_id: request.session_id.expose().to_string(),
            resource_id,
            data: request.data.as_ref().map(|data| data.as_str().to_owned()),
            lease_seconds: request.lease_seconds.map(Into::into),
            moving,
            management_token,
            allow: request.allow.codes(),
        }
    }
}

impl TryFrom<v1::KeepAliveRequest> for Vec<HeartbeatRequest> {
    type Error = Refusal;

    fn try_from(message: v1::KeepAliveRequest) -> Result<Self, Refusal> {
        parse(|r| match message.heartbeats.len() {
            0 => r.wrong("heartbeats", "must not be empty"),
            _ => r.each("heartbeats", (message.heartbeats, limits::ROOMS_PER_BATCH), |r, beat| {
                HeartbeatDraft::from(beat).read(r)
            }),
        })
    }
}

impl From<&[HeartbeatRequest]> for v1::KeepAliveRequest {
    fn from(heartbeats: &[HeartbeatRequest]) -> Self {
        Self { heartbeats: heartbeats.iter().map(Into::into).collect() }
    }
}

macro_rules! place_requests {
    ($($message:ident)+) => {$(
        impl TryFrom<v1::$message> for PlaceRequest {
            type Error = Refusal;

            fn try_from(message: v1::$message) -> Result<Self, Refusal> {
                PlaceDraft { room: message.room, session_id: message.session_id }.parse()
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

impl TryFrom<v1::ReleaseRequest> for ReleaseRequest {
    type Error = Refusal;

    fn try_from(message: v1::ReleaseRequest) -> Result<Self, Refusal> {
        ReleaseDraft { room: message.room, who: message.who, reason: message.reason }.parse()
    }
}

impl From<&ReleaseRequest> for v1::ReleaseRequest {
    fn from(ReleaseRequest { room, who, reason }: &ReleaseRequest) -> Self {
        Self { room: room.to_string(), who: who.0.clone(), reason: reason.to_string() }
    }
}

impl TryFrom<v1::ReleaseResponse> for () {
    type Error = Refusal;

    fn try_from(_: v1::ReleaseResponse) -> Result<Self, Refusal> {
        Ok(())
    }
}

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
        let duration_minutes = duration_minutes.map(Into::into);
        SlotDraft { event_type_id, start: written(start), duration_minutes, resource_id: None }.parse()
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
