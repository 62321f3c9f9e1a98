//! Watches of slots: what they keep, what makes them look again, and how much of either there may be.

use std::time::Duration;

use booking_client::{CallStream, HeartbeatRequest, SlotChange, SlotRequest, SlotsRequest};
use booking_component::state::slot_watches::Watched;
use booking_domain::Tz;
use booking_domain::availability::{Slot, SlotState};
use booking_domain::event_type::PeriodLimits;
use booking_domain::hold::{RoomData, SessionId};
use booking_domain::id::EventTypeId;
use booking_domain::refusal::Refusal;
use chrono::{Days, TimeDelta};
use futures::StreamExt;
use tokio::time::timeout;

use super::on_both_ways;
use super::world::{self, World, at, beat, booking, day, refusal, session, that_day};

const SOON: Duration = Duration::from_secs(3);

on_both_ways! {
    what_a_session_shows_and_that_somebody_waits_makes_nobody_look_at_slots
    whoever_watches_sees_what_a_reader_sees_after_a_busy_time
    a_limit_that_is_reached_is_seen_in_every_week_that_it_counts_for
    what_was_taken_off_the_offer_is_seen_by_whoever_watches
}

async fn next(seen: &mut CallStream<SlotChange>) -> SlotChange {
    timeout(SOON, seen.next()).await.expect("it is told soon").unwrap().unwrap()
}

/// Watches, past the snapshot.
async fn watching(world: &World, asked: &SlotsRequest) -> CallStream<SlotChange> {
    let mut seen = world.api.watch_slots(asked).await.unwrap();
    assert!(matches!(next(&mut seen).await, SlotChange::Snapshot(_)));
    seen
}

/// Until the slot of this hour is told to be booked.
async fn until_booked(seen: &mut CallStream<SlotChange>, hour: u32) {
    let is_it = |slot: Slot| slot.interval.start() == at(hour) && slot.state == SlotState::Booked;
    while !matches!(next(seen).await, SlotChange::Slot(slot) if is_it(slot)) {}
}

/// Until as much is watched as this.
async fn until(world: &World, enough: impl Fn(Watched) -> bool) -> Watched {
    let reached = async {
        while !enough(world.component.watched()) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        world.component.watched()
    };
    timeout(SOON, reached).await.unwrap_or_else(|_| panic!("{:?}", world.component.watched()))
}

