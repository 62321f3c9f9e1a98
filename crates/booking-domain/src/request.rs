//! What can be asked of the component, parsed: the requests for which the domain has no type of its own.

use std::fmt;

use crate::allow::Allow;
use crate::availability::{Offer, SlotSearch};
use crate::block::BlockSpec;
use crate::booking::correction::{BookingChange, OPERATORS_ONLY};
use crate::booking::{Answers, Booker, Booking, BookingFilter, BookingStatus};
use crate::event_type::EventTypeSpec;
use crate::hold::{Pseudonym, RoomData, SessionId, SlotKey};
use crate::id::{BlockId, BookingId, EventTypeId, ResourceId, ScheduleId};
use crate::interval::Interval;
use crate::invalid::{Invalid, REQUIRED};
use crate::organization::OrganizationSpec;
use crate::page::PageRequest;
use crate::refusal::{Fields, Refusal};
use crate::schedule::ScheduleSpec;
use crate::text::{Prose, Slug};
use crate::{DateTime, NaiveDate, Tz, Utc, limits};

use crate::secret::ManagementToken;

/// The idempotency key of a request that creates: the same key and request answers what it answered the first time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(String);

impl RequestId {
    /// The key in this text.
    ///
    /// # Errors
    /// It is empty, longer than 255 bytes, or has anything but visible ASCII characters and spaces.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let shaped = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        if shaped && (1..=limits::IDEMPOTENCY_KEY_BYTES).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid("must be 1 to 255 visible ASCII characters"))
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Make an entity of the catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Create<S> {
    /// What it shall be.
    pub spec: S,
    /// The idempotency key, if there is one.
    pub request_id: Option<RequestId>,
}

/// Replace what an entity of the catalog is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update<I, S> {
    /// Which one.
    pub id: I,
    /// What it shall be.
    pub spec: S,
    /// The version that was read; a stale one is refused.
    pub version: i64,
}

/// Close a resource for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateBlock {
    /// Which resource.
    pub resource_id: ResourceId,
    /// When, and why.
    pub spec: BlockSpec,
    /// The idempotency key, if there is one.
    pub request_id: Option<RequestId>,
}

/// One block, under the resource that it closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockRef {
    /// Which resource.
    pub resource_id: ResourceId,
    /// Which block.
    pub id: BlockId,
}

/// Which blocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BlockFilter {
    /// Those that end after this instant.
    pub from: Option<DateTime<Utc>>,
    /// Those that start before this instant.
    pub to: Option<DateTime<Utc>>,
}

/// List the blocks of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListBlocks {
    /// Of which resource.
    pub resource_id: ResourceId,
    /// Which ones.
    pub filter: BlockFilter,
    /// Which page of the list.
    pub page: PageRequest,
}

/// Open a resource again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeleteBlock {
    /// Which block.
    pub block: BlockRef,
    /// The version that was read; any when absent.
    pub version: Option<i64>,
}

/// Replace what the caller's own organization says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateOrganization {
    /// What it shall be.
    pub spec: OrganizationSpec,
    /// The version that was read; a stale one is refused.
    pub version: i64,
}

/// What is an organization's logo?
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoRequest {
    /// The organization's slug.
    pub organization: Slug,
}

/// What do an organization's public pages show?
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookingPagesRequest {
    /// The organization's slug.
    pub organization: Slug,
    /// Which page of the list.
    pub page: PageRequest,
}

/// What does one public page show?
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookingPageRequest {
    /// The organization's slug.
    pub organization: Slug,
    /// The event type's slug.
    pub slug: Slug,
}

/// Which slots, or days with slots, are offered? As asked: the zone and the duration may be left to the event type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SlotsRequest {
    /// Of which event type.
    pub event_type_id: EventTypeId,
    /// The first date.
    pub from: NaiveDate,
    /// The last date, included; at most 62 dates in all.
    pub to: NaiveDate,
    /// How long, in minutes; the event type's shortest unless said.
    pub duration_minutes: Option<u32>,
    /// The viewer's zone, in which the dates are; the schedule's unless said.
    pub time_zone: Option<Tz>,
    /// Only slots that this resource can serve.
    pub resource_id: Option<ResourceId>,
    /// As if this booking were not there: it shall move.
    pub moving: Option<BookingRef>,
}

