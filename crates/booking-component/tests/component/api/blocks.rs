//! Blocks: a resource is closed for a while, and what lies underneath stays and is named.

use std::time::Duration;

use booking_client::{BlockFilter, BlockRef, ListBlocks, PlaceChange, RequestId, SlotChange, WithAffected};
use booking_domain::availability::SlotState;
use booking_domain::block::{Block, BlockSpec, Replacement};
use booking_domain::conflict::ConflictReason;
use booking_domain::event_type::Requirement;
use booking_domain::finding::{Finding, Reason};
use booking_domain::id::{EventTypeId, ResourceId};
use booking_domain::interval::Interval;
use booking_domain::page::PageRequest;
use booking_domain::refusal::Refusal;
use booking_domain::text::{Name, Prose};
use booking_domain::{DateTime, Utc, limits};
use chrono::TimeDelta;
use futures::StreamExt;
use tokio::time::timeout;

use super::on_both_ways;
use super::world::{World, at, position, refusal, session, slot, that_day};

const SOON: Duration = Duration::from_secs(5);

on_both_ways! {
    a_closed_time_is_not_offered_and_says_why
    what_lies_underneath_stays_and_is_named
    who_waits_for_a_closed_time_is_told_at_once
    who_waits_is_served_when_another_is_there_again
    a_closed_time_disappears_from_watched_lists_at_once
    all_of_one_source_are_replaced_and_the_second_time_changes_nothing
    a_block_is_made_once_and_edited_by_version
    an_external_id_is_one_blocks
    blocks_are_listed_in_the_order_of_their_starts
}

fn time(from: u32, to: u32) -> Interval {
    Interval::new(at(from), at(to)).unwrap()
}

fn spec(from: u32, to: u32) -> BlockSpec {
    BlockSpec { time: time(from, to), reason: Prose::parse("The tuner").unwrap(), external_id: None }
}

fn named(from: u32, to: u32, id: &str) -> BlockSpec {
    BlockSpec { external_id: Some(Name::parse(id).unwrap()), ..spec(from, to) }
}

/// A room, and what is offered of it.
async fn studio(world: &World) -> (ResourceId, EventTypeId) {
    let room = world.resource("Studio A", 1).await.id;
    (room, world.event_type("live-room", &[60], &[room]).await.id)
}

async fn close(world: &World, room: ResourceId, spec: BlockSpec) -> WithAffected<Block> {
    world.api.create_block(room, &spec, None).await.unwrap()
}

/// The hours at which something is free that day.
async fn free(world: &World, event_type: EventTypeId) -> Vec<u32> {
    let slots = world.slots(event_type).await.into_iter().filter(|slot| slot.state == SlotState::Free);
    let starts = slots.map(|slot| (slot.interval.start() - at(0)).num_minutes());
    starts.filter(|start| start % 60 == 0).map(|start| u32::try_from(start / 60).unwrap()).collect()
}

fn reasons(findings: &[Finding]) -> Vec<Reason> {
    findings.iter().map(|finding| finding.reason).collect()
}

fn within(block: &Block) -> BlockRef {
    BlockRef { resource_id: block.resource_id, id: block.id }
}

async fn a_closed_time_is_not_offered_and_says_why(world: &World) {
    let (room, lesson) = studio(world).await;
    close(world, room, spec(14, 16)).await;
    // Over midnight, and two that touch and overlap.
    close(world, room, BlockSpec { time: Interval::new(at(23), at(23) + TimeDelta::hours(3)).unwrap(), ..spec(0, 1) })
        .await;
    close(world, room, spec(8, 10)).await;
    close(world, room, spec(9, 11)).await;
    close(world, room, spec(11, 12)).await;
    let open: Vec<u32> = (0..24).filter(|hour| !(8..12).contains(hour) && ![14, 15, 23].contains(hour)).collect();
    assert_eq!(free(world, lesson).await, open);
    let why = world.api.explain_slot(&slot(lesson, 14).into()).await.unwrap();
    assert_eq!(reasons(&why.findings), [Reason::Busy]);
    for refused in [
        refusal(world.beat(lesson, 15, session()).await.map(drop)),
        refusal(world.book(lesson, 15, None).await.map(drop)),
        refusal(world.book(lesson, 23, None).await.map(drop)),
    ] {
        let Refusal::SlotUnavailable { reasons: told, .. } = refused else { panic!("{refused:?}") };
        assert_eq!(reasons(&told), [Reason::Busy]);
    }
    assert!(world.book(lesson, 16, None).await.is_ok(), "what touches does not overlap");
}

