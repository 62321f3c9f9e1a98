//! Changes: what a decision changed is in the store afterwards, all of it or nothing.

use std::collections::BTreeSet;

use booking_component::store::{StoreError, bookings, claims, presences, resources};
use booking_domain::availability::{Claim, Owner};
use booking_domain::booking::{BookedResource, Booking, BookingStatus};
use booking_domain::hold::change::NetChanges;
use booking_domain::id::ResourceId;

use crate::support::stores::Place;
use crate::support::studio::{STUDIO, Studio, at, prose, session, span};

on_each_store! {
    nothing_changes_nothing,
    a_hold_becomes_a_booking_in_the_same_rows,
    a_leaver_frees_and_the_next_takes_in_one_net,
    a_session_leaves_and_joins_again_in_one_net,
    a_booking_moves_over_its_own_time,
    a_refused_net_leaves_nothing,
    what_is_gone_cannot_be_freed_or_change_hands,
}

async fn studio(place: &Place) -> Studio {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    tx.commit().await.unwrap();
    studio
}

async fn save(place: &Place, studio: &Studio, net: NetChanges) {
    let mut tx = place.write().await;
    studio.save(&mut tx, &net).await.unwrap();
    tx.commit().await.unwrap();
}

async fn claimed(place: &Place, studio: &Studio) -> Vec<(ResourceId, Claim)> {
    let mut tx = place.read().await;
    let ranges = studio.rooms.map(|room| (room, span(0, 10_000)));
    claims::list(&mut tx, studio.organization, (&ranges, &BTreeSet::new())).await.unwrap()
}

async fn nothing_changes_nothing(place: Place) {
    let studio = studio(&place).await;
    save(&place, &studio, NetChanges::default()).await;
    assert_eq!(claimed(&place, &studio).await, []);
}

async fn a_hold_becomes_a_booking_in_the_same_rows(place: Place) {
    let studio = studio(&place).await;
    let (holder, claim) = studio.holder(1, span(0, 60), studio.rooms[0]);
    let versions = [(studio.rooms[0], 1)].into();
    save(
        &place,
        &studio,
        NetChanges { claimed: vec![claim], versions, present: vec![holder.clone()], ..NetChanges::default() },
    )
    .await;
    assert_eq!(claimed(&place, &studio).await, [claim]);

    let booking = studio.booking(1, span(0, 60));
    let taken = (claim.0, Claim { owner: Owner::Booking(booking.id), ..claim.1 });
    let net = NetChanges {
        reowned: vec![taken],
        versions: [(studio.rooms[0], 2)].into(),
        departed: vec![holder.id],
        made: vec![booking.clone()],
        ..NetChanges::default()
    };
    save(&place, &studio, net).await;
    assert_eq!(claimed(&place, &studio).await, [taken]);
    let mut tx = place.write().await;
    assert_eq!(presences::list_all(&mut tx).await.unwrap(), []);
    assert_eq!(resources::lock(&mut tx, &studio.rooms).await.unwrap()[&studio.rooms[0]], 2);
    assert_eq!(bookings::find(&mut tx, studio.organization, booking.id).await.unwrap(), Some(booking));
}

async fn a_leaver_frees_and_the_next_takes_in_one_net(place: Place) {
    let studio = studio(&place).await;
    let (holder, claim) = studio.holder(1, span(0, 60), studio.rooms[0]);
    let waiting = studio.presence(2, span(30, 90));
    let same_room = studio.presence(3, span(0, 60));
    let present = vec![holder.clone(), waiting, same_room];
    save(&place, &studio, NetChanges { claimed: vec![claim], present, ..NetChanges::default() }).await;

    // The next one waits for a range that begins later: its claim is a new row beside the freed one's place.
    let (promoted, taken) = studio.holder(2, span(30, 90), studio.rooms[0]);
    let freed = vec![(claim.0, 1, claim.1.blocked.start())];
    let net = NetChanges {
        freed,
        claimed: vec![taken],
        departed: vec![holder.id],
        present: vec![promoted.clone()],
        ..NetChanges::default()
    };
    save(&place, &studio, net).await;
    assert_eq!(claimed(&place, &studio).await, [taken]);

    // Then the range itself changes hands between two sessions: the same row, another owner, who is only now seen to hold.
    let (heir, inherited) = studio.holder(3, span(30, 90), studio.rooms[0]);
    let mut tx = place.write().await;
    let moved = NetChanges { departed: vec![heir.id], ..NetChanges::default() };
    studio.save(&mut tx, &moved).await.unwrap();
    let net = NetChanges {
        reowned: vec![inherited],
        departed: vec![promoted.id],
        present: vec![heir.clone()],
        ..NetChanges::default()
    };
    studio.save(&mut tx, &net).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(claimed(&place, &studio).await, [inherited]);
    let mut tx = place.read().await;
    assert_eq!(presences::list_of_sessions(&mut tx, studio.organization, &[session(3)]).await.unwrap(), [heir]);
}

