//! Every refusal travels in a status and in a stream, and comes back as it was.

use booking_domain::answer::PlaceChange;
use booking_domain::code::Code;
use booking_domain::finding::{Finding, Reason};
use booking_domain::interval::Interval;
use booking_domain::invalid::FieldError;
use booking_domain::refusal::{Loss, Refusal};
use booking_domain::{DateTime, Utc, limits};
use booking_proto::status::{self, StatusMeaning};
use booking_proto::v1;
use prost::Message;
use tonic::Status;
use tonic_types::StatusExt;

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_804_593_600, 123_456_789).unwrap()
}

fn field(field: &str, message: &str) -> FieldError {
    FieldError { field: field.to_owned(), message: message.to_owned() }
}

fn every_refusal() -> Vec<Refusal> {
    let start = DateTime::from_timestamp(1_804_593_600, 0).unwrap();
    let alternatives = vec![Interval::lasting(start, 30).unwrap(), Interval::lasting(start, 60).unwrap()];
    let reasons: Vec<_> = Reason::ALL
        .into_iter()
        .map(|reason| Finding { reason, detail: format!("because of {}", reason.slug()) })
        .collect();
    let errors =
        vec![field("weekly_hours[2].end", "must be a time"), field("booker.email", "must be an e-mail address")];
    vec![
        Refusal::InvalidArgument { errors },
        Refusal::Unauthenticated,
        Refusal::PermissionDenied,
        Refusal::not_found("event type"),
        Refusal::SlotHeld { held_until: noon(), alternatives: alternatives.clone() },
        Refusal::SlotBooked { reasons: reasons.clone(), alternatives: alternatives.clone() },
        Refusal::HoldLost(Loss::Ended),
        Refusal::conflict("an event type needs this resource"),
        Refusal::IdempotencyMismatch,
        Refusal::SlotUnavailable { reasons, alternatives },
        Refusal::too_many_holds("this session is in 5 rooms", Some(60)),
        Refusal::too_many_holds("this session is in 5 rooms", None),
        Refusal::too_many_bookings("many bookings are open", Some(3_600)),
        Refusal::too_many_bookings("many bookings are open", None),
        Refusal::Denied { detail: "not from here".to_owned() },
        Refusal::RateLimited { retry_after_s: 3 },
        Refusal::Unavailable,
    ]
}

/// As the other side gets it: with headers alone.
fn over_the_wire(status: Status) -> Status {
    let headers = status.into_http::<()>().into_parts().0.headers;
    Status::from_header_map(&headers).unwrap()
}

#[test]
fn there_is_a_refusal_of_every_code_but_a_failure() {
    let codes: Vec<_> = every_refusal().iter().map(Refusal::code).collect();
    assert!(Code::ALL.into_iter().all(|code| code == Code::Internal || codes.contains(&code)));
}

#[test]
fn every_refusal_comes_back_from_its_status() {
    for refusal in every_refusal() {
        let status = over_the_wire(status::refused(&refusal));
        assert_eq!(i32::from(status.code()), refusal.code().grpc_status());
        assert_eq!(status.message(), refusal.to_string());
        assert_eq!(status::read(&status), StatusMeaning::Refused(refusal));
    }
}

#[test]
fn every_refusal_comes_back_from_a_stream() {
    for refusal in every_refusal() {
        let gone = PlaceChange::Gone(refusal);
        let bytes = v1::FollowPlaceResponse::from(&gone).encode_to_vec();
        let message = v1::FollowPlaceResponse::decode(bytes.as_slice()).unwrap();
        assert_eq!(PlaceChange::try_from(message), Ok(gone));
    }
}

#[test]
fn a_status_tells_the_standard_details_too() {
    for refusal in every_refusal() {
        let details = over_the_wire(status::refused(&refusal)).get_error_details();
        let info = details.error_info().unwrap();
        assert_eq!((info.reason.as_str(), info.domain.as_str()), (refusal.code().slug(), "holdfast"));
        assert_eq!(details.bad_request().is_some(), refusal.code() == Code::InvalidArgument);
    }
    let held = Refusal::SlotHeld { held_until: noon(), alternatives: Vec::new() };
    let info = status::refused(&held).get_details_error_info().unwrap();
    assert_eq!(info.metadata.get("held_until").unwrap(), "2027-03-09T12:00:00.123456789Z");
    let waits = status::refused(&Refusal::RateLimited { retry_after_s: 3 }).get_details_retry_info().unwrap();
    assert_eq!(waits.retry_delay.unwrap().as_secs(), 3);
}

#[test]
fn a_status_with_many_wrong_fields_still_fits_into_trailers() {
    let errors =
        (0..5_000).map(|i| field(&format!("weekly_hours[{i}].start"), "must be a time such as 09:30, up to 24:00"));
    let status = status::refused(&Refusal::InvalidArgument { errors: errors.collect() });
    let headers = status.into_http::<()>().into_parts().0.headers;
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    assert!(bytes < 8 * 1024, "{bytes} bytes");
}

#[test]
fn a_status_names_as_many_answers_as_can_be_wrong() {
    let wrong =
        |n: usize| field(&format!("answers.{}{n:02}", "x".repeat(38)), "answers no question of this event type");
    let errors: Vec<_> = (0..limits::QUESTIONS).map(wrong).collect();
    let status = over_the_wire(status::refused(&Refusal::InvalidArgument { errors: errors.clone() }));
    assert_eq!(status::read(&status), StatusMeaning::Refused(Refusal::InvalidArgument { errors }));
}

#[test]
fn a_failure_tells_its_request_and_nothing_else() {
    let status = over_the_wire(status::failed("01890b2e"));
    assert_eq!(status.code(), tonic::Code::Internal);
    assert_eq!(status.message(), Code::Internal.title());
    assert_eq!(status.get_details_error_info().unwrap().reason, "internal");
    assert_eq!(status::read(&status), StatusMeaning::Failed { request_id: Some("01890b2e".to_owned()) });
}

#[test]
fn a_status_without_our_details_is_read_by_its_code() {
    assert_eq!(status::read(&Status::unavailable("connection refused")), StatusMeaning::Unreachable);
    assert_eq!(status::read(&Status::deadline_exceeded("")), StatusMeaning::Unreachable);
    assert_eq!(status::read(&Status::unauthenticated("")), StatusMeaning::Refused(Refusal::Unauthenticated));
    assert_eq!(status::read(&Status::unimplemented("")), StatusMeaning::Failed { request_id: None });
    let garbled = Status::with_details(tonic::Code::NotFound, "", vec![0xff; 9].into());
    assert_eq!(status::read(&garbled), StatusMeaning::Failed { request_id: None });
}
