//! A booking as a calendar reads it (RFC 5545).
//!
//! It is written here: what is wanted is one event of a dozen lines, and the library for it folds some of them at 76 octets.

use booking_domain::booking::{Booking, BookingStatus, CalendarStatus};
use chrono::{DateTime, Utc};

/// Who wrote it (RFC 5545, 3.7.3).
const PRODUCT: &str = "-//Holdfast//Booking//EN";
/// Longest line, in octets, without its end (RFC 5545, 3.1).
const LINE_OCTETS: usize = 75;

/// What becomes of the entry in a calendar that reads the file (RFC 5546, 1.4).
pub const fn method(status: BookingStatus) -> &'static str {
    match status.in_calendar() {
        CalendarStatus::Cancelled => "CANCEL",
        CalendarStatus::Tentative | CalendarStatus::Confirmed => "PUBLISH",
    }
}

const fn status(status: BookingStatus) -> &'static str {
    match status.in_calendar() {
        CalendarStatus::Tentative => "TENTATIVE",
        CalendarStatus::Confirmed => "CONFIRMED",
        CalendarStatus::Cancelled => "CANCELLED",
    }
}

/// The file, made at this time. A later one takes the place of an earlier one: it has the same UID, and a greater SEQUENCE where a
/// calendar shows something else.
pub fn file(booking: &Booking, manage_url: &str, now: DateTime<Utc>) -> String {
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        format!("PRODID:{PRODUCT}"),
        format!("METHOD:{}", method(booking.status)),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}", booking.id),
        format!("SEQUENCE:{}", booking.calendar_sequence),
        format!("DTSTAMP:{}", instant(now)),
        format!("CREATED:{}", instant(booking.stamp.created_at)),
        format!("LAST-MODIFIED:{}", instant(booking.stamp.updated_at)),
        format!("DTSTART:{}", instant(booking.slot.start())),
        format!("DTEND:{}", instant(booking.slot.end())),
        format!("STATUS:{}", status(booking.status)),
        format!("SUMMARY:{}", text(booking.event_type_title.as_str())),
        format!("DESCRIPTION:{}", text(manage_url)),
    ];
    lines.extend(place(booking).map(|place| format!("LOCATION:{}", text(place))));
    lines.extend(["END:VEVENT".to_owned(), "END:VCALENDAR".to_owned()]);
    lines.iter().map(|line| folded(line)).collect()
}

/// Where to go, or whom to call: that is for whom the visit is confirmed.
fn place(booking: &Booking) -> Option<&str> {
    let place = booking.location.as_ref().map(|location| location.value.as_str());
    place.filter(|place| booking.status == BookingStatus::Confirmed && !place.is_empty())
}

/// An instant in UTC (RFC 5545, 3.3.5).
fn instant(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// A text (RFC 5545, 3.3.11). Whatever any reader takes for the end of a line is written as one, and what else is no text is left out:
/// a line break in what somebody wrote would begin a property of its own.
fn text(plain: &str) -> String {
    let mut escaped = String::with_capacity(plain.len());
    for c in plain.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => escaped.push_str("\\n"),
            c if c.is_control() && c != '\t' => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// A line with its end; what does not fit goes on behind a space (RFC 5545, 3.1). No character is broken.
fn folded(line: &str) -> String {
    let (mut folded, mut octets) = (String::with_capacity(line.len() + 2), 0);
    for c in line.chars() {
        if octets + c.len_utf8() > LINE_OCTETS {
            folded.push_str("\r\n ");
            octets = 1;
        }
        folded.push(c);
        octets += c.len_utf8();
    }
    folded + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_longer_than_75_octets_and_nothing_is_lost() {
        for letter in ["x", " ", "ß", "大", "😀", "a ß😀"] {
            for count in 0..160 {
                let line = letter.repeat(count);
                let written = folded(&line);
                assert!(written.split("\r\n").all(|part| part.len() <= LINE_OCTETS), "{letter} {count}");
                assert_eq!(written.strip_suffix("\r\n").unwrap().replace("\r\n ", ""), line);
            }
        }
    }

    #[test]
    fn what_somebody_wrote_is_one_line() {
        for end in ["\n", "\r\n", "\r", "\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\u{2029}"] {
            assert_eq!(text(&format!("Pier 4;{end}Hall, \\ 2\0")), r"Pier 4\;\nHall\, \\ 2", "{end:?}");
        }
    }
}
