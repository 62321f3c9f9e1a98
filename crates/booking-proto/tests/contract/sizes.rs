//! The lists that have no pages fit one message, whatever they hold.

use booking_domain::limits;
use booking_proto::{MESSAGE_BYTES_MAX, v1};
use prost::Message;
use prost_types::Timestamp;

/// The longest instant there is: all its nanoseconds are said.
fn late() -> Option<Timestamp> {
    Some(Timestamp { seconds: 253_402_300_799, nanos: 999_999_999 })
}

#[test]
fn every_minute_of_the_longest_range_fits_a_message() {
    // A zone may go back an hour within it.
    let slots = usize::try_from(limits::RANGE_DAYS_MAX * 24 * 60 + 60).unwrap();
    let start = Some(Timestamp { seconds: 253_402_300_740, nanos: 0 });
    let slot = v1::Slot { start, end: start, state: "booked".to_owned(), remaining: limits::CAPACITY_MAX };
    let listed = v1::ListSlotsResponse { slots: vec![slot; slots], ..Default::default() };
    assert!(listed.encoded_len() < MESSAGE_BYTES_MAX, "{}", listed.encoded_len());
}

#[test]
fn a_full_room_of_whom_each_shows_as_much_as_one_may_fits_a_message() {
    let somebody = v1::Present {
        who: "x".repeat(64),
        state: "holding".to_owned(),
        joined_at: late(),
        data: "x".repeat(limits::DATA_BYTES),
    };
    let room = v1::ListPresenceResponse { room: "x".repeat(64), present: vec![somebody; limits::SESSIONS_PER_ROOM] };
    assert!(room.encoded_len() < MESSAGE_BYTES_MAX, "{}", room.encoded_len());
}
