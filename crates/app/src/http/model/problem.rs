//! `application/problem+json` (RFC 9457): how every error looks, whatever it is.

use booking_domain::code::Code;
use booking_domain::conflict::{self, ConflictReason};
use booking_domain::finding::{self, Finding};
use booking_domain::interval::Interval;
use booking_domain::invalid::FieldError;
use booking_domain::refusal::{Loss, Refusal};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::model::booking::BookingStatus;
use crate::http::model::names::names;
use crate::http::model::time::{Id, Instant};

names! {
    /// The stable codes.
    ProblemCode = Code::ALL.map(Code::slug);

    /// Why a request conflicts with what there is, or a hold was lost.
    ConflictCode = ConflictReason::SLUGS.into_iter().chain(Loss::SLUGS);

    /// What can need another thing.
    UserKind = conflict::UserKind::ALL.map(conflict::UserKind::name);

    /// The rules that can say no.
    ReasonCode = finding::Reason::ALL.map(finding::Reason::slug);
}

/// An error.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// A URN that names the kind of problem: `urn:holdfast:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// What kind of problem it is, for people.
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What is wrong this time, for people.
    pub detail: String,
    /// The stable code.
    #[schema(value_type = ProblemCode)]
    pub code: &'static str,
    /// With `invalid_argument`: every field that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub errors: Option<Vec<FieldProblem>>,
    /// With `slot_held`: when the hold ends at the latest, unless it is extended or booked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<String>, format = DateTime)]
    pub held_until: Option<Instant>,
    /// With `slot_held`, `slot_booked` and `slot_unavailable`: free slots nearby, nearest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub alternatives: Option<Vec<Range>>,
    /// With `slot_unavailable` and `slot_booked`: every rule that says no.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reasons: Option<Vec<Reason>>,
    /// With `conflict`: why, where a program can act on it. With `hold_lost`: why, where somebody ended it. There may be more
    /// reasons than these.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<ConflictCode>)]
    pub reason: Option<&'static str>,
    /// With `stale_version`: the version of the thing now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub current_version: Option<i64>,
    /// With `wrong_status`: the booking's status.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<BookingStatus>)]
    pub current_status: Option<&'static str>,
    /// With `in_use`: some of what needs the thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub by: Option<Vec<UsedBy>>,
    /// Where waiting helps: when to try again, in seconds; the same as `Retry-After`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub retry_after: Option<u32>,
    /// With `internal`: under which the failure was logged.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub request_id: Option<String>,
}

/// Something that needs another thing.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UsedBy {
    /// What kind of thing it is.
    #[schema(value_type = UserKind)]
    pub kind: &'static str,
    /// Which.
    pub id: Id,
}

/// A field that is wrong.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Its path: `booker.email`, `weekly_hours[2].end`.
    pub field: String,
    /// What is wrong, as half a sentence that follows the field's name.
    pub message: String,
}

/// From when to when.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Range {
    /// The first instant inside.
    pub start: Instant,
    /// The first instant after.
    pub end: Instant,
}

/// A rule that says no.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Reason {
    /// Which rule.
    #[schema(value_type = ReasonCode)]
    pub code: &'static str,
    /// Why, in one sentence with the numbers that matter.
    pub detail: String,
}

impl Problem {
    /// A problem of this kind, with the code's status and title.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:holdfast:problem:{}", code.slug()),
            title: code.title().to_owned(),
            status: code.http_status(),
            detail: detail.into(),
            code: code.slug(),
            errors: None,
            held_until: None,
            alternatives: None,
            reasons: None,
            reason: None,
            current_version: None,
            current_status: None,
            by: None,
            retry_after: None,
            request_id: None,
        }
    }

    /// One wrong part of the request, with a status of HTTP's own.
    pub fn of_request(status: u16, part: &str, message: &str) -> Self {
        let refusal = Refusal::field(part, message);
        Self { status, ..Self::from(&refusal) }
    }

    fn because(self, reason: &ConflictReason) -> Self {
        let told = Self { reason: Some(reason.slug()), ..self };
        match reason {
            ConflictReason::StaleVersion { current_version } => {
                Self { current_version: Some(*current_version), ..told }
            }
            ConflictReason::WrongStatus { current_status } => {
                Self { current_status: Some(current_status.name()), ..told }
            }
            ConflictReason::InUse { by } => Self { by: Some(by.iter().map(Into::into).collect()), ..told },
            ConflictReason::SlugTaken
            | ConflictReason::ExternalIdTaken
            | ConflictReason::NotStarted
            | ConflictReason::TooLate => told,
        }
    }
}

impl From<&Interval> for Range {
    fn from(interval: &Interval) -> Self {
        Self { start: Instant(interval.start()), end: Instant(interval.end()) }
    }
}

impl From<&Finding> for Reason {
    fn from(finding: &Finding) -> Self {
        Self { code: finding.reason.slug(), detail: finding.detail.clone() }
    }
}

impl From<&conflict::UsedBy> for UsedBy {
    fn from(used: &conflict::UsedBy) -> Self {
        Self { kind: used.kind.name(), id: Id(used.id) }
    }
}

impl From<&FieldError> for FieldProblem {
    fn from(error: &FieldError) -> Self {
        Self { field: error.field.clone(), message: error.message.clone() }
    }
}

impl From<&Refusal> for Problem {
    fn from(refusal: &Refusal) -> Self {
        let told = Self::new(refusal.code(), refusal.to_string());
        match refusal {
            Refusal::InvalidArgument { errors } => {
                Self { errors: Some(errors.iter().map(Into::into).collect()), ..told }
            }
            Refusal::SlotHeld { held_until, alternatives } => Self {
                held_until: Some(Instant(*held_until)),
                alternatives: Some(alternatives.iter().map(Into::into).collect()),
                ..told
            },
            Refusal::SlotBooked { reasons, alternatives } | Refusal::SlotUnavailable { reasons, alternatives } => {
                Self {
                    reasons: Some(reasons.iter().map(Into::into).collect()),
                    alternatives: Some(alternatives.iter().map(Into::into).collect()),
                    ..told
                }
            }
            Refusal::HoldLost(loss) => Self { reason: loss.slug(), ..told },
            Refusal::Conflict { reason: Some(reason), .. } => told.because(reason),
            Refusal::TooManyHolds { retry_after_s, .. } => Self { retry_after: *retry_after_s, ..told },
            Refusal::TooManyBookings { retry_after_s, .. } => Self { retry_after: *retry_after_s, ..told },
            Refusal::RateLimited { retry_after_s } => Self { retry_after: Some(*retry_after_s), ..told },
            Refusal::Unauthenticated
            | Refusal::PermissionDenied
            | Refusal::Denied { .. }
            | Refusal::NotFound { .. }
            | Refusal::Conflict { reason: None, .. }
            | Refusal::IdempotencyMismatch
            | Refusal::Unavailable => told,
        }
    }
}
