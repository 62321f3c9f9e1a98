//! What is looked for in texts: any part, as it is, among however many words; and how far is looked.

use booking_component::store::{Tx, bookings};
use booking_domain::booking::{Actor, Booking, BookingFilter, BookingStatus, HistoryEntry, HistoryKind};
use booking_domain::hold::change::NetChanges;
use booking_domain::page::{Page, PageRequest};
use booking_domain::text::{Email, Name};
use sqlx::AssertSqlSafe;

use crate::support::stores::Place;
use crate::support::studio::{STUDIO, Studio, name, prose, span};

on_each_store! {
    whatever_is_asked_for_is_taken_as_it_is,
    a_short_part_is_found_among_very_many_words,
    a_page_ends_before_everything_was_looked_at,
    whoever_is_called_otherwise_is_not_remembered_by_the_name_before,
}

async fn founded(place: &Place) -> Studio {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    tx.commit().await.unwrap();
    studio
}

async fn page(place: &Place, studio: Studio, text: &str, page: &PageRequest) -> Page<Booking> {
    let filter = BookingFilter { text: Some(Name::stored(text.to_owned())), ..BookingFilter::default() };
    bookings::list(&mut place.read().await, studio.organization, &filter, page).await.unwrap()
}

async fn whatever_is_asked_for_is_taken_as_it_is(place: Place) {
    let studio = founded(&place).await;
    let mut booking = studio.booking(1, span(0, 60));
    let odd = "\" ' ` \\ % _ * ? ^ $ ( ) [ ] { } : ; | & ! NEAR/2 AND -- \u{1f600}\u{200d}\u{1f525} \u{10ffff}";
    booking.booker.name = name(odd);
    studio.save_in(&place, NetChanges { made: vec![booking], ..NetChanges::default() }).await;
    for there in odd.split_whitespace().chain([odd, "/2", "\u{200d}", "] [", "* adA@"]) {
        assert_eq!(page(&place, studio, there, &PageRequest::default()).await.items.len(), 1, "{there}");
    }
    for absent in [
        "\"\"",
        "NEAR(",
        "%%",
        "a_a",
        "ad*",
        "ada OR eve",
        "\u{1f4a9}",
        &"x".repeat(200),
        &"% ".repeat(99).replace(' ', "_"),
    ] {
        assert_eq!(page(&place, studio, absent, &PageRequest::default()).await.items, [], "{absent}");
    }
}

/// Names of five letters, all different, which begin with `x`; few end with `z`.
fn called(n: u64) -> String {
    let letter = |n: u64| char::from(b'a' + u8::try_from(n % 25).unwrap());
    format!("x{}{}{}{}", letter(n / 625), letter(n / 25), letter(n), if n % 200 == 7 { 'z' } else { 'y' })
}

async fn a_short_part_is_found_among_very_many_words(place: Place) {
    let studio = founded(&place).await;
    let booking = |n: u64| {
        let mut booking = studio.booking(n, span(n.cast_signed() / 2, n.cast_signed() / 2 + 30));
        booking.booker.name = name(&called(n));
        booking.booker.email = Some(Email::parse(&format!("{}@example.org", called(n + 5_000))).unwrap());
        booking
    };
    let stored: Vec<Booking> = (1..=2_000).map(booking).collect();
    for some in stored.chunks(250) {
        studio.save_in(&place, NetChanges { made: some.to_vec(), ..NetChanges::default() }).await;
    }
    for part in ["x", "xa", "az", "z", "b", "org", "y@", "e", "xbcz", "a b z"] {
        let (mut found, mut asked) = (Vec::new(), PageRequest::default());
        while {
            let page = page(&place, studio, part, &asked).await;
            found.extend(page.items.iter().map(|booking| booking.id));
            asked.token = page.next;
            asked.token.is_some()
        } {}
        let fits = |booking: &&Booking| {
            let text = format!("{}\n{}\nsession", booking.booker.name, booking.booker.email_key().unwrap());
            part.split(' ').all(|term| text.contains(term))
        };
        assert_eq!(found, stored.iter().filter(fits).map(|booking| booking.id).collect::<Vec<_>>(), "{part}");
    }
}

/// Bookings of Ada, more than a page looks at: from now on, one a minute.
const MANY: i64 = 60_000;

