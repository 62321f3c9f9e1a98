//! Whatever bytes arrive: they are parsed or refused with the fields that are wrong, and nothing panics.

use booking_domain::affected::WithAffected;
use booking_domain::answer::{
    BookingPages, CreatedBooking, Edited, PageAddress, PlaceChange, PlaceUpdate, RoomPresence, SlotChange,
};
use booking_domain::availability::{Day, Explanation, Slot};
use booking_domain::block::{Block, Replacement};
use booking_domain::booking::{Booking, HistoryEntry};
use booking_domain::event_type::EventType;
use booking_domain::hold::live::LiveChange;
use booking_domain::hold::{LivePresence, Place};
use booking_domain::page::Page;
use booking_domain::refusal::Refusal;
use booking_domain::request::{
    Create, CreateBlock, CreateBooking, ExplainRequest, HeartbeatRequest, ListBlocks, ListBookings, RescheduleRequest,
    SlotsRequest,
};
use booking_domain::resource::Resource;
use booking_domain::schedule::Schedule;
use booking_proto::status;
use booking_proto::{SlotChangePart, v1};
use proptest::option;
use proptest::prelude::*;
use prost::Message;
use prost_types::Timestamp;
use tonic::Status;

use crate::strategies;

/// Parsed, or refused with at least one field.
fn withstands<P: Message + Default, T: TryFrom<P, Error = Refusal>>(bytes: &[u8]) {
    let Ok(message) = P::decode(bytes) else { return };
    match T::try_from(message).map(drop) {
        Ok(()) => {}
        Err(Refusal::InvalidArgument { errors }) => assert!(!errors.is_empty(), "refused without a field"),
        Err(other) => panic!("refused as {other:?}"),
    }
}

fn all_withstand(bytes: &[u8]) {
    withstands::<v1::CreateResourceRequest, Create<_>>(bytes);
    withstands::<v1::CreateScheduleRequest, Create<_>>(bytes);
    withstands::<v1::CreateBlockRequest, CreateBlock>(bytes);
    withstands::<v1::ReplaceBlocksRequest, Replacement>(bytes);
    withstands::<v1::ListBlocksRequest, ListBlocks>(bytes);
    withstands::<v1::ChangedBlock, WithAffected<Block>>(bytes);
    withstands::<v1::CreateEventTypeRequest, Create<_>>(bytes);
    withstands::<v1::SlotQuery, SlotsRequest>(bytes);
    withstands::<v1::ExplainSlotRequest, ExplainRequest>(bytes);
    withstands::<v1::KeepAliveRequest, Vec<HeartbeatRequest>>(bytes);
    withstands::<v1::CreateBookingRequest, CreateBooking>(bytes);
    withstands::<v1::RescheduleBookingRequest, RescheduleRequest>(bytes);
    withstands::<v1::ListBookingsRequest, ListBookings>(bytes);
    withstands::<v1::Resource, Resource>(bytes);
    withstands::<v1::Schedule, Schedule>(bytes);
    withstands::<v1::EventType, EventType>(bytes);
    withstands::<v1::ListBookingPagesResponse, BookingPages>(bytes);
    withstands::<v1::ListDaysResponse, Edited<Vec<Day>>>(bytes);
    withstands::<v1::ListSlotsResponse, Edited<Vec<Slot>>>(bytes);
    withstands::<v1::PageAddress, PageAddress>(bytes);
    withstands::<v1::ExplainSlotResponse, Explanation>(bytes);
    withstands::<v1::WatchSlotsResponse, SlotChange>(bytes);
    withstands::<v1::WatchSlotsResponse, SlotChangePart>(bytes);
    withstands::<v1::HeartbeatResponse, Place>(bytes);
    withstands::<v1::KeepAliveResponse, Vec<PlaceUpdate>>(bytes);
    withstands::<v1::FollowPlaceResponse, PlaceChange>(bytes);
    withstands::<v1::ListPresenceResponse, RoomPresence>(bytes);
    withstands::<v1::ListLivePresenceResponse, Vec<LivePresence>>(bytes);
    withstands::<v1::ListLivePresenceResponse, Page<LivePresence>>(bytes);
    withstands::<v1::ListLivePresenceResponse, LiveChange>(bytes);
    withstands::<v1::Booking, Booking>(bytes);
    withstands::<v1::CreateBookingResponse, CreatedBooking>(bytes);
    withstands::<v1::ListBookingHistoryResponse, Page<HistoryEntry>>(bytes);
    status::read(&Status::with_details(tonic::Code::Internal, "", bytes.to_vec().into()));
}

