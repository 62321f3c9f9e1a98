//! A filled database holds what the store would have written, so that what is measured or counted beside it means something.

use std::collections::{BTreeMap, BTreeSet};

use booking_component::store::{Tx, bookings, catalog, claims, cooldowns, export_import::tables, presences};
use booking_domain::availability::{Claim, Owner};
use booking_domain::booking::{Booking, BookingFilter, BookingStatus, HistoryKind};
use booking_domain::id::{BookingId, EventTypeId, OrganizationId, PresenceId, ResourceId};
use booking_domain::interval::Interval;
use booking_domain::page::PageRequest;
use booking_domain::text::{Email, Name};
use booking_domain::{DateTime, Utc};
use database_fill::{FillError, Filled, Plan, RARE_EMAIL, RARE_NAME, REGULAR_EMAIL, fill};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

use crate::support::stores::Place;
use crate::support::studio::{at, history_of};

/// Stamps these tests onto each database that can be reached by its URL.
macro_rules! on_each_database {
    ($($name:ident,)+) => {
        mod on_an_sqlite_file {
            $(#[tokio::test]
            async fn $name() {
                super::$name(super::Place::sqlite_file().await).await;
            })+
        }

        mod on_postgres {
            $(#[tokio::test]
            async fn $name() {
                super::$name(super::Place::postgres().await).await;
            })+
        }
    };
}

on_each_database! {
    every_row_is_read_back,
    what_occupies_has_its_claims_and_nothing_overlaps,
    what_is_found_by_is_what_is_shown,
    every_booking_has_its_history,
    the_rooms_that_are_used_are_free_for_a_while,
    a_database_is_filled_once,
    a_database_with_bookings_of_its_own_is_left_alone,
    more_than_fits_is_refused,
}

const BOOKINGS: usize = 3_000;
const HOLDS: usize = 400;

fn plan() -> Plan {
    Plan::new(at(0).timestamp_millis(), BOOKINGS as i64, HOLDS as i64)
}

async fn filled(place: &Place) -> (OrganizationId, Filled) {
    let filled = fill(&place.url, &plan()).await.unwrap();
    // As the next server does when it starts.
    place.store.migrate().await.unwrap();
    (OrganizationId::new(filled.organization), filled)
}

fn instant(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(ms).unwrap()
}

/// As long as anything lasts.
fn always() -> Interval {
    Interval::new(DateTime::UNIX_EPOCH, instant(at(0).timestamp_millis() * 10)).unwrap()
}

/// Every booking, page by page.
async fn all_bookings(tx: &mut Tx, organization: OrganizationId, filter: &BookingFilter) -> Vec<Booking> {
    let (mut all, mut page) = (Vec::new(), PageRequest { size: 200, token: None });
    loop {
        let found = bookings::list(tx, organization, filter, &page).await.unwrap();
        all.extend(found.items);
        match found.next {
            None => return all,
            token => page.token = token,
        }
    }
}

async fn all_claims(tx: &mut Tx, organization: OrganizationId) -> Vec<(ResourceId, Claim)> {
    let resources = catalog::load(tx, organization).await.unwrap().unwrap().resources;
    let everywhere: Vec<_> = resources.iter().map(|resource| (resource.id, always())).collect();
    claims::list(tx, organization, (&everywhere, &BTreeSet::new())).await.unwrap()
}

