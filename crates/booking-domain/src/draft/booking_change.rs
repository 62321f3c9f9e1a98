//! What shall be different about a booking, as it is written.

use std::collections::BTreeMap;

use crate::booking::Answer;
use crate::booking::correction::{BookerChange, BookingChange};
use crate::draft::booking::{BookingRefDraft, answer, bound_answers, each_answer, unless_blank};
use crate::draft::reader::{Draft, Reader};
use crate::invalid::Invalid;
use crate::request::{BookingRef, RenewManagementToken, UpdateBooking};
use crate::text::{Email, Phone, Prose};

/// An [`UpdateBooking`], as it is written.
#[derive(Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the request documents each field")]
pub struct BookingChangeDraft {
    pub booking: BookingRefDraft,
    pub booker: BookerChangeDraft,
    pub answers: AnswerChangesDraft,
    pub staff_notes: Option<String>,
    pub version: Option<i64>,
}

/// Answers by the question's key: nothing takes one away, and some may be neither that nor a text nor true or false.
pub type AnswerChangesDraft = BTreeMap<String, Option<Option<Answer>>>;

/// A [`BookerChange`], as it is written: an empty text takes away what may be absent.
#[derive(Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct BookerChangeDraft {
    pub name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub notes: Option<String>,
}

/// A [`RenewManagementToken`], as it is written.
#[derive(Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the request documents each field")]
pub struct RenewalDraft {
    pub uid: String,
    pub version: Option<i64>,
    pub request_id: Option<String>,
}

/// The answers that change, within bounds; each may be taken away.
fn changed_answers(r: &mut Reader<'_>, given: AnswerChangesDraft) -> Option<BTreeMap<String, Option<Answer>>> {
    each_answer(r, given, |given| match given {
        Some(None) => Ok(None),
        given => answer(given.flatten()).map(Some),
    })
}

/// What a text says that is empty where nothing is said.
fn optional<T>(
    r: &mut Reader<'_>,
    (field, text): (&str, String),
    parse: fn(&str) -> Result<T, Invalid>,
) -> Option<Option<T>> {
    r.optional_text(field, unless_blank(Some(text)), parse)
}

impl Draft for BookerChangeDraft {
    type Parsed = BookerChange;

    fn read(self, r: &mut Reader<'_>) -> Option<BookerChange> {
        let name = self.name.map_or(Some(None), |name| r.name("name", &name).map(Some));
        let email = self.email.map_or(Some(None), |email| optional(r, ("email", email), Email::parse).map(Some));
        let phone = self.phone.map_or(Some(None), |phone| optional(r, ("phone", phone), Phone::parse).map(Some));
        let notes = r.optional_text("notes", self.notes, Prose::parse);
        Some(BookerChange { name: name?, email: email?, phone: phone?, notes: notes? })
    }
}

impl Draft for BookingChangeDraft {
    type Parsed = UpdateBooking;

    fn read(self, r: &mut Reader<'_>) -> Option<UpdateBooking> {
        let booking = self.booking.read(r);
        let booker = r.draft("booker", self.booker);
        let bounded = bound_answers(r, self.answers.values().flatten().flatten());
        let answers = bounded.and(changed_answers(r, self.answers));
        let staff_notes = r.optional_text("staff_notes", self.staff_notes, Prose::parse);
        let version = r.optional_version(self.version);
        let BookingRef { id, management_token } = booking?;
        let change = BookingChange { booker: booker?, answers: answers?, staff_notes: staff_notes? };
        Some(UpdateBooking { id, change, version: version?, management_token })
    }
}

impl Draft for RenewalDraft {
    type Parsed = RenewManagementToken;

    fn read(self, r: &mut Reader<'_>) -> Option<RenewManagementToken> {
        let id = r.id("uid", &self.uid);
        let version = r.optional_version(self.version);
        let request_id = r.request_id(self.request_id);
        Some(RenewManagementToken { id: id?, version: version?, request_id: request_id? })
    }
}
