//! Lists and searches show what a plain look at every booking shows: under all filters at once, over all pages, after every change.

use booking_component::store::export_import::{export, import};
use booking_component::store::{bookings, event_types};
use booking_domain::booking::{BookedResource, Booking, BookingFilter, BookingStatus};
use booking_domain::event_type::EventType;
use booking_domain::hold::change::NetChanges;
use booking_domain::id::EventTypeId;
use booking_domain::page::PageRequest;
use booking_domain::text::{Email, Name};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::support::stores::Place;
use crate::support::studio::{NEIGHBOUR, STUDIO, Studio, at, name, span, stamp, uuid};

on_each_store! {
    a_list_shows_what_fits_before_and_after_every_change,
}

/// Names that meet in parts: accents, scripts without spaces, signs, long runs, and what query languages think special.
const NAMES: [&str; 16] = [
    "Ada Lovelace",
    "Grace Hopper",
    "Adaline O'Neil",
    "Jürgen Müller",
    "MULLER, Juergen",
    "Øyvind Åse",
    "Çağla İpek",
    "田中太郎",
    "中田 花子",
    "김영희",
    "Ὀδυσσεύς",
    "100% \"Real\" (NEAR)",
    "a*b_c\\d%e; AND 'x' OR --",
    "😀 Smiley",
    "q",
    "Donaudampfschifffahrtsgesellschaftskapitänswitwe",
];
const ADDRESSES: [&str; 6] = [
    "ada@example.org",
    "ADA.L+17@Example.org",
    "grace_h@mail.example.com",
    "m@x.de",
    "müller@exämple.de",
    "q7@q.example",
];
const TITLES: [&str; 3] = ["Session", "Piano Lesson", "Séance №5"];
/// What is asked for beside parts of what is there.
const ASKED: [&str; 30] = [
    "ada",
    "AD",
    "a",
    "muller",
    "MÜLLER",
    "ller mü",
    "hop gra",
    "ada@example.org",
    "example.org",
    "org",
    ".",
    "@",
    "@.",
    "%",
    "_",
    "*",
    "\"",
    "'",
    "\\",
    "NEAR",
    "AND",
    "OR --",
    "田中",
    "中",
    "太郎田",
    "김",
    "οδυσσευς",
    "😀",
    "schifffahrtsges",
    "nobody",
];

fn slots() -> impl Strategy<Value = (i64, i64)> {
    // Few starts, so that many are the same; and some that last for days.
    (0..40_i64, prop_oneof![8 => select(vec![15_i64, 30, 60]), 1 => Just(3_000), 1 => Just(10_080)])
        .prop_map(|(start, minutes)| (start * 30, start * 30 + minutes))
}

/// A booking of the studio's, of one of its two event types, in one or both of its rooms.
fn booking(studio: Studio, base: u64) -> impl Strategy<Value = Booking> {
    let booker = (select(&NAMES[..]), select(&ADDRESSES[..]), select(&TITLES[..]));
    let kind = (0..2_u64, 1..4_u8, select(BookingStatus::ALL.to_vec()));
    // As ids are drawn: not in the order of starts.
    (0..1_000_000_u64, slots(), booker, kind).prop_map(
        move |(n, (from, to), (who, email, title), (of, rooms, status))| {
            let mut booking = studio.booking(n, span(from, to));
            booking.id = booking_domain::id::BookingId::new(uuid(base * 1_000 + n));
            booking.booker.name = name(who);
            booking.booker.email = Some(Email::parse(email).unwrap());
            booking.event_type_title = name(title);
            booking.event_type_id = event_type(studio, of);
            booking.status = status;
            let taken = studio.rooms.iter().zip(0..).filter(|(_, n)| rooms & (1_u8 << n) != 0);
            booking.resources = taken.map(|(id, _)| BookedResource { id: *id, name: name("Room") }).collect();
            booking
        },
    )
}