fn timestamp() -> impl Strategy<Value = Option<Timestamp>> {
    let seconds = prop_oneof![
        any::<i64>(),
        Just(i64::MIN),
        Just(i64::MAX),
        Just(8_210_266_876_799),
        Just(253_402_300_740),
        (0i64..4_000_000_000).prop_map(|s| s - s % 60),
    ];
    let nanos = prop_oneof![3 => Just(0), 1 => any::<i32>()];
    option::of((seconds, nanos).prop_map(|(seconds, nanos)| Timestamp { seconds, nanos }))
}

fn number() -> impl Strategy<Value = i64> {
    prop_oneof![any::<i64>(), Just(i64::MIN), Just(i64::MAX), -1i64..100]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        ".{0,30}",
        strategies::uuid().prop_map(|uuid| uuid.to_string()),
        strategies::date().prop_map(|date| date.to_string()),
        strategies::room().prop_map(|room| room.to_string()),
        Just("holding".to_owned()),
        Just("slot_held".to_owned()),
        Just("262142-12-31".to_owned()),
    ]
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_withstood(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        all_withstand(&bytes);
    }

    #[test]
    fn damaged_messages_are_withstood(
        booking in strategies::booking(), event_type in strategies::event_type(), place in strategies::place(),
        at in any::<proptest::sample::Index>(), byte in any::<u8>(),
    ) {
        let booking = v1::Booking::from(&booking).encode_to_vec();
        let event_type = v1::EventType::from(&event_type).encode_to_vec();
        let place = v1::HeartbeatResponse::from(&place).encode_to_vec();
        for mut bytes in [booking, event_type, place] {
            let at = at.index(bytes.len());
            bytes[at] = byte;
            all_withstand(&bytes);
        }
    }

    #[test]
    fn extreme_slots_are_withstood(
        start in timestamp(), end in timestamp(), minutes in option::of(number()), from in text(), to in text(), id in text(),
    ) {
        let explain = v1::ExplainSlotRequest {
            event_type_id: id.clone(), start, duration_minutes: minutes, resource_id: id.clone(), moving: id.clone(),
            management_token: id.clone(),
        };
        withstands::<v1::ExplainSlotRequest, ExplainRequest>(&explain.encode_to_vec());
        let query = v1::SlotQuery {
            event_type_id: id.clone(), from, to, duration_minutes: minutes, time_zone: id.clone(), resource_id: id.clone(),
            unless_edition: id.clone(), snapshot_in_parts: true, moving: id.clone(), management_token: id.clone(),
        };
        let _ = query.revision();
        withstands::<v1::SlotQuery, SlotsRequest>(&query.encode_to_vec());
        let slot = v1::Slot { start, end, state: id.clone(), remaining: 1 };
        withstands::<v1::ListSlotsResponse, Edited<Vec<Slot>>>(
            &v1::ListSlotsResponse { slots: vec![slot], edition: id, same: false }.encode_to_vec(),
        );
    }

    #[test]
    fn extreme_event_types_are_withstood(numbers in proptest::array::uniform10(option::of(number())), word in text()) {
        let [a, b, c, d, e, f, g, h, i, j] = numbers;
        let requirement = v1::Requirement { count: a, resource_ids: vec![word.clone()] };
        let spec = v1::EventTypeSpec {
            slug: word.clone(), title: word.clone(), description: word.clone(), schedule_id: word.clone(),
            durations_minutes: numbers.into_iter().flatten().collect(), slot_interval_minutes: b,
            buffer_before_minutes: c.unwrap_or_default(), buffer_after_minutes: d.unwrap_or_default(),
            min_notice_minutes: e.unwrap_or_default(), horizon_days: f, hold_deadline_minutes: g,
            limits: Some(v1::PeriodLimits { per_day: h, per_week: i, per_month: j }),
            requirements: vec![requirement], location: Some(v1::Location { kind: word.clone(), value: word.clone() }),
            questions: vec![v1::Question { key: word.clone(), options: vec![word], ..v1::Question::default() }],
            ..v1::EventTypeSpec::default()
        };
        let request = v1::CreateEventTypeRequest { spec: Some(spec), request_id: String::new() };
        withstands::<v1::CreateEventTypeRequest, Create<_>>(&request.encode_to_vec());
    }

    #[test]
    fn extreme_problems_are_withstood(
        code in text(), detail in text(), held_until in timestamp(), start in timestamp(), end in timestamp(),
    ) {
        let problem = v1::Problem {
            code, detail, held_until, alternatives: vec![v1::problem::Range { start, end }],
            reasons: vec![v1::Finding::default()], ..v1::Problem::default()
        };
        let gone = v1::FollowPlaceResponse { outcome: Some(v1::follow_place_response::Outcome::Gone(problem)) };
        withstands::<v1::FollowPlaceResponse, PlaceChange>(&gone.encode_to_vec());
    }
}
