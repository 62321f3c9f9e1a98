//! Watching everybody: the operator is told of everybody once, and then of what is different.

use std::time::Duration;

use booking_client::{CallStream, HeartbeatRequest, LiveChange, LiveDifference};
use booking_domain::hold::{LivePresence, RoomData, SessionId, Standing};
use futures::{FutureExt, StreamExt};
use tokio::time::timeout;

use super::on_both_ways;
use super::world::{World, beat, session};

const SOON: Duration = Duration::from_secs(2);
/// How many wait: more than would fit if everybody was told again.
const LINE: usize = 12;

on_both_ways! {
    one_who_leaves_a_line_is_all_that_the_operator_is_told
    what_a_session_shows_is_told_of_that_session_alone
    whoever_asks_for_everybody_is_told_everybody_in_the_right_order
}

async fn next<T>(told: &mut CallStream<T>) -> T {
    timeout(SOON, told.next()).await.expect("it is told soon").unwrap().unwrap()
}

async fn difference(told: &mut CallStream<LiveChange>) -> LiveDifference {
    match next(told).await {
        LiveChange::Difference(difference) => difference,
        LiveChange::Snapshot(everybody) => panic!("everybody again: {everybody:?}"),
    }
}

/// A line at nine, and the operator who has seen it.
async fn line(world: &World) -> (Vec<(SessionId, LivePresence)>, CallStream<LiveChange>) {
    let studio = world.studio().await.id;
    let mut places = Vec::new();
    for _ in 0..LINE {
        let who = session();
        places.push((who, world.beat(studio, 9, who).await.unwrap()));
    }
    let mut told = world.api.watch_presence_changes().await.unwrap();
    let LiveChange::Snapshot(everybody) = next(&mut told).await else { panic!("no snapshot") };
    let found = |who| everybody.iter().find(|presence| presence.who == who).unwrap().clone();
    (places.into_iter().map(|(session, place)| (session, found(place.who))).collect(), told)
}

async fn one_who_leaves_a_line_is_all_that_the_operator_is_told(world: &World) {
    let (line, mut told) = line(world).await;
    let (session, presence) = &line[3];
    world.api.leave(presence.room, *session).await.unwrap();
    let LiveDifference { present, departed } = difference(&mut told).await;
    assert_eq!(departed, [(presence.room, presence.who.clone())]);
    assert_eq!(present, [], "who moved up is not named");
    let (session, presence) = &line[0];
    world.api.leave(presence.room, *session).await.unwrap();
    let LiveDifference { present, departed } = difference(&mut told).await;
    assert_eq!(departed, [(presence.room, presence.who.clone())]);
    assert_eq!(present.iter().map(|p| &p.who).collect::<Vec<_>>(), [&line[1].1.who], "the next one holds");
    assert!(told.next().now_or_never().is_none());
}

async fn what_a_session_shows_is_told_of_that_session_alone(world: &World) {
    let (line, mut told) = line(world).await;
    let (session, presence) = &line[5];
    let data = RoomData::parse("{\"typing\":true}").unwrap();
    let shown = HeartbeatRequest { data: Some(data.clone()), ..beat(presence.room.event_type_id, 9, *session) };
    world.api.heartbeat(&shown).await.unwrap();
    let LiveDifference { present, departed } = difference(&mut told).await;
    assert_eq!(departed, []);
    assert_eq!(present.len(), 1, "{present:?}");
    assert_eq!((&present[0].who, &present[0].data), (&presence.who, &Some(data)));
}

async fn whoever_asks_for_everybody_is_told_everybody_in_the_right_order(world: &World) {
    let mut everybody = world.api.watch_presence().await.unwrap();
    assert_eq!(next(&mut everybody).await, []);
    let (line, _told) = line(world).await;
    let (session, gone) = &line[4];
    world.api.leave(gone.room, *session).await.unwrap();
    let caught_up = async {
        loop {
            let now = next(&mut everybody).await;
            let standings: Vec<_> = now.iter().map(|presence| &presence.standing).collect();
            if now.len() == LINE - 1 && !now.iter().any(|presence| presence.who == gone.who) {
                break standings.into_iter().cloned().collect::<Vec<_>>();
            }
        }
    };
    let standings = timeout(SOON, caught_up).await.unwrap();
    let waiting = (1..).take(LINE - 2).map(|position| Standing::Waiting { position });
    assert!(matches!(standings[0], Standing::Holding(_)));
    assert!(standings[1..].iter().cloned().eq(waiting), "{standings:?}");
}
