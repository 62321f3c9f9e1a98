//! What is asked about bookings.

use booking_domain::booking::{BookingFilter, BookingStatus};
use booking_domain::hold::SessionId;
use booking_domain::refusal::Refusal;
use booking_domain::text::{Email, Name, Prose};
use booking_domain::{DateTime, Utc};
use prost_types::Timestamp;

use super::{answers, booker};
use crate::convert::availability::{slot_request, text_of_id};
use crate::convert::reader::{Reader, parse};
use crate::convert::time::{instant, timestamp};
use crate::v1;
use booking_domain::request::{
    BookingRef, CreateBooking, ListBookings, ListHistory, RequestId, RescheduleRequest, TransitionRequest,
};
use booking_domain::secret::ManagementToken;

fn text_of_session(session_id: Option<SessionId>) -> String {
    session_id.map(|session_id| session_id.expose().to_string()).unwrap_or_default()
}

fn text_of_token(token: Option<&ManagementToken>) -> String {
    token.map(|token| token.expose().to_owned()).unwrap_or_default()
}

fn session_id(r: &mut Reader<'_>, text: &str) -> Option<Option<SessionId>> {
    r.unless_empty("session_id", text, SessionId::parse)
}

fn management_token(r: &mut Reader<'_>, text: &str) -> Option<Option<ManagementToken>> {
    r.unless_empty("management_token", text, ManagementToken::parse)
}

fn version(r: &mut Reader<'_>, version: Option<i64>) -> Option<Option<i64>> {
    r.optional("version", version, crate::convert::catalog::version)
}

fn create_booking(r: &mut Reader<'_>, message: v1::CreateBookingRequest) -> Option<CreateBooking> {
    let slot = v1::ExplainSlotRequest {
        event_type_id: message.event_type_id,
        start: message.start,
        duration_minutes: message.duration_minutes,
        resource_id: message.resource_id,
    };
    let slot = slot_request(r, &slot);
    let session_id = session_id(r, &message.session_id);
    let time_zone = r.zone(&message.time_zone);
    let booker = r.within("booker", |r| booker(r, message.booker));
    let answers = answers(r, message.answers.into_iter());
    let request_id = r.request_id(&message.request_id);
    Some(CreateBooking {
        slot: slot?,
        session_id: session_id?,
        time_zone: time_zone?,
        booker: booker?,
        answers: answers?,
        request_id: request_id?,
    })
}

impl TryFrom<v1::CreateBookingRequest> for CreateBooking {
    type Error = Refusal;

    fn try_from(message: v1::CreateBookingRequest) -> Result<Self, Refusal> {
        parse(|r| create_booking(r, message))
    }
}

impl From<&CreateBooking> for v1::CreateBookingRequest {
    fn from(request: &CreateBooking) -> Self {
        let v1::ExplainSlotRequest { event_type_id, start, duration_minutes, resource_id } = (&request.slot).into();
        Self {
            event_type_id,
            start,
            duration_minutes,
            session_id: text_of_session(request.session_id),
            resource_id,
            time_zone: request.time_zone.map(|zone| zone.name().to_owned()).unwrap_or_default(),
            booker: Some((&request.booker).into()),
            answers: request.answers.iter().map(|(key, answer)| (key.clone(), answer.into())).collect(),
            request_id: request.request_id.as_ref().map(RequestId::to_string).unwrap_or_default(),
        }
    }
}

impl TryFrom<v1::GetBookingRequest> for BookingRef {
    type Error = Refusal;

    fn try_from(message: v1::GetBookingRequest) -> Result<Self, Refusal> {
        parse(|r| {
            let id = r.id("uid", &message.uid);
            let management_token = management_token(r, &message.management_token);
            Some(Self { id: id?, management_token: management_token? })
        })
    }
}

impl From<&BookingRef> for v1::GetBookingRequest {
    fn from(request: &BookingRef) -> Self {
        Self { uid: request.id.to_string(), management_token: text_of_token(request.management_token.as_ref()) }
    }
}

fn bound(r: &mut Reader<'_>, field: &str, stamp: Option<Timestamp>) -> Option<Option<DateTime<Utc>>> {
    r.optional(field, stamp, instant)
}