async fn every_row_is_read_back(place: Place) {
    let (organization, filled) = filled(&place).await;
    let mut tx = place.read().await;
    let catalog = catalog::load(&mut tx, organization).await.unwrap().unwrap();
    assert_eq!((catalog.resources.len(), catalog.schedules.len(), catalog.event_types.len()), (36, 33, 36));
    let used: Vec<_> = filled.event_types.iter().map(|id| EventTypeId::new(*id)).collect();
    let named = catalog.event_types.iter().filter(|event_type| used.contains(&event_type.id));
    assert_eq!(
        named.map(|event_type| event_type.spec.requires_confirmation).collect::<Vec<_>>(),
        [false, true, false, false]
    );

    assert_eq!(all_bookings(&mut tx, organization, &BookingFilter::default()).await.len(), BOOKINGS);
    let present = presences::list_of_organization(&mut tx, organization).await.unwrap();
    assert_eq!(present.iter().filter(|presence| presence.hold.is_some()).count(), HOLDS);
    assert_eq!(present.iter().filter(|presence| presence.hold.is_none()).count(), HOLDS / 8);
    let (sessions, addresses): (Vec<_>, BTreeSet<_>) = (Vec::new(), present.iter().filter_map(|p| p.address).collect());
    let cooling = cooldowns::list(&mut tx, organization, (&sessions, &Vec::from_iter(addresses)), at(0)).await.unwrap();
    assert!(!cooling.is_empty(), "who comes from these addresses has to wait");
    for table in tables::TABLES {
        let mut rows = 0;
        let take = |_| {
            rows += 1;
            Ok(())
        };
        tables::read_all(&mut tx, (table, organization), take).await.unwrap();
        assert!(rows > 0, "{} is empty", table.name);
    }
}

async fn what_occupies_has_its_claims_and_nothing_overlaps(place: Place) {
    let (organization, _) = filled(&place).await;
    let mut tx = place.read().await;
    let claims = all_claims(&mut tx, organization).await;
    let mut units: BTreeMap<(ResourceId, u32), Vec<Interval>> = BTreeMap::new();
    let mut taken: BTreeMap<BookingId, Vec<ResourceId>> = BTreeMap::new();
    let mut held: BTreeMap<PresenceId, Vec<ResourceId>> = BTreeMap::new();
    for (resource, claim) in claims {
        units.entry((resource, claim.unit)).or_default().push(claim.blocked);
        match claim.owner {
            Owner::Booking(booking) => taken.entry(booking).or_default().push(resource),
            Owner::Hold(presence) => held.entry(presence).or_default().push(resource),
        }
    }
    for ranges in units.values() {
        assert!(ranges.is_sorted_by(|one, next| one.end() <= next.start()), "{ranges:?}");
    }
    for booking in all_bookings(&mut tx, organization, &BookingFilter::default()).await {
        let resources: Vec<_> = booking.resources.iter().map(|resource| resource.id).collect();
        let claimed = taken.remove(&booking.id).unwrap_or_default();
        assert_eq!(claimed, if booking.status.occupies() { resources } else { Vec::new() });
    }
    for presence in presences::list_of_organization(&mut tx, organization).await.unwrap() {
        let claimed = held.remove(&presence.id).unwrap_or_default();
        assert_eq!(claimed, presence.hold.map(|hold| hold.resource_ids).unwrap_or_default());
    }
    assert!(taken.is_empty() && held.is_empty(), "nobody claims who is not there");
    if let Tx::Sqlite(_) = tx {
        let mut connection = SqliteConnection::connect(&place.url).await.unwrap();
        assert!(sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut connection).await.unwrap().is_empty());
    }
}

/// Name, address, title, and what the two columns for finding hold.
type Row = (String, String, String, String, String);

async fn rows(place: &Place) -> Vec<Row> {
    let text = "SELECT booker_name, booker_email, event_type_title, email_key, search_text FROM bookings";
    if place.url.starts_with("sqlite:") {
        let mut connection = SqliteConnection::connect(&place.url).await.unwrap();
        sqlx::query_as(text).fetch_all(&mut connection).await.unwrap()
    } else {
        let mut connection = PgConnection::connect(&place.url).await.unwrap();
        let text = AssertSqlSafe(text.replace("FROM ", "FROM booking."));
        sqlx::query_as(text).fetch_all(&mut connection).await.unwrap()
    }
}

async fn what_is_found_by_is_what_is_shown(place: Place) {
    let (organization, _) = filled(&place).await;
    for (name, email, title, email_key, search_text) in rows(&place).await {
        assert_eq!(email_key, email.to_lowercase());
        assert_eq!(search_text, format!("{name}\n{email}\n{title}").to_lowercase());
    }
    let mut tx = place.read().await;
    let called = |text| BookingFilter { text: Some(Name::parse(text).unwrap()), ..BookingFilter::default() };
    for rare in [RARE_NAME, RARE_EMAIL] {
        assert_eq!(all_bookings(&mut tx, organization, &called(rare)).await.len(), 1);
    }
    let regular = BookingFilter { email: Some(Email::parse(REGULAR_EMAIL).unwrap()), ..BookingFilter::default() };
    assert_eq!(all_bookings(&mut tx, organization, &regular).await.len(), BOOKINGS.div_ceil(64));
    let all = all_bookings(&mut tx, organization, &BookingFilter::default()).await;
    let bookers: BTreeSet<_> = all.iter().map(|booking| booking.booker.email_key()).collect();
    assert!(bookers.len() > BOOKINGS / 5, "{} people booked", bookers.len());
}

