//! Bookings: their states, who made them, and what happened to them.

pub mod correction;
pub mod status;
pub mod tally;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::allow::Allow;
use crate::conflict::ConflictReason;
use crate::event_type::{Location, Question, QuestionKind};
use crate::finding::Reason;
use crate::id::{BookingId, EventTypeId, ResourceId};
use crate::interval::Interval;
use crate::invalid::Invalid;
use crate::limits;
use crate::refusal::{Fields, Refusal};
use crate::schedule::Stamp;
use crate::text::{Email, Name, Phone, Prose};

pub use self::status::{BookingStatus, CalendarStatus, Transition};

/// Who books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Booker {
    pub name: Name,
    /// None only where an operator books for somebody who has given none.
    pub email: Option<Email>,
    pub phone: Option<Phone>,
    pub notes: Prose,
}

impl Booker {
    /// The address as it is compared: whatever the letters' case.
    pub fn email_key(&self) -> Option<String> {
        self.email.as_ref().map(|email| email.as_str().to_lowercase())
    }
}

/// The answer to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// For every kind but a checkbox.
    Text(String),
    /// For a checkbox.
    Ticked(bool),
}

/// Answers by the question's key.
pub type Answers = BTreeMap<String, Answer>;

/// The answers as they are kept. Notes in `fields` every answer that its question does not allow, and every one that answers no
/// question.
pub fn checked_answers(questions: &[Question], answers: &Answers, fields: &mut Fields) -> Answers {
    let checked = questions.iter().filter_map(|question| {
        let key = question.key.as_str();
        let answer = fields.take(format!("answers.{key}"), checked_answer(question, answers.get(key)))??;
        Some((key.to_owned(), answer))
    });
    let checked = checked.collect();
    for key in answers.keys().filter(|key| questions.iter().all(|q| q.key.as_str() != key.as_str())) {
        fields.wrong(format!("answers.{key}"), "answers no question of this event type");
    }
    checked
}

pub(crate) fn checked_answer(question: &Question, answer: Option<&Answer>) -> Result<Option<Answer>, Invalid> {
    match (question.kind, answer) {
        (_, None) if question.required => Err(Invalid("is required")),
        (_, None) => Ok(None),
        (QuestionKind::Checkbox, Some(Answer::Ticked(false))) if question.required => Err(Invalid("must be ticked")),
        (QuestionKind::Checkbox, Some(Answer::Ticked(ticked))) => Ok(Some(Answer::Ticked(*ticked))),
        (QuestionKind::Checkbox, Some(_)) => Err(Invalid("must be true or false")),
        (_, Some(Answer::Ticked(_))) => Err(Invalid("must be a text")),
        (kind, Some(Answer::Text(text))) => {
            checked_text(question, kind, text.trim()).map(|text| Some(Answer::Text(text)))
        }
    }
}

fn checked_text(question: &Question, kind: QuestionKind, text: &str) -> Result<String, Invalid> {
    match kind {
        _ if text.is_empty() && question.required => Err(Invalid("is required")),
        _ if text.is_empty() => Ok(String::new()),
        QuestionKind::Select if question.options.iter().any(|option| option.as_str() == text) => Ok(text.to_owned()),
        QuestionKind::Select => Err(Invalid("must be one of the options")),
        QuestionKind::Phone => Phone::parse(text).map(String::from),
        QuestionKind::Text => Name::parse(text).map(String::from),
        QuestionKind::Textarea | QuestionKind::Checkbox => Prose::parse(text).map(String::from),
    }
}

/// What somebody asks for when they book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookingRequest {
    /// Which event type.
    pub event_type_id: EventTypeId,
    /// From when to when.
    pub slot: Interval,
    /// The resource that must be among those taken, if it matters.
    pub resource_id: Option<ResourceId>,
    /// The booker's zone, for messages to them.
    pub time_zone: Tz,
    /// Who books.
    pub booker: Booker,
    /// The answers to the event type's questions.
    pub answers: Answers,
}

/// A stored booking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// Its id; stays the same when it is rescheduled.
    pub id: BookingId,
    /// Which event type.
    pub event_type_id: EventTypeId,
    /// The event type's title when it was booked.
    pub event_type_title: Name,
    /// Where it is in its life.
    pub status: BookingStatus,
    /// From when to when.
    pub slot: Interval,
    /// The booker's zone.
    pub time_zone: Tz,
    /// The resources taken, in id order, with their names now. Kept when the booking has ended.
    pub resources: Vec<BookedResource>,
    /// The resource that was asked for, which a move keeps; nothing where any would do.
    pub wanted: Option<ResourceId>,
    /// Who booked.
    pub booker: Booker,
    /// Their answers.
    pub answers: Answers,
    /// Where it takes place, as the event type says now.
    pub location: Option<Location>,
    /// Why it was cancelled or declined, if a reason was given.
    pub ended_reason: Option<Prose>,
    /// What those who run the organization note about it, for themselves alone.
    #[serde(default)]
    pub staff_notes: Prose,
    /// The revision of what a calendar shows of it (RFC 5545, 3.8.7.4).
    #[serde(default)]
    pub calendar_sequence: i64,
    /// When it was made and changed.
    pub stamp: Stamp,
}

