//! Bookings: made, stepped, moved and listed.

use reqwest::Method;
use serde_json::{Map, Value, json};

use super::{Call, World, long};
use crate::day::{DAY, at};

pub(super) fn calls(world: &World) -> Vec<Call> {
    vec![create(world), cancel(world), reschedule(world), correct(world), list(), history(world)]
}

fn create(world: &World) -> Call {
    let many: Map<String, Value> = (0..51).map(|n| (format!("q{n}"), json!("x"))).collect();
    Call {
        operation: "create_booking",
        method: Method::POST,
        path: "bookings".to_owned(),
        call: "BookingService/CreateBooking",
        message: "CreateBookingRequest",
        elsewhere: &["request_id"],
        besides: json!({}),
        right: json!({
            "event_type_id": world.event_type, "start": at("12:00"), "answers": {}, "allow": ["limit"],
            "booker": {"name": "Ada", "email": "ada@example.org", "phone": "+49 40 123", "notes": "Hello"},
        }),
        rows: vec![
            ("event_type_id", json!(null)),
            ("event_type_id", json!("session")),
            ("start", json!(null)),
            ("start", json!(format!("{DAY}T12:00:30Z"))),
            ("start", json!("1969-12-31T12:00:00Z")),
            ("duration_minutes", json!(0)),
            ("duration_minutes", json!(10_081)),
            ("session_id", json!("0198c2f0-7c1e-7a54-9a3b-1d2e3f405162")),
            ("resource_id", json!("studio")),
            ("time_zone", json!("Berlin")),
            ("allow[0]", json!("booked")),
            ("booker.name", json!(null)),
            ("booker.name", long()),
            ("booker.email", json!("ada")),
            ("booker.phone", json!("call")),
            ("booker.notes", long()),
            ("status", json!("cancelled")),
            ("answers", json!({"two words": "x"})),
            ("answers", Value::Object(many)),
            ("answers.diet", json!(null)),
            ("answers.diet", long()),
            ("answers.diet", json!("nobody asked")),
        ],
    }
}

fn cancel(world: &World) -> Call {
    Call {
        operation: "cancel_booking",
        method: Method::POST,
        path: format!("bookings/{}/cancel", world.booking),
        call: "BookingService/CancelBooking",
        message: "TransitionBookingRequest",
        elsewhere: &["uid", "management_token"],
        besides: json!({"uid": world.booking}),
        right: json!({"reason": "Ill", "version": 99}),
        rows: vec![("reason", json!("\0")), ("reason", long()), ("version", json!(0))],
    }
}

fn reschedule(world: &World) -> Call {
    Call {
        operation: "reschedule_booking",
        method: Method::POST,
        path: format!("bookings/{}/reschedule", world.booking),
        call: "BookingService/RescheduleBooking",
        message: "RescheduleBookingRequest",
        elsewhere: &["uid", "management_token"],
        besides: json!({"uid": world.booking}),
        right: json!({"start": at("13:00"), "version": 99, "allow": ["horizon"]}),
        rows: vec![
            ("start", json!(null)),
            ("start", json!(format!("{DAY}T12:00:00.001Z"))),
            ("duration_minutes", json!(-1)),
            ("session_id", json!("me")),
            ("resource_id", json!("studio")),
            ("allow[0]", json!("past")),
            ("reason", long()),
            ("version", json!(-1)),
        ],
    }
}

fn correct(world: &World) -> Call {
    let many: Map<String, Value> = (0..51).map(|n| (format!("q{n}"), json!("x"))).collect();
    Call {
        operation: "update_booking",
        method: Method::PATCH,
        path: format!("bookings/{}", world.booking),
        call: "BookingService/UpdateBooking",
        message: "UpdateBookingRequest",
        elsewhere: &["uid", "management_token"],
        besides: json!({"uid": world.booking}),
        right: json!({"booker": {"name": "Ada"}, "answers": {}, "version": 99}),
        rows: vec![
            ("booker.name", json!("")),
            ("booker.name", long()),
            ("booker.email", json!("ada")),
            ("booker.phone", json!("call")),
            ("booker.notes", long()),
            ("answers", json!({"two words": "x"})),
            ("answers", Value::Object(many)),
            ("answers.diet", long()),
            ("answers.diet", json!("nobody asked")),
            ("staff_notes", long()),
            ("version", json!(0)),
        ],
    }
}

fn list() -> Call {
    Call {
        operation: "list_bookings",
        method: Method::GET,
        path: "bookings".to_owned(),
        call: "BookingService/ListBookings",
        message: "ListBookingsRequest",
        elsewhere: &[],
        besides: json!({}),
        right: json!({"status": "pending", "from": at("12:00"), "q": "ada", "page_size": 200}),
        rows: vec![
            ("status", json!("open")),
            ("resource_id", json!("studio")),
            ("event_type_id", json!("session")),
            ("from", json!("1969-12-31T12:00:00Z")),
            ("to", json!("1969-12-31T12:00:00Z")),
            ("email", json!("ada")),
            ("q", json!("a\0b")),
            ("page_size", json!(0)),
            ("page_size", json!(201)),
            ("page_token", json!("last")),
        ],
    }
}

fn history(world: &World) -> Call {
    Call {
        operation: "list_booking_history",
        method: Method::GET,
        path: format!("bookings/{}/history", world.booking),
        call: "BookingService/ListBookingHistory",
        message: "ListBookingHistoryRequest",
        elsewhere: &["uid"],
        besides: json!({"uid": world.booking}),
        right: json!({"page_size": 1}),
        rows: vec![("page_size", json!(201)), ("page_token", json!("last"))],
    }
}