fn event_type(studio: Studio, n: u64) -> EventTypeId {
    if n == 0 { studio.event_type } else { EventTypeId::new(uuid(studio.organization.uuid().as_u128() as u64 + 5 + n)) }
}

fn filter(studio: Studio, asked: Vec<String>) -> impl Strategy<Value = BookingFilter> {
    let instant = || proptest::option::weighted(0.3, (0..60_i64).prop_map(|n| at(n * 25)));
    let of = proptest::option::weighted(0.3, (0..2_u64).prop_map(move |n| event_type(studio, n)));
    let in_room = proptest::option::weighted(0.3, select(studio.rooms.to_vec()));
    let status = proptest::option::weighted(0.4, select(BookingStatus::ALL.to_vec()));
    let email = proptest::option::weighted(0.2, select(&ADDRESSES[..]));
    let text = proptest::option::weighted(0.6, select(asked));
    (status, in_room, of, instant(), instant(), email, text).prop_map(
        |(status, resource_id, event_type_id, from, to, email, text)| BookingFilter {
            status,
            resource_id,
            event_type_id,
            from,
            to,
            email: email.map(|email| Email::parse(&email.to_uppercase()).unwrap()),
            text: text.map(|text| name(&text)),
        },
    )
}

/// What there is to ask for: any part of any text, parts of two, and what is known to be hard.
fn asked() -> Vec<String> {
    let texts = NAMES.iter().chain(&ADDRESSES).chain(&TITLES);
    let parts = texts.flat_map(|text| {
        let characters: Vec<char> = text.chars().collect();
        (1..=6).flat_map(move |length| {
            characters.windows(length).map(|part| part.iter().collect::<String>()).collect::<Vec<_>>()
        })
    });
    let parts: Vec<String> = parts.filter(|part| Name::parse(part).is_ok()).collect();
    let pairs = parts.iter().zip(parts.iter().skip(97)).step_by(7).map(|(one, other)| format!("{one} {other}"));
    ASKED.iter().map(|text| (*text).to_owned()).chain(pairs).chain(parts.iter().cloned()).collect()
}

/// As one would say it by hand: without case, and without the accents that occur in these tests.
fn plain(text: &str) -> String {
    let letters =
        text.to_lowercase().replace("i\u{307}", "i").replace('№', "no").replace('ς', "σ").replace(['ὀ', 'ὁ'], "ο");
    letters
        .chars()
        .map(|c| match c {
            'ü' => 'u',
            'ä' | 'å' => 'a',
            'é' => 'e',
            'ç' => 'c',
            'ğ' => 'g',
            'ύ' | 'ὺ' => 'υ',
            c => c,
        })
        .collect()
}

fn fits(booking: &Booking, filter: &BookingFilter) -> bool {
    let Booking { booker, event_type_title: title, .. } = booking;
    let email = booker.email.as_ref().map_or("", Email::as_str);
    let text = plain(&format!("{}\n{email}\n{title}", booker.name));
    let is = |wanted: Option<bool>| wanted.unwrap_or(true);
    is(filter.status.map(|status| booking.status == status))
        && is(filter.resource_id.map(|id| booking.resources.iter().any(|taken| taken.id == id)))
        && is(filter.event_type_id.map(|id| booking.event_type_id == id))
        && is(filter.from.map(|from| booking.slot.end() > from))
        && is(filter.to.map(|to| booking.slot.start() < to))
        && is(filter.email.as_ref().map(|email| booker.email_key() == Some(email.as_str().to_lowercase())))
        && is(filter
            .text
            .as_ref()
            .map(|asked| plain(asked.as_str()).split_whitespace().all(|term| text.contains(term))))
}

/// Every page of a list, one after the other.
async fn whole(place: &Place, studio: Studio, filter: &BookingFilter, size: u32) -> Vec<Booking> {
    let (mut tx, mut page, mut all) = (place.read().await, PageRequest { size, token: None }, Vec::new());
    loop {
        let found = bookings::list(&mut tx, studio.organization, filter, &page).await.unwrap();
        assert!(found.items.len() <= size as usize);
        assert!(found.items.len() == size as usize || found.next.is_none(), "a page is full, or the last");
        all.extend(found.items);
        page.token = found.next;
        if page.token.is_none() {
            return all;
        }
    }
}

