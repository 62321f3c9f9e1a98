//! Erasing what ended long ago: all of it goes, and nothing else.

use booking_component::store::bookings;
use booking_component::store::bookings::erasing::{ErasingCursor as From, erase_ended};
use booking_domain::booking::{Actor, Booking, BookingFilter, HistoryEntry, HistoryKind};
use booking_domain::hold::change::NetChanges;
use booking_domain::id::BookingId;
use booking_domain::page::PageRequest;

use crate::support::stores::Place;
use crate::support::studio::{STUDIO, Studio, at, name, prose, span};

on_each_store! {
    what_ended_before_is_erased_with_all_that_was_kept_of_it,
    a_walk_goes_on_where_it_ended_and_finds_all,
}

/// What saves a booking with a claim and an entry of its history.
fn made(studio: &Studio, booking: &Booking) -> NetChanges {
    let (at, slot) = (booking.stamp.created_at, booking.slot);
    let entry = HistoryEntry { at, kind: HistoryKind::Created, actor: Actor::Booker, slot, reason: prose("") };
    NetChanges {
        claimed: vec![studio.booked(booking)],
        made: vec![booking.clone()],
        recorded: vec![(booking.id, entry)],
        ..NetChanges::default()
    }
}

async fn found(place: &Place, studio: &Studio, text: &str) -> Vec<BookingId> {
    let filter = BookingFilter { text: Some(name(text)), ..BookingFilter::default() };
    let page = bookings::list(&mut place.read().await, studio.organization, &filter, &PageRequest::longest()).await;
    page.unwrap().items.into_iter().map(|booking| booking.id).collect()
}

async fn what_ended_before_is_erased_with_all_that_was_kept_of_it(place: Place) {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    let mut old = studio.booking(1, span(0, 60));
    old.booker.name = name("Zerlina Lovelace");
    let (goes_on, later) = (studio.booking(2, span(60, 200)), studio.booking(3, span(300, 360)));
    for booking in [&old, &goes_on, &later] {
        studio.save(&mut tx, &made(&studio, booking)).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(found(&place, &studio, "zerlina").await, [old.id]);

    let mut tx = place.write().await;
    let step = erase_ended(&mut tx, studio.organization, (From::START, at(61)), 200).await.unwrap();
    assert_eq!((step.erased, step.next.is_none()), (1, true));
    tx.commit().await.unwrap();
    assert_eq!(found(&place, &studio, "lovelace").await, [goes_on.id, later.id], "shared words stay");
    assert_eq!(found(&place, &studio, "zerlina").await, []);

    // Nothing of it is in the way: not a claim, a resource, an entry of its history, or a word.
    let mut tx = place.write().await;
    studio.save(&mut tx, &made(&studio, &old)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(found(&place, &studio, "zerlina").await, [old.id], "a word that was forgotten is learned again");
}

async fn a_walk_goes_on_where_it_ended_and_finds_all(place: Place) {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    for n in 0..7_u64 {
        let start = 10 * n.cast_signed();
        // Every third one is long, and not over yet.
        let end = if n % 3 == 0 { 1_000 } else { start + 5 };
        let booking = studio.booking(n, span(start, end));
        studio.save(&mut tx, &NetChanges { made: vec![booking], ..NetChanges::default() }).await.unwrap();
    }
    let (mut erased, mut from) = (0, Some(From::START));
    while let Some(place) = from {
        let step = erase_ended(&mut tx, studio.organization, (place, at(500)), 2).await.unwrap();
        erased += step.erased;
        from = step.next;
    }
    assert_eq!(erased, 4);
    tx.commit().await.unwrap();
    assert_eq!(found(&place, &studio, "ada").await, [0, 3, 6].map(|n| studio.booking_id(n)));
}