async fn what_lies_underneath_stays_and_is_named(world: &World) {
    let (room, lesson) = studio(world).await;
    let booked = world.book(lesson, 14, None).await.unwrap().booking.id;
    let earlier = world.book(lesson, 13, None).await.unwrap().booking.id;
    let (holder, waiter) = (session(), session());
    world.beat(lesson, 15, holder).await.unwrap();
    world.beat(lesson, 15, waiter).await.unwrap();
    let changed = close(world, room, spec(14, 17)).await;
    assert_eq!((changed.affected.holds, changed.affected.waiting, changed.affected.more), (1, 1, false));
    assert_eq!(changed.affected.bookings, [booked]);
    let wider = world.api.update_block(within(&changed.now), &spec(13, 17), 1).await.unwrap();
    assert_eq!(wider.affected.bookings, [earlier, booked], "in the order of their starts");
    assert_eq!((wider.affected.holds, wider.affected.waiting), (1, 0), "nobody waits there any more");
    assert_eq!(position(&world.beat(lesson, 15, holder).await.unwrap()), 0, "a hold is a promise");
    assert!(world.book(lesson, 15, Some(holder)).await.is_ok());
    assert!(world.api.get_booking(booked, None).await.unwrap().status.occupies());
}

async fn who_waits_for_a_closed_time_is_told_at_once(world: &World) {
    let (room, lesson) = studio(world).await;
    let (holder, waiter) = (session(), session());
    world.beat(lesson, 15, holder).await.unwrap();
    let place = world.beat(lesson, 15, waiter).await.unwrap();
    let mut told = world.api.follow_place(place.room, waiter).await.unwrap();
    assert!(matches!(told.next().await, Some(Ok(PlaceChange::Place(_)))));
    close(world, room, spec(14, 16)).await;
    let gone = timeout(Duration::from_millis(900), told.next()).await.expect("before any lease ends").unwrap().unwrap();
    let PlaceChange::Gone(Refusal::SlotUnavailable { reasons: why, .. }) = gone else { panic!("{gone:?}") };
    assert!(reasons(&why).contains(&Reason::Busy), "{why:?}");
}

async fn who_waits_is_served_when_another_is_there_again(world: &World) {
    let (ann, bob) = (world.resource("Ann", 1).await.id, world.resource("Bob", 1).await.id);
    let mut spec_of_lesson = world.spec("lesson", &[60], &[]);
    spec_of_lesson.requirements = vec![Requirement::new(1, vec![ann, bob]).unwrap()];
    let lesson = world.api.create_event_type(&spec_of_lesson, None).await.unwrap().id;
    let ill = close(world, ann, spec(0, 23)).await;
    let (holder, waiter) = (session(), session());
    assert_eq!(world.beat(lesson, 9, holder).await.unwrap().room.slot, time(9, 10));
    assert_eq!(position(&world.beat(lesson, 9, waiter).await.unwrap()), 1, "Bob alone is there");
    world.api.delete_block(within(&ill.now), None).await.unwrap();
    assert_eq!(position(&world.beat(lesson, 9, waiter).await.unwrap()), 0, "Ann is there again");
    assert_eq!(refusal(world.api.get_block(within(&ill.now)).await), Refusal::not_found("block"));
}

