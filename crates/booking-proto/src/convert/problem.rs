//! `Problem`, the refusal as a message: what a status carries as a detail, and what streams tell.

use booking_domain::booking::BookingStatus;
use booking_domain::code::Code;
use booking_domain::conflict::{ConflictReason, UsedBy, UserKind};
use booking_domain::draft::reader::Reader;
use booking_domain::finding::Finding;
use booking_domain::interval::Interval;
use booking_domain::invalid::{FieldError, Invalid};
use booking_domain::refusal::{Loss, Refusal};

use super::availability::finding;
use super::fields::written;
use super::ranges::range;
use super::time::timestamp;
use crate::v1;

/// What `Refusal::NotFound` says after the thing's name.
const NOT_FOUND: &str = " not found";

fn range_message(interval: &Interval) -> v1::problem::Range {
    v1::problem::Range { start: Some(timestamp(interval.start())), end: Some(timestamp(interval.end())) }
}

/// The refusal as a message. The client's side gets back exactly this refusal.
pub(crate) fn problem(refusal: &Refusal) -> v1::Problem {
    let told =
        v1::Problem { code: refusal.code().slug().to_owned(), detail: refusal.to_string(), ..v1::Problem::default() };
    match refusal {
        Refusal::InvalidArgument { errors } => v1::Problem { errors: errors.iter().map(Into::into).collect(), ..told },
        Refusal::SlotHeld { held_until, alternatives } => v1::Problem {
            held_until: Some(timestamp(*held_until)),
            alternatives: alternatives.iter().map(range_message).collect(),
            ..told
        },
        Refusal::SlotBooked { reasons, alternatives } | Refusal::SlotUnavailable { reasons, alternatives } => {
            v1::Problem {
                reasons: reasons.iter().map(Into::into).collect(),
                alternatives: alternatives.iter().map(range_message).collect(),
                ..told
            }
        }
        Refusal::HoldLost(loss) => v1::Problem { loss: loss.slug().unwrap_or_default().to_owned(), ..told },
        Refusal::Conflict { reason: Some(reason), .. } => v1::Problem { conflict: Some(reason.into()), ..told },
        Refusal::TooManyHolds { retry_after_s, .. } => v1::Problem { retry_after_seconds: *retry_after_s, ..told },
        Refusal::TooManyBookings { retry_after_s, .. } => v1::Problem { retry_after_seconds: *retry_after_s, ..told },
        Refusal::RateLimited { retry_after_s } => v1::Problem { retry_after_seconds: Some(*retry_after_s), ..told },
        Refusal::Unauthenticated
        | Refusal::PermissionDenied
        | Refusal::Denied { .. }
        | Refusal::NotFound { .. }
        | Refusal::Conflict { reason: None, .. }
        | Refusal::IdempotencyMismatch
        | Refusal::Unavailable => told,
    }
}

/// The refusal in a message.
pub(crate) fn read_refusal(r: &mut Reader<'_>, message: v1::Problem) -> Option<Refusal> {
    let code = Code::from_slug(&message.code).ok_or(Invalid("must be a code of the contract"));
    match r.take("code", code)? {
        Code::InvalidArgument if message.errors.is_empty() => r.wrong("errors", "must not be empty"),
        Code::InvalidArgument => {
            Some(Refusal::InvalidArgument { errors: message.errors.into_iter().map(Into::into).collect() })
        }
        Code::SlotHeld => slot_held(r, message),
        Code::SlotBooked => {
            not_free(r, message).map(|(reasons, alternatives)| Refusal::SlotBooked { reasons, alternatives })
        }
        Code::SlotUnavailable => {
            not_free(r, message).map(|(reasons, alternatives)| Refusal::SlotUnavailable { reasons, alternatives })
        }
        Code::NotFound => {
            let what = message.detail.strip_suffix(NOT_FOUND).unwrap_or(&message.detail);
            Some(Refusal::NotFound { what: what.to_owned().into() })
        }
        Code::Conflict => {
            let reason =
                message.conflict.map_or(Some(None), |conflict| r.within("conflict", |r| reason(r, conflict)))?;
            Some(Refusal::Conflict { reason, detail: message.detail.into() })
        }
        Code::TooManyHolds => {
            Some(Refusal::TooManyHolds { detail: message.detail.into(), retry_after_s: message.retry_after_seconds })
        }
        Code::TooManyBookings => {
            Some(Refusal::TooManyBookings { detail: message.detail.into(), retry_after_s: message.retry_after_seconds })
        }
        Code::RateLimited => {
            Some(Refusal::RateLimited { retry_after_s: message.retry_after_seconds.unwrap_or_default() })
        }
        Code::Unauthenticated => Some(Refusal::Unauthenticated),
        Code::PermissionDenied if message.detail == Refusal::PermissionDenied.to_string() => {
            Some(Refusal::PermissionDenied)
        }
        Code::PermissionDenied => Some(Refusal::Denied { detail: message.detail }),
        Code::HoldLost => Some(Refusal::HoldLost(Loss::told(&message.loss, &message.detail))),
        Code::IdempotencyMismatch => Some(Refusal::IdempotencyMismatch),
        Code::Unavailable => Some(Refusal::Unavailable),
        Code::Internal => r.wrong("code", "must be that of a refusal"),
    }
}

