//! Bookings: lists under every filter, what counts towards limits, and history.

use booking_component::secret::Digest;
use booking_component::store::{StoreError, bookings};
use booking_domain::availability::Appointment;
use booking_domain::booking::{
    Actor, Answer, BookedResource, Booking, BookingFilter, BookingStatus, HistoryEntry, HistoryKind,
};
use booking_domain::hold::change::NetChanges;
use booking_domain::page::PageRequest;
use booking_domain::text::{Email, Name, Phone};

use crate::support::stores::Place;
use crate::support::studio::{NEIGHBOUR, STUDIO, Studio, at, history_of, name, prose, span};

on_each_store! {
    a_booking_comes_back_as_it_was_made,
    a_booking_without_a_token_is_not_saved,
    a_booking_that_is_gone_cannot_change,
    a_filter_shows_exactly_what_it_says,
    pages_of_bookings_are_complete_along_every_index,
    only_what_occupies_counts_towards_limits,
    history_is_kept_in_order,
}

async fn insert(place: &Place, bookings: Vec<Booking>) -> Studio {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    Studio::insert(NEIGHBOUR, &mut tx).await;
    studio.save(&mut tx, &NetChanges { made: bookings, ..NetChanges::default() }).await.unwrap();
    tx.commit().await.unwrap();
    studio
}

async fn a_booking_comes_back_as_it_was_made(place: Place) {
    let studio = Studio::new(STUDIO);
    let mut rich = studio.booking(1, span(60, 120));
    rich.status = BookingStatus::Cancelled;
    rich.booker.phone = Some(Phone::parse("+49 30 123").unwrap());
    rich.booker.notes = prose("Two lines,\n\"quoted\" and 'so'; \\ 日本");
    rich.answers =
        [("band".to_owned(), Answer::Text("AC/DC".to_owned())), ("ok".to_owned(), Answer::Ticked(true))].into();
    rich.ended_reason = Some(prose("rain"));
    rich.booker.email = None;
    rich.staff_notes = prose("Owes us tea");
    rich.calendar_sequence = 7;
    rich.wanted = Some(studio.rooms[1]);
    rich.resources.push(BookedResource { id: studio.rooms[1], name: name("Room") });
    rich.stamp.updated_at = at(7);
    let plain = studio.booking(2, span(0, 30));
    insert(&place, vec![rich.clone(), plain.clone()]).await;

    let mut tx = place.read().await;
    assert_eq!(bookings::find(&mut tx, studio.organization, rich.id).await.unwrap().as_ref(), Some(&rich));
    let ids = [plain.id, rich.id, studio.booking_id(9)];
    assert_eq!(bookings::find_by_ids(&mut tx, studio.organization, &ids).await.unwrap(), [rich.clone(), plain]);
    let neighbour = Studio::new(NEIGHBOUR);
    assert_eq!(
        bookings::find(&mut tx, neighbour.organization, rich.id).await.unwrap(),
        None,
        "another tenant sees nothing"
    );
    let token = bookings::find_token_hash(&mut tx, studio.organization, rich.id).await.unwrap();
    assert_eq!(token, Some(Digest([rich.id.uuid().as_bytes()[15]; 32])));
    assert_eq!(bookings::find_token_hash(&mut tx, neighbour.organization, rich.id).await.unwrap(), None);
}

async fn a_booking_without_a_token_is_not_saved(place: Place) {
    let studio = insert(&place, Vec::new()).await;
    let net = NetChanges { made: vec![studio.booking(1, span(0, 60))], ..NetChanges::default() };
    let mut tx = place.write().await;
    let refused =
        booking_component::store::changes::save(&mut tx, studio.organization, &net, &Default::default()).await;
    assert!(matches!(refused, Err(StoreError::Corrupt { table: "bookings", .. })), "{refused:?}");
}

async fn a_booking_that_is_gone_cannot_change(place: Place) {
    let studio = insert(&place, Vec::new()).await;
    let net = NetChanges { became: vec![studio.booking(1, span(0, 60))], ..NetChanges::default() };
    let mut tx = place.write().await;
    let refused = studio.save(&mut tx, &net).await;
    assert!(matches!(refused, Err(StoreError::Corrupt { table: "bookings", .. })), "{refused:?}");
}

/// Eight bookings, one each hour; by number: even ones are pending, every third in the other room, every fourth by Grace.
fn eight(studio: &Studio) -> Vec<Booking> {
    let booking = |n: u64| {
        let from = n.cast_signed() * 60;
        let mut booking = studio.booking(n, span(from, from + 60));
        if n.is_multiple_of(2) {
            booking.status = BookingStatus::Pending;
        }
        if n.is_multiple_of(3) {
            booking.resources[0].id = studio.rooms[1];
        }
        if n.is_multiple_of(4) {
            booking.booker.name = name("Grace 100% Höpper");
            booking.booker.email = Some(Email::parse("GRACE@example.org").unwrap());
        }
        booking
    };
    (0..8).map(booking).collect()
}

