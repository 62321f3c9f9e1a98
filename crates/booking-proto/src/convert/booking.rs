//! `booking.proto`: the entity. What is asked about it is in `booking/`.

mod requests;

use booking_domain::booking::{
    Actor, Answer, Answers, BookedResource, Booker, Booking, BookingStatus, HistoryEntry, HistoryKind,
};
use booking_domain::invalid::Invalid;
use booking_domain::limits;
use booking_domain::page::Page;
use booking_domain::refusal::Refusal;
use booking_domain::schedule::parse_zone;
use booking_domain::text::{Email, Key, Name, Phone, Prose};

use super::catalog::location;
use super::ranges::{range, stamp};
use super::reader::{Reader, parse, token};
use super::time::timestamp;
use crate::v1;
use booking_domain::answer::CreatedBooking;
use booking_domain::secret::ManagementToken;

pub(super) fn booker(r: &mut Reader<'_>, message: Option<v1::Booker>) -> Option<Booker> {
    let message = message.unwrap_or_default();
    let name = r.take("name", Name::parse(&message.name));
    let email = r.take("email", Email::parse(&message.email));
    let phone = r.unless_empty("phone", &message.phone, Phone::parse);
    let notes = r.take("notes", Prose::parse(&message.notes));
    Some(Booker { name: name?, email: email?, phone: phone?, notes: notes? })
}

fn answer(message: v1::Answer) -> Result<Answer, Invalid> {
    use v1::answer::Value;
    match message.value {
        Some(Value::Text(text)) if text.chars().count() > limits::TEXT_CHARS => Err(Invalid("is too long")),
        Some(Value::Text(text)) => Ok(Answer::Text(text)),
        Some(Value::Ticked(ticked)) => Ok(Answer::Ticked(ticked)),
        None => Err(Invalid("must be a text, or true or false")),
    }
}

/// The answers, within bounds. Whether they answer the event type's questions is for those who know them.
pub(super) fn answers(
    r: &mut Reader<'_>,
    messages: impl ExactSizeIterator<Item = (String, v1::Answer)>,
) -> Option<Answers> {
    if messages.len() > limits::QUESTIONS {
        return r.wrong("answers", "must have at most 50 entries");
    }
    let count = messages.len();
    let good = messages.filter_map(|(key, message)| {
        // A key that no question can have is not repeated in the path: it may be anything.
        r.take("answers", Key::parse(&key).map_err(|_| Invalid("must have the keys of questions")))?;
        let answer = r.take(&format!("answers.{key}"), answer(message))?;
        Some((key, answer))
    });
    let good: Answers = good.collect();
    (good.len() == count).then_some(good)
}

impl From<&Booker> for v1::Booker {
    fn from(booker: &Booker) -> Self {
        Self {
            name: booker.name.to_string(),
            email: booker.email.to_string(),
            phone: booker.phone.as_ref().map(Phone::to_string).unwrap_or_default(),
            notes: booker.notes.to_string(),
        }
    }
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
    let name = r.take("name", Name::parse(&message.name));
    Some(BookedResource { id: id?, name: name? })
}

fn booking(r: &mut Reader<'_>, message: v1::Booking) -> Option<Booking> {
    let id = r.id("uid", &message.uid);
    let event_type_id = r.id("event_type_id", &message.event_type_id);
    let event_type_title = r.take("event_type_title", Name::parse(&message.event_type_title));
    let status = r.take("status", BookingStatus::parse(&message.status));
    let slot = range(r, message.start, message.end);
    let time_zone = r.take("time_zone", parse_zone(&message.time_zone));
    let resources = r.all("resources", message.resources, booked_resource);
    let booker = r.within("booker", |r| booker(r, message.booker));
    let answers = answers(r, message.answers.into_iter());
    let location = location(r, message.location);
    let ended_reason = r.unless_empty("ended_reason", &message.ended_reason, Prose::parse);
    let stamp = stamp(r, message.stamp);
    Some(Booking {
        id: id?,
        event_type_id: event_type_id?,
        event_type_title: event_type_title?,
        status: status?,
        slot: slot?,
        time_zone: time_zone?,
        resources: resources?,
        booker: booker?,
        answers: answers?,
        location: location?,
        ended_reason: ended_reason?,
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
            booker: Some((&booking.booker).into()),
            answers: booking.answers.iter().map(|(key, answer)| (key.clone(), answer.into())).collect(),
            location: booking.location.as_ref().map(Into::into),
            ended_reason: booking.ended_reason.as_ref().map(Prose::to_string).unwrap_or_default(),
            stamp: Some((&booking.stamp).into()),
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
        Self {
            booking: Some((&created.booking).into()),
            management_token: created.management_token.expose().to_owned(),
        }
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
            Some(Self { items, next: token(message.next_page_token) })
        })
    }
}

fn history_entry(r: &mut Reader<'_>, message: v1::HistoryEntry) -> Option<HistoryEntry> {
    let at = r.instant("at", message.at);
    let kind = HistoryKind::ALL.into_iter().find(|kind| kind.name() == message.kind);
    let kind = r.take("kind", kind.ok_or(Invalid("must be a kind of history entry")));
    let actor = [Actor::Booker, Actor::Operator].into_iter().find(|actor| actor.name() == message.actor);
    let actor = r.take("actor", actor.ok_or(Invalid("must be booker or operator")));
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
            Some(Self { items, next: token(message.next_page_token) })
        })
    }
}
