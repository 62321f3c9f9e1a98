//! Claims: the database itself refuses an overlap, whatever the code decides.

use std::collections::BTreeSet;

use booking_component::store::{Conflict, StoreError, Tx, claims};
use booking_domain::availability::{Claim, Owner};
use booking_domain::hold::change::NetChanges;
use booking_domain::id::ResourceId;
use sqlx::query;
use uuid::Uuid;

use crate::support::stores::Place;
use crate::support::studio::{NEIGHBOUR, STUDIO, Studio, at, span};

on_each_store! {
    an_overlapping_claim_is_refused,
    moving_a_claim_onto_another_is_refused,
    touching_ranges_other_units_rooms_and_tenants_are_allowed,
    a_claim_may_move_over_its_own_range,
    a_claim_longer_than_a_week_and_two_days_is_refused,
    a_claim_needs_an_owner_that_exists_when_the_transaction_ends,
    a_claim_cannot_point_into_another_tenant,
    a_list_finds_exactly_what_overlaps,
    the_last_claim_before_a_range_comes_with_it,
    one_of_many_rushing_writers_gets_the_unit,
}

/// Inserts a claim of a booking without asking anybody, in minutes of the epoch.
async fn insert(
    tx: &mut Tx,
    studio: &Studio,
    (room, unit): (ResourceId, i64),
    (from, to): (i64, i64),
) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO claims (organization_id, resource_id, unit, starts_at, ends_at, slot_starts_at,
        slot_ends_at, kind, presence_id, booking_id) VALUES ($1, $2, $3, $4, $5, $4, $5, 'booking', NULL, $6)";
    let (from, to) = (at(from).timestamp_millis(), at(to).timestamp_millis());
    let booking = studio.booking_id(1).uuid();
    let (organization, room) = (studio.organization.uuid(), room.uuid());
    match tx {
        Tx::Sqlite(tx) => query(INSERT)
            .bind(organization)
            .bind(room)
            .bind(unit)
            .bind(from)
            .bind(to)
            .bind(booking)
            .execute(&mut **tx)
            .await
            .map(drop),
        Tx::Postgres(tx) => query(INSERT)
            .bind(organization)
            .bind(room)
            .bind(unit)
            .bind(from)
            .bind(to)
            .bind(booking)
            .execute(&mut **tx)
            .await
            .map(drop),
    }
    .map_err(StoreError::from)
}

/// Moves the claims of a studio's first room that start at `start`, without asking anybody.
async fn shift(tx: &mut Tx, studio: &Studio, start: i64, (from, to): (i64, i64)) -> Result<(), StoreError> {
    const UPDATE: &str = "UPDATE claims SET starts_at = $3, ends_at = $4, slot_starts_at = $3, slot_ends_at = $4
        WHERE resource_id = $1 AND starts_at = $2";
    let [start, from, to] = [start, from, to].map(|minutes| at(minutes).timestamp_millis());
    let room: Uuid = studio.rooms[0].uuid();
    match tx {
        Tx::Sqlite(tx) => query(UPDATE).bind(room).bind(start).bind(from).bind(to).execute(&mut **tx).await.map(drop),
        Tx::Postgres(tx) => query(UPDATE).bind(room).bind(start).bind(from).bind(to).execute(&mut **tx).await.map(drop),
    }
    .map_err(StoreError::from)
}

/// A studio with one booking that owns whatever the tests claim, and one claim from minute 60 to 120.
async fn studio_with_a_claim(place: &Place) -> Studio {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    let booking = studio.booking(1, span(60, 120));
    let net =
        NetChanges { made: vec![booking.clone()], claimed: vec![studio.booked(&booking)], ..NetChanges::default() };
    studio.save(&mut tx, &net).await.unwrap();
    tx.commit().await.unwrap();
    studio
}

async fn an_overlapping_claim_is_refused(place: Place) {
    let studio = studio_with_a_claim(&place).await;
    for (from, to) in [(60, 120), (0, 61), (119, 180), (0, 180), (70, 80), (60, 61), (119, 120), (60, 180), (0, 120)] {
        let mut tx = place.write().await;
        let refused = insert(&mut tx, &studio, (studio.rooms[0], 1), (from, to)).await;
        assert!(matches!(refused, Err(StoreError::Overlap)), "{from} to {to}: {refused:?}");
    }
    let mut tx = place.write().await;
    let claim =
        Claim { unit: 1, slot: span(90, 95), blocked: span(80, 100), owner: Owner::Booking(studio.booking_id(1)) };
    let net = NetChanges { claimed: vec![(studio.rooms[0], claim)], ..NetChanges::default() };
    assert!(matches!(studio.save(&mut tx, &net).await, Err(StoreError::Overlap)));
}

