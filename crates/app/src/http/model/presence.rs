//! Presence on the wire: heartbeats, places, and who is in a room.

use booking_client::{self as client, LiveDifference, SlotRequest};
use booking_domain::allow::Allow;
use booking_domain::draft::fields::same_fields;
use booking_domain::draft::presence::{HeartbeatDraft, PlaceDraft, ReleaseDraft};
use booking_domain::draft::reader::Draft;
use booking_domain::draft::slot::{MovingDraft, SlotDraft};
use booking_domain::finding;
use booking_domain::hold::{self, Place, RoomData, Standing};
use booking_domain::page::Page;
use booking_domain::refusal::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::http::model::names::names;
use crate::http::model::time::{Id, Instant, written};

names! {
    /// The rules that an operator can set aside for one slot.
    RuleCode = Allow::RULES.map(finding::Reason::slug);

    /// Whether somebody in a room holds its slot.
    PresenceState = ["holding", "waiting"];
}

/// A session says that it is in a slot's room.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HeartbeatRequest {
    /// Of which event type.
    #[schema(required, format = "uuid")]
    pub event_type_id: String,
    /// When the slot starts: a whole minute.
    #[schema(required, format = DateTime)]
    pub start: String,
    /// How long; the event type's shortest unless said.
    #[schema(minimum = 1, maximum = 10080)]
    pub duration_minutes: Option<i64>,
    /// A random UUIDv4 that only its owner knows.
    #[schema(required, format = "uuid")]
    pub session_id: String,
    /// The resource that must be among those taken.
    #[schema(format = "uuid")]
    pub resource_id: Option<String>,
    /// For how long it is there without another heartbeat: at most as long as a time is held, or a day with a key; for the ttl unless
    /// said. A lease never shrinks.
    #[schema(minimum = 1, maximum = 86400)]
    pub lease_seconds: Option<i64>,
    /// The uid of a booking that shall move there: as if it were not where it is. Its management token, or a key, has to be shown.
    #[schema(format = "uuid")]
    pub moving: Option<String>,
    /// The rules that are set aside; needs a key.
    #[schema(value_type = Option<Vec<RuleCode>>, max_items = 6)]
    pub allow: Option<Vec<String>>,
    /// Any JSON that the room may see, at most 1 KiB; what was there stays when absent.
    #[schema(value_type = Option<Value>)]
    pub data: Option<Value>,
}

impl From<HeartbeatRequest> for HeartbeatDraft {
    fn from(given: HeartbeatRequest) -> Self {
        let slot = SlotDraft {
            event_type_id: given.event_type_id,
            start: written(given.start),
            duration_minutes: given.duration_minutes.map(Into::into),
            resource_id: given.resource_id,
        };
        Self {
            slot,
            session_id: given.session_id,
            lease_seconds: given.lease_seconds.map(Into::into),
            moving: MovingDraft { moving: given.moving, management_token: None },
            allow: given.allow.unwrap_or_default(),
            data: given.data.map(|data| data.to_string()),
        }
    }
}

/// Whose presence an operator ends.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Release {
    /// The room.
    #[schema(required)]
    pub room: String,
    /// The pseudonym there.
    #[schema(required)]
    pub who: String,
    /// Why, as they are told.
    #[schema(max_length = 4000)]
    pub reason: Option<String>,
}

/// A session's place in a room.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct InRoom {
    /// The room, as a heartbeat answered it.
    #[schema(required)]
    pub room: String,
    /// Whose place.
    #[schema(required, format = "uuid")]
    pub session_id: String,
}

same_fields! {
    InRoom = PlaceDraft { room, session_id }
}

impl From<Release> for ReleaseDraft {
    fn from(Release { room, who, reason }: Release) -> Self {
        Self { room, who, reason: reason.unwrap_or_default() }
    }
}

/// Whose room.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RoomQuery {
    /// Of which event type.
    #[param(required, nullable = false, value_type = String, format = "uuid")]
    pub event_type_id: Option<String>,
    /// When the slot starts: a whole minute.
    #[param(required, nullable = false, value_type = String, format = DateTime, example = "2027-03-10T09:30:00Z")]
    pub start: Option<String>,
    /// How long; the event type's shortest unless said.
    #[param(nullable = false, value_type = Option<i32>, minimum = 1, maximum = 10080)]
    pub duration_minutes: Option<String>,
}

impl RoomQuery {
    /// The slot whose room is meant.
    ///
    /// # Errors
    /// Every parameter that is wrong.
    pub fn parse(self) -> Result<SlotRequest, Refusal> {
        let Self { event_type_id, start, duration_minutes } = self;
        let (start, duration_minutes) = (start.and_then(written), duration_minutes.map(Into::into));
        let event_type_id = event_type_id.unwrap_or_default();
        SlotDraft { event_type_id, start, duration_minutes, resource_id: None }.parse()
    }
}

fn state(holding: bool) -> &'static str {
    if holding { "holding" } else { "waiting" }
}

/// Where a session stands in its room.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stand {
    /// Whether the slot is theirs.
    #[schema(value_type = PresenceState)]
    pub state: &'static str,
    /// 0 when holding; 1 is next in line.
    pub position: u32,
    /// The resources held; empty when waiting.
    pub resource_ids: Vec<Id>,
    /// When the hold ends even if heartbeats go on; null when waiting.
    #[schema(required)]
    pub hold_deadline: Option<Instant>,
    /// Whether the hold was extended, which is possible once; false when waiting.
    pub extended: bool,
    /// Grows with each grant (fencing token); 0 when waiting.
    pub version: i64,
}

