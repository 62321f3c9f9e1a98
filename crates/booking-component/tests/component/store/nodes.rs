//! Where nodes meet: leases that are renewed, locked and armed again, and the numbers of changes.

use std::collections::BTreeSet;

use booking_component::store::nodes::{self, ArmReason, Beat, Nodes, Overdue};
use booking_component::store::{Reach, StoreError, Tx, presences};
use booking_domain::hold::Presence;
use booking_domain::hold::change::NetChanges;
use booking_domain::hold::fixed_term::FixedTerm;
use booking_domain::id::{OrganizationId, PresenceId};
use booking_domain::{DateTime, Utc};
use chrono::TimeDelta;
use futures::future::join;
use sqlx::Executor;

use crate::support::stores::Place;
use crate::support::studio::{STUDIO, Studio, span};

const TTL: TimeDelta = TimeDelta::seconds(30);

/// A place with somebody in a room, whose lease ends in so many seconds.
async fn with_a_lease(seconds: i64) -> (Place, Nodes, Studio, Presence) {
    let place = Place::postgres().await;
    let nodes = place.store.nodes().unwrap();
    nodes.arm(TTL, ArmReason::Restarted).await.unwrap();
    let now = nodes.look().await.unwrap().now;
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    let presence = Presence { expires_at: now + TimeDelta::seconds(seconds), ..studio.presence(1, span(0, 60)) };
    studio.save(&mut tx, &NetChanges { present: vec![presence.clone()], ..NetChanges::default() }).await.unwrap();
    nodes::number(&mut tx, studio.organization, &BTreeSet::from([studio.event_type])).await.unwrap();
    tx.commit().await.unwrap();
    (place, nodes, studio, presence)
}

fn beat(studio: &Studio, presence: &Presence, number: i64) -> [Beat; 1] {
    [Beat { organization: studio.organization, presence: presence.id, number }]
}

async fn renewed(nodes: &Nodes, beats: &[Beat]) -> Option<DateTime<Utc>> {
    nodes.renew(beats, TTL).await.unwrap().first().map(|(_, until)| *until)
}

/// Whose lease or deadline has passed, where no more than ten are looked at.
async fn overdue(nodes: &Nodes) -> Vec<(OrganizationId, PresenceId)> {
    let Overdue { presences, more } = nodes.overdue(DateTime::UNIX_EPOCH, 10).await.unwrap();
    assert!(!more);
    presences.into_iter().collect()
}

#[tokio::test]
async fn a_lease_is_renewed_from_the_time_of_the_database() {
    let (_place, nodes, studio, presence) = with_a_lease(5).await;
    let before = nodes.look().await.unwrap().now;
    let until = renewed(&nodes, &beat(&studio, &presence, 1)).await.unwrap();
    let after = nodes.look().await.unwrap().now;
    assert!((before + TTL..=after + TTL).contains(&until));
}

#[tokio::test]
async fn a_lease_of_a_fixed_term_never_shrinks_and_is_armed_up_to_its_end() {
    let (place, nodes, studio, presence) = with_a_lease(3_600).await;
    let until = presence.expires_at;
    assert_eq!(renewed(&nodes, &beat(&studio, &presence, 1)).await, Some(until));
    let term = Some(FixedTerm { until, of_operator: false });
    let mut tx = place.write().await;
    let present = vec![Presence { fixed_term: term, ..presence.clone() }];
    studio.save(&mut tx, &NetChanges { present, ..NetChanges::default() }).await.unwrap();
    tx.commit().await.unwrap();
    assert!(nodes.arm(TTL, ArmReason::Unreachable).await.unwrap());
    let mut tx = place.read().await;
    let found = presences::list_in_room(&mut tx, studio.organization, presence.room).await.unwrap();
    assert_eq!(found[0].expires_at, until);
}

#[tokio::test]
async fn a_lease_that_has_ended_is_not_renewed() {
    let (_place, nodes, studio, presence) = with_a_lease(-1).await;
    assert_eq!(renewed(&nodes, &beat(&studio, &presence, 1)).await, None);
    assert_eq!(overdue(&nodes).await, [(studio.organization, presence.id)]);
}

/// When each lease is looked at next.
async fn alarms(place: &Place) -> Vec<i64> {
    let Tx::Postgres(mut tx) = place.read().await else { panic!("a PostgreSQL URL opens PostgreSQL") };
    sqlx::query_scalar("SELECT alarm_at FROM presence_heartbeats ORDER BY alarm_at").fetch_all(&mut *tx).await.unwrap()
}

#[tokio::test]
async fn a_lease_is_not_looked_at_before_it_may_have_ended() {
    let (place, nodes, studio, presence) = with_a_lease(5).await;
    assert_eq!(overdue(&nodes).await, []);
    assert_eq!(alarms(&place).await, [presence.expires_at.timestamp_millis()]);
    let until = renewed(&nodes, &beat(&studio, &presence, 1)).await.unwrap();
    assert!(until > presence.expires_at);
    assert_eq!(alarms(&place).await, [presence.expires_at.timestamp_millis()], "a renewal leaves the index alone");
}

#[tokio::test]
async fn whoever_looks_is_told_that_there_may_be_more_to_look_at() {
    let (place, nodes, studio, presence) = with_a_lease(5).await;
    let late =
        |n| Presence { expires_at: presence.expires_at - TimeDelta::hours(1), ..studio.presence(n, span(0, 60)) };
    let mut tx = place.write().await;
    studio.save(&mut tx, &NetChanges { present: (2..5).map(late).collect(), ..NetChanges::default() }).await.unwrap();
    tx.commit().await.unwrap();
    let mut found = BTreeSet::new();
    loop {
        let Overdue { presences, more } = nodes.overdue(DateTime::UNIX_EPOCH, 2).await.unwrap();
        found.extend(presences);
        let mut tx = place.write().await;
        let departed = found.iter().map(|(_, id)| *id).collect();
        studio.save(&mut tx, &NetChanges { departed, ..NetChanges::default() }).await.unwrap();
        tx.commit().await.unwrap();
        if !more {
            break;
        }
    }
    assert_eq!(found.len(), 3, "everybody who is late is found, whoever else has to be looked at");
}