async fn insert_many(place: &Place, studio: Studio) {
    let numbers = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 60000)";
    let row = "'Session', 'confirmed', 1799020800000 + CAST(n AS BIGINT) * 60000, 1799020800000 + CAST(n AS BIGINT) * 60000 + 1800000, 'UTC', 'Ada', 'ada@example.org', '',
        '{}', /hash/, 'ada@example.org', 'ada' || CHR(10) || 'ada@example.org' || CHR(10) || 'session', 0, 0, 1 FROM numbers";
    let columns = "organization_id, id, event_type_id, event_type_title, status, starts_at, ends_at, time_zone, booker_name, booker_email,
        booker_notes, answers, management_token_hash, email_key, search_text, created_at, updated_at, version";
    let (organization, event_type) = (studio.organization.uuid(), studio.event_type.uuid());
    let insert = |id: &str, new: &str, hash: &str, newline: &str| {
        let (of, kind) = (id.replace('#', &organization.to_string()), id.replace('#', &event_type.to_string()));
        let row = row.replace("/hash/", hash).replace("CHR(10)", newline);
        AssertSqlSafe(format!("INSERT INTO bookings ({columns}) {numbers} SELECT {of}, {new}, {kind}, {row}"))
    };
    match place.write().await {
        Tx::Sqlite(mut tx) => {
            let text = insert("unhex('#', '-')", "unhex(printf('%032x', n))", "zeroblob(32)", "char(10)");
            sqlx::query(text).execute(&mut *tx).await.unwrap();
            tx.commit().await.unwrap();
        }
        Tx::Postgres(mut tx) => {
            let text = insert("'#'::uuid", "lpad(to_hex(n), 32, '0')::uuid", "'\\x00'", "chr(10)");
            sqlx::query("SET LOCAL statement_timeout = 0").execute(&mut *tx).await.unwrap();
            sqlx::query(text).execute(&mut *tx).await.unwrap();
            tx.commit().await.unwrap();
        }
    }
}

async fn a_page_ends_before_everything_was_looked_at(place: Place) {
    let studio = founded(&place).await;
    insert_many(&place, studio).await;
    // Every address has both signs, so no index tells them apart; but none has them so.
    let (mut asked, mut pages) = (PageRequest::default(), 0);
    while {
        let page = page(&place, studio, "@.", &asked).await;
        assert_eq!(page.items, []);
        assert!(page.next.is_none() || page.next > asked.token, "each page goes on");
        (asked.token, pages) = (page.next, pages + 1);
        asked.token.is_some()
    } {}
    assert!(pages > 1, "nobody waits until {MANY} were looked at");
    let filled = page(&place, studio, "@", &PageRequest::default()).await;
    assert_eq!(filled.items.len(), 50, "what is there is found at once");
}

#[tokio::test]
async fn only_a_move_or_a_correction_touches_the_words_of_a_booking() {
    let place = Place::postgres().await;
    let studio = founded(&place).await;
    let mut booking = studio.booking(1, span(0, 60));
    studio.save_in(&place, NetChanges { made: vec![booking.clone()], ..NetChanges::default() }).await;
    let written = async || {
        let Tx::Postgres(mut tx) = place.read().await else { panic!("a PostgreSQL URL opens PostgreSQL") };
        let rows = "SELECT word, starts_at, xmin::text FROM booking_words ORDER BY word";
        let rows: Vec<(String, i64, String)> = sqlx::query_as(rows).fetch_all(&mut *tx).await.unwrap();
        rows
    };
    let before = written().await;
    assert_eq!(
        before.iter().map(|(word, ..)| word.as_str()).collect::<Vec<_>>(),
        ["ada", "example", "lovelace", "org", "session"]
    );
    booking.status = BookingStatus::Cancelled;
    studio.save_in(&place, NetChanges { became: vec![booking.clone()], ..NetChanges::default() }).await;
    assert_eq!(written().await, before);
    booking.slot = span(60, 120);
    studio.save_in(&place, NetChanges { became: vec![booking.clone()], ..NetChanges::default() }).await;
    let after = written().await;
    assert_eq!(after.len(), before.len());
    assert!(after.iter().all(|(_, start, _)| *start == booking.slot.start().timestamp_millis()), "{after:?}");
}

/// What a correction of this booking saves.
fn corrected(booking: &Booking) -> NetChanges {
    let entry = HistoryEntry {
        at: booking.stamp.updated_at,
        kind: HistoryKind::Corrected,
        actor: Actor::Operator,
        slot: booking.slot,
        reason: prose(""),
    };
    let (became, recorded) = (vec![booking.clone()], vec![(booking.id, entry)]);
    NetChanges { became, recorded, ..NetChanges::default() }
}

async fn whoever_is_called_otherwise_is_not_remembered_by_the_name_before(place: Place) {
    let studio = founded(&place).await;
    let (mut ada, other) = (studio.booking(1, span(0, 60)), studio.booking(2, span(60, 120)));
    studio.save_in(&place, NetChanges { made: vec![ada.clone(), other], ..NetChanges::default() }).await;
    ada.booker.name = name("Grace Hopper");
    ada.slot = span(120, 180);
    studio.save_in(&place, corrected(&ada)).await;
    let found = async |text: &str| page(&place, studio, text, &PageRequest::default()).await.items.len();
    assert_eq!((found("grace hop").await, found("lovelace").await, found("session").await), (1, 1, 2));
    ada.booker.name = name("Ada");
    ada.booker.email = None;
    studio.save_in(&place, corrected(&ada)).await;
    assert_eq!((found("hopper").await, found("ada").await), (0, 2));
    let known = "SELECT COUNT(*) FROM word_suffixes WHERE word IN ('grace', 'hopper')";
    let known: i64 = match place.read().await {
        Tx::Sqlite(mut tx) => sqlx::query_scalar(known).fetch_one(&mut *tx).await.unwrap(),
        Tx::Postgres(mut tx) => sqlx::query_scalar(known).fetch_one(&mut *tx).await.unwrap(),
    };
    assert_eq!(known, 0, "no list of words tells who was called so");
}