/// Compares lists with a look at every booking: this many, under filters as they come.
async fn assert_lists(place: &Place, studio: Studio, stored: &[Booking], count: usize) {
    let asked = (filter(studio, asked()), 1..40_u32);
    let mut runner = TestRunner::deterministic();
    let mut shown = 0;
    for _ in 0..count {
        let (filter, size) = asked.new_tree(&mut runner).unwrap().current();
        let mut expected: Vec<Booking> = stored.iter().filter(|booking| fits(booking, &filter)).cloned().collect();
        expected.sort_by_key(|booking| (booking.slot.start(), booking.id));
        expected.iter_mut().for_each(|booking| booking.resources.sort_by_key(|taken| taken.id));
        let found = whole(place, studio, &filter, size).await;
        let ids = |list: &[Booking]| list.iter().map(|booking| booking.id).collect::<Vec<_>>();
        assert_eq!(ids(&found), ids(&expected), "{filter:?}");
        assert_eq!(found, expected, "{filter:?}");
        shown += expected.len();
    }
    assert!(shown > count, "enough is shown");
}

async fn founded(place: &Place, base: u64) -> Studio {
    let mut tx = place.write().await;
    let studio = Studio::insert(base, &mut tx).await;
    let other = EventType { id: event_type(studio, 1), spec: studio.spec("other"), stamp: stamp() };
    event_types::insert(&mut tx, studio.organization, &other).await.unwrap();
    tx.commit().await.unwrap();
    studio
}

/// So many bookings, each with an id of its own.
fn made(studio: Studio, base: u64, count: usize, runner: &mut TestRunner) -> Vec<Booking> {
    let mut all = proptest::collection::vec(booking(studio, base), count).new_tree(runner).unwrap().current();
    all.sort_by_key(|booking| booking.id);
    all.dedup_by_key(|booking| booking.id);
    all
}

async fn a_list_shows_what_fits_before_and_after_every_change(place: Place) {
    let (studio, neighbour) = (founded(&place, STUDIO).await, founded(&place, NEIGHBOUR).await);
    let mut runner = TestRunner::deterministic();
    let mut stored = made(studio, 10_000, 400, &mut runner);
    for some in stored.chunks(60) {
        studio.save_in(&place, NetChanges { made: some.to_vec(), ..NetChanges::default() }).await;
    }
    neighbour
        .save_in(&place, NetChanges { made: made(neighbour, 20_000, 60, &mut runner), ..NetChanges::default() })
        .await;
    assert_lists(&place, studio, &stored, 400).await;

    let moves = proptest::collection::vec((slots(), select(BookingStatus::ALL.to_vec())), stored.len());
    let moves = moves.new_tree(&mut runner).unwrap().current();
    for (booking, (n, ((from, to), status))) in stored.iter_mut().zip((0..).zip(moves)) {
        if n % 3 != 0 {
            booking.slot = span(from, to);
        }
        if n % 3 != 1 {
            booking.status = status;
        }
        if n % 5 == 0 {
            booking.resources = vec![BookedResource { id: studio.rooms[n % 2], name: name("Room") }];
        }
    }
    for some in stored.chunks(70) {
        studio.save_in(&place, NetChanges { became: some.to_vec(), ..NetChanges::default() }).await;
    }
    assert_lists(&place, studio, &stored, 400).await;

    let mut file = Vec::new();
    export(&place.store, &studio.organization().slug, &mut file).await.unwrap();
    for other in [Place::sqlite_file().await, Place::postgres().await] {
        import(&other.store, &mut file.as_slice()).await.unwrap();
        assert_lists(&other, studio, &stored, 100).await;
    }
}