fn list_bookings(r: &mut Reader<'_>, message: v1::ListBookingsRequest) -> Option<ListBookings> {
    let status = r.unless_empty("status", &message.status, BookingStatus::parse);
    let resource_id = r.optional_id("resource_id", &message.resource_id);
    let event_type_id = r.optional_id("event_type_id", &message.event_type_id);
    let from = bound(r, "from", message.from);
    let to = bound(r, "to", message.to);
    let email = r.unless_empty("email", &message.email, Email::parse);
    let text = r.unless_empty("q", &message.q, Name::parse);
    let page = r.page(message.page_size, message.page_token);
    let filter = BookingFilter {
        status: status?,
        resource_id: resource_id?,
        event_type_id: event_type_id?,
        from: from?,
        to: to?,
        email: email?,
        text: text?,
    };
    Some(ListBookings { filter, page: page? })
}

impl TryFrom<v1::ListBookingsRequest> for ListBookings {
    type Error = Refusal;

    fn try_from(message: v1::ListBookingsRequest) -> Result<Self, Refusal> {
        parse(|r| list_bookings(r, message))
    }
}

impl From<&ListBookings> for v1::ListBookingsRequest {
    fn from(ListBookings { filter, page }: &ListBookings) -> Self {
        Self {
            page_size: Some(page.size),
            page_token: page.token.clone().unwrap_or_default(),
            status: filter.status.map(|status| status.name().to_owned()).unwrap_or_default(),
            resource_id: text_of_id(filter.resource_id),
            event_type_id: filter.event_type_id.map(|id| id.to_string()).unwrap_or_default(),
            from: filter.from.map(timestamp),
            to: filter.to.map(timestamp),
            email: filter.email.as_ref().map(Email::to_string).unwrap_or_default(),
            q: filter.text.as_ref().map(Name::to_string).unwrap_or_default(),
        }
    }
}

impl TryFrom<v1::TransitionBookingRequest> for TransitionRequest {
    type Error = Refusal;

    fn try_from(message: v1::TransitionBookingRequest) -> Result<Self, Refusal> {
        parse(|r| {
            let id = r.id("uid", &message.uid);
            let reason = r.take("reason", Prose::parse(&message.reason));
            let version = version(r, message.version);
            let management_token = management_token(r, &message.management_token);
            Some(Self { id: id?, reason: reason?, version: version?, management_token: management_token? })
        })
    }
}

impl From<&TransitionRequest> for v1::TransitionBookingRequest {
    fn from(request: &TransitionRequest) -> Self {
        Self {
            uid: request.id.to_string(),
            reason: request.reason.to_string(),
            version: request.version,
            management_token: text_of_token(request.management_token.as_ref()),
        }
    }
}

fn reschedule(r: &mut Reader<'_>, message: v1::RescheduleBookingRequest) -> Option<RescheduleRequest> {
    let id = r.id("uid", &message.uid);
    let start = r.minute("start", message.start);
    let duration_minutes = r.duration(message.duration_minutes);
    let session_id = session_id(r, &message.session_id);
    let reason = r.take("reason", Prose::parse(&message.reason));
    let version = version(r, message.version);
    let management_token = management_token(r, &message.management_token);
    Some(RescheduleRequest {
        id: id?,
        start: start?,
        duration_minutes: duration_minutes?,
        session_id: session_id?,
        reason: reason?,
        version: version?,
        management_token: management_token?,
    })
}

impl TryFrom<v1::RescheduleBookingRequest> for RescheduleRequest {
    type Error = Refusal;

    fn try_from(message: v1::RescheduleBookingRequest) -> Result<Self, Refusal> {
        parse(|r| reschedule(r, message))
    }
}

impl From<&RescheduleRequest> for v1::RescheduleBookingRequest {
    fn from(request: &RescheduleRequest) -> Self {
        Self {
            uid: request.id.to_string(),
            start: Some(timestamp(request.start)),
            duration_minutes: request.duration_minutes.map(Into::into),
            session_id: text_of_session(request.session_id),
            reason: request.reason.to_string(),
            version: request.version,
            management_token: text_of_token(request.management_token.as_ref()),
        }
    }
}

impl TryFrom<v1::ListBookingHistoryRequest> for ListHistory {
    type Error = Refusal;

    fn try_from(message: v1::ListBookingHistoryRequest) -> Result<Self, Refusal> {
        parse(|r| {
            let id = r.id("uid", &message.uid);
            let page = r.long_page(message.page_size, message.page_token);
            Some(Self { id: id?, page: page? })
        })
    }
}

impl From<&ListHistory> for v1::ListBookingHistoryRequest {
    fn from(ListHistory { id, page }: &ListHistory) -> Self {
        let page_token = page.token.clone().unwrap_or_default();
        Self { uid: id.to_string(), page_size: Some(page.size), page_token }
    }
}
