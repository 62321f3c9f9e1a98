//! Where a session stands: the answer to a heartbeat, and what streams tell about it.

use booking_domain::draft::reader::{Reader, parse};
use booking_domain::hold::{Hold, Place, Pseudonym, SessionId, Standing};
use booking_domain::refusal::Refusal;
use prost_types::Timestamp;

use crate::convert::fields::{text, written};
use crate::convert::problem::{problem, read_refusal};
use crate::convert::time::timestamp;
use crate::v1;
use booking_domain::answer::{PlaceChange, PlaceUpdate};

/// A standing, as the messages spell it.
pub(super) struct Spelled {
    pub state: String,
    pub position: u32,
    pub hold_deadline: Option<Timestamp>,
    pub extended: bool,
    pub version: i64,
    pub resource_ids: Vec<String>,
}

/// `holding` or `waiting`.
pub(super) fn state_name(holding: bool) -> String {
    if holding { "holding" } else { "waiting" }.to_owned()
}

/// Whether this says `holding`.
pub(super) fn is_holding(r: &mut Reader<'_>, state: &str) -> Option<bool> {
    match state {
        "holding" => Some(true),
        "waiting" => Some(false),
        _ => r.wrong("state", "must be holding or waiting"),
    }
}

pub(super) fn spell(standing: &Standing) -> Spelled {
    let state = state_name(matches!(standing, Standing::Holding(_)));
    match standing {
        Standing::Holding(hold) => Spelled {
            state,
            position: 0,
            hold_deadline: Some(timestamp(hold.deadline)),
            extended: hold.extended,
            version: hold.version,
            resource_ids: hold.resource_ids.iter().map(ToString::to_string).collect(),
        },
        Standing::Waiting { position } => Spelled {
            state,
            position: *position,
            hold_deadline: None,
            extended: false,
            version: 0,
            resource_ids: Vec::new(),
        },
    }
}

pub(super) fn standing(r: &mut Reader<'_>, spelled: Spelled) -> Option<Standing> {
    if !is_holding(r, &spelled.state)? {
        return Some(Standing::Waiting { position: spelled.position });
    }
    let deadline = r.instant("hold_deadline", written(spelled.hold_deadline));
    let resource_ids = r.all("resource_ids", spelled.resource_ids, |r, id| r.id("", &id));
    Some(Standing::Holding(Hold {
        deadline: deadline?,
        extended: spelled.extended,
        version: spelled.version,
        resource_ids: resource_ids?,
    }))
}

fn place(r: &mut Reader<'_>, message: v1::HeartbeatResponse) -> Option<Place> {
    let room = r.id("room", &message.room);
    let expires_at = r.instant("expires_at", written(message.expires_at));
    let held_until = r.optional("held_until", written(message.held_until), |until| until.parse());
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
    Some(Place {
        room: room?,
        who: Pseudonym(message.who),
        standing: standing?,
        expires_at: expires_at?,
        waiting: message.waiting,
        held_until: held_until?,
        heartbeat_interval_ms: message.heartbeat_interval_ms,
    })
}

impl TryFrom<v1::HeartbeatResponse> for Place {
    type Error = Refusal;

    fn try_from(message: v1::HeartbeatResponse) -> Result<Self, Refusal> {
        parse(|r| place(r, message))
    }
}

impl From<&Place> for v1::HeartbeatResponse {
    fn from(place: &Place) -> Self {
        let Spelled { state, position, hold_deadline, extended, version, resource_ids } = spell(&place.standing);
        Self {
            room: place.room.to_string(),
            state,
            position,
            who: place.who.0.clone(),
            resource_ids,
            expires_at: Some(timestamp(place.expires_at)),
            hold_deadline,
            version,
            held_until: place.held_until.map(timestamp),
            heartbeat_interval_ms: place.heartbeat_interval_ms,
            waiting: place.waiting,
            extended,
        }
    }
}

impl TryFrom<v1::FollowPlaceResponse> for PlaceChange {
    type Error = Refusal;

    fn try_from(message: v1::FollowPlaceResponse) -> Result<Self, Refusal> {
        use v1::follow_place_response::Outcome;
        parse(|r| match message.outcome {
            Some(Outcome::Place(message)) => r.within("place", |r| place(r, message)).map(Self::Place),
            Some(Outcome::Gone(message)) => r.within("gone", |r| read_refusal(r, message)).map(Self::Gone),
            None => r.wrong("outcome", "is required"),
        })
    }
}

impl From<&PlaceChange> for v1::FollowPlaceResponse {
    fn from(change: &PlaceChange) -> Self {
        use v1::follow_place_response::Outcome;
        let outcome = match change {
            PlaceChange::Place(place) => Outcome::Place(place.into()),
            PlaceChange::Gone(refusal) => Outcome::Gone(problem(refusal)),
        };
        Self { outcome: Some(outcome) }
    }
}

fn place_update(r: &mut Reader<'_>, message: v1::PlaceUpdate) -> Option<PlaceUpdate> {
    use v1::place_update::Outcome;
    let room = r.optional_text("room", text(message.room), str::parse);
    let session_id = r.take("session_id", SessionId::parse(&message.session_id));
    let outcome = match message.outcome {
        Some(Outcome::Place(message)) => r.within("place", |r| place(r, message)).map(Ok),
        Some(Outcome::Problem(message)) => r.within("problem", |r| read_refusal(r, message)).map(Err),
        None => r.wrong("outcome", "is required"),
    };
    Some(PlaceUpdate { room: room?, session_id: session_id?, outcome: outcome? })
}

impl From<&PlaceUpdate> for v1::PlaceUpdate {
    fn from(update: &PlaceUpdate) -> Self {
        use v1::place_update::Outcome;
        let outcome = match &update.outcome {
            Ok(place) => Outcome::Place(place.into()),
            Err(refusal) => Outcome::Problem(problem(refusal)),
        };
        Self {
            room: update.room.map(|room| room.to_string()).unwrap_or_default(),
            session_id: update.session_id.expose().to_string(),
            outcome: Some(outcome),
        }
    }
}

impl v1::PlaceUpdate {
    /// What is told of a heartbeat that could not be read: it names no room, and its session as it was sent.
    pub fn unread(session_id: String, refusal: &Refusal) -> Self {
        let outcome = v1::place_update::Outcome::Problem(problem(refusal));
        Self { room: String::new(), session_id, outcome: Some(outcome) }
    }
}

impl TryFrom<v1::KeepAliveResponse> for Vec<PlaceUpdate> {
    type Error = Refusal;

    fn try_from(message: v1::KeepAliveResponse) -> Result<Self, Refusal> {
        parse(|r| r.all("updates", message.updates, place_update))
    }
}

impl From<&[PlaceUpdate]> for v1::KeepAliveResponse {
    fn from(updates: &[PlaceUpdate]) -> Self {
        Self { updates: updates.iter().map(Into::into).collect() }
    }
}
