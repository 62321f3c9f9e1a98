//! What is asked about bookings.

use booking_domain::draft::booking::{
    BookerDraft, BookingDraft, BookingListDraft, BookingRefDraft, HistoryDraft, RescheduleDraft, TransitionDraft,
};
use booking_domain::draft::reader::Draft;
use booking_domain::draft::slot::SlotDraft;
use booking_domain::hold::SessionId;
use booking_domain::refusal::Refusal;
use booking_domain::request::{
    BookingRef, CreateBooking, ListBookings, ListHistory, RequestId, RescheduleRequest, TransitionRequest,
};
use booking_domain::text::{Email, Name};

use super::drafted;
use crate::convert::availability::{Spelled, spell, text_of_id};
use crate::convert::fields::{text, text_of_token, written};
use crate::convert::page;
use crate::convert::time::timestamp;
use crate::v1;

fn text_of_session(session_id: Option<SessionId>) -> String {
    session_id.map(|session_id| session_id.expose().to_string()).unwrap_or_default()
}

pub(super) fn booking_ref(uid: String, management_token: String) -> BookingRefDraft {
    BookingRefDraft { uid, management_token: text(management_token) }
}

impl From<v1::CreateBookingRequest> for BookingDraft {
    fn from(message: v1::CreateBookingRequest) -> Self {
        let slot = SlotDraft {
            event_type_id: message.event_type_id,
            start: written(message.start),
            duration_minutes: message.duration_minutes.map(Into::into),
            resource_id: text(message.resource_id),
        };
        Self {
            slot,
            session_id: text(message.session_id),
            time_zone: text(message.time_zone),
            allow: message.allow,
            booker: message.booker.unwrap_or_default().into(),
            answers: drafted(message.answers),
            status: text(message.status),
            is_public: false,
            request_id: text(message.request_id),
        }
    }
}

impl TryFrom<v1::CreateBookingRequest> for CreateBooking {
    type Error = Refusal;

    fn try_from(message: v1::CreateBookingRequest) -> Result<Self, Refusal> {
        BookingDraft::from(message).parse()
    }
}

impl From<&CreateBooking> for v1::CreateBookingRequest {
    fn from(request: &CreateBooking) -> Self {
        let Spelled { event_type_id, start, duration_minutes, resource_id } = spell(&request.slot);
        Self {
            event_type_id,
            start,
            duration_minutes,
            session_id: text_of_session(request.session_id),
            resource_id,
            time_zone: request.time_zone.map(|zone| zone.name().to_owned()).unwrap_or_default(),
            allow: request.allow.codes(),
            booker: Some(BookerDraft::from(&request.booker).into()),
            answers: request.answers.iter().map(|(key, answer)| (key.clone(), answer.into())).collect(),
            request_id: request.request_id.as_ref().map(RequestId::to_string).unwrap_or_default(),
            status: request.status.map(|status| status.name().to_owned()).unwrap_or_default(),
        }
    }
}

impl TryFrom<v1::GetBookingRequest> for BookingRef {
    type Error = Refusal;

    fn try_from(message: v1::GetBookingRequest) -> Result<Self, Refusal> {
        booking_ref(message.uid, message.management_token).parse()
    }
}

impl From<&BookingRef> for v1::GetBookingRequest {
    fn from(request: &BookingRef) -> Self {
        Self { uid: request.id.to_string(), management_token: text_of_token(request.management_token.as_ref()) }
    }
}

impl From<v1::ListBookingsRequest> for BookingListDraft {
    fn from(message: v1::ListBookingsRequest) -> Self {
        Self {
            status: text(message.status),
            resource_id: text(message.resource_id),
            event_type_id: text(message.event_type_id),
            from: written(message.from),
            to: written(message.to),
            email: text(message.email),
            q: text(message.q),
            page: page::draft(message.page_size, message.page_token),
        }
    }
}

impl TryFrom<v1::ListBookingsRequest> for ListBookings {
    type Error = Refusal;

    fn try_from(message: v1::ListBookingsRequest) -> Result<Self, Refusal> {
        BookingListDraft::from(message).parse()
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
        let v1::TransitionBookingRequest { uid, reason, version, management_token } = message;
        TransitionDraft { booking: booking_ref(uid, management_token), reason, version }.parse()
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

impl From<v1::RescheduleBookingRequest> for RescheduleDraft {
    fn from(message: v1::RescheduleBookingRequest) -> Self {
        Self {
            booking: booking_ref(message.uid, message.management_token),
            start: written(message.start),
            duration_minutes: message.duration_minutes.map(Into::into),
            session_id: text(message.session_id),
            resource_id: text(message.resource_id),
            allow: message.allow,
            reason: message.reason,
            version: message.version,
        }
    }
}

impl TryFrom<v1::RescheduleBookingRequest> for RescheduleRequest {
    type Error = Refusal;

    fn try_from(message: v1::RescheduleBookingRequest) -> Result<Self, Refusal> {
        RescheduleDraft::from(message).parse()
    }
}

impl From<&RescheduleRequest> for v1::RescheduleBookingRequest {
    fn from(request: &RescheduleRequest) -> Self {
        Self {
            uid: request.id.to_string(),
            start: Some(timestamp(request.start)),
            duration_minutes: request.duration_minutes.map(Into::into),
            session_id: text_of_session(request.session_id),
            resource_id: text_of_id(request.resource_id),
            allow: request.allow.codes(),
            reason: request.reason.to_string(),
            version: request.version,
            management_token: text_of_token(request.management_token.as_ref()),
        }
    }
}

impl TryFrom<v1::ListBookingHistoryRequest> for ListHistory {
    type Error = Refusal;

    fn try_from(message: v1::ListBookingHistoryRequest) -> Result<Self, Refusal> {
        let page = page::draft(message.page_size, message.page_token);
        HistoryDraft { uid: message.uid, page }.parse()
    }
}

impl From<&ListHistory> for v1::ListBookingHistoryRequest {
    fn from(ListHistory { id, page }: &ListHistory) -> Self {
        let page_token = page.token.clone().unwrap_or_default();
        Self { uid: id.to_string(), page_size: Some(page.size), page_token }
    }
}
