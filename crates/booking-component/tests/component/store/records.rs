//! Idempotency records, and what is computed from the claims.

use booking_component::secret::Digest;
use booking_component::store::idempotency::{self, CallKey, Record};
use booking_component::store::{Conflict, StoreError, Tx};
use booking_domain::hold::change::NetChanges;
use sqlx::query_as;
use uuid::Uuid;

use crate::support::stores::Place;
use crate::support::studio::{NEIGHBOUR, STUDIO, Studio, at, span};

on_each_store! {
    an_answer_is_found_by_its_key_until_it_is_forgotten,
    a_call_is_answered_once,
    days_count_the_minutes_booked_and_held,
}

fn record(call: &str, n: u8, minute: i64) -> Record {
    let key = CallKey { call: call.to_owned(), key: Digest([n; 32]) };
    Record { key, fingerprint: Digest([n + 1; 32]), answer: format!("{{\"n\": \"{n}\\n\"}}"), created_at: at(minute) }
}

async fn an_answer_is_found_by_its_key_until_it_is_forgotten(place: Place) {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    let (old, new) = (record("CreateBooking", 1, 0), record("CreateResource", 1, 10));
    idempotency::insert_many(&mut tx, studio.organization, &[old.clone(), new.clone()]).await.unwrap();
    let keys = [old.key.clone(), record("CreateBooking", 2, 0).key];
    let mut found = async |organization| idempotency::find_many(&mut tx, organization, &keys).await.unwrap();
    assert_eq!(found(studio.organization).await, std::slice::from_ref(&old));
    assert_eq!(found(Studio::new(NEIGHBOUR).organization).await, []);
    assert_eq!(idempotency::purge(&mut tx, at(10)).await.unwrap(), 1);
    let keys = [old.key, new.key.clone()];
    assert_eq!(idempotency::find_many(&mut tx, studio.organization, &keys).await.unwrap(), [new]);
}

async fn a_call_is_answered_once(place: Place) {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    idempotency::insert_many(&mut tx, studio.organization, &[record("CreateBooking", 1, 0)]).await.unwrap();
    let again = idempotency::insert_many(&mut tx, studio.organization, &[record("CreateBooking", 1, 5)]).await;
    assert!(matches!(again, Err(StoreError::Conflict(Conflict::Taken(_)))), "{again:?}");
}

async fn days_count_the_minutes_booked_and_held(place: Place) {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    let day = 24 * 60;
    // From 22:00 on Monday until 01:00 on Wednesday; and a hold of an hour on Wednesday, blocked for longer.
    let long = studio.booking(1, span(22 * 60, 2 * day + 60));
    let (holder, (room, mut claim)) = studio.holder(1, span(2 * day + 120, 2 * day + 180), studio.rooms[0]);
    claim.blocked = claim.slot.widened(30, 30);
    let claimed = vec![studio.booked(&long), (room, claim)];
    let net = NetChanges { claimed, made: vec![long], present: vec![holder], ..NetChanges::default() };
    studio.save(&mut tx, &net).await.unwrap();
    let monday = at(0).timestamp() / 86_400;
    let on = |days, booked, held| (room.uuid(), monday + days, booked, held);
    assert_eq!(days(&mut tx).await, [on(0, 120, 0), on(1, 1440, 0), on(2, 60, 60)]);
}

/// What the view says, which is for whoever asks the database itself: resource, UTC day, minutes booked and held.
async fn days(tx: &mut Tx) -> Vec<(Uuid, i64, i64, i64)> {
    let days =
        "SELECT resource_id, day, minutes_booked, minutes_held FROM daily_availability ORDER BY resource_id, day";
    match tx {
        Tx::Sqlite(tx) => query_as(days).fetch_all(&mut **tx).await.unwrap(),
        Tx::Postgres(tx) => query_as(days).fetch_all(&mut **tx).await.unwrap(),
    }
}
