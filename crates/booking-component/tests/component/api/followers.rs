//! Following places in a long line: what one who comes and goes costs all the others.

use std::time::{Duration, Instant};

use booking_client::{CallStream, PlaceChange};
use booking_domain::hold::{Place, SessionId};
use futures::future::join_all;
use futures::{FutureExt, StreamExt};
use tokio::time::timeout;

use super::on_both_ways;
use super::world::{World, position, session};

const SOON: Duration = Duration::from_secs(2);

on_both_ways! {
    who_comes_and_goes_all_the_time_is_told_to_the_others_now_and_then
    whoever_moves_up_is_told_at_once_whatever_was_told_before
}

async fn next(told: &mut CallStream<PlaceChange>) -> Place {
    match timeout(SOON, told.next()).await.expect("it is told soon") {
        Some(Ok(PlaceChange::Place(place))) => place,
        other => panic!("{other:?}"),
    }
}

/// Somebody who holds, and somebody who waits and follows their place.
async fn line(world: &World) -> (SessionId, SessionId, Place, CallStream<PlaceChange>) {
    let studio = world.studio().await.id;
    let (holder, waiting) = (session(), session());
    world.beat(studio, 9, holder).await.unwrap();
    let place = world.beat(studio, 9, waiting).await.unwrap();
    let mut told = world.api.follow_place(place.room, waiting).await.unwrap();
    assert_eq!(position(&next(&mut told).await), 1);
    (holder, waiting, place, told)
}

async fn who_comes_and_goes_all_the_time_is_told_to_the_others_now_and_then(world: &World) {
    let (holder, waiting, place, mut told) = line(world).await;
    let (studio, started) = (place.room.event_type_id, Instant::now());
    let mut count: u128 = 0;
    for _ in 0..25 {
        let passer_by = session();
        let there = world.beat(studio, 9, passer_by).await.unwrap();
        world.api.leave(there.room, passer_by).await.unwrap();
        world.beat(studio, 9, holder).await.unwrap();
        world.beat(studio, 9, waiting).await.unwrap();
        while told.next().now_or_never().flatten().is_some() {
            count += 1;
        }
    }
    let most = started.elapsed().as_millis() / 500 + 2;
    assert!(count <= most, "{count} times, at most {most}");
    // What rested is told in the end.
    for _ in 0..2 {
        world.beat(studio, 9, session()).await.unwrap();
    }
    let beats = async {
        loop {
            world.beat(studio, 9, holder).await.unwrap();
            world.beat(studio, 9, waiting).await.unwrap();
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let caught_up = async { while next(&mut told).await.waiting != 3 {} };
    tokio::select! {
        () = beats => unreachable!("beats go on"),
        reached = timeout(SOON, caught_up) => reached.unwrap(),
    }
}

async fn whoever_moves_up_is_told_at_once_whatever_was_told_before(world: &World) {
    let (holder, _, place, mut told) = line(world).await;
    world.beat(place.room.event_type_id, 9, session()).await.unwrap();
    while next(&mut told).await.waiting != 2 {}
    let left = Instant::now();
    world.api.leave(place.room, holder).await.unwrap();
    while position(&next(&mut told).await) != 0 {}
    assert!(left.elapsed() < Duration::from_millis(450), "{:?}", left.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_change_in_a_line_is_few_looks_at_a_shared_store_however_many_follow_it() {
    let world = World::on_postgres().await;
    let studio = world.studio().await.id;
    let holder = session();
    let place = world.beat(studio, 9, holder).await.unwrap();
    let sessions: Vec<SessionId> = (0..40).map(|_| session()).collect();
    join_all(sessions.iter().map(|who| world.beat(studio, 9, *who))).await;
    let mut followers = join_all(sessions.iter().map(|who| world.api.follow_place(place.room, *who))).await;
    // Each is listened to by itself, as streams are.
    join_all(followers.iter_mut().map(|told| next(told.as_mut().unwrap()))).await;
    let before = world.component.looks_at_rooms();
    world.api.leave(place.room, holder).await.unwrap();
    join_all(followers.iter_mut().map(|told| next(told.as_mut().unwrap()))).await;
    let looks = world.component.looks_at_rooms() - before;
    assert!(looks <= 10, "{looks} looks for {} who follow", followers.len());
}