async fn a_closed_time_disappears_from_watched_lists_at_once(world: &World) {
    let (room, lesson) = studio(world).await;
    let mut seen = world.api.watch_slots(&that_day(lesson)).await.unwrap();
    assert!(matches!(seen.next().await, Some(Ok(SlotChange::Snapshot(_)))));
    let block = close(world, room, spec(14, 15)).await.now;
    let told = async |seen: &mut booking_client::CallStream<SlotChange>, state| {
        let is_it =
            |change| matches!(change, SlotChange::Slot(slot) if slot.interval == time(14, 15) && slot.state == state);
        let looked = async { while !is_it(seen.next().await.unwrap().unwrap()) {} };
        timeout(SOON, looked).await.expect("it is told soon");
    };
    told(&mut seen, SlotState::Absent).await;
    world.api.delete_block(within(&block), Some(1)).await.unwrap();
    told(&mut seen, SlotState::Free).await;
}

fn replacement(room: ResourceId, blocks: Vec<BlockSpec>) -> Replacement {
    Replacement { resource_id: room, window: time(0, 23), source: Name::parse("calendar").unwrap(), blocks }
}

async fn all_of_one_source_are_replaced_and_the_second_time_changes_nothing(world: &World) {
    let (room, lesson) = studio(world).await;
    let by_hand = close(world, room, spec(20, 21)).await.now;
    let booked = world.book(lesson, 10, None).await.unwrap().booking.id;
    let said = replacement(room, vec![named(9, 11, "a"), spec(12, 13)]);
    let first = world.api.replace_blocks(&said).await.unwrap();
    assert_eq!(first.now.iter().map(|block| block.spec.clone()).collect::<Vec<_>>(), said.blocks);
    assert_eq!(first.affected.bookings, [booked]);
    assert_eq!(world.api.replace_blocks(&said).await.unwrap(), first);
    let next = replacement(room, vec![spec(12, 13), named(14, 15, "a"), spec(16, 17)]);
    let second = world.api.replace_blocks(&next).await.unwrap();
    let (moved, kept) = (&second.now[1], &second.now[0]);
    assert_eq!((kept.id, kept.stamp), (first.now[1].id, first.now[1].stamp), "what is unchanged stays as it is");
    assert_eq!((moved.id, moved.stamp.version), (first.now[0].id, 2), "what has an external id is known by it");
    assert_eq!(second.affected.bookings, []);
    let closed = [12, 14, 16, 20];
    assert_eq!(
        free(world, lesson).await,
        (0..24).filter(|hour| *hour != 10 && !closed.contains(hour)).collect::<Vec<_>>()
    );
    let none = world.api.replace_blocks(&replacement(room, Vec::new())).await.unwrap();
    assert_eq!(none.now, []);
    assert_eq!(
        world.api.get_block(within(&by_hand)).await.unwrap(),
        by_hand,
        "what is no business of the source stays"
    );
}

async fn a_block_is_made_once_and_edited_by_version(world: &World) {
    let (room, _) = studio(world).await;
    let once = RequestId::parse("tuner").unwrap();
    let make = async |spec: &BlockSpec| world.api.create_block(room, spec, once.clone()).await;
    let made = make(&spec(14, 16)).await.unwrap();
    assert_eq!(make(&spec(14, 16)).await.unwrap(), made);
    assert_eq!(refusal(make(&spec(14, 17)).await), Refusal::IdempotencyMismatch);
    let block = within(&made.now);
    let changed = world.api.update_block(block, &spec(15, 16), 1).await.unwrap().now;
    assert_eq!((changed.stamp.version, changed.spec.time), (2, time(15, 16)));
    let stale = ConflictReason::StaleVersion { current_version: 2 };
    for refused in [
        refusal(world.api.update_block(block, &spec(15, 16), 1).await.map(drop)),
        refusal(world.api.delete_block(block, Some(1)).await),
    ] {
        assert!(matches!(&refused, Refusal::Conflict { reason: Some(reason), .. } if *reason == stale), "{refused:?}");
    }
    let elsewhere = world.resource("Another", 1).await.id;
    let wrong = BlockRef { resource_id: elsewhere, ..block };
    assert_eq!(refusal(world.api.get_block(wrong).await), Refusal::not_found("block"));
    assert_eq!(refusal(world.api.delete_block(wrong, None).await), Refusal::not_found("block"));
    let nobody = ResourceId::new(made.now.id.uuid());
    assert_eq!(refusal(world.api.create_block(nobody, &spec(1, 2), None).await), Refusal::not_found("resource"));
    world.api.delete_block(block, Some(2)).await.unwrap();
    world.api.delete_resource(elsewhere).await.unwrap();
}

