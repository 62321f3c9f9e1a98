//! A booking as a calendar reads it (RFC 5545).

use booking_domain::booking::{Booking, BookingStatus, CalendarStatus};
use chrono::{DateTime, Utc};
use icalendar::{Calendar, Component, Event, EventLike, EventStatus};

/// Who wrote it (RFC 5545, 3.7.3).
const PRODUCT: &str = "-//Holdfast//Booking//EN";

/// What becomes of the entry in a calendar that reads the file (RFC 5546, 1.4).
pub const fn method(status: BookingStatus) -> &'static str {
    match status.in_calendar() {
        CalendarStatus::Cancelled => "CANCEL",
        CalendarStatus::Tentative | CalendarStatus::Confirmed => "PUBLISH",
    }
}

/// The file, made at this time. A later one takes the place of an earlier one: it has the same UID, and a greater SEQUENCE where a
/// calendar shows something else.
pub fn file(booking: &Booking, manage_url: &str, now: DateTime<Utc>) -> String {
    let mut event = Event::new();
    event
        .uid(&booking.id.to_string())
        .sequence(u32::try_from(booking.calendar_sequence).unwrap_or_default())
        .timestamp(now)
        .starts(booking.slot.start())
        .ends(booking.slot.end())
        .created(booking.stamp.created_at)
        .last_modified(booking.stamp.updated_at)
        .status(status(booking.status))
        .summary(&lines(booking.event_type_title.as_str()))
        .description(&lines(manage_url));
    let place = booking.location.as_ref().map(|location| lines(location.value.as_str()));
    // Where to go, or whom to call, is for whom the visit is confirmed.
    if let Some(place) = place.filter(|place| booking.status == BookingStatus::Confirmed && !place.is_empty()) {
        event.location(&place);
    }
    let mut calendar = Calendar::empty();
    calendar.append_property(("VERSION", "2.0")).append_property(("PRODID", PRODUCT));
    calendar.append_property(("METHOD", method(booking.status))).push(event.done());
    calendar.to_string()
}

const fn status(status: BookingStatus) -> EventStatus {
    match status.in_calendar() {
        CalendarStatus::Tentative => EventStatus::Tentative,
        CalendarStatus::Confirmed => EventStatus::Confirmed,
        CalendarStatus::Cancelled => EventStatus::Cancelled,
    }
}

/// Whatever any reader takes for the end of a line is written as one, and what else is no text is left out: a line break in what
/// somebody wrote would begin a property of its own.
fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let plain = text.chars().map(|c| match c {
        '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        c => c,
    });
    plain.filter(|c| matches!(c, '\n' | '\t') || !c.is_control()).collect()
}