/// Keeps these in the room at nine, for longer than it takes until every node has heard of what happened before.
async fn beating(world: &World, event_type: EventTypeId, sessions: &[SessionId]) {
    for _ in 0..12 {
        for who in sessions {
            world.beat(event_type, 9, *who).await.unwrap();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn what_a_session_shows_and_that_somebody_waits_makes_nobody_look_at_slots(world: &World) {
    let studio = world.studio().await.id;
    let (who, later) = (session(), session());
    world.beat(studio, 9, who).await.unwrap();
    let mut seen = watching(world, &that_day(studio)).await;
    beating(world, studio, &[who, later]).await;
    let before = world.looks();
    for n in 0..20 {
        let data = Some(RoomData::parse(&format!("{{\"typing\":{n}}}")).unwrap());
        let shown = HeartbeatRequest { data, ..beat(studio, 9, who) };
        world.api.heartbeat(&shown).await.unwrap();
        world.beat(studio, 9, later).await.unwrap();
        let passer_by = session();
        let place = world.beat(studio, 9, passer_by).await.unwrap();
        world.api.leave(place.room, passer_by).await.unwrap();
    }
    beating(world, studio, &[who, later]).await;
    assert_eq!(world.looks(), before, "nobody looked");
    world.book(studio, 9, Some(who)).await.unwrap();
    let SlotChange::Slot(slot) = next(&mut seen).await else { panic!("a snapshot") };
    assert_eq!(slot.state, SlotState::Booked);
    assert!(world.looks() > before);
}

async fn whoever_watches_sees_what_a_reader_sees_after_a_busy_time(world: &World) {
    let studio = world.studio().await.id;
    let asked = SlotsRequest { to: day() + Days::new(20), ..that_day(studio) };
    let mut seen = world.api.watch_slots(&asked).await.unwrap();
    let SlotChange::Snapshot(slots) = next(&mut seen).await else { panic!("no snapshot") };
    let mut shown: std::collections::BTreeMap<_, _> = slots.into_iter().map(|slot| (slot.interval, slot)).collect();
    for hour in 0..12 {
        let who = session();
        let start = at(hour) + TimeDelta::days(i64::from(hour));
        let slot = SlotRequest { start, ..world::slot(studio, 0) };
        let place = world.api.heartbeat(&HeartbeatRequest { slot, ..beat(studio, 0, who) }).await.unwrap();
        if hour % 2 == 0 {
            world.api.leave(place.room, who).await.unwrap();
        } else {
            let book = booking_client::CreateBooking { slot, ..booking(studio, 0, Some(who)) };
            world.api.create_booking(&book).await.unwrap();
        }
    }
    let listed = world.api.list_slots(&asked).await.unwrap();
    let caught_up = async {
        while !shown.values().eq(listed.iter()) {
            match next(&mut seen).await {
                SlotChange::Snapshot(slots) => {
                    shown = slots.into_iter().map(|slot| (slot.interval, slot)).collect();
                }
                SlotChange::Slot(slot) if matches!(slot.state, SlotState::Free | SlotState::Held) => {
                    shown.insert(slot.interval, slot);
                }
                SlotChange::Slot(slot) => drop(shown.remove(&slot.interval)),
            }
        }
    };
    timeout(SOON, caught_up).await.unwrap();
}

async fn a_limit_that_is_reached_is_seen_in_every_week_that_it_counts_for(world: &World) {
    let room = world.resource("Room", 1).await;
    let limits = PeriodLimits { per_month: Some(1), ..PeriodLimits::default() };
    let spec = booking_domain::event_type::EventTypeSpec { limits, ..world.spec("once", &[60], &[room.id]) };
    let once = world.api.create_event_type(&spec, None).await.unwrap().id;
    // In the same month, and two weeks away.
    let (from, to) = (day() + Days::new(15), day() + Days::new(15));
    let mut seen = watching(world, &SlotsRequest { from, to, ..that_day(once) }).await;
    world.book(once, 9, None).await.unwrap();
    let SlotChange::Slot(slot) = next(&mut seen).await else { panic!("a snapshot") };
    assert_eq!(slot.state, SlotState::Absent, "{slot:?}");
}

async fn what_was_taken_off_the_offer_is_seen_by_whoever_watches(world: &World) {
    let event_type = world.studio().await;
    let mut seen = watching(world, &that_day(event_type.id)).await;
    let spec = booking_domain::event_type::EventTypeSpec { active: false, ..event_type.spec.clone() };
    world.api.update_event_type(event_type.id, &spec, event_type.stamp.version).await.unwrap();
    let SlotChange::Slot(slot) = next(&mut seen).await else { panic!("a snapshot") };
    assert_eq!(slot.state, SlotState::Absent, "{slot:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_weeks_that_are_touched_are_looked_at_again() {
    let world = World::in_process().await;
    let studio = world.studio().await.id;
    let elsewhere = world.resource("Elsewhere", 1).await;
    let other = world.event_type("other", &[60], &[elsewhere.id]).await.id;
    let months = |id| SlotsRequest { to: day() + Days::new(61), ..that_day(id) };
    let (mut seen, mut others) = (watching(&world, &months(studio)).await, watching(&world, &months(other)).await);
    // Lists are looked at in the order of being touched: what is seen of the other's means that all before was looked at.
    world.book(other, 9, None).await.unwrap();
    until_booked(&mut others, 9).await;
    let before = until(&world, |watched| watched.lists >= 18).await;
    world.book(studio, 12, None).await.unwrap();
    until_booked(&mut seen, 12).await;
    world.book(other, 12, None).await.unwrap();
    until_booked(&mut others, 12).await;
    assert_eq!(world.looks() - before.looks, 2, "one list of each, of {}", before.lists);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_dates_and_zones_are_asked_for_the_lists_are_those_of_the_weeks_and_end_with_their_last_watcher() {
    let world = World::in_process().await;
    let studio = world.studio().await.id;
    let zones = [Tz::UTC, Tz::Europe__Berlin, Tz::Asia__Kolkata, Tz::Pacific__Kiritimati, Tz::America__Lima];
    let mut watchers = Vec::new();
    for n in 0..40_u64 {
        let (from, to) = (day() + Days::new(n % 20), day() + Days::new(n % 20 + 61));
        let time_zone = zones.get(n as usize % zones.len()).copied();
        watchers.push(watching(&world, &SlotsRequest { from, to, time_zone, ..that_day(studio) }).await);
    }
    let watched = world.component.watched();
    assert_eq!((watched.watchers, watched.lists), (40, 13), "{watched:?}");
    // 48 slots a day, eight bytes each, and what lists cost beside them.
    assert!(watched.bytes <= 13 * (7 * 48 * 8 + 1_024), "{watched:?}");
    drop(watchers);
    let after = until(&world, |watched| watched.watchers == 0).await;
    assert_eq!((after.lists, after.bytes), (0, 0), "nothing is kept for nobody");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_watcher_that_is_opened_and_closed_again_and_again_leaves_nothing() {
    let world = World::in_process().await;
    let studio = world.studio().await.id;
    for n in 0..100 {
        let asked = SlotsRequest { from: day() + Days::new(n * 7), to: day() + Days::new(n * 7), ..that_day(studio) };
        drop(world.api.watch_slots(&asked).await.unwrap());
    }
    let after = until(&world, |watched| watched.watchers == 0).await;
    assert_eq!((after.lists, after.bytes), (0, 0), "{after:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_as_much_is_watched_as_there_may_be_more_is_refused_and_what_is_there_can_still_be_watched() {
    let world = World::in_process().await;
    let studio = world.studio().await.id;
    let months = |n: u64| SlotsRequest {
        from: day() + Days::new(n * 70),
        to: day() + Days::new(n * 70 + 61),
        ..that_day(studio)
    };
    let mut watchers = Vec::new();
    let refused = loop {
        match world.api.watch_slots(&months(watchers.len() as u64)).await {
            Ok(watcher) => watchers.push(watcher),
            refused => break refusal(refused.map(drop)),
        }
    };
    assert_eq!(refused, Refusal::Unavailable);
    let watched = world.component.watched();
    assert!((2_030..=2_048).contains(&watched.lists), "{watched:?}");
    assert!(watched.bytes < 64 * 1024 * 1024, "{watched:?}");
    assert!(world.api.watch_slots(&months(0)).await.is_ok(), "what is watched already costs nothing");
    watchers.truncate(1);
    until(&world, |watched| watched.lists < 20).await;
    assert!(world.api.watch_slots(&months(500)).await.is_ok(), "there is room again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_much_happens_in_a_week_it_is_looked_at_a_hundred_times_a_second_at_most() {
    let world = World::in_process().await;
    let studio = world.studio().await.id;
    let _seen = watching(&world, &that_day(studio)).await;
    let (before, started) = (world.looks(), std::time::Instant::now());
    let comings = (0..12).map(|hour| {
        let world = &world;
        async move {
            for _ in 0..30 {
                let who = session();
                let place = world.beat(studio, hour * 2, who).await.unwrap();
                world.api.leave(place.room, who).await.unwrap();
            }
        }
    });
    futures::future::join_all(comings).await;
    let (looks, most) = (world.looks() - before, started.elapsed().as_millis() / 10 + 2);
    assert!(u128::from(looks) <= most, "{looks} looks, at most {most}");
}