async fn a_filter_shows_exactly_what_it_says(place: Place) {
    let studio = insert(&place, eight(&Studio::new(STUDIO))).await;
    let mut tx = place.read().await;
    let mut shown = async |filter: BookingFilter| {
        let page = bookings::list(&mut tx, studio.organization, &filter, &PageRequest::default()).await.unwrap();
        assert_eq!(page.next, None);
        page.items.iter().map(|booking| (booking.slot.start() - at(0)).num_hours()).collect::<Vec<_>>()
    };
    const NONE: [i64; 0] = [];
    let all = BookingFilter::default;
    let text = |text: &str| BookingFilter { text: Some(Name::parse(text).unwrap()), ..all() };
    let email = |text: &str| BookingFilter { email: Some(Email::parse(text).unwrap()), ..all() };
    let (from, to) = (Some(at(120)), Some(at(240)));
    assert_eq!(shown(all()).await, [0, 1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(shown(BookingFilter { status: Some(BookingStatus::Pending), ..all() }).await, [0, 2, 4, 6]);
    assert_eq!(shown(BookingFilter { resource_id: Some(studio.rooms[1]), ..all() }).await, [0, 3, 6]);
    assert_eq!(
        shown(BookingFilter { event_type_id: Some(studio.event_type), from, ..all() }).await,
        [2, 3, 4, 5, 6, 7]
    );
    assert_eq!(shown(BookingFilter { event_type_id: Some(Studio::new(NEIGHBOUR).event_type), ..all() }).await, NONE);
    assert_eq!(
        shown(BookingFilter { from, to, ..all() }).await,
        [2, 3],
        "what ends at `from` or starts at `to` is outside"
    );
    assert_eq!(shown(email("grace@EXAMPLE.org")).await, [0, 4]);
    assert_eq!(shown(email("race@example.org")).await, NONE);
    assert_eq!(shown(text("100% HÖPP")).await, [0, 4], "no letter is special, and all have two cases");
    assert_eq!(shown(text("ada@")).await, [1, 2, 3, 5, 6, 7]);
    assert_eq!(shown(text("SESSION")).await.len(), 8);
    assert_eq!(shown(text("%")).await, [0, 4]);
    let status = Some(BookingStatus::Pending);
    let narrow = BookingFilter { status, resource_id: Some(studio.rooms[1]), from, ..email("ada@example.org") };
    assert_eq!(shown(narrow).await, [6], "all conditions hold at once");
}

async fn pages_of_bookings_are_complete_along_every_index(place: Place) {
    let studio = insert(&place, eight(&Studio::new(STUDIO))).await;
    let filters = [
        BookingFilter::default(),
        BookingFilter { event_type_id: Some(studio.event_type), ..Default::default() },
        BookingFilter { resource_id: Some(studio.rooms[0]), ..Default::default() },
        BookingFilter { email: Some(Email::parse("ada@example.org").unwrap()), ..Default::default() },
    ];
    let mut tx = place.read().await;
    for filter in filters {
        let whole = bookings::list(&mut tx, studio.organization, &filter, &PageRequest::default()).await.unwrap().items;
        let mut pages = Vec::new();
        let mut page = PageRequest { size: 2, token: None };
        loop {
            let found = bookings::list(&mut tx, studio.organization, &filter, &page).await.unwrap();
            pages.extend(found.items);
            page.token = found.next;
            if page.token.is_none() {
                break;
            }
        }
        assert!(whole.len() >= 5);
        assert_eq!(pages, whole);
    }
}

async fn only_what_occupies_counts_towards_limits(place: Place) {
    let studio = Studio::new(STUDIO);
    let made = BookingStatus::ALL.into_iter().zip(0_i64..).map(|(status, n)| {
        let from = n * 60;
        Booking { status, ..studio.booking(n.unsigned_abs(), span(from, from + 30)) }
    });
    insert(&place, made.collect()).await;
    let mut tx = place.read().await;
    let ranges = [(studio.event_type, span(0, 60)), (studio.event_type, span(30, 600))];
    let found = bookings::appointments(&mut tx, studio.organization, &ranges).await.unwrap();
    let counted = |n: u64| {
        let start = at(n.cast_signed() * 60);
        (studio.event_type, Appointment::of_booking(studio.booking_id(n), start))
    };
    assert_eq!(found, [0, 1, 4, 5].map(counted), "all but cancelled and declined ones, each once");
    let ranges = [(studio.event_type, span(1, 60))];
    assert_eq!(bookings::appointments(&mut tx, studio.organization, &ranges).await.unwrap(), [], "by their start");
}

async fn history_is_kept_in_order(place: Place) {
    let studio = Studio::new(STUDIO);
    let (one, two) = (studio.booking(1, span(0, 60)), studio.booking(2, span(60, 120)));
    insert(&place, vec![one.clone(), two.clone()]).await;
    let entry = |kind, minute, reason| HistoryEntry {
        at: at(minute),
        kind,
        actor: Actor::Operator,
        slot: span(0, 60),
        reason: prose(reason),
    };
    let [made, moved, ended] = [
        entry(HistoryKind::Created, 0, ""),
        entry(HistoryKind::Rescheduled, 0, "later, please"),
        HistoryEntry { actor: Actor::Booker, ..entry(HistoryKind::Cancelled, 0, "") },
    ];
    let mut tx = place.write().await;
    let recorded = vec![(one.id, made.clone()), (two.id, made.clone()), (one.id, moved.clone())];
    studio.save(&mut tx, &NetChanges { recorded, ..NetChanges::default() }).await.unwrap();
    studio
        .save(&mut tx, &NetChanges { recorded: vec![(one.id, ended.clone())], ..NetChanges::default() })
        .await
        .unwrap();
    let history = history_of(&mut tx, studio.organization, one.id).await;
    assert_eq!(history, [made.clone(), moved, ended], "at one instant, still in order");
    assert_eq!(history_of(&mut tx, studio.organization, two.id).await, [made]);
}