async fn a_session_leaves_and_joins_again_in_one_net(place: Place) {
    let studio = studio(&place).await;
    let before = studio.presence(1, span(0, 60));
    save(&place, &studio, NetChanges { present: vec![before.clone()], ..NetChanges::default() }).await;
    let mut after = studio.presence(2, span(0, 60));
    after.session = before.session;
    save(
        &place,
        &studio,
        NetChanges { departed: vec![before.id], present: vec![after.clone()], ..NetChanges::default() },
    )
    .await;
    let mut tx = place.read().await;
    assert_eq!(presences::list_all(&mut tx).await.unwrap(), [(studio.organization, after)]);
}

async fn a_booking_moves_over_its_own_time(place: Place) {
    let studio = studio(&place).await;
    let booking = studio.booking(1, span(0, 60));
    let before = studio.booked(&booking);
    save(&place, &studio, NetChanges { claimed: vec![before], made: vec![booking.clone()], ..NetChanges::default() })
        .await;

    let mut moved = Booking { slot: span(30, 90), status: BookingStatus::Pending, ..booking };
    moved.resources = vec![BookedResource { id: studio.rooms[1], ..moved.resources[0].clone() }];
    moved.ended_reason = Some(prose("later"));
    moved.wanted = Some(studio.rooms[1]);
    (moved.stamp.version, moved.stamp.updated_at) = (2, at(3));
    let after = (studio.rooms[1], studio.booked(&moved).1);
    let freed = vec![(before.0, 1, before.1.blocked.start())];
    save(
        &place,
        &studio,
        NetChanges { freed, claimed: vec![after], became: vec![moved.clone()], ..NetChanges::default() },
    )
    .await;
    assert_eq!(claimed(&place, &studio).await, [after]);
    let mut tx = place.read().await;
    assert_eq!(bookings::find(&mut tx, studio.organization, moved.id).await.unwrap(), Some(moved));
}

async fn a_refused_net_leaves_nothing(place: Place) {
    let studio = studio(&place).await;
    let (one, taken) = studio.holder(1, span(0, 60), studio.rooms[0]);
    save(&place, &studio, NetChanges { claimed: vec![taken], present: vec![one.clone()], ..NetChanges::default() })
        .await;
    let (two, overlapping) = studio.holder(2, span(30, 90), studio.rooms[0]);
    let (_, free) = studio.holder(2, span(30, 90), studio.rooms[1]);
    let mut tx = place.write().await;
    let net = NetChanges { claimed: vec![free, overlapping], present: vec![two], ..NetChanges::default() };
    assert!(matches!(studio.save(&mut tx, &net).await, Err(StoreError::Overlap)));
    drop(tx);
    assert_eq!(claimed(&place, &studio).await, [taken]);
    let mut tx = place.read().await;
    assert_eq!(presences::list_all(&mut tx).await.unwrap(), [(studio.organization, one)]);
}

async fn what_is_gone_cannot_be_freed_or_change_hands(place: Place) {
    let studio = studio(&place).await;
    let (_, claim) = studio.holder(1, span(0, 60), studio.rooms[0]);
    let nets = [
        NetChanges { freed: vec![(claim.0, 1, at(0))], ..NetChanges::default() },
        NetChanges { reowned: vec![claim], ..NetChanges::default() },
        NetChanges { versions: [(Studio::new(9).rooms[0], 2)].into(), ..NetChanges::default() },
    ];
    for net in nets {
        let mut tx = place.write().await;
        assert!(matches!(studio.save(&mut tx, &net).await, Err(StoreError::Corrupt { .. })));
    }
}