impl From<&Standing> for Stand {
    fn from(standing: &Standing) -> Self {
        match standing {
            Standing::Holding(hold) => Self {
                state: state(true),
                position: 0,
                resource_ids: hold.resource_ids.iter().map(|id| Id(id.uuid())).collect(),
                hold_deadline: Some(Instant(hold.deadline)),
                extended: hold.extended,
                version: hold.version,
            },
            Standing::Waiting { position } => Self {
                state: state(false),
                position: *position,
                resource_ids: Vec::new(),
                hold_deadline: None,
                extended: false,
                version: 0,
            },
        }
    }
}

/// What a heartbeat answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Heartbeat {
    /// Which room.
    pub room: String,
    /// Where the session stands.
    #[serde(flatten)]
    pub stand: Stand,
    /// The session's pseudonym in this room.
    pub who: String,
    /// When it is gone unless a heartbeat comes.
    pub expires_at: Instant,
    /// How many wait in this room.
    pub waiting: u32,
    /// For whoever waits: when those who hold this time now hold it at the latest, unless they extend or book it; null when holding,
    /// and when others are in the way.
    #[schema(required)]
    pub held_until: Option<Instant>,
    /// How often a heartbeat is expected.
    pub heartbeat_interval_ms: u32,
}

impl From<&Place> for Heartbeat {
    fn from(place: &Place) -> Self {
        Self {
            room: place.room.to_string(),
            stand: (&place.standing).into(),
            who: place.who.0.clone(),
            expires_at: Instant(place.expires_at),
            waiting: place.waiting,
            held_until: place.held_until.map(Instant),
            heartbeat_interval_ms: place.heartbeat_interval_ms,
        }
    }
}

fn json(data: Option<&RoomData>) -> Option<Value> {
    data.and_then(|data| serde_json::from_str(data.as_str()).ok())
}

/// Somebody in a room, as everybody may see them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Present {
    /// A pseudonym, good for this room only.
    pub who: String,
    /// Whether they hold.
    #[schema(value_type = PresenceState)]
    pub state: &'static str,
    /// When they joined.
    pub joined_at: Instant,
    /// What they show to the room.
    #[schema(required, value_type = Option<Value>)]
    pub data: Option<Value>,
}

impl From<&hold::Present> for Present {
    fn from(present: &hold::Present) -> Self {
        Self {
            who: present.who.0.clone(),
            state: state(present.holding),
            joined_at: Instant(present.joined_at),
            data: json(present.data.as_ref()),
        }
    }
}

/// Who is in a slot's room.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoomPresence {
    /// Which room.
    pub room: String,
    /// Everybody there, in line order.
    pub present: Vec<Present>,
}

impl From<&client::RoomPresence> for RoomPresence {
    fn from(presence: &client::RoomPresence) -> Self {
        Self { room: presence.room.to_string(), present: presence.present.iter().map(Into::into).collect() }
    }
}

/// Somebody in a room, as the operator may see them.
#[derive(Debug, Serialize, ToSchema)]
pub struct LivePresence {
    /// Which room.
    pub room: String,
    /// Of which event type.
    pub event_type_id: Id,
    /// When the slot starts.
    pub start: Instant,
    /// When the slot ends.
    pub end: Instant,
    /// Where they stand.
    #[serde(flatten)]
    pub stand: Stand,
    /// Their pseudonym in this room.
    pub who: String,
    /// When they joined.
    pub joined_at: Instant,
    /// When they are gone unless a heartbeat comes.
    pub expires_at: Instant,
    /// What they show to the room.
    #[schema(required, value_type = Option<Value>)]
    pub data: Option<Value>,
}

impl From<&hold::LivePresence> for LivePresence {
    fn from(presence: &hold::LivePresence) -> Self {
        Self {
            room: presence.room.to_string(),
            event_type_id: Id(presence.room.event_type_id.uuid()),
            start: Instant(presence.room.slot.start()),
            end: Instant(presence.room.slot.end()),
            stand: (&presence.standing).into(),
            who: presence.who.0.clone(),
            joined_at: Instant(presence.joined_at),
            expires_at: Instant(presence.expires_at),
            data: json(presence.data.as_ref()),
        }
    }
}

/// Every presence of the organization now.
#[derive(Debug, Serialize, ToSchema)]
pub struct LivePresences {
    /// Everybody, room by room.
    pub presences: Vec<LivePresence>,
}

impl From<&[hold::LivePresence]> for LivePresences {
    fn from(presences: &[hold::LivePresence]) -> Self {
        Self { presences: presences.iter().map(Into::into).collect() }
    }
}

/// One page of every presence of the organization now.
#[derive(Debug, Serialize, ToSchema)]
pub struct LivePresencePage {
    /// Some of them, room by room.
    pub presences: Vec<LivePresence>,
    /// The token of the next page; null when this is the last one.
    #[schema(required)]
    pub next_page_token: Option<String>,
}

impl From<&Page<hold::LivePresence>> for LivePresencePage {
    fn from(page: &Page<hold::LivePresence>) -> Self {
        Self { presences: page.items.iter().map(Into::into).collect(), next_page_token: page.next.clone() }
    }
}

/// What is different among the presences of the organization, as the stream of them tells.
#[derive(Debug, Serialize)]
pub struct Changed {
    /// Who came, or looks different.
    pub presences: Vec<LivePresence>,
    /// Who is not there any more.
    pub departed: Vec<Departed>,
}

/// Somebody who is not in a room any more.
#[derive(Debug, Serialize)]
pub struct Departed {
    /// Which room.
    pub room: String,
    /// Their pseudonym there.
    pub who: String,
}

impl From<&LiveDifference> for Changed {
    fn from(difference: &LiveDifference) -> Self {
        let departed =
            difference.departed.iter().map(|(room, who)| Departed { room: room.to_string(), who: who.0.clone() });
        Self { presences: difference.present.iter().map(Into::into).collect(), departed: departed.collect() }
    }
}
