//! Pages: bounded by what a message may have, and together all that there is.

use booking_client::RescheduleRequest;
use booking_domain::allow::Allow;
use booking_domain::booking::{Booking, BookingFilter, HistoryKind};
use booking_domain::limits;
use booking_domain::page::{Page, PageRequest};
use booking_domain::text::Prose;
use booking_proto::v1;
use chrono::TimeDelta;
use prost::Message;

use super::on_both_ways;
use super::world::{World, at, booking, session};

on_both_ways! {
    a_page_of_the_longest_bookings_ends_where_a_message_does
    a_long_history_is_told_page_by_page
    everybody_in_the_rooms_is_told_page_by_page
}

/// The longest text there is: of characters that are as long as they can be.
fn longest() -> Prose {
    Prose::parse(&"\u{1f5d3}".repeat(limits::TEXT_CHARS)).unwrap()
}

async fn a_page_of_the_longest_bookings_ends_where_a_message_does(world: &World) {
    let room = world.resource("A room", 100).await.id;
    let event_type = world.event_type("lesson", &[60], &[room]).await.id;
    let mut made = Vec::new();
    for _ in 0..80 {
        let mut asked = booking(event_type, 9, None);
        asked.booker.notes = longest();
        made.push(world.api.create_booking(&asked).await.unwrap().booking.id);
    }
    let (mut found, mut token) = (Vec::new(), None);
    loop {
        let page = world.api.list_bookings(&BookingFilter::default(), PageRequest { size: 200, token }).await.unwrap();
        let message = v1::ListBookingsResponse::from(&page);
        assert!(!page.items.is_empty() && message.encoded_len() <= limits::PAGE_BYTES, "{}", message.encoded_len());
        found.extend(page.items.iter().map(|booking: &Booking| booking.id));
        token = page.next;
        if token.is_none() {
            break;
        }
    }
    // Two nodes that book at the same time number their bookings by clocks of their own.
    made.sort_unstable();
    assert_eq!(found, made, "each is on one page");
}

async fn a_long_history_is_told_page_by_page(world: &World) {
    let room = world.resource("A room", 1).await.id;
    let event_type = world.event_type("lesson", &[60], &[room]).await.id;
    let id = world.book(event_type, 9, None).await.unwrap().booking.id;
    for half_hours in 1..=4 {
        let moved = RescheduleRequest {
            allow: Allow::NOTHING,
            id,
            start: at(9) + TimeDelta::minutes(30 * half_hours),
            duration_minutes: None,
            session_id: None,
            resource_id: None,
            reason: Prose::default(),
            version: None,
            management_token: None,
        };
        world.api.reschedule_booking(&moved).await.unwrap();
    }
    let all = world.api.list_booking_history(id, PageRequest::longest()).await.unwrap();
    assert_eq!((all.items.len(), all.next), (5, None));
    let (mut found, mut page) = (Vec::new(), PageRequest { size: 2, token: None });
    while let Page { items, next: Some(token) } = world.api.list_booking_history(id, page.clone()).await.unwrap() {
        assert_eq!(items.len(), 2);
        found.extend(items);
        page.token = Some(token);
    }
    found.extend(world.api.list_booking_history(id, page).await.unwrap().items);
    assert_eq!(found, all.items);
    assert_eq!(found.first().map(|entry| entry.kind), Some(HistoryKind::Created));
}

async fn everybody_in_the_rooms_is_told_page_by_page(world: &World) {
    let room = world.resource("A room", 2).await.id;
    let event_type = world.event_type("lesson", &[60], &[room]).await.id;
    for hour in [9, 9, 9, 9, 12, 7, 9] {
        world.beat(event_type, hour, session()).await.unwrap();
    }
    let all = world.api.list_live_presence(PageRequest::longest()).await.unwrap();
    assert_eq!((all.items.len(), all.next), (7, None));
    for size in 1..=7 {
        let (mut found, mut page) = (Vec::new(), PageRequest { size, token: None });
        loop {
            let Page { items, next } = world.api.list_live_presence(page.clone()).await.unwrap();
            assert!(items.len() <= size as usize);
            found.extend(items.into_iter().map(|presence| presence.who));
            let Some(token) = next else { break };
            page.token = Some(token);
        }
        assert_eq!(found, all.items.iter().map(|presence| presence.who.clone()).collect::<Vec<_>>(), "{size} a page");
    }
    let wrong = PageRequest { size: 1, token: Some("elsewhere".to_owned()) };
    assert!(world.api.list_live_presence(wrong).await.is_err());
}