impl SlotsRequest {
    /// The question that is meant, where this leaves something to the event type, or to the booking that shall move.
    pub fn search(&self, offer: &Offer, moving: Option<&Booking>) -> SlotSearch {
        let own = moving.and_then(Booking::minutes);
        let minutes = self.duration_minutes.or(own).unwrap_or_else(|| offer.spec.durations.shortest());
        SlotSearch {
            event_type_id: self.event_type_id,
            from: self.from,
            to: self.to,
            duration_minutes: Some(minutes),
            time_zone: self.time_zone.unwrap_or(offer.hours.time_zone),
            resource_id: self.resource_id.or(moving.and_then(|booking| booking.wanted)),
            moving: moving.map(|booking| booking.id),
            allow: moving.map_or(Allow::NOTHING, |booking| booking.allowed_length(minutes.into())),
        }
    }
}

/// What would be offered, and what would it concern, if something were different?
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewRequest {
    /// Which slots are shown: at most 20 dates. The event type's id is nil where it is not stored yet.
    pub slots: SlotsRequest,
    /// What would be different.
    pub change: PreviewChange,
}

/// What would be different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PreviewChange {
    /// The event type whose slots are shown would be like this.
    EventType(EventTypeSpec),
    /// A schedule would be like this.
    Schedule(ScheduleId, ScheduleSpec),
    /// A resource would be closed then.
    Block(ResourceId, Interval),
}

/// Which revision of a list somebody has. Only whoever gave it can tell what it means: at most 100 visible ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision(String);

impl Revision {
    /// The revision in this text.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if (1..=100).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid("must be a revision that was given before"))
        }
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One slot, as asked for: whether it is offered is not known yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SlotRequest {
    /// Of which event type.
    pub event_type_id: EventTypeId,
    /// When it starts, in whole minutes.
    pub start: DateTime<Utc>,
    /// How long, in minutes; the event type's shortest unless said.
    pub duration_minutes: Option<u32>,
    /// Only if this resource can serve it. Who is in a slot's room does not depend on it.
    pub resource_id: Option<ResourceId>,
}

impl SlotRequest {
    /// The slot that a room is about.
    pub fn of(room: SlotKey) -> Self {
        Self {
            event_type_id: room.event_type_id,
            start: room.slot.start(),
            duration_minutes: u32::try_from(room.slot.minutes()).ok(),
            resource_id: None,
        }
    }
}

/// Why can a slot be taken, or not?
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainRequest {
    /// Which slot.
    pub slot: SlotRequest,
    /// As if this booking were not there: it shall move.
    pub moving: Option<BookingRef>,
}

impl From<SlotRequest> for ExplainRequest {
    fn from(slot: SlotRequest) -> Self {
        Self { slot, moving: None }
    }
}

/// Which free slots come next? As asked: the zone and the duration may be left to the event type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextSlotsRequest {
    /// Of which event type.
    pub event_type_id: EventTypeId,
    /// How many at most; 1 to 10.
    pub count: u32,
    /// Those that start after this instant; after now unless said.
    pub after: Option<DateTime<Utc>>,
    /// How long, in minutes; the event type's shortest unless said.
    pub duration_minutes: Option<u32>,
    /// Only slots that this resource can serve.
    pub resource_id: Option<ResourceId>,
    /// The viewer's zone, whose dates are told; the schedule's unless said.
    pub time_zone: Option<Tz>,
}

/// A session says that it is in a slot's room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeartbeatRequest {
    /// Which slot; its resource, if it names one, must be among those taken.
    pub slot: SlotRequest,
    /// Who says so.
    pub session_id: SessionId,
    /// For how long it is there without another heartbeat, in seconds; for the ttl unless said.
    pub lease_seconds: Option<u32>,
    /// The booking that shall move there.
    pub moving: Option<BookingRef>,
    /// The rules that are set aside, by an `admin` key.
    pub allow: Allow,
    /// What it shows to the room; what was there stays when absent.
    pub data: Option<RoomData>,
}