#[tokio::test]
async fn nothing_is_renewed_on_old_knowledge() {
    let (place, nodes, studio, presence) = with_a_lease(5).await;
    let mut tx = place.write().await;
    nodes::number(&mut tx, studio.organization, &BTreeSet::from([studio.event_type])).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(renewed(&nodes, &beat(&studio, &presence, 1)).await, None);
    assert!(renewed(&nodes, &beat(&studio, &presence, 2)).await.is_some());
    let mut tx = place.read().await;
    assert_eq!(nodes::line_number(&mut tx, studio.organization, studio.event_type).await.unwrap(), 2);
    let numbers = nodes.numbers(&[studio.organization]).await.unwrap();
    assert_eq!(numbers.lines, [(studio.organization, studio.event_type, 2)]);
}

#[tokio::test]
async fn a_lease_that_is_being_decided_about_is_not_renewed_and_nobody_waits_for_it() {
    let (place, nodes, studio, presence) = with_a_lease(5).await;
    let until = renewed(&nodes, &beat(&studio, &presence, 1)).await.unwrap();
    let mut tx = place.write().await;
    let locked = nodes::lock_leases(&mut tx, studio.organization, &[presence.id]).await.unwrap();
    assert_eq!(locked, [(presence.id, until)], "whoever locks a lease sees the renewal that was acknowledged before");
    assert_eq!(renewed(&nodes, &beat(&studio, &presence, 1)).await, None);
    tx.commit().await.unwrap();
    assert!(renewed(&nodes, &beat(&studio, &presence, 1)).await.is_some());
}

#[tokio::test]
async fn a_lease_never_shrinks() {
    let (place, nodes, studio, presence) = with_a_lease(5).await;
    let until = renewed(&nodes, &beat(&studio, &presence, 1)).await.unwrap();
    let mut tx = place.write().await;
    // A decision that was made from what was read before the renewal.
    studio.save(&mut tx, &NetChanges { present: vec![presence.clone()], ..NetChanges::default() }).await.unwrap();
    assert_eq!(nodes::lock_leases(&mut tx, studio.organization, &[presence.id]).await.unwrap(), [(presence.id, until)]);
}

#[tokio::test]
async fn leases_are_armed_once_for_each_start_and_whenever_nobody_could_be_reached() {
    let (place, nodes, studio, presence) = with_a_lease(-1).await;
    assert!(!nodes.arm(TTL, ArmReason::Restarted).await.unwrap());
    let Tx::Postgres(mut tx) = place.write().await else { panic!("a PostgreSQL URL opens PostgreSQL") };
    tx.execute("UPDATE armed SET incarnation = 'an earlier one'").await.unwrap();
    tx.commit().await.unwrap();
    assert!(!nodes.look().await.unwrap().armed, "the server was started again");
    assert!(nodes.arm(TTL, ArmReason::Restarted).await.unwrap());
    let Tx::Postgres(mut tx) = place.write().await else { panic!("a PostgreSQL URL opens PostgreSQL") };
    tx.execute("TRUNCATE presence_heartbeats; TRUNCATE armed").await.unwrap();
    tx.commit().await.unwrap();
    assert!(!nodes.look().await.unwrap().armed, "one of its processes crashed");
    let (one, other) = join(nodes.arm(TTL, ArmReason::Restarted), nodes.arm(TTL, ArmReason::Restarted)).await;
    assert!(one.unwrap() ^ other.unwrap(), "of two nodes that notice it, one does it");
    assert!(nodes.look().await.unwrap().armed);
    assert_eq!(overdue(&nodes).await, []);
    assert!(renewed(&nodes, &beat(&studio, &presence, 1)).await.is_some());
    assert!(nodes.arm(TTL, ArmReason::Unreachable).await.unwrap());
}

#[tokio::test]
async fn while_the_database_is_away_nobody_waits_for_it() {
    let (place, nodes, ..) = with_a_lease(5).await;
    nodes.note(Reach::Away);
    assert!(matches!(place.store.read().await, Err(StoreError::Away)));
    assert!(matches!(place.store.write().await, Err(StoreError::Away)));
    assert!(nodes.look().await.is_ok(), "whoever looks finds it again");
    nodes.note(Reach::Writable);
    assert!(place.store.read().await.is_ok());
}

#[tokio::test]
async fn a_node_that_stands_still_loses_its_locks() {
    let (place, _, studio, presence) = with_a_lease(5).await;
    let mut frozen = place.write().await;
    nodes::lock_leases(&mut frozen, studio.organization, &[presence.id]).await.unwrap();
    // Whoever wants the lock gives up after 2 s; the frozen node has to give it up after 3 s.
    let mut tries = 0;
    let locked = loop {
        tries += 1;
        let mut tx = place.write().await;
        match nodes::lock_leases(&mut tx, studio.organization, &[presence.id]).await {
            Ok(locked) => break locked,
            Err(failure) => assert!(matches!(failure, StoreError::Unavailable(_)) && tries < 4, "{failure:?}"),
        }
    };
    assert_eq!(locked.len(), 1);
    assert!(frozen.commit().await.is_err());
}
