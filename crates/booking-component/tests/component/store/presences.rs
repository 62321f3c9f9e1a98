//! Presences, their heartbeats, and cooldowns.

use booking_component::store::{StoreError, cooldowns, heartbeats, presences};
use booking_domain::allow::Allow;
use booking_domain::availability::UnitRef;
use booking_domain::hold::change::{Cooldown, NetChanges};
use booking_domain::hold::fixed_term::FixedTerm;
use booking_domain::hold::{Hold, Presence, RoomData};
use booking_domain::id::BookingId;
use booking_domain::id::PresenceId;

use crate::support::stores::Place;
use crate::support::studio::{NEIGHBOUR, STUDIO, Studio, address, at, session, span, uuid};

on_each_store! {
    a_line_comes_back_in_the_order_of_joining,
    rooms_are_found_by_overlap_sessions_and_addresses_by_name,
    a_presence_changes_where_it_is,
    a_session_is_in_a_room_once,
    nobody_takes_the_place_of_somebody_else_by_having_the_same_id,
    heartbeats_are_saved_and_armed_again,
    whoever_has_to_wait_is_found_until_then,
}

async fn studio(place: &Place) -> Studio {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    tx.commit().await.unwrap();
    studio
}

async fn a_line_comes_back_in_the_order_of_joining(place: Place) {
    let studio = studio(&place).await;
    let (holder, claim) = studio.holder(1, span(0, 60), studio.rooms[1]);
    let mut second = studio.presence(2, span(0, 60));
    second.wanted = Some(studio.rooms[0]);
    second.data = Some(RoomData::parse(r#"{"name": "Zoë \u0000 \"x\""}"#).unwrap());
    second.address = None;
    let third = studio.presence(3, span(0, 30));
    let mut tx = place.write().await;
    let present = vec![third.clone(), holder.clone(), second.clone()];
    studio.save(&mut tx, &NetChanges { claimed: vec![claim], present, ..NetChanges::default() }).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = place.read().await;
    let ranges = [(studio.event_type, span(0, 60)), (studio.event_type, span(10, 20))];
    let line = presences::list_in(&mut tx, studio.organization, &ranges).await.unwrap();
    assert_eq!(line, [holder.clone(), second.clone(), third], "each once, whole, with what is held");
    let (both, deadline) = ([holder.id, second.id].into(), holder.hold.unwrap().deadline);
    let deadlines = presences::deadlines_of(&mut tx, studio.organization, &both).await.unwrap();
    assert_eq!(deadlines, [(holder.id, deadline)].into());
}

async fn rooms_are_found_by_overlap_sessions_and_addresses_by_name(place: Place) {
    let studio = studio(&place).await;
    let week = 7 * 24 * 60;
    let early = studio.presence(1, span(0, week));
    let late = studio.presence(4, span(week, week + 60));
    let mut tx = place.write().await;
    let neighbour = Studio::insert(NEIGHBOUR, &mut tx).await;
    let theirs = neighbour.presence(1, span(0, 60));
    studio
        .save(&mut tx, &NetChanges { present: vec![early.clone(), late.clone()], ..NetChanges::default() })
        .await
        .unwrap();
    neighbour.save(&mut tx, &NetChanges { present: vec![theirs.clone()], ..NetChanges::default() }).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = place.read().await;
    let organization = studio.organization;
    let last = [(studio.event_type, span(week - 1, week))];
    assert_eq!(
        presences::list_in(&mut tx, organization, &last).await.unwrap(),
        std::slice::from_ref(&early),
        "the longest, at its last minute"
    );
    let next = [(studio.event_type, span(week, week + 1))];
    assert_eq!(presences::list_in(&mut tx, organization, &next).await.unwrap(), std::slice::from_ref(&late));
    let found = presences::list_of_sessions(&mut tx, organization, &[session(4), session(9)]).await.unwrap();
    assert_eq!(found, std::slice::from_ref(&late));
    let both = [early.id, theirs.id].into();
    assert_eq!(presences::deadlines_of(&mut tx, organization, &both).await.unwrap(), [].into(), "nobody holds");
    let tally = presences::tally_by_address(&mut tx, organization, &[address(1), address(2)]).await.unwrap();
    assert_eq!(tally, [(address(1), vec![early.id, late.id])].into(), "of this organization alone");
    let everybody = presences::list_all(&mut tx).await.unwrap();
    assert_eq!(everybody, [(organization, early), (organization, late), (neighbour.organization, theirs)]);
}

async fn a_presence_changes_where_it_is(place: Place) {
    let studio = studio(&place).await;
    let waiting = studio.presence(1, span(0, 60));
    let mut tx = place.write().await;
    studio.save(&mut tx, &NetChanges { present: vec![waiting.clone()], ..NetChanges::default() }).await.unwrap();
    let (promoted, claim) = studio.holder(1, span(0, 60), studio.rooms[0]);
    let hold = promoted.hold.map(|hold| Hold { extended: true, version: 7, ..hold });
    let promoted = Presence {
        hold,
        expires_at: at(9),
        data: Some(RoomData::parse("3").unwrap()),
        moving: Some(BookingId::new(promoted.id.uuid())),
        kept: vec![UnitRef { resource_id: studio.rooms[0], unit: 2 }],
        allow: Allow::of(["notice", "off_grid"]).unwrap(),
        fixed_term: Some(FixedTerm { until: at(9), of_operator: true }),
        ..promoted
    };
    let net = NetChanges { claimed: vec![claim], present: vec![promoted.clone()], ..NetChanges::default() };
    studio.save(&mut tx, &net).await.unwrap();
    let moving = [promoted.moving.unwrap(), BookingId::new(studio.event_type.uuid())];
    let rooms = presences::rooms_of_moves(&mut tx, studio.organization, &moving).await.unwrap();
    assert_eq!(rooms, [promoted.room]);
    assert_eq!(heartbeats::rearm(&mut tx, at(30)).await.unwrap(), 1, "and keeps to its term");
    assert_eq!(presences::list_of_sessions(&mut tx, studio.organization, &[session(1)]).await.unwrap(), [promoted]);
}

async fn a_session_is_in_a_room_once(place: Place) {
    let studio = studio(&place).await;
    let one = studio.presence(1, span(0, 60));
    let twin = Presence { session: one.session, ..studio.presence(2, span(0, 60)) };
    let mut tx = place.write().await;
    let net = NetChanges { present: vec![one, twin], ..NetChanges::default() };
    assert!(matches!(studio.save(&mut tx, &net).await, Err(StoreError::Conflict(_))));
}

async fn nobody_takes_the_place_of_somebody_else_by_having_the_same_id(place: Place) {
    let studio = studio(&place).await;
    let one = studio.presence(1, span(0, 60));
    let mut tx = place.write().await;
    studio.save(&mut tx, &NetChanges { present: vec![one.clone()], ..NetChanges::default() }).await.unwrap();
    for other in
        [Presence { session: session(2), ..one.clone() }, Presence { id: one.id, ..studio.presence(1, span(60, 120)) }]
    {
        let refused = studio.save(&mut tx, &NetChanges { present: vec![other], ..NetChanges::default() }).await;
        assert!(matches!(refused, Err(StoreError::Moved)), "{refused:?}");
    }
    assert_eq!(presences::list_of_sessions(&mut tx, studio.organization, &[session(1)]).await.unwrap(), [one]);
}

async fn heartbeats_are_saved_and_armed_again(place: Place) {
    let studio = studio(&place).await;
    let (one, two) = (studio.presence(1, span(0, 60)), studio.presence(2, span(0, 60)));
    let mut tx = place.write().await;
    studio
        .save(&mut tx, &NetChanges { present: vec![one.clone(), two.clone()], ..NetChanges::default() })
        .await
        .unwrap();
    heartbeats::save_all(
        &mut tx,
        &[(studio.organization, two.id, at(5)), (studio.organization, PresenceId::new(uuid(9)), at(6))],
    )
    .await
    .unwrap();
    let ends = |line: Vec<Presence>| line.iter().map(|presence| presence.expires_at).collect::<Vec<_>>();
    let room = [(studio.event_type, span(0, 60))];
    assert_eq!(ends(presences::list_in(&mut tx, studio.organization, &room).await.unwrap()), [at(1), at(5)]);

    forget_heartbeats(&mut tx).await;
    let lost = presences::list_in(&mut tx, studio.organization, &room).await.unwrap();
    assert_eq!(ends(lost), [one.joined_at, two.joined_at]);
    assert_eq!(heartbeats::rearm(&mut tx, at(30)).await.unwrap(), 2);
    assert_eq!(ends(presences::list_in(&mut tx, studio.organization, &room).await.unwrap()), [at(30), at(30)]);
    studio.save(&mut tx, &NetChanges { departed: vec![one.id], ..NetChanges::default() }).await.unwrap();
    assert_eq!(heartbeats::rearm(&mut tx, at(31)).await.unwrap(), 1);
    tx.commit().await.unwrap();
}

/// As a crash of PostgreSQL does with tables that are not logged.
async fn forget_heartbeats(tx: &mut booking_component::store::Tx) {
    use booking_component::store::Tx;
    let delete = "DELETE FROM presence_heartbeats";
    match tx {
        Tx::Sqlite(tx) => sqlx::query(delete).execute(&mut **tx).await.map(drop).unwrap(),
        Tx::Postgres(tx) => sqlx::query(delete).execute(&mut **tx).await.map(drop).unwrap(),
    }
}

async fn whoever_has_to_wait_is_found_until_then(place: Place) {
    let studio = studio(&place).await;
    let one = studio.cooldown(1, span(0, 60));
    let same_address = Cooldown { until: at(40), ..studio.cooldown(4, span(0, 60)) };
    let nowhere = Cooldown { address: None, ..studio.cooldown(2, span(0, 60)) };
    let mut tx = place.write().await;
    let net =
        NetChanges { cooldowns: vec![one.clone(), same_address.clone(), nowhere.clone()], ..NetChanges::default() };
    studio.save(&mut tx, &net).await.unwrap();
    let told = Cooldown { told: true, ..one };
    studio.save(&mut tx, &NetChanges { cooldowns: vec![told.clone()], ..NetChanges::default() }).await.unwrap();

    let organization = studio.organization;
    let found = cooldowns::list(&mut tx, organization, (&[session(1)], &[]), at(19)).await.unwrap();
    assert_eq!(found, std::slice::from_ref(&told));
    let found = cooldowns::list(&mut tx, organization, (&[session(2)], &[address(1)]), at(19)).await.unwrap();
    assert_eq!(found, [told, nowhere, same_address.clone()]);
    let found = cooldowns::list(&mut tx, organization, (&[session(1)], &[address(1)]), at(20)).await.unwrap();
    assert_eq!(found, std::slice::from_ref(&same_address), "the wait is over at its end");
    assert_eq!(cooldowns::purge(&mut tx, at(20)).await.unwrap(), 2);
    let found = cooldowns::list(&mut tx, organization, (&[], &[address(1)]), at(0)).await.unwrap();
    assert_eq!(found, [same_address]);
}