impl HeartbeatRequest {
    /// One with nothing special about it.
    pub const fn new(slot: SlotRequest, session_id: SessionId) -> Self {
        Self { slot, session_id, lease_seconds: None, moving: None, allow: Allow::NOTHING, data: None }
    }
}

/// An operator ends somebody's presence in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseRequest {
    /// Which room.
    pub room: SlotKey,
    /// Whose, by the pseudonym there.
    pub who: Pseudonym,
    /// Why, as they are told; may be empty.
    pub reason: Prose,
}

/// A session's place in a room: to leave it, to follow it, or to ask for more time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceRequest {
    /// Which room.
    pub room: SlotKey,
    /// Whose place.
    pub session_id: SessionId,
}

/// Turn a hold into a booking, or book free units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateBooking {
    /// Which slot; its resource, if it names one, must be among those taken.
    pub slot: SlotRequest,
    /// The session whose hold becomes the booking.
    pub session_id: Option<SessionId>,
    /// The booker's zone, for messages to them; the schedule's unless said.
    pub time_zone: Option<Tz>,
    /// The rules that are set aside, by an `admin` key.
    pub allow: Allow,
    /// Who books.
    pub booker: Booker,
    /// The answers to the event type's questions, not yet held against them.
    pub answers: Answers,
    /// Whether an operator's booking waits to be confirmed; theirs are confirmed unless said.
    pub status: Option<BookingStatus>,
    /// The idempotency key, if there is one.
    pub request_id: Option<RequestId>,
}

impl CreateBooking {
    /// Refuses what the public may not leave out, and what is not for it to say.
    ///
    /// # Errors
    /// Every such field.
    pub fn check_public(&self) -> Result<(), Refusal> {
        let mut fields = Fields::default();
        if self.booker.email.is_none() {
            fields.wrong("booker.email", REQUIRED.0);
        }
        if self.status.is_some() {
            fields.wrong("status", OPERATORS_ONLY);
        }
        fields.finish(Some(()))
    }
}

/// Correct what a booking says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateBooking {
    /// Which booking.
    pub id: BookingId,
    /// What changes; answers are not yet held against the event type's questions.
    pub change: BookingChange,
    /// The version that was read; any when absent.
    pub version: Option<i64>,
    /// The booking's token, instead of an `admin` key.
    pub management_token: Option<ManagementToken>,
}

/// Give a booking another management token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenewManagementToken {
    /// Which booking.
    pub id: BookingId,
    /// The version that was read; any when absent.
    pub version: Option<i64>,
    /// The idempotency key, if there is one.
    pub request_id: Option<RequestId>,
}

/// Show one booking.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BookingRef {
    /// Which booking.
    pub id: BookingId,
    /// The booking's token, instead of an `admin` key.
    pub management_token: Option<ManagementToken>,
}

/// List bookings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListBookings {
    /// Which ones.
    pub filter: BookingFilter,
    /// Which page of the list.
    pub page: PageRequest,
}

/// List what happened to a booking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListHistory {
    /// Which booking.
    pub id: BookingId,
    /// Which page of the list.
    pub page: PageRequest,
}

/// A step in a booking's life; which one, the call says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransitionRequest {
    /// Which booking.
    pub id: BookingId,
    /// Why; may be empty.
    pub reason: Prose,
    /// The version that was read; any when absent.
    pub version: Option<i64>,
    /// The booking's token, instead of an `admin` key; for cancelling only.
    pub management_token: Option<ManagementToken>,
}

/// Move a booking to another time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RescheduleRequest {
    /// Which booking.
    pub id: BookingId,
    /// When it shall start, in whole minutes.
    pub start: DateTime<Utc>,
    /// How long, in minutes; as long as it was unless said.
    pub duration_minutes: Option<u32>,
    /// The session whose hold on the new time becomes the booking's.
    pub session_id: Option<SessionId>,
    /// The resource that must be among those taken from now on; the one that was asked for unless said.
    pub resource_id: Option<ResourceId>,
    /// The rules that are set aside, by an `admin` key.
    pub allow: Allow,
    /// Why; may be empty.
    pub reason: Prose,
    /// The version that was read; any when absent.
    pub version: Option<i64>,
    /// The booking's token, instead of an `admin` key.
    pub management_token: Option<ManagementToken>,
}