async fn moving_a_claim_onto_another_is_refused(place: Place) {
    let studio = studio_with_a_claim(&place).await;
    for (from, to) in [(60, 120), (0, 61), (119, 180), (0, 180), (70, 80)] {
        let mut tx = place.write().await;
        insert(&mut tx, &studio, (studio.rooms[0], 1), (300, 360)).await.unwrap();
        let refused = shift(&mut tx, &studio, 300, (from, to)).await;
        assert!(matches!(refused, Err(StoreError::Overlap)), "{from} to {to}: {refused:?}");
    }
}

async fn touching_ranges_other_units_rooms_and_tenants_are_allowed(place: Place) {
    let studio = studio_with_a_claim(&place).await;
    let mut tx = place.write().await;
    insert(&mut tx, &studio, (studio.rooms[0], 1), (0, 60)).await.unwrap();
    insert(&mut tx, &studio, (studio.rooms[0], 1), (120, 180)).await.unwrap();
    insert(&mut tx, &studio, (studio.rooms[0], 2), (60, 120)).await.unwrap();
    insert(&mut tx, &studio, (studio.rooms[1], 1), (60, 120)).await.unwrap();
    let neighbour = Studio::insert(NEIGHBOUR, &mut tx).await;
    let booking = neighbour.booking(1, span(60, 120));
    let net =
        NetChanges { made: vec![booking.clone()], claimed: vec![neighbour.booked(&booking)], ..NetChanges::default() };
    neighbour.save(&mut tx, &net).await.unwrap();
    tx.commit().await.unwrap();
}