/// Nothing where the other side knows of reasons that this one does not.
fn reason(r: &mut Reader<'_>, message: v1::problem::Conflict) -> Option<Option<ConflictReason>> {
    let absent = Invalid("is required");
    Some(Some(match message.reason.as_str() {
        "stale_version" => {
            let current_version = r.take("current_version", message.current_version.ok_or(absent))?;
            ConflictReason::StaleVersion { current_version }
        }
        "wrong_status" => {
            let status = message.current_status.ok_or(absent).and_then(|status| BookingStatus::parse(&status));
            ConflictReason::WrongStatus { current_status: r.take("current_status", status)? }
        }
        "in_use" => ConflictReason::InUse { by: r.all("by", message.by, used_by)? },
        "slug_taken" => ConflictReason::SlugTaken,
        "external_id_taken" => ConflictReason::ExternalIdTaken,
        "not_started" => ConflictReason::NotStarted,
        "too_late" => ConflictReason::TooLate,
        _ => return Some(None),
    }))
}

fn used_by(r: &mut Reader<'_>, message: v1::problem::UsedBy) -> Option<UsedBy> {
    let kind = UserKind::from_name(&message.kind).ok_or(Invalid("must be a kind of thing"));
    let id = message.id.parse().map_err(|_| Invalid("must be a UUID"));
    let (kind, id) = (r.take("kind", kind), r.take("id", id));
    Some(UsedBy { kind: kind?, id: id? })
}

impl From<&ConflictReason> for v1::problem::Conflict {
    fn from(reason: &ConflictReason) -> Self {
        let told = Self { reason: reason.slug().to_owned(), ..Self::default() };
        match reason {
            ConflictReason::StaleVersion { current_version } => {
                Self { current_version: Some(*current_version), ..told }
            }
            ConflictReason::WrongStatus { current_status } => {
                Self { current_status: Some(current_status.name().to_owned()), ..told }
            }
            ConflictReason::InUse { by } => Self { by: by.iter().map(Into::into).collect(), ..told },
            ConflictReason::SlugTaken
            | ConflictReason::ExternalIdTaken
            | ConflictReason::NotStarted
            | ConflictReason::TooLate => told,
        }
    }
}

impl From<&UsedBy> for v1::problem::UsedBy {
    fn from(used: &UsedBy) -> Self {
        Self { kind: used.kind.name().to_owned(), id: used.id.to_string() }
    }
}

fn slot_held(r: &mut Reader<'_>, message: v1::Problem) -> Option<Refusal> {
    let held_until = r.instant("held_until", written(message.held_until));
    let alternatives = alternatives(r, message.alternatives);
    Some(Refusal::SlotHeld { held_until: held_until?, alternatives: alternatives? })
}

/// Why a time cannot be taken, and which can.
fn not_free(r: &mut Reader<'_>, message: v1::Problem) -> Option<(Vec<Finding>, Vec<Interval>)> {
    let reasons = r.all("reasons", message.reasons, finding);
    let alternatives = alternatives(r, message.alternatives);
    Some((reasons?, alternatives?))
}

fn alternatives(r: &mut Reader<'_>, ranges: Vec<v1::problem::Range>) -> Option<Vec<Interval>> {
    r.all("alternatives", ranges, |r, each| range(r, each.start, each.end))
}

impl From<&FieldError> for v1::problem::FieldViolation {
    fn from(error: &FieldError) -> Self {
        Self { field: error.field.clone(), message: error.message.clone() }
    }
}

impl From<v1::problem::FieldViolation> for FieldError {
    fn from(violation: v1::problem::FieldViolation) -> Self {
        Self { field: violation.field, message: violation.message }
    }
}
