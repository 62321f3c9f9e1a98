//! What sessions say of where they are, as it is written.

use crate::draft::allow::read_allow;
use crate::draft::reader::{Draft, Reader};
use crate::draft::slot::{MovingDraft, SlotDraft};
use crate::draft::written::WrittenNumber;
use crate::hold::{Pseudonym, RoomData, SessionId};
use crate::limits;
use crate::request::{HeartbeatRequest, PlaceRequest, ReleaseRequest};
use crate::text::Prose;

/// A [`HeartbeatRequest`], as it is written.
#[derive(Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the request documents each field")]
pub struct HeartbeatDraft {
    pub slot: SlotDraft,
    pub session_id: String,
    pub lease_seconds: Option<WrittenNumber>,
    pub moving: MovingDraft,
    pub allow: Vec<String>,
    /// JSON.
    pub data: Option<String>,
}

/// A [`ReleaseRequest`], as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the request documents each field")]
pub struct ReleaseDraft {
    pub room: String,
    pub who: String,
    pub reason: String,
}

/// A [`PlaceRequest`], as it is written.
#[derive(Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the request documents each field")]
pub struct PlaceDraft {
    pub room: String,
    pub session_id: String,
}

impl Draft for HeartbeatDraft {
    type Parsed = HeartbeatRequest;

    fn read(self, r: &mut Reader<'_>) -> Option<HeartbeatRequest> {
        let slot = self.slot.read(r);
        let session_id = r.required("session_id", &self.session_id, SessionId::parse);
        let data = r.optional_text("data", self.data, RoomData::parse);
        let lease_seconds = r.optional_number("lease_seconds", self.lease_seconds, 1..=limits::LEASE_SECONDS_MAX);
        let moving = self.moving.read(r);
        let allow = read_allow(r, self.allow);
        Some(HeartbeatRequest {
            slot: slot?,
            session_id: session_id?,
            lease_seconds: lease_seconds?,
            moving: moving?,
            allow: allow?,
            data: data?,
        })
    }
}

impl Draft for ReleaseDraft {
    type Parsed = ReleaseRequest;

    fn read(self, r: &mut Reader<'_>) -> Option<ReleaseRequest> {
        let room = r.id("room", &self.room);
        let who = r.required("who", &self.who, |who| Ok(Pseudonym(who.to_owned())));
        let reason = r.take("reason", Prose::parse(&self.reason));
        Some(ReleaseRequest { room: room?, who: who?, reason: reason? })
    }
}

impl Draft for PlaceDraft {
    type Parsed = PlaceRequest;

    fn read(self, r: &mut Reader<'_>) -> Option<PlaceRequest> {
        let room = r.id("room", &self.room);
        let session_id = r.required("session_id", &self.session_id, SessionId::parse);
        Some(PlaceRequest { room: room?, session_id: session_id? })
    }
}