async fn a_claim_may_move_over_its_own_range(place: Place) {
    let studio = studio_with_a_claim(&place).await;
    let mut tx = place.write().await;
    insert(&mut tx, &studio, (studio.rooms[0], 1), (200, 240)).await.unwrap();
    for (start, range) in [(60, (90, 150)), (90, (80, 200)), (80, (150, 160))] {
        shift(&mut tx, &studio, start, range).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn a_claim_longer_than_a_week_and_two_days_is_refused(place: Place) {
    let studio = studio_with_a_claim(&place).await;
    let mut tx = place.write().await;
    insert(&mut tx, &studio, (studio.rooms[1], 1), (0, 9 * 24 * 60)).await.unwrap();
    assert!(insert(&mut tx, &studio, (studio.rooms[1], 2), (0, 9 * 24 * 60 + 1)).await.is_err());
}

async fn a_claim_needs_an_owner_that_exists_when_the_transaction_ends(place: Place) {
    let studio = studio_with_a_claim(&place).await;
    let mut tx = place.write().await;
    let (presence, claim) = studio.holder(1, span(200, 260), studio.rooms[0]);
    studio.save(&mut tx, &NetChanges { claimed: vec![claim], ..NetChanges::default() }).await.unwrap();
    let refused = tx.commit().await;
    assert!(matches!(refused, Err(StoreError::Conflict(Conflict::Missing))), "{refused:?}");

    let mut tx = place.write().await;
    let net = NetChanges { claimed: vec![claim], present: vec![presence.clone()], ..NetChanges::default() };
    studio.save(&mut tx, &net).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = place.write().await;
    studio.save(&mut tx, &NetChanges { departed: vec![presence.id], ..NetChanges::default() }).await.unwrap();
    assert!(tx.commit().await.is_err(), "a claim without its presence would block for ever");
}

async fn a_claim_cannot_point_into_another_tenant(place: Place) {
    let studio = studio_with_a_claim(&place).await;
    let mut tx = place.write().await;
    let neighbour = Studio::insert(NEIGHBOUR, &mut tx).await;
    let refused = insert(&mut tx, &studio, (neighbour.rooms[0], 1), (0, 60)).await;
    assert!(matches!(refused, Err(StoreError::Conflict(Conflict::Missing))), "{refused:?}");
}

async fn a_list_finds_exactly_what_overlaps(place: Place) {
    let studio = studio_with_a_claim(&place).await;
    let week = 9 * 24 * 60;
    let mut tx = place.write().await;
    insert(&mut tx, &studio, (studio.rooms[1], 1), (0, week)).await.unwrap();
    insert(&mut tx, &studio, (studio.rooms[0], 2), (60, 90)).await.unwrap();
    insert(&mut tx, &studio, (studio.rooms[0], 1), (120, 180)).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = place.read().await;
    let [a, b] = studio.rooms;
    let mut found = async |ranges: &[_]| {
        let found = claims::list(&mut tx, studio.organization, (ranges, &BTreeSet::new())).await.unwrap();
        let brief =
            |(room, claim): (ResourceId, Claim)| (room == a, claim.unit, (claim.blocked.start() - at(0)).num_minutes());
        found.into_iter().map(brief).collect::<Vec<_>>()
    };
    assert_eq!(found(&[]).await, []);
    assert_eq!(found(&[(a, span(0, 60))]).await, [], "ranges are half-open");
    assert_eq!(found(&[(a, span(119, 121))]).await, [(true, 1, 60), (true, 1, 120)]);
    assert_eq!(found(&[(a, span(80, 95)), (a, span(85, 130))]).await, [(true, 1, 60), (true, 2, 60), (true, 1, 120)]);
    assert_eq!(
        found(&[(b, span(week - 1, week))]).await,
        [(false, 1, 0)],
        "the longest claim is found at its last minute"
    );
    assert_eq!(found(&[(b, span(week, week + 1)), (a, span(179, 200))]).await, [(true, 1, 120)]);
}

async fn the_last_claim_before_a_range_comes_with_it(place: Place) {
    let studio = studio_with_a_claim(&place).await;
    let [a, b] = studio.rooms;
    let mut tx = place.write().await;
    let with_buffer = |slot, blocked| Claim { unit: 2, slot, blocked, owner: Owner::Booking(studio.booking_id(1)) };
    let claims = [(a, with_buffer(span(110, 140), span(20, 140))), (b, with_buffer(span(150, 160), span(150, 160)))];
    studio.save(&mut tx, &NetChanges { claimed: claims.to_vec(), ..NetChanges::default() }).await.unwrap();
    insert(&mut tx, &studio, (a, 1), (0, 5)).await.unwrap();
    insert(&mut tx, &studio, (a, 1), (600, 660)).await.unwrap();
    let neighbour = Studio::insert(NEIGHBOUR, &mut tx).await;
    let others = neighbour.booking(1, span(170, 180));
    let net = NetChanges { made: vec![others.clone()], claimed: vec![neighbour.booked(&others)], ..Default::default() };
    neighbour.save(&mut tx, &net).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = place.read().await;
    let mut found = async |ranges: &[_], chosen: &[ResourceId]| {
        let chosen = chosen.iter().copied().collect();
        let found = claims::list(&mut tx, studio.organization, (ranges, &chosen)).await.unwrap();
        found
            .into_iter()
            .map(|(room, claim)| (room == a, (claim.slot.start() - at(0)).num_minutes()))
            .collect::<Vec<_>>()
    };
    let later = [(a, span(500, 700)), (b, span(500, 700))];
    assert_eq!(found(&later, &[]).await, [(true, 600)]);
    assert_eq!(
        found(&later, &[a]).await,
        [(true, 110), (true, 600)],
        "its slot begins last, though not what it blocks"
    );
    assert_eq!(found(&later, &[a, b]).await, [(true, 110), (true, 600), (false, 150)]);
    assert_eq!(found(&[(a, span(110, 120))], &[a]).await, [(true, 110), (true, 60)], "what overlaps comes once");
    assert_eq!(
        found(&[(a, span(5, 6)), (a, span(700, 710))], &[a]).await,
        [(true, 0), (true, 600)],
        "one for each range"
    );
    assert_eq!(
        found(&[(a, span(0, 1)), (b, span(150, 151))], &[b]).await,
        [(true, 0), (false, 150)],
        "there may be none"
    );
}

async fn one_of_many_rushing_writers_gets_the_unit(place: Place) {
    let studio = studio_with_a_claim(&place).await;
    let rush = (0..16).map(|n| {
        let store = place.store.clone();
        async move {
            let mut tx = store.write().await?;
            insert(&mut tx, &studio, (studio.rooms[1], 1), (300 + n, 400 + n)).await?;
            tx.commit().await
        }
    });
    let ends = futures::future::join_all(rush).await;
    let won = ends.iter().filter(|end| end.is_ok()).count();
    let fair = |error: &StoreError| matches!(error, StoreError::Overlap | StoreError::Unavailable(_));
    assert!(ends.iter().filter_map(|end| end.as_ref().err()).all(fair), "{ends:?}");
    assert_eq!(won, 1);
}
