//! What is asked for of bookings, as it is written.

use std::collections::BTreeMap;

use crate::booking::correction::OPERATORS_ONLY;
use crate::booking::{Answer, Answers, Booker, BookingFilter, BookingStatus};
use crate::draft::allow::read_allow;
use crate::draft::page::PageDraft;
use crate::draft::reader::{Draft, Reader};
use crate::draft::slot::SlotDraft;
use crate::draft::written::{WrittenInstant, WrittenNumber};
use crate::hold::SessionId;
use crate::invalid::{Invalid, REQUIRED};
use crate::limits;
use crate::request::{BookingRef, CreateBooking, ListBookings, ListHistory, RescheduleRequest, TransitionRequest};
use crate::secret::ManagementToken;
use crate::text::{Email, Key, Name, Phone, Prose};

/// A [`CreateBooking`], as it is written.
#[derive(Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the request documents each field")]
pub struct BookingDraft {
    pub slot: SlotDraft,
    pub session_id: Option<String>,
    pub time_zone: Option<String>,
    pub allow: Vec<String>,
    pub booker: BookerDraft,
    pub answers: AnswersDraft,
    pub status: Option<String>,
    pub request_id: Option<String>,
    /// Whether it is known to come from the public, of which more is asked: so all that is wrong is told at once.
    pub is_public: bool,
}

/// Answers by the question's key, of which some may be neither a text nor true or false.
pub type AnswersDraft = BTreeMap<String, Option<Answer>>;

/// A [`Booker`], as it is written.
#[derive(Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct BookerDraft {
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub notes: String,
}

/// A [`BookingRef`], as it is written.
#[derive(Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the reference documents each field")]
pub struct BookingRefDraft {
    pub uid: String,
    pub management_token: Option<String>,
}

/// A [`TransitionRequest`], as it is written.
#[derive(Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the request documents each field")]
pub struct TransitionDraft {
    pub booking: BookingRefDraft,
    pub reason: String,
    pub version: Option<i64>,
}

/// A [`RescheduleRequest`], as it is written.
#[derive(Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the request documents each field")]
pub struct RescheduleDraft {
    pub booking: BookingRefDraft,
    pub start: Option<WrittenInstant>,
    pub duration_minutes: Option<WrittenNumber>,
    pub session_id: Option<String>,
    pub resource_id: Option<String>,
    pub allow: Vec<String>,
    pub reason: String,
    pub version: Option<i64>,
}

/// A [`ListBookings`], as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the filter documents each field")]
pub struct BookingListDraft {
    pub status: Option<String>,
    pub resource_id: Option<String>,
    pub event_type_id: Option<String>,
    pub from: Option<WrittenInstant>,
    pub to: Option<WrittenInstant>,
    pub email: Option<String>,
    pub q: Option<String>,
    pub page: PageDraft,
}

/// A [`ListHistory`], as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the request documents each field")]
pub struct HistoryDraft {
    pub uid: String,
    pub page: PageDraft,
}

pub(super) fn answer(given: Option<Answer>) -> Result<Answer, Invalid> {
    match given {
        Some(Answer::Text(text)) if text.chars().count() > limits::TEXT_CHARS => Err(Invalid("is too long")),
        Some(answer) => Ok(answer),
        None => Err(Invalid("must be a text, or true or false")),
    }
}

/// The answers, within bounds. Whether they answer the event type's questions is for those who know them.
pub fn read_answers(r: &mut Reader<'_>, given: AnswersDraft) -> Option<Answers> {
    each_answer(r, given, answer)
}

/// Notes that answers have too many characters in all.
pub(super) fn bound_answers<'a>(r: &mut Reader<'_>, given: impl Iterator<Item = &'a Answer>) -> Option<()> {
    let texts = given.filter_map(|answer| match answer {
        Answer::Text(text) => Some(text.as_str()),
        Answer::Ticked(_) => None,
    });
    r.bounded("answers", texts, limits::ANSWERS_CHARS)
}

/// What `read` makes of each answer.
pub(super) fn each_answer<G, T>(
    r: &mut Reader<'_>,
    given: BTreeMap<String, G>,
    read: impl Fn(G) -> Result<T, Invalid>,
) -> Option<BTreeMap<String, T>> {
    if given.len() > limits::QUESTIONS {
        return r.wrong("answers", format!("must have at most {} entries", limits::QUESTIONS));
    }
    let count = given.len();
    let good = given.into_iter().filter_map(|(key, given)| {
        // A key that no question can have is not repeated in the path: it may be anything.
        r.take("answers", Key::parse(&key).map_err(|_| Invalid("must have the keys of questions")))?;
        let answer = r.take(&format!("answers.{key}"), read(given))?;
        Some((key, answer))
    });
    let good: BTreeMap<String, T> = good.collect();
    (good.len() == count).then_some(good)
}

