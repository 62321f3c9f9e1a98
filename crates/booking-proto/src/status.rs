//! Refusals and failures as gRPC statuses, and back.
//!
//! A status carries `google.rpc.ErrorInfo` (its `reason` is the code's slug), `google.rpc.BadRequest` for wrong fields,
//! `google.rpc.RetryInfo` where waiting helps, and a [`v1::Problem`] that holds the whole refusal, from which [`read`] restores it
//! exactly.

use std::collections::HashMap;
use std::error::Error;

use booking_domain::code::Code;
use booking_domain::draft::reader::parse;
use booking_domain::invalid::FieldError;
use booking_domain::refusal::Refusal;
use prost::Message;
use prost_types::{Any, Duration};
use tonic::Status;
use tonic_types::{StatusExt, pb};

use crate::convert::problem::{problem, read_refusal};
use crate::v1;

/// The `domain` of every `google.rpc.ErrorInfo`.
pub const DOMAIN: &str = "holdfast";
/// The metadata key of `ErrorInfo` under which a failure names its request.
pub const REQUEST_ID: &str = "request_id";

const PROBLEM: &str = "type.googleapis.com/booking.v1.Problem";
const ERROR_INFO: &str = "type.googleapis.com/google.rpc.ErrorInfo";
const BAD_REQUEST: &str = "type.googleapis.com/google.rpc.BadRequest";
const RETRY_INFO: &str = "type.googleapis.com/google.rpc.RetryInfo";

/// Most bytes of what a status says in detail. It travels in HTTP/2 trailers, in base64, and some peers accept up to 8 KiB of them only:
/// the 50 answers of a booking can be wrong at once.
const DETAIL_BYTES: usize = 5_800;
/// What an entry has beside its own bytes: its tag and length.
const ENTRY_BYTES: usize = 3;

/// What a status that is not `ok` means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatusMeaning {
    /// The answer is no, and the caller can act on it.
    Refused(Refusal),
    /// The machinery broke.
    Failed {
        /// Under which the other side logged it, if it said so.
        request_id: Option<String>,
    },
    /// There was no answer in time. Whether something was done is not known.
    Unreachable,
}

/// The status that tells this refusal.
pub fn refused(refusal: &Refusal) -> Status {
    let mut told = problem(refusal);
    let errors = std::mem::take(&mut told.errors);
    let facts = detail(ERROR_INFO, &error_info(refusal.code(), metadata(refusal)));
    let room = DETAIL_BYTES.saturating_sub(facts.encoded_len() + 2 * told.detail.len() + told.encoded_len());
    told.errors = fitting(errors, room);
    let named = fitting(violations(refusal), DETAIL_BYTES.saturating_sub(facts.encoded_len() + told.encoded_len()));
    let mut details = vec![facts, detail(PROBLEM, &told)];
    if !named.is_empty() {
        details.push(detail(BAD_REQUEST, &pb::BadRequest { field_violations: named }));
    }
    if let Some(seconds) = told.retry_after_seconds {
        let retry_delay = Some(Duration { seconds: seconds.into(), nanos: 0 });
        details.push(detail(RETRY_INFO, &pb::RetryInfo { retry_delay }));
    }
    status(refusal.code(), told.detail, details)
}

/// The status of a failure, which shows no more than under which request it was logged.
pub fn failed(request_id: &str) -> Status {
    let metadata = HashMap::from([(REQUEST_ID.to_owned(), request_id.to_owned())]);
    let details = vec![detail(ERROR_INFO, &error_info(Code::Internal, metadata))];
    status(Code::Internal, Code::Internal.title().to_owned(), details)
}

/// What this status, which is not `ok`, means.
pub fn read(status: &Status) -> StatusMeaning {
    if let Some(refusal) = refusal_in(status) {
        return StatusMeaning::Refused(refusal);
    }
    match status.code() {
        tonic::Code::Unavailable | tonic::Code::DeadlineExceeded | tonic::Code::Cancelled => StatusMeaning::Unreachable,
        // The transport's own errors have a source; what the other side says has none.
        _ if status.source().is_some() => StatusMeaning::Unreachable,
        // Whoever stands between may refuse without knowing our details.
        tonic::Code::Unauthenticated => StatusMeaning::Refused(Refusal::Unauthenticated),
        tonic::Code::PermissionDenied => StatusMeaning::Refused(Refusal::PermissionDenied),
        _ => StatusMeaning::Failed { request_id: request_id_in(status) },
    }
}

fn status(code: Code, message: String, details: Vec<Any>) -> Status {
    let status = pb::Status { code: code.grpc_status(), message, details };
    let bytes = status.encode_to_vec();
    Status::with_details(code.grpc_status().into(), status.message, bytes.into())
}

fn detail(type_url: &str, message: &impl Message) -> Any {
    Any { type_url: type_url.to_owned(), value: message.encode_to_vec() }
}

fn error_info(code: Code, metadata: HashMap<String, String>) -> pb::ErrorInfo {
    pb::ErrorInfo { reason: code.slug().to_owned(), domain: DOMAIN.to_owned(), metadata }
}

/// The facts that a caller without our messages can use. One at most, so that equal refusals are equal bytes.
fn metadata(refusal: &Refusal) -> HashMap<String, String> {
    let fact = match refusal {
        Refusal::SlotHeld { held_until, .. } => {
            Some(("held_until", held_until.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)))
        }
        Refusal::NotFound { what } => Some(("what", what.clone().into_owned())),
        _ => None,
    };
    fact.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The wrong fields, for a caller without our messages: as many as there is room for beside ours.
fn violations(refusal: &Refusal) -> Vec<pb::bad_request::FieldViolation> {
    let Refusal::InvalidArgument { errors } = refusal else { return Vec::new() };
    let violation = |error: &FieldError| pb::bad_request::FieldViolation {
        field: error.field.clone(),
        description: error.message.clone(),
        ..Default::default()
    };
    errors.iter().map(violation).collect()
}

/// The first of these messages, as many as fit so many bytes; one, in any case, if there is one: a refusal without any is none.
fn fitting<M: Message>(mut messages: Vec<M>, bytes: usize) -> Vec<M> {
    let sums = messages.iter().scan(0, |sum, message| {
        *sum += message.encoded_len() + ENTRY_BYTES;
        Some(*sum)
    });
    let count = sums.take_while(|sum| *sum <= bytes).count();
    messages.truncate(count.max(1));
    messages
}

fn refusal_in(status: &Status) -> Option<Refusal> {
    let details = pb::Status::decode(status.details()).ok()?.details;
    let problem = details.into_iter().find(|detail| detail.type_url == PROBLEM)?;
    let problem = v1::Problem::decode(problem.value.as_slice()).ok()?;
    parse(|r| read_refusal(r, problem)).ok()
}

fn request_id_in(status: &Status) -> Option<String> {
    status.get_details_error_info()?.metadata.remove(REQUEST_ID)
}
