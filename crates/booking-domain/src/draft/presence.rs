//! What sessions say of where they are, as it is written.

use crate::draft::reader::{Draft, Reader};
use crate::draft::slot::SlotDraft;
use crate::hold::{RoomData, SessionId};
use crate::request::{HeartbeatRequest, PlaceRequest};

/// A [`HeartbeatRequest`], as it is written.
#[derive(Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the request documents each field")]
pub struct HeartbeatDraft {
    pub slot: SlotDraft,
    pub session_id: String,
    /// JSON.
    pub data: Option<String>,
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
        Some(HeartbeatRequest { slot: slot?, session_id: session_id?, data: data? })
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
