//! Races: many who want the same, and clocks that run out in the same moment.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use booking_domain::hold::{Hold, Place, SessionId, Standing};
use booking_domain::refusal::Refusal;
use booking_domain::{DateTime, Utc};
use futures::future::join_all;

use super::on_both_ways;
use super::world::{World, position, refusal, rules, session};

on_both_ways! {
    of_many_on_one_slot_as_many_hold_as_there_are_units
    a_renewal_that_was_acknowledged_is_never_undone_by_expiry
    a_hold_that_runs_out_is_booked_by_its_owner_or_goes_to_the_next_and_never_both
}

fn hold(place: &Place) -> Option<&Hold> {
    match &place.standing {
        Standing::Holding(hold) => Some(hold),
        Standing::Waiting { .. } => None,
    }
}

async fn of_many_on_one_slot_as_many_hold_as_there_are_units(world: &World) {
    let seats = world.resource("Seats", 3).await;
    let event_type = world.event_type("seats", &[60], &[seats.id]).await.id;
    let sessions: Vec<SessionId> = (0..100).map(|_| session()).collect();
    let places = join_all(sessions.iter().map(|who| world.beat(event_type, 9, *who))).await;
    let places: Vec<Place> = places.into_iter().map(Result::unwrap).collect();
    let mut positions: Vec<u32> = places.iter().map(position).collect();
    positions.sort_unstable();
    let expected: Vec<u32> = [0, 0, 0].into_iter().chain(1..=97).collect();
    assert_eq!(positions, expected, "three hold, and everybody else has a place of their own");

    let booked = join_all(sessions.iter().map(|who| world.book(event_type, 9, Some(*who)))).await;
    assert_eq!(booked.iter().filter(|answer| answer.is_ok()).count(), 3);
    for (place, answer) in places.iter().zip(booked) {
        assert_eq!(hold(place).is_some(), answer.is_ok(), "whoever held has booked, and nobody else");
    }
}

/// Waits until about this instant by the test's own clock, which started together with the lease.
async fn nearly(started: tokio::time::Instant, ttl: Duration, early_ms: i64) {
    let lead = Duration::from_millis(early_ms.unsigned_abs());
    let at = if early_ms >= 0 { started + ttl - lead } else { started + ttl + lead };
    tokio::time::sleep_until(at).await;
}

/// How many renewals have to come in time, if barely: two of three are sent before a lease runs out.
const IN_TIME: usize = 4;

async fn a_renewal_that_was_acknowledged_is_never_undone_by_expiry(world: &World) {
    let studio = world.studio().await.id;
    let ttl = rules().ttl.to_std().unwrap();
    let in_time = &AtomicUsize::new(0);
    let sessions = (0..12).map(|hour| async move {
        let who = session();
        let mut last = world.beat(studio, hour * 2, who).await.unwrap();
        for round in 0..4 {
            let started = tokio::time::Instant::now();
            nearly(started, ttl, i64::from((hour + round * 7) % 13) * 8 - 8).await;
            let next = world.beat(studio, hour * 2, who).await.unwrap();
            if answered_before(&next, last.expires_at, ttl) {
                assert_eq!(next.standing, last.standing, "it had not run out when it was renewed");
                in_time.fetch_add(1, Ordering::Relaxed);
            }
            assert_eq!(position(&next), 0, "nobody else came");
            last = next;
        }
    });
    join_all(sessions).await;
    let in_time = in_time.load(Ordering::Relaxed);
    assert!(in_time >= IN_TIME, "only {in_time} of 48 renewals came in time: there was nothing to see");
}

/// Whether the store's clock had not reached this instant when it gave the answer.
fn answered_before(place: &Place, instant: DateTime<Utc>, ttl: Duration) -> bool {
    place.expires_at - chrono::TimeDelta::from_std(ttl).unwrap() < instant
}

async fn a_hold_that_runs_out_is_booked_by_its_owner_or_goes_to_the_next_and_never_both(world: &World) {
    let studio = world.studio().await.id;
    let ttl = rules().ttl.to_std().unwrap();
    let pairs = (0..12).map(|hour| async move {
        let (owner, next) = (session(), session());
        world.beat(studio, hour * 2, owner).await.unwrap();
        let started = tokio::time::Instant::now();
        nearly(started, ttl, 400).await;
        assert_eq!(position(&world.beat(studio, hour * 2, next).await.unwrap()), 1);
        nearly(started, ttl, i64::from(hour) * 5 - 20).await;
        let booked = world.book(studio, hour * 2, Some(owner)).await;
        match (booked, world.beat(studio, hour * 2, next).await) {
            (Ok(_), taken) => assert!(matches!(refusal(taken), Refusal::SlotBooked { .. })),
            (late, Ok(place)) => {
                assert!(matches!(refusal(late), Refusal::SlotHeld { .. }));
                assert_eq!(position(&place), 0);
            }
            both_refused => panic!("{both_refused:?}"),
        }
    });
    join_all(pairs).await;
}
