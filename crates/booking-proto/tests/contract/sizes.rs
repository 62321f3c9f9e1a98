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
fn as_many_blocks_as_one_call_may_have_fit_a_message_as_long_as_they_can_be() {
    let spec = v1::BlockSpec {
        start: late(),
        end: late(),
        reason: "\u{1f3b9}".repeat(limits::BLOCK_REASON_CHARS),
        external_id: "\u{1f3b9}".repeat(limits::NAME_CHARS),
    };
    let stamp = Some(v1::Stamp { created_at: late(), updated_at: late(), version: i64::MAX });
    let (id, source) = ("x".repeat(36), "\u{1f3b9}".repeat(limits::NAME_CHARS));
    let block = v1::Block { id: id.clone(), resource_id: id, spec: Some(spec), source, stamp };
    let answer = v1::ReplaceBlocksResponse { blocks: vec![block; limits::BLOCKS_PER_CALL], affected: None };
    assert!(answer.encoded_len() < MESSAGE_BYTES_MAX, "{}", answer.encoded_len());
}

#[test]
fn every_minute_of_the_longest_preview_fits_a_message_three_times() {
    let slots = usize::try_from(limits::PREVIEW_DAYS_MAX * 24 * 60 + 60).unwrap();
    let start = Some(Timestamp { seconds: 253_402_300_740, nanos: 0 });
    let slot = v1::Slot { start, end: start, state: "held".to_owned(), remaining: limits::CAPACITY_MAX };
    let all = vec![slot; slots];
    let bookings = vec!["x".repeat(36); limits::AFFECTED_BOOKINGS];
    let affected = Some(v1::Affected { bookings, ..Default::default() });
    let preview = v1::PreviewAvailabilityResponse { slots: all.clone(), gone: all.clone(), new: all, affected };
    assert!(preview.encoded_len() < MESSAGE_BYTES_MAX, "{}", preview.encoded_len());
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
