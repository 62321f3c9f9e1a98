//! What a booking says is put right, by whom it is theirs; and a link that ends.

use booking_client::{
    ApiKey, BookingRef, CreateBooking, CreatedBooking, ManagementToken, RenewManagementToken, RequestId, UpdateBooking,
};
use booking_domain::booking::correction::{BookerChange, BookingChange};
use booking_domain::booking::{BookingFilter, BookingStatus, HistoryKind};
use booking_domain::event_type::EventType;
use booking_domain::id::BookingId;
use booking_domain::page::PageRequest;
use booking_domain::refusal::Refusal;
use booking_domain::text::{Email, Name, Prose, Slug};

use super::on_both_ways;
use super::world::{Api, World, booking, refusal};

on_both_ways! {
    what_is_corrected_is_found_by_its_words_of_now
    a_booker_changes_what_is_theirs_and_no_more
    a_new_link_ends_the_one_before_it_at_once
    a_link_that_is_asked_for_again_is_the_same
    who_books_for_others_needs_no_address_and_no_confirmation
}

/// The calls of the public, through a front of its own.
async fn public(world: &World) -> Api {
    let keyring = world.component.keyring();
    let name = Name::parse("A front").unwrap();
    let (_, key) = keyring.create(booking_component::keyring::Scope::Front, name).await.unwrap();
    let slug = Slug::parse("default").unwrap();
    world.api.with_key(ApiKey::parse(&key).unwrap()).on_behalf_of(Some(slug), Some([192, 0, 2, 9].into()))
}

fn change(id: BookingId, change: BookingChange, token: Option<&ManagementToken>) -> UpdateBooking {
    UpdateBooking { id, change, version: None, management_token: token.cloned() }
}

fn renamed(name: &str) -> BookingChange {
    let name = Some(Name::parse(name).unwrap());
    BookingChange { booker: BookerChange { name, ..BookerChange::default() }, ..BookingChange::default() }
}

fn noted(notes: &str) -> BookingChange {
    BookingChange { staff_notes: Some(Prose::parse(notes).unwrap()), ..BookingChange::default() }
}

async fn found(world: &World, text: &str) -> usize {
    let filter = BookingFilter { text: Some(Name::parse(text).unwrap()), ..BookingFilter::default() };
    world.api.list_bookings(&filter, PageRequest::default()).await.unwrap().items.len()
}

async fn what_is_corrected_is_found_by_its_words_of_now(world: &World) {
    let studio = world.studio().await.id;
    let made = world.book(studio, 9, None).await.unwrap().booking;
    world.book(studio, 12, None).await.unwrap();
    let email = Some(Some(Email::parse("grace@navy.example").unwrap()));
    let mut corrected = renamed("Grace Hopper");
    corrected.booker.email = email.clone();
    let corrected = world.api.update_booking(&change(made.id, corrected, None)).await.unwrap();
    assert_eq!((corrected.booker.email.clone(), corrected.stamp.version), (email.flatten(), 2));
    assert_eq!(world.api.get_booking(made.id, None).await.unwrap(), corrected);
    for (text, count) in [("hopper", 1), ("navy.ex", 1), ("live-room", 2), ("a booker", 1), ("booker@", 1)] {
        assert_eq!(found(world, text).await, count, "{text}");
    }
    let by = |email: &str| BookingFilter { email: Some(Email::parse(email).unwrap()), ..BookingFilter::default() };
    for email in ["GRACE@navy.example", "booker@example.org"] {
        assert_eq!(
            world.api.list_bookings(&by(email), PageRequest::default()).await.unwrap().items.len(),
            1,
            "{email}"
        );
    }
    let nobody = BookingChange {
        booker: BookerChange { email: Some(None), ..BookerChange::default() },
        ..BookingChange::default()
    };
    assert_eq!(world.api.update_booking(&change(made.id, nobody, None)).await.unwrap().booker.email, None);
    assert_eq!((found(world, "navy").await, found(world, "hopper").await), (0, 1));
    let history = world.api.list_booking_history(made.id, PageRequest::longest()).await.unwrap().items;
    let kinds: Vec<HistoryKind> = history.iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, [HistoryKind::Created, HistoryKind::Corrected, HistoryKind::Corrected]);
}

