//! `booking.proto`: the entity. What is asked about it is in `booking/`.

mod changes;
mod requests;

use std::collections::BTreeMap;

use booking_domain::booking::{Actor, Answer, BookedResource, Booking, BookingStatus, HistoryEntry, HistoryKind};
use booking_domain::draft::booking::{AnswersDraft, BookerDraft, read_answers};
use booking_domain::draft::event_type::LocationDraft;
use booking_domain::draft::fields::same_fields;
use booking_domain::draft::reader::{Reader, parse};
use booking_domain::invalid::Invalid;
use booking_domain::page::Page;
use booking_domain::refusal::Refusal;
use booking_domain::schedule::parse_zone;
use booking_domain::text::Prose;

use super::availability::text_of_id;
use super::fields::{text, written};
use super::ranges::{range, stamp};
use super::time::timestamp;
use crate::v1;
use booking_domain::answer::CreatedBooking;
use booking_domain::secret::ManagementToken;

same_fields! {
    v1::Booker = BookerDraft { name, email as text, phone as text, notes }
}

/// The answers, not yet looked at.
fn drafted(messages: BTreeMap<String, v1::Answer>) -> AnswersDraft {
    use v1::answer::Value;
    let answer = |message: v1::Answer| {
        message.value.map(|value| match value {
            Value::Text(text) => Answer::Text(text),
            Value::Ticked(ticked) => Answer::Ticked(ticked),
        })
    };
    messages.into_iter().map(|(key, message)| (key, answer(message))).collect()
}

impl From<&Answer> for v1::Answer {
    fn from(answer: &Answer) -> Self {
        use v1::answer::Value;
        let value = match answer {
            Answer::Text(text) => Value::Text(text.clone()),
            Answer::Ticked(ticked) => Value::Ticked(*ticked),
        };
        Self { value: Some(value) }
    }
}

fn booked_resource(r: &mut Reader<'_>, message: v1::BookedResource) -> Option<BookedResource> {
    let id = r.id("id", &message.id);
    let name = r.kept(|r| r.name("name", &message.name));
    Some(BookedResource { id: id?, name: name? })
}

fn booking(r: &mut Reader<'_>, message: v1::Booking) -> Option<Booking> {
    let id = r.id("uid", &message.uid);
    let event_type_id = r.id("event_type_id", &message.event_type_id);
    let event_type_title = r.kept(|r| r.name("event_type_title", &message.event_type_title));
    let status = r.take("status", BookingStatus::parse(&message.status));
    let slot = range(r, message.start, message.end);
    let time_zone = r.take("time_zone", parse_zone(&message.time_zone));
    let resources = r.all("resources", message.resources, booked_resource);
    let wanted = r.optional_id("wanted_resource_id", text(message.wanted_resource_id));
    let booker = r.kept(|r| r.draft("booker", BookerDraft::from(message.booker.unwrap_or_default())));
    let answers = read_answers(r, drafted(message.answers));
    let location = r.optional_draft("location", message.location.map(LocationDraft::from));
    let ended_reason = r.optional_text("ended_reason", text(message.ended_reason), Prose::parse);
    let staff_notes = r.take("staff_notes", Prose::parse(&message.staff_notes));
    let stamp = stamp(r, message.stamp);
    Some(Booking {
        id: id?,
        event_type_id: event_type_id?,
        event_type_title: event_type_title?,
        status: status?,
        slot: slot?,
        time_zone: time_zone?,
        resources: resources?,
        wanted: wanted?,
        booker: booker?,
        answers: answers?,
        location: location?,
        ended_reason: ended_reason?,
        staff_notes: staff_notes?,
        calendar_sequence: message.calendar_sequence,
        stamp: stamp?,
    })
}

