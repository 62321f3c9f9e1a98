//! What goes through a message, encoded and decoded, comes back as it was.

use booking_domain::affected::WithAffected;
use booking_domain::allow::Allow;
use booking_domain::answer::{
    BookingPage, BookingPages, CreatedBooking, Edited, NextSlots, NumberedLogo, Organization, PageAddress,
    PageResource, PlaceChange, PlaceUpdate, RoomPresence, SlotChange,
};
use booking_domain::availability::{Day, Slot, SlotState};
use booking_domain::block::{Block, Replacement};
use booking_domain::booking::{BookingFilter, BookingStatus};
use booking_domain::hold::live::{LiveChange, LiveDifference};
use booking_domain::id::{BookingId, EventTypeId, OrganizationId};
use booking_domain::organization;
use booking_domain::page::{Page, PageRequest};
use booking_domain::refusal::{Loss, Refusal};
use booking_domain::request::{
    BlockFilter, BlockRef, BookingRef, Create, CreateBlock, CreateBooking, DeleteBlock, ExplainRequest,
    HeartbeatRequest, ListBlocks, ListBookings, LogoRequest, NextSlotsRequest, PlaceRequest, RenewManagementToken,
    RequestId, RescheduleRequest, Revision, SlotRequest, SlotsRequest, TransitionRequest, Update, UpdateBooking,
    UpdateOrganization,
};
use booking_domain::resource::{Resource, ResourceSpec};
use booking_domain::secret::ManagementToken;
use booking_domain::text::Name;
use booking_proto::{SlotChangePart, v1};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use prost::Message;

use crate::strategies::*;

/// Through the message's bytes and back.
fn through<P, T>(message: P) -> T
where
    P: Message + Default,
    T: TryFrom<P, Error = Refusal>,
{
    T::try_from(P::decode(message.encode_to_vec().as_slice()).unwrap()).unwrap()
}

fn request_id() -> impl Strategy<Value = Option<RequestId>> {
    option::of("[ -~]{1,40}".prop_map(|text| RequestId::parse(&text).unwrap()))
}

fn token() -> impl Strategy<Value = ManagementToken> {
    any::<[u8; 32]>().prop_map(ManagementToken::new)
}

fn slot() -> impl Strategy<Value = Slot> {
    let states = [SlotState::Free, SlotState::Held, SlotState::Booked, SlotState::Absent];
    (interval(), select(states.to_vec()), any::<u32>()).prop_map(|(interval, state, remaining)| Slot {
        interval,
        state,
        remaining,
    })
}

fn slot_request() -> impl Strategy<Value = SlotRequest> {
    (event_type_id(), minute(), option::of(1u32..=10_080), option::of(resource_id())).prop_map(
        |(event_type_id, start, duration_minutes, resource_id)| SlotRequest {
            event_type_id,
            start,
            duration_minutes,
            resource_id,
        },
    )
}

fn moving() -> impl Strategy<Value = Option<BookingRef>> {
    let booking = (uuid().prop_map(BookingId::new), option::of(token()));
    option::of(booking.prop_map(|(id, management_token)| BookingRef { id, management_token }))
}

fn allow() -> impl Strategy<Value = Allow> {
    let rules = proptest::sample::subsequence(Allow::RULES.to_vec(), 0..=Allow::RULES.len());
    rules.prop_map(|rules| rules.into_iter().fold(Allow::NOTHING, Allow::and))
}

fn heartbeat() -> impl Strategy<Value = HeartbeatRequest> {
    let how = (option::of(1u32..=86_400), moving(), allow(), option::of(room_data()));
    (slot_request(), session_id(), how).prop_map(|(slot, session_id, (lease_seconds, moving, allow, data))| {
        HeartbeatRequest { slot, session_id, lease_seconds, moving, allow, data }
    })
}