async fn an_external_id_is_one_blocks(world: &World) {
    let (room, _) = studio(world).await;
    let other = world.resource("Another", 1).await.id;
    close(world, room, named(1, 2, "a")).await;
    let second = close(world, other, named(1, 2, "b")).await.now;
    let taken = [
        world.api.create_block(other, &named(3, 4, "a"), None).await.map(drop),
        world.api.update_block(within(&second), &named(3, 4, "a"), 1).await.map(drop),
        world.api.replace_blocks(&replacement(other, vec![named(3, 4, "a")])).await.map(drop),
    ];
    for refused in taken.map(refusal) {
        let reason = Some(ConflictReason::ExternalIdTaken);
        assert!(matches!(&refused, Refusal::Conflict { reason: told, .. } if *told == reason), "{refused:?}");
    }
    world.api.delete_resource(other).await.unwrap();
    assert!(world.api.create_block(room, &named(3, 4, "b"), None).await.is_ok(), "blocks go with their resource");
}

async fn blocks_are_listed_in_the_order_of_their_starts(world: &World) {
    let (room, _) = studio(world).await;
    for hours in [(5, 6), (1, 9), (3, 4), (3, 8), (20, 22)] {
        close(world, room, spec(hours.0, hours.1)).await;
    }
    let list = async |filter: BlockFilter, size| {
        let (mut found, mut page) = (Vec::new(), PageRequest { size, token: None });
        loop {
            let asked = ListBlocks { resource_id: room, filter, page: page.clone() };
            let listed = world.api.list_blocks(&asked).await.unwrap();
            let hour = |instant: DateTime<Utc>| (instant - at(0)).num_hours();
            found.extend(listed.items.iter().map(|b| (hour(b.spec.time.start()), hour(b.spec.time.end()))));
            match listed.next {
                Some(token) => page.token = Some(token),
                None => return found,
            }
        }
    };
    let all = [(1, 9), (3, 4), (3, 8), (5, 6), (20, 22)];
    for size in [1, 2, 200] {
        let listed = list(BlockFilter::default(), size).await;
        assert_eq!(listed.len(), 5, "{size}");
        assert!(
            all.iter().all(|hours| listed.contains(hours)) && listed.is_sorted_by_key(|(start, _)| *start),
            "{listed:?}"
        );
    }
    assert_eq!(list(BlockFilter { from: Some(at(6)), to: Some(at(20)) }, 1).await, [(1, 9), (3, 8)]);
    let asked = ListBlocks {
        resource_id: room,
        filter: BlockFilter::default(),
        page: PageRequest { size: 1, token: Some("x".to_owned()) },
    };
    assert!(matches!(refusal(world.api.list_blocks(&asked).await), Refusal::InvalidArgument { .. }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_resource_has_as_many_blocks_as_it_may_have_and_a_year_underneath_is_named_in_part() {
    let world = World::in_process().await;
    let (room, lesson) = studio(&world).await;
    for hour in 0..24 {
        world.book(lesson, hour, None).await.unwrap();
    }
    let minute =
        |n: i64| BlockSpec { time: Interval::lasting(at(0) + TimeDelta::minutes(n), 1).unwrap(), ..spec(0, 1) };
    let window = Interval::lasting(at(0), limits::BLOCK_MINUTES_MAX).unwrap();
    for call in 0..10_i64 {
        let source = Name::parse(&format!("calendar {call}")).unwrap();
        let blocks = (call * 500..(call + 1) * 500).map(minute).collect();
        let said = Replacement { resource_id: room, window, source, blocks };
        assert_eq!(world.api.replace_blocks(&said).await.unwrap().now.len(), limits::BLOCKS_PER_CALL);
    }
    let refused = refusal(world.api.create_block(room, &spec(0, 1), None).await);
    assert!(matches!(refused, Refusal::Conflict { .. }), "{refused:?}");
    assert!(world.slots(lesson).await.iter().all(|slot| slot.state != SlotState::Free));
}