impl From<&Booking> for v1::Booking {
    fn from(booking: &Booking) -> Self {
        let resource =
            |each: &BookedResource| v1::BookedResource { id: each.id.to_string(), name: each.name.to_string() };
        Self {
            uid: booking.id.to_string(),
            event_type_id: booking.event_type_id.to_string(),
            event_type_title: booking.event_type_title.to_string(),
            status: booking.status.name().to_owned(),
            start: Some(timestamp(booking.slot.start())),
            end: Some(timestamp(booking.slot.end())),
            time_zone: booking.time_zone.name().to_owned(),
            resources: booking.resources.iter().map(resource).collect(),
            wanted_resource_id: text_of_id(booking.wanted),
            booker: Some(BookerDraft::from(&booking.booker).into()),
            answers: booking.answers.iter().map(|(key, answer)| (key.clone(), answer.into())).collect(),
            location: booking.location.as_ref().map(|location| LocationDraft::from(location).into()),
            ended_reason: booking.ended_reason.as_ref().map(Prose::to_string).unwrap_or_default(),
            stamp: Some((&booking.stamp).into()),
            staff_notes: booking.staff_notes.to_string(),
            calendar_sequence: booking.calendar_sequence,
        }
    }
}

impl TryFrom<v1::Booking> for Booking {
    type Error = Refusal;

    fn try_from(message: v1::Booking) -> Result<Self, Refusal> {
        parse(|r| booking(r, message))
    }
}

impl From<&CreatedBooking> for v1::CreateBookingResponse {
    fn from(created: &CreatedBooking) -> Self {
        Self { booking: Some((&created.booking).into()), management_token: created.management_token.expose() }
    }
}

impl TryFrom<v1::CreateBookingResponse> for CreatedBooking {
    type Error = Refusal;

    fn try_from(message: v1::CreateBookingResponse) -> Result<Self, Refusal> {
        parse(|r| {
            let booking = r.within("booking", |r| booking(r, message.booking.unwrap_or_default()));
            let management_token = r.take("management_token", ManagementToken::parse(&message.management_token));
            Some(Self { booking: booking?, management_token: management_token? })
        })
    }
}

impl From<&Page<Booking>> for v1::ListBookingsResponse {
    fn from(page: &Page<Booking>) -> Self {
        let bookings = page.items.iter().map(Into::into).collect();
        Self { bookings, next_page_token: page.next.clone().unwrap_or_default() }
    }
}

impl TryFrom<v1::ListBookingsResponse> for Page<Booking> {
    type Error = Refusal;

    fn try_from(message: v1::ListBookingsResponse) -> Result<Self, Refusal> {
        parse(|r| {
            let items = r.all("bookings", message.bookings, booking)?;
            Some(Self { items, next: text(message.next_page_token) })
        })
    }
}

fn history_entry(r: &mut Reader<'_>, message: v1::HistoryEntry) -> Option<HistoryEntry> {
    let at = r.instant("at", written(message.at));
    let kind = HistoryKind::ALL.into_iter().find(|kind| kind.name() == message.kind);
    let kind = r.take("kind", kind.ok_or(Invalid("must be a kind of history entry")));
    let actor = Actor::ALL.into_iter().find(|actor| actor.name() == message.actor);
    let actor = r.take("actor", actor.ok_or(Invalid("must be booker, operator or system")));
    let slot = range(r, message.start, message.end);
    let reason = r.take("reason", Prose::parse(&message.reason));
    Some(HistoryEntry { at: at?, kind: kind?, actor: actor?, slot: slot?, reason: reason? })
}

impl From<&HistoryEntry> for v1::HistoryEntry {
    fn from(entry: &HistoryEntry) -> Self {
        Self {
            at: Some(timestamp(entry.at)),
            kind: entry.kind.name().to_owned(),
            actor: entry.actor.name().to_owned(),
            start: Some(timestamp(entry.slot.start())),
            end: Some(timestamp(entry.slot.end())),
            reason: entry.reason.to_string(),
        }
    }
}

impl From<&Page<HistoryEntry>> for v1::ListBookingHistoryResponse {
    fn from(page: &Page<HistoryEntry>) -> Self {
        let entries = page.items.iter().map(Into::into).collect();
        Self { entries, next_page_token: page.next.clone().unwrap_or_default() }
    }
}

impl TryFrom<v1::ListBookingHistoryResponse> for Page<HistoryEntry> {
    type Error = Refusal;

    fn try_from(message: v1::ListBookingHistoryResponse) -> Result<Self, Refusal> {
        parse(|r| {
            let items = r.all("entries", message.entries, history_entry)?;
            Some(Self { items, next: text(message.next_page_token) })
        })
    }
}
