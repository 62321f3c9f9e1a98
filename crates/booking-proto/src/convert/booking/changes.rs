//! What shall be different about a booking.

use booking_domain::booking::correction::BookerChange;
use booking_domain::draft::booking_change::{BookerChangeDraft, BookingChangeDraft, RenewalDraft};
use booking_domain::draft::fields::same_fields;
use booking_domain::draft::reader::Draft;
use booking_domain::refusal::Refusal;
use booking_domain::request::{RenewManagementToken, RequestId, UpdateBooking};
use booking_domain::text::{Email, Name, Phone, Prose};

use super::drafted;
use super::requests::booking_ref;
use crate::convert::fields::text;
use crate::convert::fields::text_of_token;
use crate::v1;

same_fields! {
    v1::BookerChange = BookerChangeDraft { name, email, phone, notes }
}

impl From<&BookerChange> for v1::BookerChange {
    fn from(change: &BookerChange) -> Self {
        Self {
            name: change.name.as_ref().map(Name::to_string),
            email: change.email.as_ref().map(|email| email.as_ref().map(Email::to_string).unwrap_or_default()),
            phone: change.phone.as_ref().map(|phone| phone.as_ref().map(Phone::to_string).unwrap_or_default()),
            notes: change.notes.as_ref().map(Prose::to_string),
        }
    }
}

impl From<v1::UpdateBookingRequest> for BookingChangeDraft {
    fn from(message: v1::UpdateBookingRequest) -> Self {
        Self {
            booking: booking_ref(message.uid, message.management_token),
            booker: message.booker.unwrap_or_default().into(),
            answers: drafted(message.answers).into_iter().map(|(key, answer)| (key, Some(answer))).collect(),
            staff_notes: message.staff_notes,
            version: message.version,
        }
    }
}

impl TryFrom<v1::UpdateBookingRequest> for UpdateBooking {
    type Error = Refusal;

    fn try_from(message: v1::UpdateBookingRequest) -> Result<Self, Refusal> {
        BookingChangeDraft::from(message).parse()
    }
}

impl From<&UpdateBooking> for v1::UpdateBookingRequest {
    fn from(request: &UpdateBooking) -> Self {
        let answers = request.change.answers.iter();
        let answers = answers.map(|(key, answer)| (key.clone(), answer.as_ref().map(Into::into).unwrap_or_default()));
        Self {
            uid: request.id.to_string(),
            booker: Some((&request.change.booker).into()),
            answers: answers.collect(),
            staff_notes: request.change.staff_notes.as_ref().map(Prose::to_string),
            version: request.version,
            management_token: text_of_token(request.management_token.as_ref()),
        }
    }
}

impl TryFrom<v1::RenewManagementTokenRequest> for RenewManagementToken {
    type Error = Refusal;

    fn try_from(message: v1::RenewManagementTokenRequest) -> Result<Self, Refusal> {
        let v1::RenewManagementTokenRequest { uid, version, request_id } = message;
        RenewalDraft { uid, version, request_id: text(request_id) }.parse()
    }
}

impl From<&RenewManagementToken> for v1::RenewManagementTokenRequest {
    fn from(request: &RenewManagementToken) -> Self {
        let request_id = request.request_id.as_ref().map(RequestId::to_string).unwrap_or_default();
        Self { uid: request.id.to_string(), version: request.version, request_id }
    }
}