async fn a_booker_changes_what_is_theirs_and_no_more(world: &World) {
    let studio = world.studio().await.id;
    let public = public(world).await;
    let CreatedBooking { booking: made, management_token } = world.book(studio, 9, None).await.unwrap();
    let token = Some(&management_token);
    world.api.update_booking(&change(made.id, noted("Owes us tea"), None)).await.unwrap();
    let mine = public.update_booking(&change(made.id, renamed("Ada King"), token)).await.unwrap();
    assert_eq!((mine.booker.name.as_str(), mine.staff_notes.as_str()), ("Ada King", ""));
    assert_eq!(public.get_booking(made.id, token).await.unwrap().staff_notes.as_str(), "");
    assert_eq!(world.api.get_booking(made.id, None).await.unwrap().staff_notes.as_str(), "Owes us tea");
    match refusal(public.update_booking(&change(made.id, noted("I owe nothing"), token)).await) {
        Refusal::InvalidArgument { errors } => assert_eq!(errors[0].field, "staff_notes"),
        other => panic!("{other:?}"),
    }
    let hidden = refusal(public.update_booking(&change(made.id, renamed("Eve"), None)).await);
    assert!(matches!(hidden, Refusal::NotFound { .. }), "{hidden:?}");
    let stale = UpdateBooking { version: Some(1), ..change(made.id, renamed("Eve"), None) };
    assert!(matches!(refusal(world.api.update_booking(&stale).await), Refusal::Conflict { .. }));
}

fn renewal(id: BookingId, key: Option<&str>) -> RenewManagementToken {
    let request_id = key.map(|key| RequestId::parse(key).unwrap());
    RenewManagementToken { id, version: None, request_id }
}

async fn a_new_link_ends_the_one_before_it_at_once(world: &World) {
    let studio = world.studio().await.id;
    let public = public(world).await;
    let made = world.book(studio, 9, None).await.unwrap();
    let id = made.booking.id;
    let old = BookingRef { id, management_token: Some(made.management_token) };
    assert!(public.get_booking(id, old.management_token.as_ref()).await.is_ok());
    let renewed = world.api.renew_management_token(&renewal(id, None)).await.unwrap();
    // Once on each node, where there are two.
    for _ in 0..2 {
        let hidden = refusal(public.get_booking(id, old.management_token.as_ref()).await);
        assert!(matches!(hidden, Refusal::NotFound { .. }), "{hidden:?}");
        assert!(public.get_booking(id, Some(&renewed.management_token)).await.is_ok());
    }
    let stale = RenewManagementToken { version: Some(1), ..renewal(id, None) };
    assert!(matches!(refusal(world.api.renew_management_token(&stale).await), Refusal::Conflict { .. }));
    assert!(public.get_booking(id, Some(&renewed.management_token)).await.is_ok(), "what is refused ends nothing");
}

async fn a_link_that_is_asked_for_again_is_the_same(world: &World) {
    let studio = world.studio().await.id;
    let public = public(world).await;
    let id = world.book(studio, 9, None).await.unwrap().booking.id;
    let first = world.api.renew_management_token(&renewal(id, Some("once"))).await.unwrap();
    let again = world.api.renew_management_token(&renewal(id, Some("once"))).await.unwrap();
    assert_eq!(first, again);
    assert!(public.get_booking(id, Some(&again.management_token)).await.is_ok());
    let other = world.api.renew_management_token(&renewal(id, Some("twice"))).await.unwrap();
    assert_ne!(other.management_token, first.management_token);
}

async fn asked_for(world: &World) -> EventType {
    let room = world.resource("Room", 1).await;
    let mut spec = world.spec("asked", &[60], &[room.id]);
    spec.requires_confirmation = true;
    world.api.create_event_type(&spec, None).await.unwrap()
}

async fn who_books_for_others_needs_no_address_and_no_confirmation(world: &World) {
    let event_type = asked_for(world).await.id;
    let public = public(world).await;
    let asked = |hour, status| {
        let mut asked = booking(event_type, hour, None);
        asked.booker.email = None;
        CreateBooking { status, ..asked }
    };
    let made = world.api.create_booking(&asked(9, None)).await.unwrap().booking;
    assert_eq!((made.status, made.booker.email.clone()), (BookingStatus::Confirmed, None));
    assert_eq!(world.api.get_booking(made.id, None).await.unwrap(), made);
    let pending = world.api.create_booking(&asked(10, Some(BookingStatus::Pending))).await.unwrap().booking;
    assert_eq!(pending.status, BookingStatus::Pending);
    assert_eq!(found(world, "a booker").await, 2);
    match refusal(public.create_booking(&asked(11, Some(BookingStatus::Confirmed))).await) {
        Refusal::InvalidArgument { errors } => {
            let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
            assert_eq!(fields, ["booker.email", "status"]);
        }
        other => panic!("{other:?}"),
    }
    let theirs = public.create_booking(&booking(event_type, 11, None)).await.unwrap().booking;
    assert_eq!(theirs.status, BookingStatus::Pending);
}
