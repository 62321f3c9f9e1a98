//! What was stored before an index before is found by it afterwards.

use booking_component::store::{Store, StoreSettings, bookings};
use booking_domain::booking::{BookingFilter, BookingStatus};
use booking_domain::page::PageRequest;

use crate::support::first_release;
use crate::support::postgres::Database;
use crate::support::stores::Folder;
use crate::support::studio::{STUDIO, Studio, at, name};

/// More than are indexed by one statement, in two organizations: by number, each has a word of its own and every fourth is pending.
const BOOKINGS: &str = "
    INSERT INTO organizations (id, slug, name, created_at, updated_at, version)
        SELECT /id/(o.n), 'studio-' || o.n, 'Studio', 0, 0, 1 FROM /studios/;
    INSERT INTO resources (organization_id, id, name, kind, time_zone, capacity, description, active, created_at, updated_at, version)
        SELECT /id/(o.n), /id/(o.n + 1), 'Room', 'room', 'UTC', 1, '', /true/, 0, 0, 1 FROM /studios/;
    INSERT INTO schedules (organization_id, id, name, hours, created_at, updated_at, version)
        SELECT /id/(o.n), /id/(o.n + 3), 'Hours', '{}', 0, 0, 1 FROM /studios/;
    INSERT INTO event_types (organization_id, id, slug, title, description, durations, buffer_before_minutes, buffer_after_minutes,
            min_notice_minutes, schedule_id, requirements, limits, requires_confirmation, questions, active, created_at, updated_at, version)
        SELECT /id/(o.n), /id/(o.n + 4), 'session', 'Session', '', '[60]', 0, 0, 0, /id/(o.n + 3), '[]', '{}', /false/, '[]', /true/, 0, 0, 1
        FROM /studios/;
    INSERT INTO bookings (organization_id, id, event_type_id, event_type_title, status, starts_at, ends_at, time_zone, booker_name,
            booker_email, booker_notes, answers, management_token_hash, email_key, search_text, created_at, updated_at, version)
        SELECT /id/(o.n), /id/(o.n + 100000 + b.n), /id/(o.n + 4), 'Session', CASE b.n % 4 WHEN 0 THEN 'pending' ELSE 'confirmed' END,
            1799020800000 + b.n * 60000, 1799020800000 + b.n * 60000 + 3600000, 'UTC', 'Müller ' || b.n, 'm@example.org', '', '{}',
            /hash/, 'm@example.org', 'müller ' || b.n || '\nm@example.org\nsession', 0, 0, 1
        FROM /studios/ CROSS JOIN (
            WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1200) SELECT n FROM n) AS b;
    INSERT INTO booking_resources (organization_id, booking_id, resource_id, starts_at)
        SELECT b.organization_id, b.id, r.id, b.starts_at FROM bookings AS b
        JOIN resources AS r ON r.organization_id = b.organization_id;";
const STUDIOS: &str = "(SELECT 1000000 AS n UNION ALL SELECT 2000000) AS o";

/// The statements in a database's own words: an id of the test's studio is a number after a fixed beginning.
fn bookings_on(id: &str, hash: &str, (yes, no): (&str, &str)) -> String {
    let mut text =
        BOOKINGS.replace("/studios/", STUDIOS).replace("/hash/", hash).replace("/true/", yes).replace("/false/", no);
    while let Some((before, after)) = text.split_once("/id/(") {
        let (number, rest) = after.split_once(')').expect("a number");
        text = format!("{before}{}{rest}", id.replace('#', number));
    }
    text
}

async fn assert_found(url: &str) {
    let store = Store::open(url, StoreSettings::default()).await.unwrap();
    store.migrate().await.unwrap();
    let (mut tx, studio) = (store.read().await.unwrap(), Studio::new(STUDIO));
    let mut numbers = async |filter: BookingFilter| {
        let page = bookings::list(&mut tx, studio.organization, &filter, &PageRequest::default()).await.unwrap();
        page.items.iter().map(|booking| (booking.slot.start() - at(0)).num_minutes()).collect::<Vec<_>>()
    };
    let text = |text: &str| BookingFilter { text: Some(name(text)), ..BookingFilter::default() };
    for n in [1, 499, 1_000, 1_200] {
        assert_eq!(numbers(text(&format!("{n} MULL"))).await.first(), Some(&n));
    }
    assert_eq!(numbers(text("example.org")).await, Vec::from_iter(1..=50));
    assert_eq!(numbers(text("example.net")).await, NONE);
    let (status, resource_id) = (Some(BookingStatus::Pending), Some(studio.rooms[0]));
    let pending = BookingFilter { status, resource_id, ..BookingFilter::default() };
    assert_eq!(numbers(pending).await, Vec::from_iter((4..=200).step_by(4)));
}
const NONE: [i64; 0] = [];

#[tokio::test]
async fn bookings_of_an_older_store_are_found_on_sqlite() {
    let folder = Folder::create();
    let url = format!("sqlite://{}/holdfast.db", folder.0.display());
    let text = bookings_on("unhex(printf('01900000000070008000%012x', #))", "zeroblob(32)", ("1", "0"));
    first_release::make_on_sqlite(&url, &text).await;
    assert_found(&url).await;
}

#[tokio::test]
async fn bookings_of_an_older_store_are_found_on_postgres() {
    let database = Database::create().await;
    let text =
        bookings_on("('019000000000700080000000' || lpad(to_hex(#), 8, '0'))::uuid", "'\\x00'", ("true", "false"));
    first_release::make_on_postgres(&database.url, &text).await;
    assert_found(&database.url).await;
}
