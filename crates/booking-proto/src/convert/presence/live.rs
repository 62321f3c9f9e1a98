//! Who is in rooms: as everybody may see it, and as the operator may.

use booking_domain::draft::reader::{Draft, Reader, parse};
use booking_domain::hold::live::{LiveChange, LiveDifference};
use booking_domain::hold::{LivePresence, Present, Pseudonym, RoomData, SlotKey};
use booking_domain::page::{Page, PageRequest};
use booking_domain::refusal::Refusal;

use super::place::{Spelled, is_holding, spell, standing, state_name};
use crate::convert::fields::{text, written};
use crate::convert::page;
use crate::convert::time::timestamp;
use crate::v1;
use booking_domain::answer::RoomPresence;

fn text_of_data(data: Option<&RoomData>) -> String {
    data.map(|data| data.as_str().to_owned()).unwrap_or_default()
}

fn present(r: &mut Reader<'_>, message: v1::Present) -> Option<Present> {
    let holding = is_holding(r, &message.state);
    let joined_at = r.instant("joined_at", written(message.joined_at));
    let data = r.optional_text("data", text(message.data), RoomData::parse);
    Some(Present { who: Pseudonym(message.who), holding: holding?, joined_at: joined_at?, data: data? })
}

impl From<&Present> for v1::Present {
    fn from(present: &Present) -> Self {
        Self {
            who: present.who.0.clone(),
            state: state_name(present.holding),
            joined_at: Some(timestamp(present.joined_at)),
            data: text_of_data(present.data.as_ref()),
        }
    }
}

impl TryFrom<v1::ListPresenceResponse> for RoomPresence {
    type Error = Refusal;

    fn try_from(message: v1::ListPresenceResponse) -> Result<Self, Refusal> {
        parse(|r| {
            let room = r.id("room", &message.room);
            let present = r.all("present", message.present, present);
            Some(Self { room: room?, present: present? })
        })
    }
}

impl From<&RoomPresence> for v1::ListPresenceResponse {
    fn from(presence: &RoomPresence) -> Self {
        Self { room: presence.room.to_string(), present: presence.present.iter().map(Into::into).collect() }
    }
}

fn live_presence(r: &mut Reader<'_>, message: v1::LivePresence) -> Option<LivePresence> {
    let room = r.id("room", &message.room);
    let joined_at = r.instant("joined_at", written(message.joined_at));
    let expires_at = r.instant("expires_at", written(message.expires_at));
    let data = r.optional_text("data", text(message.data), RoomData::parse);
    let standing = standing(
        r,
        Spelled {
            state: message.state,
            position: message.position,
            hold_deadline: message.hold_deadline,
            extended: message.extended,
            version: message.version,
            resource_ids: message.resource_ids,
        },
    );
    Some(LivePresence {
        room: room?,
        who: Pseudonym(message.who),
        standing: standing?,
        joined_at: joined_at?,
        expires_at: expires_at?,
        data: data?,
    })
}

impl From<&LivePresence> for v1::LivePresence {
    fn from(presence: &LivePresence) -> Self {
        let Spelled { state, position, hold_deadline, extended, version, resource_ids } = spell(&presence.standing);
        let room = presence.room;
        Self {
            room: room.to_string(),
            event_type_id: room.event_type_id.to_string(),
            start: Some(timestamp(room.slot.start())),
            end: Some(timestamp(room.slot.end())),
            who: presence.who.0.clone(),
            state,
            position,
            joined_at: Some(timestamp(presence.joined_at)),
            expires_at: Some(timestamp(presence.expires_at)),
            hold_deadline,
            resource_ids,
            data: text_of_data(presence.data.as_ref()),
            version,
            extended,
        }
    }
}

impl TryFrom<v1::ListLivePresenceResponse> for Vec<LivePresence> {
    type Error = Refusal;

    fn try_from(message: v1::ListLivePresenceResponse) -> Result<Self, Refusal> {
        parse(|r| r.all("presences", message.presences, live_presence))
    }
}

impl From<&[LivePresence]> for v1::ListLivePresenceResponse {
    fn from(presences: &[LivePresence]) -> Self {
        Self { presences: presences.iter().map(Into::into).collect(), ..Self::default() }
    }
}

impl TryFrom<v1::ListLivePresenceResponse> for Page<LivePresence> {
    type Error = Refusal;

    fn try_from(message: v1::ListLivePresenceResponse) -> Result<Self, Refusal> {
        parse(|r| {
            let items = r.all("presences", message.presences, live_presence)?;
            Some(Self { items, next: text(message.next_page_token) })
        })
    }
}

impl TryFrom<v1::ListLivePresenceResponse> for LiveChange {
    type Error = Refusal;

    fn try_from(message: v1::ListLivePresenceResponse) -> Result<Self, Refusal> {
        parse(|r| {
            let present = r.all("presences", message.presences, live_presence);
            let departed =
                r.all("departed", message.departed, |r, gone| Some((r.id("room", &gone.room)?, Pseudonym(gone.who))));
            let (present, departed) = (present?, departed?);
            Some(if message.is_difference {
                Self::Difference(LiveDifference { present, departed })
            } else {
                Self::Snapshot(present)
            })
        })
    }
}

impl From<&LiveChange> for v1::ListLivePresenceResponse {
    fn from(change: &LiveChange) -> Self {
        let LiveDifference { present, departed } = match change {
            LiveChange::Snapshot(everybody) => return everybody.as_slice().into(),
            LiveChange::Difference(difference) => difference,
        };
        let gone = |(room, who): &(SlotKey, Pseudonym)| v1::list_live_presence_response::Departed {
            room: room.to_string(),
            who: who.0.clone(),
        };
        Self {
            presences: present.iter().map(Into::into).collect(),
            is_difference: true,
            departed: departed.iter().map(gone).collect(),
            ..Self::default()
        }
    }
}

impl From<&Page<LivePresence>> for v1::ListLivePresenceResponse {
    fn from(page: &Page<LivePresence>) -> Self {
        let presences = page.items.iter().map(Into::into).collect();
        Self { presences, next_page_token: page.next.clone().unwrap_or_default(), ..Self::default() }
    }
}

impl TryFrom<v1::ListLivePresenceRequest> for PageRequest {
    type Error = Refusal;

    fn try_from(message: v1::ListLivePresenceRequest) -> Result<Self, Refusal> {
        page::draft(message.page_size, message.page_token).as_long_as_may_be().parse()
    }
}

impl From<&PageRequest> for v1::ListLivePresenceRequest {
    fn from(page: &PageRequest) -> Self {
        Self { page_size: Some(page.size), page_token: page.token.clone().unwrap_or_default() }
    }
}