/// A page sends what stands in its field: where nothing does, nothing is said.
pub(super) fn unless_blank(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

fn session_id(r: &mut Reader<'_>, text: Option<String>) -> Option<Option<SessionId>> {
    r.optional_text("session_id", text, SessionId::parse)
}

impl Draft for BookerDraft {
    type Parsed = Booker;

    fn read(self, r: &mut Reader<'_>) -> Option<Booker> {
        let name = r.name("name", &self.name);
        let email = r.optional_text("email", unless_blank(self.email), Email::parse);
        let phone = r.optional_text("phone", unless_blank(self.phone), Phone::parse);
        let notes = r.take("notes", Prose::parse(&self.notes));
        Some(Booker { name: name?, email: email?, phone: phone?, notes: notes? })
    }
}

/// See [`CreateBooking::check_public`], which is for whoever knows who asks only later.
fn allowed_to_public(r: &mut Reader<'_>, has_email: bool, has_status: bool) -> Option<()> {
    let email = if has_email { Some(()) } else { r.take("booker.email", Err(REQUIRED)) };
    let status = if has_status { r.wrong("status", OPERATORS_ONLY) } else { Some(()) };
    email.and(status)
}

impl Draft for BookingDraft {
    type Parsed = CreateBooking;

    fn read(self, r: &mut Reader<'_>) -> Option<CreateBooking> {
        let slot = self.slot.read(r);
        let session_id = session_id(r, self.session_id);
        let time_zone = r.zone(self.time_zone);
        let allow = read_allow(r, self.allow);
        let has_email = unless_blank(self.booker.email.clone()).is_some();
        let booker = r.draft("booker", self.booker);
        let allowed = if self.is_public { allowed_to_public(r, has_email, self.status.is_some()) } else { Some(()) };
        let bounded = bound_answers(r, self.answers.values().flatten());
        let answers = bounded.and(read_answers(r, self.answers));
        let status = r.optional_text("status", self.status, BookingStatus::parse_initial);
        let request_id = r.request_id(self.request_id);
        allowed?;
        Some(CreateBooking {
            slot: slot?,
            session_id: session_id?,
            time_zone: time_zone?,
            allow: allow?,
            booker: booker?,
            answers: answers?,
            status: status?,
            request_id: request_id?,
        })
    }
}

impl Draft for BookingRefDraft {
    type Parsed = BookingRef;

    fn read(self, r: &mut Reader<'_>) -> Option<BookingRef> {
        let id = r.id("uid", &self.uid);
        let token = r.optional_text("management_token", self.management_token, ManagementToken::shown);
        Some(BookingRef { id: id?, management_token: token?.flatten() })
    }
}

impl From<BookingRef> for BookingRefDraft {
    fn from(booking: BookingRef) -> Self {
        let token = booking.management_token.map(|token| token.expose());
        Self { uid: booking.id.to_string(), management_token: token }
    }
}

impl Draft for TransitionDraft {
    type Parsed = TransitionRequest;

    fn read(self, r: &mut Reader<'_>) -> Option<TransitionRequest> {
        let booking = self.booking.read(r);
        let reason = r.take("reason", Prose::parse(&self.reason));
        let version = r.optional_version(self.version);
        let BookingRef { id, management_token } = booking?;
        Some(TransitionRequest { id, reason: reason?, version: version?, management_token })
    }
}

impl Draft for RescheduleDraft {
    type Parsed = RescheduleRequest;

    fn read(self, r: &mut Reader<'_>) -> Option<RescheduleRequest> {
        let booking = self.booking.read(r);
        let start = r.minute("start", self.start);
        let duration_minutes = r.duration(self.duration_minutes);
        let session_id = session_id(r, self.session_id);
        let resource_id = r.optional_id("resource_id", self.resource_id);
        let allow = read_allow(r, self.allow);
        let reason = r.take("reason", Prose::parse(&self.reason));
        let version = r.optional_version(self.version);
        let BookingRef { id, management_token } = booking?;
        Some(RescheduleRequest {
            id,
            start: start?,
            duration_minutes: duration_minutes?,
            session_id: session_id?,
            resource_id: resource_id?,
            allow: allow?,
            reason: reason?,
            version: version?,
            management_token,
        })
    }
}

impl Draft for BookingListDraft {
    type Parsed = ListBookings;

    fn read(self, r: &mut Reader<'_>) -> Option<ListBookings> {
        let status = r.optional_text("status", self.status, BookingStatus::parse);
        let resource_id = r.optional_id("resource_id", self.resource_id);
        let event_type_id = r.optional_id("event_type_id", self.event_type_id);
        let from = r.optional("from", self.from, |from| from.parse());
        let to = r.optional("to", self.to, |to| to.parse());
        let email = r.optional_text("email", self.email, Email::parse);
        // Who has typed nothing looks for nothing.
        let q = self.q.filter(|q| !q.trim().is_empty());
        let text = r.optional_text("q", q, Name::parse);
        let page = self.page.read(r);
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
}

impl Draft for HistoryDraft {
    type Parsed = ListHistory;

    fn read(self, r: &mut Reader<'_>) -> Option<ListHistory> {
        let id = r.id("uid", &self.uid);
        let page = self.page.as_long_as_may_be().read(r);
        Some(ListHistory { id: id?, page: page? })
    }
}

impl From<&Booker> for BookerDraft {
    fn from(booker: &Booker) -> Self {
        Self {
            name: booker.name.to_string(),
            email: booker.email.as_ref().map(ToString::to_string),
            phone: booker.phone.as_ref().map(ToString::to_string),
            notes: booker.notes.to_string(),
        }
    }
}
