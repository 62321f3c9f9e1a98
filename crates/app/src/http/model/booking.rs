//! Bookings on the wire.

pub mod asked;
pub mod change;

use std::collections::BTreeMap;

use booking_client as client;
use booking_domain::booking;
use booking_domain::id::BookingId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::model::event_type::Location;
use crate::http::model::names::names;
use crate::http::model::time::{Id, Instant};

names! {
    /// Where a booking is in its life.
    BookingStatus = booking::BookingStatus::ALL.map(booking::BookingStatus::name);

    /// Where an operator's new booking is.
    InitialStatus = [booking::BookingStatus::Pending, booking::BookingStatus::Confirmed].map(booking::BookingStatus::name);

    /// What happened to a booking.
    HistoryKind = booking::HistoryKind::ALL.map(booking::HistoryKind::name);

    /// Who did something to a booking.
    Actor = booking::Actor::ALL.map(booking::Actor::name);
}

/// An answer to a question.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Answer {
    /// For every kind of question but a checkbox.
    Text(String),
    /// For a checkbox.
    Ticked(bool),
}

/// A resource of a booking.
#[derive(Debug, Serialize, ToSchema)]
pub struct BookedResource {
    /// Its id.
    pub id: Id,
    /// What it is called now.
    pub name: String,
}

/// Who booked.
#[derive(Debug, Serialize, ToSchema)]
pub struct Booker {
    /// What to call them.
    pub name: String,
    /// Where to write to them; null where an operator booked for somebody without an address.
    #[schema(required)]
    pub email: Option<String>,
    /// Where to call them.
    #[schema(required)]
    pub phone: Option<String>,
    /// What they said.
    pub notes: String,
}

/// A booking.
#[derive(Debug, Serialize, ToSchema)]
pub struct Booking {
    /// Its id; stays the same when it is rescheduled.
    pub uid: Id,
    /// Where it is in its life.
    #[schema(value_type = BookingStatus)]
    pub status: &'static str,
    /// Which event type.
    pub event_type_id: Id,
    /// The event type's title when it was booked.
    pub event_type_title: String,
    /// When it starts.
    pub start: Instant,
    /// When it ends.
    pub end: Instant,
    /// The booker's zone.
    pub time_zone: String,
    /// The resources taken.
    pub resource_ids: Vec<Id>,
    /// The same, with their names.
    pub resources: Vec<BookedResource>,
    /// The resource that was asked for, which a move keeps; null where any would do.
    #[schema(required)]
    pub wanted_resource_id: Option<Id>,
    /// Who booked.
    pub booker: Booker,
    /// Their answers, by the question's key.
    pub answers: BTreeMap<String, Answer>,
    /// Where it takes place.
    #[schema(required)]
    pub location: Option<Location>,
    /// Why it was cancelled or declined, if a reason was given.
    #[schema(required)]
    pub ended_reason: Option<String>,
    /// What those who run the organization note about it; told to operators alone.
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staff_notes: Option<String>,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Grows by one with each change.
    pub version: i64,
}

/// A booking, and what from now on lets its booker look after it.
#[derive(Serialize, ToSchema)]
pub struct CreatedBooking {
    /// The booking.
    #[serde(flatten)]
    pub booking: Booking,
    /// Lets its bearer see, cancel and reschedule the booking. Told once.
    pub management_token: String,
    /// The page for that. The token is in the fragment, which browsers do not send.
    #[schema(format = "uri")]
    pub manage_url: String,
}

/// One page of bookings.
#[derive(Debug, Serialize, ToSchema)]
pub struct Bookings {
    /// The entries.
    pub bookings: Vec<Booking>,
    /// The token of the next page; null when this is the last one.
    #[schema(required)]
    pub next_page_token: Option<String>,
}

/// One entry of a booking's history.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryEntry {
    /// When it happened.
    pub at: Instant,
    /// What happened.
    #[schema(value_type = HistoryKind)]
    pub kind: &'static str,
    /// Who did it.
    #[schema(value_type = Actor)]
    pub actor: &'static str,
    /// When the booking started afterwards.
    pub start: Instant,
    /// When the booking ended afterwards.
    pub end: Instant,
    /// The reason given; may be empty.
    pub reason: String,
}

/// What happened to a booking, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct History {
    /// The entries.
    pub entries: Vec<HistoryEntry>,
    /// The token of the next page; null when this is the last one.
    #[schema(required)]
    pub next_page_token: Option<String>,
}

impl From<&booking::Booking> for Booking {
    fn from(booking: &booking::Booking) -> Self {
        let resource =
            |each: &booking::BookedResource| BookedResource { id: Id(each.id.uuid()), name: each.name.to_string() };
        let answer = |answer: &booking::Answer| match answer {
            booking::Answer::Text(text) => Answer::Text(text.clone()),
            booking::Answer::Ticked(ticked) => Answer::Ticked(*ticked),
        };
        Self {
            uid: Id(booking.id.uuid()),
            status: booking.status.name(),
            event_type_id: Id(booking.event_type_id.uuid()),
            event_type_title: booking.event_type_title.to_string(),
            start: Instant(booking.slot.start()),
            end: Instant(booking.slot.end()),
            time_zone: booking.time_zone.name().to_owned(),
            resource_ids: booking.resources.iter().map(|each| Id(each.id.uuid())).collect(),
            resources: booking.resources.iter().map(resource).collect(),
            wanted_resource_id: booking.wanted.map(|id| Id(id.uuid())),
            booker: (&booking.booker).into(),
            answers: booking.answers.iter().map(|(key, given)| (key.clone(), answer(given))).collect(),
            location: booking.location.as_ref().map(Into::into),
            ended_reason: booking.ended_reason.as_ref().map(ToString::to_string),
            staff_notes: Some(booking.staff_notes.to_string()),
            created_at: Instant(booking.stamp.created_at),
            updated_at: Instant(booking.stamp.updated_at),
            version: booking.stamp.version,
        }
    }
}

impl Booking {
    /// The booking as its booker is shown it.
    #[must_use]
    pub fn for_booker(self) -> Self {
        Self { staff_notes: None, ..self }
    }
}

impl From<&booking::Booker> for Booker {
    fn from(booker: &booking::Booker) -> Self {
        Self {
            name: booker.name.to_string(),
            email: booker.email.as_ref().map(ToString::to_string),
            phone: booker.phone.as_ref().map(ToString::to_string),
            notes: booker.notes.to_string(),
        }
    }
}

impl From<&booking::HistoryEntry> for HistoryEntry {
    fn from(entry: &booking::HistoryEntry) -> Self {
        Self {
            at: Instant(entry.at),
            kind: entry.kind.name(),
            actor: entry.actor.name(),
            start: Instant(entry.slot.start()),
            end: Instant(entry.slot.end()),
            reason: entry.reason.to_string(),
        }
    }
}

impl CreatedBooking {
    /// What the booker is told, with the page below this address.
    pub fn new(created: &client::CreatedBooking, public_url: &str) -> Self {
        let token = &created.management_token;
        Self {
            booking: (&created.booking).into(),
            manage_url: manage_url(public_url, created.booking.id, Some(token)),
            management_token: token.expose(),
        }
    }
}

/// The page on which a booking is looked after, below this address. Without the token, it opens to whoever has it.
pub fn manage_url(public_url: &str, booking: BookingId, token: Option<&client::ManagementToken>) -> String {
    let token = token.map(|token| format!("#token={}", token.expose())).unwrap_or_default();
    format!("{public_url}/bookings/{booking}{token}")
}
