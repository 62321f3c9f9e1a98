//! What is asked about bookings, or every field that is wrong.

use std::collections::BTreeMap;

use booking_client::{CreateBooking, ManagementToken, RequestId, RescheduleRequest, SlotRequest, TransitionRequest};
use booking_domain::booking::{self, Answer, Answers, BookingFilter, BookingStatus};
use booking_domain::hold::SessionId;
use booking_domain::id::BookingId;
use booking_domain::invalid::Invalid;
use booking_domain::limits;
use booking_domain::page::PageRequest;
use booking_domain::refusal::{Fields, Refusal};
use booking_domain::schedule::parse_zone;
use booking_domain::text::{Email, Key, Name, Phone, Prose};
use serde_json::Value;

use super::asked::{BookingTransition, BookingsQuery, NewBooker, NewBooking, Reschedule};
use crate::http::model::event_type::parsing::duration;
use crate::http::model::page::PageQuery;
use crate::http::model::time::{parse_instant, parse_minute};

/// Which booking is meant, by whom, as they last saw it.
pub struct Subject {
    /// Which booking.
    pub id: BookingId,
    /// Its token, instead of an API key.
    pub management_token: Option<ManagementToken>,
    /// The version that `If-Match` names.
    pub version: Option<i64>,
}

fn session(wrong: &mut Fields, text: Option<&str>) -> Option<Option<SessionId>> {
    wrong.take("session_id", text.map(SessionId::parse).transpose())
}

fn reason(wrong: &mut Fields, text: Option<&str>) -> Option<Prose> {
    wrong.take("reason", Prose::parse(text.unwrap_or_default()))
}

fn answer(value: Value) -> Result<Answer, Invalid> {
    match value {
        Value::String(text) if text.chars().count() > limits::TEXT_CHARS => Err(Invalid("is too long")),
        Value::String(text) => Ok(Answer::Text(text)),
        Value::Bool(ticked) => Ok(Answer::Ticked(ticked)),
        _ => Err(Invalid("must be a text, or true or false")),
    }
}

fn answers(wrong: &mut Fields, given: BTreeMap<String, Value>) -> Answers {
    if given.len() > limits::QUESTIONS {
        wrong.wrong("answers", "must have at most 50 entries");
        return Answers::new();
    }
    let read = |(key, value): (String, Value)| {
        // A key that no question can have is not repeated in the path: it may be anything.
        wrong.take("answers", Key::parse(&key).map_err(|_| Invalid("must have the keys of questions")))?;
        let answer = wrong.take(format!("answers.{key}"), answer(value))?;
        Some((key, answer))
    };
    given.into_iter().filter_map(read).collect()
}

fn booker(wrong: &mut Fields, given: &NewBooker) -> Option<booking::Booker> {
    let name = wrong.take("booker.name", Name::parse(&given.name));
    let email = wrong.take("booker.email", Email::parse(&given.email));
    let phone = given.phone.as_deref().filter(|phone| !phone.trim().is_empty());
    let phone = wrong.take("booker.phone", phone.map(Phone::parse).transpose());
    let notes = wrong.take("booker.notes", Prose::parse(given.notes.as_deref().unwrap_or_default()));
    Some(booking::Booker { name: name?, email: email?, phone: phone?, notes: notes? })
}

impl NewBooking {
    /// The booking in these fields.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn parse(self, request_id: Option<RequestId>) -> Result<CreateBooking, Refusal> {
        let mut wrong = Fields::default();
        let event_type_id = wrong.take("event_type_id", self.event_type_id.parse());
        let start = wrong.take("start", parse_minute(&self.start));
        let duration_minutes = duration(&mut wrong, self.duration_minutes);
        let session_id = session(&mut wrong, self.session_id.as_deref());
        let resource_id = wrong.take("resource_id", self.resource_id.as_deref().map(str::parse).transpose());
        let time_zone = wrong.take("time_zone", self.time_zone.as_deref().map(parse_zone).transpose());
        let booker = booker(&mut wrong, &self.booker);
        let answers = answers(&mut wrong, self.answers);
        let build = || {
            let (event_type_id, start, duration_minutes) = (event_type_id?, start?, duration_minutes?);
            Some(CreateBooking {
                slot: SlotRequest { event_type_id, start, duration_minutes, resource_id: resource_id? },
                session_id: session_id?,
                time_zone: time_zone?,
                booker: booker?,
                answers,
                request_id,
            })
        };
        wrong.finish(build())
    }
}

impl BookingTransition {
    /// The step in these fields.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn parse(self, subject: Subject) -> Result<TransitionRequest, Refusal> {
        let mut wrong = Fields::default();
        let reason = reason(&mut wrong, self.reason.as_deref());
        let Subject { id, management_token, version } = subject;
        let version = version.or(self.version);
        wrong.finish(reason.map(|reason| TransitionRequest { id, reason, version, management_token }))
    }
}

impl Reschedule {
    /// The new time in these fields.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn parse(self, subject: Subject) -> Result<RescheduleRequest, Refusal> {
        let mut wrong = Fields::default();
        let start = wrong.take("start", parse_minute(&self.start));
        let duration_minutes = duration(&mut wrong, self.duration_minutes);
        let session_id = session(&mut wrong, self.session_id.as_deref());
        let reason = reason(&mut wrong, self.reason.as_deref());
        let Subject { id, management_token, version } = subject;
        let build = || {
            Some(RescheduleRequest {
                id,
                start: start?,
                duration_minutes: duration_minutes?,
                session_id: session_id?,
                reason: reason?,
                version: version.or(self.version),
                management_token,
            })
        };
        wrong.finish(build())
    }
}

impl BookingsQuery {
    /// The filter and the page asked for.
    ///
    /// # Errors
    /// Every parameter that is wrong.
    pub fn parse(self) -> Result<(BookingFilter, PageRequest), Refusal> {
        let mut wrong = Fields::default();
        let status = wrong.take("status", self.status.as_deref().map(BookingStatus::parse).transpose());
        let resource_id = wrong.take("resource_id", self.resource_id.as_deref().map(str::parse).transpose());
        let event_type_id = wrong.take("event_type_id", self.event_type_id.as_deref().map(str::parse).transpose());
        let from = wrong.take("from", self.from.as_deref().map(parse_instant).transpose());
        let to = wrong.take("to", self.to.as_deref().map(parse_instant).transpose());
        let email = wrong.take("email", self.email.as_deref().map(Email::parse).transpose());
        let text = self.q.as_deref().filter(|text| !text.trim().is_empty());
        let text = wrong.take("q", text.map(Name::parse).transpose());
        let page = PageQuery { page_size: self.page_size, page_token: self.page_token }.read(&mut wrong);
        let build = || {
            let (status, resource_id, event_type_id) = (status?, resource_id?, event_type_id?);
            let (from, to, email, text) = (from?, to?, email?, text?);
            let filter = BookingFilter { status, resource_id, event_type_id, from, to, email, text };
            Some((filter, page?))
        };
        wrong.finish(build())
    }
}