impl Booking {
    /// Only what is still to come can be moved; by bookers in time, so many minutes before its start, and not too often.
    ///
    /// # Errors
    /// It may not: a conflict, with its reason.
    pub fn refuse_move(&self, actor: Actor, until: Option<u32>, now: DateTime<Utc>) -> Result<(), Refusal> {
        self.refuse_ended()?;
        self.refuse_late(actor, until, now)?;
        if actor == Actor::Booker && self.stamp.version > limits::CHANGES_BY_BOOKER {
            return Err(Refusal::conflict("this booking was changed too often to be changed without its host"));
        }
        Ok(())
    }

    /// What has ended is not moved any more.
    pub(crate) fn refuse_ended(&self) -> Result<(), Refusal> {
        if self.status.is_open() {
            return Ok(());
        }
        let reason = ConflictReason::WrongStatus { current_status: self.status };
        Err(Refusal::conflict_of(reason, "only a pending or confirmed booking can be rescheduled"))
    }

    /// What begins so soon, or has begun, is for operators alone to move or call off.
    pub(crate) fn refuse_late(&self, actor: Actor, until: Option<u32>, now: DateTime<Utc>) -> Result<(), Refusal> {
        let last = self.slot.start() - TimeDelta::minutes(until.unwrap_or_default().into());
        if actor == Actor::Booker && last <= now {
            let detail = "it is too late to change this booking without its host";
            return Err(Refusal::conflict_of(ConflictReason::TooLate, detail));
        }
        Ok(())
    }

    /// How long it is, in minutes.
    pub fn minutes(&self) -> Option<u32> {
        u32::try_from(self.slot.minutes()).ok()
    }

    /// The length that it has stays allowed to it when it moves, whatever is on offer by then.
    pub fn allowed_length(&self, minutes: i64) -> Allow {
        if minutes == self.slot.minutes() { Allow::NOTHING.and(Reason::Duration) } else { Allow::NOTHING }
    }

    /// The booking as its booker sees it.
    #[must_use]
    pub fn for_booker(self) -> Self {
        let is_agreed = self.status == BookingStatus::Confirmed;
        let location = self.location.map(|location| if is_agreed { location } else { location.for_public() });
        Self { location, staff_notes: Prose::default(), ..self }
    }

    /// Whether a calendar shows this of it as well as that. The event type's location is not the booking's.
    pub fn is_same_in_calendar(&self, other: &Self) -> bool {
        let shown = |booking: &Self| (booking.slot, booking.status.in_calendar());
        shown(self) == shown(other) && self.resources == other.resources
    }
}

/// A resource of a booking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct BookedResource {
    pub id: ResourceId,
    pub name: Name,
}

/// What happened to a booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum HistoryKind {
    Created,
    Confirmed,
    Declined,
    Cancelled,
    Completed,
    NoShow,
    Rescheduled,
    Corrected,
    LinkRenewed,
}

impl HistoryKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Created,
        Self::Confirmed,
        Self::Declined,
        Self::Cancelled,
        Self::Completed,
        Self::NoShow,
        Self::Rescheduled,
        Self::Corrected,
        Self::LinkRenewed,
    ];

    /// The name in the contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Confirmed => "confirmed",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
            Self::Completed => "completed",
            Self::NoShow => "no_show",
            Self::Rescheduled => "rescheduled",
            Self::Corrected => "corrected",
            Self::LinkRenewed => "link_renewed",
        }
    }
}

/// Who did something to a booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// Whoever booked, or the bearer of the booking's token.
    Booker,
    /// Whoever runs the organization.
    Operator,
    /// Nobody: time has passed.
    System,
}

impl Actor {
    /// Everybody.
    pub const ALL: [Self; 3] = [Self::Booker, Self::Operator, Self::System];

    /// The name in the contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Booker => "booker",
            Self::Operator => "operator",
            Self::System => "system",
        }
    }
}

/// One entry of a booking's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// When it happened.
    pub at: DateTime<Utc>,
    /// What happened.
    pub kind: HistoryKind,
    /// Who did it.
    pub actor: Actor,
    /// From when to when the booking was afterwards.
    pub slot: Interval,
    /// The reason given; may be empty.
    pub reason: Prose,
}

/// Which bookings a list shows. All conditions hold at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BookingFilter {
    /// With this status.
    pub status: Option<BookingStatus>,
    /// That took this resource.
    pub resource_id: Option<ResourceId>,
    /// Of this event type.
    pub event_type_id: Option<EventTypeId>,
    /// That end after this instant.
    pub from: Option<DateTime<Utc>>,
    /// That start before this instant.
    pub to: Option<DateTime<Utc>>,
    /// Of this booker, whatever the letters' case.
    pub email: Option<Email>,
    /// Whose booker's name, e-mail address or title contain each word of this, whatever their order and the letters' case and accents.
    pub text: Option<Name>,
}