async fn every_booking_has_its_history(place: Place) {
    let (organization, _) = filled(&place).await;
    let mut tx = place.read().await;
    let mut statuses = BTreeSet::new();
    for booking in all_bookings(&mut tx, organization, &BookingFilter::default()).await {
        statuses.insert(booking.status.name());
        let history = history_of(&mut tx, organization, booking.id).await;
        assert_eq!(history.len() as i64, booking.stamp.version, "each change is told");
        assert_eq!(history.first().unwrap().kind, HistoryKind::Created);
        let last = history.last().unwrap();
        assert_eq!((last.at, last.slot), (booking.stamp.updated_at, booking.slot));
        let ends = [HistoryKind::Cancelled, HistoryKind::Declined, HistoryKind::Completed, HistoryKind::NoShow];
        assert_eq!(ends.contains(&last.kind), !booking.status.is_open());
        assert!(history.is_sorted_by_key(|entry| entry.at));
    }
    assert_eq!(statuses.len(), BookingStatus::ALL.len(), "every status is there");
}

async fn the_rooms_that_are_used_are_free_for_a_while(place: Place) {
    let (organization, filled) = filled(&place).await;
    let free = Interval::new(instant(filled.free_ms.start), instant(filled.free_ms.end)).unwrap();
    assert!(free.start() < at(0) && at(0) < free.end());
    let mut tx = place.read().await;
    for (ids, range, some) in [(filled.rooms, free, false), (filled.rooms, always(), true)] {
        let everywhere = ids.map(|id| (ResourceId::new(id), range));
        let found = claims::list(&mut tx, organization, (&everywhere, &BTreeSet::new())).await.unwrap();
        assert_eq!(!found.is_empty(), some);
    }
    for (ids, range, some) in [(filled.event_types, free, false), (filled.event_types, always(), true)] {
        let everywhere = ids.map(|id| (EventTypeId::new(id), range));
        assert_eq!(!presences::list_in(&mut tx, organization, &everywhere).await.unwrap().is_empty(), some);
    }
    let around = BookingFilter { from: Some(free.start()), to: Some(free.end()), ..BookingFilter::default() };
    let others = all_bookings(&mut tx, organization, &around).await;
    assert!(!others.is_empty() && others.iter().all(|b| !filled.event_types.contains(&b.event_type_id.uuid())));
}

async fn a_database_is_filled_once(place: Place) {
    filled(&place).await;
    assert!(matches!(fill(&place.url, &plan()).await, Err(FillError::FilledBefore)));
}

async fn a_database_with_bookings_of_its_own_is_left_alone(place: Place) {
    filled(&place).await;
    // As if somebody else had booked all of it.
    let rename = "UPDATE organizations SET slug = 'somebody' WHERE slug = 'fill-other'";
    match place.write().await {
        Tx::Sqlite(mut tx) => {
            sqlx::query(rename).execute(&mut *tx).await.unwrap();
            tx.commit().await.unwrap();
        }
        Tx::Postgres(mut tx) => {
            sqlx::query(rename).execute(&mut *tx).await.unwrap();
            tx.commit().await.unwrap();
        }
    }
    assert!(matches!(fill(&place.url, &plan()).await, Err(FillError::InUse)));
}

async fn more_than_fits_is_refused(place: Place) {
    for wrong in [
        Plan { bookings: 3_000_000, ..plan() },
        Plan { holds: 1_000_000, ..plan() },
        Plan { waiting: plan().holds + 1, ..plan() },
        Plan { catalog: 0, ..plan() },
    ] {
        assert!(matches!(fill(&place.url, &wrong).await, Err(FillError::TooMany)));
    }
}