proptest! {
    #[test]
    fn resources_come_back(resource in resource(), request_id in request_id(), size in 1u32..=200) {
        let create = Create { spec: resource.spec.clone(), request_id };
        prop_assert_eq!(through::<_, Create<_>>(v1::CreateResourceRequest::from(&create)), create);
        let update = Update { id: resource.id, spec: resource.spec.clone(), version: resource.stamp.version };
        prop_assert_eq!(through::<_, Update<_, _>>(v1::UpdateResourceRequest::from(&update)), update);
        let list = PageRequest { size, token: Some("next".to_owned()) };
        prop_assert_eq!(through::<_, PageRequest>(v1::ListResourcesRequest::from(&list)), list);
        let page = Page { items: vec![resource], next: None };
        prop_assert_eq!(through::<_, Page<_>>(v1::ListResourcesResponse::from(&page)), page);
    }

    #[test]
    fn blocks_come_back(block in block(), affected in affected(), request_id in request_id(), version in option::of(1i64..)) {
        let Block { id, resource_id, spec, .. } = block.clone();
        let at_it = BlockRef { resource_id, id };
        let create = CreateBlock { resource_id, spec: spec.clone(), request_id };
        prop_assert_eq!(through::<_, CreateBlock>(v1::CreateBlockRequest::from(&create)), create);
        prop_assert_eq!(through::<_, BlockRef>(v1::GetBlockRequest::from(at_it)), at_it);
        let update = Update { id: at_it, spec: spec.clone(), version: block.stamp.version };
        prop_assert_eq!(through::<_, Update<_, _>>(v1::UpdateBlockRequest::from(&update)), update);
        let delete = DeleteBlock { block: at_it, version };
        prop_assert_eq!(through::<_, DeleteBlock>(v1::DeleteBlockRequest::from(&delete)), delete);
        let filter = BlockFilter { from: version.map(|_| spec.time.start()), to: version.map(|_| spec.time.end()) };
        let list = ListBlocks { resource_id, filter, page: PageRequest { size: 7, token: None } };
        prop_assert_eq!(through::<_, ListBlocks>(v1::ListBlocksRequest::from(&list)), list);
        let source = Name::parse("calendar").unwrap();
        let said = Replacement { resource_id, window: spec.time, source, blocks: vec![spec] };
        prop_assert_eq!(through::<_, Replacement>(v1::ReplaceBlocksRequest::from(&said)), said);
        let all = WithAffected { now: vec![block.clone()], affected: affected.clone() };
        prop_assert_eq!(through::<_, WithAffected<Vec<_>>>(v1::ReplaceBlocksResponse::from(&all)), all);
        let page = Page { items: vec![block.clone()], next: Some("more".to_owned()) };
        prop_assert_eq!(through::<_, Page<_>>(v1::ListBlocksResponse::from(&page)), page);
        let changed = WithAffected { now: block, affected };
        prop_assert_eq!(through::<_, WithAffected<Block>>(v1::ChangedBlock::from(&changed)), changed);
    }

    #[test]
    fn what_a_change_concerns_comes_back(resource in resource(), event_type in event_type(), affected in affected()) {
        let changed = WithAffected { now: resource, affected: affected.clone() };
        prop_assert_eq!(through::<_, WithAffected<_>>(v1::Resource::from(&changed)), changed);
        let changed = WithAffected { now: event_type, affected };
        prop_assert_eq!(through::<_, WithAffected<_>>(v1::EventType::from(&changed)), changed);
    }

    #[test]
    fn schedules_come_back(schedule in schedule()) {
        let page = Page { items: vec![schedule], next: Some("more".to_owned()) };
        prop_assert_eq!(through::<_, Page<_>>(v1::ListSchedulesResponse::from(&page)), page);
    }

    #[test]
    fn event_types_and_pages_come_back(
        event_type in event_type(), resource in resource(), time_zone in zone(), slug in slug(), spec in organization_spec(),
        logo_version in option::of(1i64..),
    ) {
        let resources = vec![PageResource {
            id: resource.id, name: resource.spec.name, kind: resource.spec.kind, capacity: resource.spec.capacity,
        }];
        let address = PageAddress { organization: slug.clone(), slug: event_type.spec.slug.clone() };
        prop_assert_eq!(&through::<_, PageAddress>(v1::PageAddress::from(&address)), &address);
        prop_assert_eq!(through::<_, EventTypeId>(v1::GetPageAddressRequest::from(event_type.id)), event_type.id);
        let page = Page { items: vec![BookingPage { event_type, time_zone, resources }], next: None };
        let pages = BookingPages { organization: Organization { slug, name: spec.name, accent: spec.accent, logo_version }, page };
        prop_assert_eq!(through::<_, BookingPages>(v1::ListBookingPagesResponse::from(&pages)), pages);
    }

    #[test]
    fn organizations_come_back(spec in organization_spec(), id in uuid(), slug in slug(), stamp in stamp()) {
        let update = UpdateOrganization { spec: spec.clone(), version: stamp.version };
        prop_assert_eq!(through::<_, UpdateOrganization>(v1::UpdateOrganizationRequest::from(&update)), update);
        let asked = LogoRequest { organization: slug.clone() };
        prop_assert_eq!(through::<_, LogoRequest>(v1::GetLogoRequest::from(&asked)), asked);
        if let Some(logo) = spec.logo.clone() {
            let logo = NumberedLogo { logo, version: stamp.version };
            prop_assert_eq!(through::<_, NumberedLogo>(v1::Logo::from(&logo)), logo);
        }
        let whole = organization::OrganizationProfile { id: OrganizationId::new(id), slug, spec, stamp };
        prop_assert_eq!(through::<_, organization::OrganizationProfile>(v1::OrganizationProfile::from(&whole)), whole);
    }

    #[test]
    fn questions_about_slots_come_back(
        slot in slot_request(), from in date(), days in 0u64..62, time_zone in option::of(zone()), moving in moving(),
    ) {
        let explain = ExplainRequest { slot, moving: moving.clone() };
        prop_assert_eq!(&through::<_, ExplainRequest>(v1::ExplainSlotRequest::from(&explain)), &explain);
        let to = from + chrono::Days::new(days);
        let SlotRequest { event_type_id, duration_minutes, resource_id, .. } = slot;
        let slots = SlotsRequest { moving, event_type_id, from, to, duration_minutes, time_zone, resource_id };
        prop_assert_eq!(through::<_, SlotsRequest>(v1::SlotQuery::from(&slots)), slots);
        let next = NextSlotsRequest { event_type_id, count: 7, after: Some(slot.start), duration_minutes, resource_id, time_zone };
        prop_assert_eq!(through::<_, NextSlotsRequest>(v1::ListNextSlotsRequest::from(&next)), next);
    }

    #[test]
    fn the_next_slots_come_back(slots in vec(interval(), 0..4), time_zone in zone()) {
        let next = NextSlots { slots, time_zone };
        prop_assert_eq!(through::<_, NextSlots>(v1::ListNextSlotsResponse::from(&next)), next);
    }

    #[test]
    fn slots_and_days_come_back(
        slots in vec(slot(), 0..9), date in date(), free in any::<u32>(), edition in option::of("[!-~]{1,100}"),
    ) {
        let edition = edition.map(|text| Revision::parse(&text).unwrap());
        for listed in [Edited::Same, Edited::New(slots.clone(), edition.clone())] {
            prop_assert_eq!(&through::<_, Edited<Vec<Slot>>>(v1::ListSlotsResponse::from(&listed)), &listed);
        }
        let days = Edited::New(vec![Day { date, free, held: 3 }], edition.clone());
        prop_assert_eq!(through::<_, Edited<Vec<Day>>>(v1::ListDaysResponse::from(&days)), days);
        prop_assert_eq!(v1::SlotQuery::default().unless(edition.as_ref()).revision(), edition);
        for change in slots.iter().map(|slot| SlotChange::Slot(*slot)).chain([SlotChange::Snapshot(slots.clone())]) {
            prop_assert_eq!(&through::<_, SlotChange>(v1::WatchSlotsResponse::from(&change)), &change);
        }
    }

    #[test]
    fn a_long_snapshot_comes_back_from_its_parts(slot in slot(), count in 0..2_000_usize) {
        let slots = vec![slot; count];
        let messages = v1::WatchSlotsResponse::in_parts(&SlotChange::Snapshot(slots.clone()));
        prop_assert!(messages.iter().all(|message| message.encoded_len() < 32 * 1024));
        let parts: Vec<SlotChangePart> = messages.into_iter().map(through).collect();
        let (last, others) = parts.split_last().unwrap();
        prop_assert!(!last.more && others.iter().all(|part| part.more));
        let told = parts.iter().flat_map(|part| match &part.change {
            SlotChange::Snapshot(slots) => slots.clone(),
            SlotChange::Slot(slot) => vec![*slot],
        });
        prop_assert_eq!(told.collect::<Vec<_>>(), slots);
    }

    #[test]
    fn heartbeats_come_back(beats in vec(heartbeat(), 1..4), room in room(), session_id in session_id()) {
        prop_assert_eq!(through::<_, Vec<HeartbeatRequest>>(v1::KeepAliveRequest::from(&beats[..])), beats);
        let place = PlaceRequest { room, session_id };
        prop_assert_eq!(through::<_, PlaceRequest>(v1::ExtendHoldRequest::from(&place)), place);
    }

    #[test]
    fn places_come_back(place in place(), session_id in session_id()) {
        let change = PlaceChange::Place(place.clone());
        prop_assert_eq!(&through::<_, PlaceChange>(v1::FollowPlaceResponse::from(&change)), &change);
        let updates = vec![
            PlaceUpdate { room: Some(place.room), session_id, outcome: Ok(place) },
            PlaceUpdate { room: None, session_id, outcome: Err(Refusal::HoldLost(Loss::Ended)) },
        ];
        prop_assert_eq!(through::<_, Vec<PlaceUpdate>>(v1::KeepAliveResponse::from(&updates[..])), updates);
    }

    #[test]
    fn presences_come_back(room in room(), present in vec(present(), 0..4), live in vec(live_presence(), 0..4)) {
        let presence = RoomPresence { room, present };
        prop_assert_eq!(through::<_, RoomPresence>(v1::ListPresenceResponse::from(&presence)), presence);
        prop_assert_eq!(through::<_, Vec<_>>(v1::ListLivePresenceResponse::from(&live[..])), live.clone());
        let departed = live.iter().map(|presence| (presence.room, presence.who.clone())).collect();
        let snapshot = LiveChange::Snapshot(live.clone());
        let difference = LiveChange::Difference(LiveDifference { present: live.clone(), departed });
        for change in [snapshot, difference] {
            prop_assert_eq!(through::<_, LiveChange>(v1::ListLivePresenceResponse::from(&change)), change);
        }
        let page = Page { items: live, next: Some("further".to_owned()) };
        prop_assert_eq!(through::<_, Page<_>>(v1::ListLivePresenceResponse::from(&page)), page);
    }

    #[test]
    fn bookings_come_back(booking in booking(), history in vec(history_entry(), 0..3), token in token()) {
        let page = Page { items: vec![booking.clone()], next: None };
        prop_assert_eq!(through::<_, Page<_>>(v1::ListBookingsResponse::from(&page)), page);
        let created = CreatedBooking { booking, management_token: token };
        prop_assert_eq!(through::<_, CreatedBooking>(v1::CreateBookingResponse::from(&created)), created);
        let page = Page { items: history, next: Some("2".to_owned()) };
        prop_assert_eq!(through::<_, Page<_>>(v1::ListBookingHistoryResponse::from(&page)), page);
    }

    #[test]
    fn requests_about_bookings_come_back(
        booking in booking(), token in option::of(token()), session_id in option::of(session_id()),
        request_id in request_id(), version in option::of(1i64..), reason in prose(), page_token in "[a-z]{1,9}",
        change in booking_change(), allow in allow(),
    ) {
        let (id, start) = (booking.id, booking.slot.start());
        let slot = SlotRequest {
            event_type_id: booking.event_type_id, start, duration_minutes: Some(30),
            resource_id: booking.resources.first().map(|resource| resource.id),
        };
        let create = CreateBooking {
            slot, allow, session_id, time_zone: Some(booking.time_zone),
            booker: booking.booker.clone(), answers: booking.answers, request_id: request_id.clone(),
            status: version.map(|_| BookingStatus::Pending),
        };
        prop_assert_eq!(through::<_, CreateBooking>(v1::CreateBookingRequest::from(&create)), create);
        let step = TransitionRequest { id, reason: reason.clone(), version, management_token: token.clone() };
        prop_assert_eq!(through::<_, TransitionRequest>(v1::TransitionBookingRequest::from(&step)), step);
        let corrected = UpdateBooking { id, change, version, management_token: token.clone() };
        prop_assert_eq!(through::<_, UpdateBooking>(v1::UpdateBookingRequest::from(&corrected)), corrected);
        let renewed = RenewManagementToken { id, version, request_id };
        prop_assert_eq!(through::<_, RenewManagementToken>(v1::RenewManagementTokenRequest::from(&renewed)), renewed);
        let one = BookingRef { id, management_token: token.clone() };
        prop_assert_eq!(through::<_, BookingRef>(v1::GetBookingRequest::from(&one)), one);
        let r#move = RescheduleRequest {
            id, allow, start, duration_minutes: None, session_id, resource_id: booking.wanted, reason, version,
            management_token: token,
        };
        prop_assert_eq!(through::<_, RescheduleRequest>(v1::RescheduleBookingRequest::from(&r#move)), r#move);
        let filter = BookingFilter {
            status: Some(booking.status), event_type_id: Some(booking.event_type_id), from: Some(booking.stamp.created_at),
            email: booking.booker.email, text: Some(booking.event_type_title), ..BookingFilter::default()
        };
        let list = ListBookings { filter, page: PageRequest { size: 7, token: Some(page_token) } };
        prop_assert_eq!(through::<_, ListBookings>(v1::ListBookingsRequest::from(&list)), list);
    }

    #[test]
    fn equal_requests_are_equal_bytes(booking in booking()) {
        let message = v1::Booking::from(&booking);
        prop_assert_eq!(message.encode_to_vec(), v1::Booking::from(&booking.clone()).encode_to_vec());
    }
}

#[test]
fn what_is_absent_gets_its_default() {
    let spec = v1::ResourceSpec {
        name: "Studio A".to_owned(),
        kind: "room".to_owned(),
        time_zone: "Europe/Berlin".to_owned(),
        ..v1::ResourceSpec::default()
    };
    let request = v1::CreateResourceRequest { spec: Some(spec), request_id: String::new() };
    let create = Create::try_from(request).unwrap();
    assert_eq!((create.spec.capacity.units(), create.spec.active, create.request_id), (1, true, None));
}

/// What was let in before names had to be seen is told as it is kept, and not let in again.
#[test]
fn a_name_that_nobody_sees_is_read_where_it_is_kept() {
    let spec = v1::ResourceSpec {
        name: "\u{200b}".to_owned(),
        kind: "room".to_owned(),
        time_zone: "UTC".to_owned(),
        ..v1::ResourceSpec::default()
    };
    let id = "0192f0c1-2345-7000-8000-000000000001".to_owned();
    let (at, version) = (Some(prost_types::Timestamp::default()), 1);
    let stamp = v1::Stamp { created_at: at, updated_at: at, version };
    let kept = v1::Resource { id, spec: Some(spec.clone()), stamp: Some(stamp), affected: None };
    assert_eq!(Resource::try_from(kept).unwrap().spec.name.as_str(), "\u{200b}");
    let again = v1::CreateResourceRequest { spec: Some(spec), request_id: String::new() };
    assert!(Create::<ResourceSpec>::try_from(again).is_err());
}
