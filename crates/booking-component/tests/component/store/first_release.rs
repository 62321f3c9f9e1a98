//! A database that the first release filled: after the migrations every row is there as it was, and the contract works on it.

use std::collections::BTreeMap;
use std::io::BufReader;

use booking_client::{ApiKey, HeartbeatRequest, ManagementToken, RequestId, SlotRequest};
use booking_component::store::export_import::{export, import};
use booking_component::store::{Store, StoreSettings};
use booking_domain::allow::Allow;
use booking_domain::availability::SlotState;
use booking_domain::booking::{Answer, Booking, BookingFilter, BookingStatus, HistoryKind};
use booking_domain::event_type::EventType;
use booking_domain::hold::{HoldRules, Place, SessionId, Standing};
use booking_domain::page::PageRequest;
use booking_domain::refusal::Refusal;
use booking_domain::text::{Email, Slug};
use booking_domain::{DateTime, Utc};
use chrono::{TimeDelta, Timelike};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, SqliteConnection};

use crate::api::world::{Api, Home, World, at, booking, refusal, session};
use crate::support::first_release::{fill_postgres, fill_sqlite};
use crate::support::stores::{Place as StorePlace, open};
use crate::support::studio::{name, prose};

/// Stamps these tests onto each database that the first release could be given.
macro_rules! on_each_database {
    ($($name:ident,)+) => {
        mod on_an_sqlite_file {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let home = super::Home::folder();
                super::fill_sqlite(&home.url()).await;
                super::$name(home).await;
            })+
        }

        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let home = super::Home::database().await;
                super::fill_postgres(&home.url()).await;
                super::$name(home).await;
            })+
        }
    };
}

on_each_database! {
    every_row_is_there_as_it_was,
    what_was_booked_is_listed_found_and_told,
    what_was_offered_is_offered,
    who_held_holds_and_who_waited_waits,
    what_was_answered_once_is_answered_again,
    what_leaves_arrives,
}

/// The columns of each table.
type Columns = BTreeMap<String, Vec<String>>;

const SQLITE_COLUMNS: &str =
    "SELECT m.name AS t, c.name AS c FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'";
const POSTGRES_COLUMNS: &str =
    "SELECT c.table_name::text AS t, c.column_name::text AS c FROM information_schema.columns AS c
    JOIN information_schema.tables AS t USING (table_schema, table_name)
    WHERE c.table_schema = 'booking' AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'";

/// A connection to the database itself.
enum Raw {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Raw {
    async fn open(url: &str) -> Self {
        if url.starts_with("sqlite:") {
            return Self::Sqlite(SqliteConnection::connect(url).await.unwrap());
        }
        let mut connection = PgConnection::connect(url).await.unwrap();
        sqlx::query("SET search_path = booking").execute(&mut connection).await.unwrap();
        Self::Postgres(connection)
    }

    /// The columns of every table, but for the list of migrations.
    async fn columns(&mut self) -> Columns {
        let pairs: Vec<(String, String)> = match self {
            Self::Sqlite(connection) => sqlx::query_as(SQLITE_COLUMNS).fetch_all(connection).await.unwrap(),
            Self::Postgres(connection) => sqlx::query_as(POSTGRES_COLUMNS).fetch_all(connection).await.unwrap(),
        };
        let mut columns = Columns::new();
        for (table, column) in pairs.into_iter().filter(|(table, _)| table != "_sqlx_migrations") {
            columns.entry(table).or_default().push(column);
        }
        columns
    }

    /// Each row of each table in these columns, as the database writes its values.
    async fn rows(&mut self, columns: &Columns) -> BTreeMap<String, Vec<String>> {
        let mut rows = BTreeMap::new();
        for (table, columns) in columns {
            let quote = match self {
                Self::Sqlite(_) => "quote",
                Self::Postgres(_) => "quote_nullable",
            };
            let values = columns.iter().map(|column| format!("{quote}({column})")).collect::<Vec<_>>().join(", ");
            let query = AssertSqlSafe(format!("SELECT concat_ws(', ', {values}) FROM {table} ORDER BY 1"));
            let found: Vec<String> = match self {
                Self::Sqlite(connection) => sqlx::query_scalar(query).fetch_all(connection).await.unwrap(),
                Self::Postgres(connection) => sqlx::query_scalar(query).fetch_all(connection).await.unwrap(),
            };
            rows.insert(table.clone(), found);
        }
        rows
    }

    async fn count(&mut self, query: &'static str) -> i64 {
        match self {
            Self::Sqlite(connection) => sqlx::query(query).fetch_one(connection).await.unwrap().get(0),
            Self::Postgres(connection) => sqlx::query(query).fetch_one(connection).await.unwrap().get(0),
        }
    }
}

/// How many rows do not say of the booking what it is.
const STRAYED: &str = "SELECT count(*) FROM booking_resources AS r
    JOIN bookings AS b ON b.organization_id = r.organization_id AND b.id = r.booking_id
    WHERE r.status IS DISTINCT FROM b.status";

async fn every_row_is_there_as_it_was(home: Home) {
    let mut raw = Raw::open(&home.url()).await;
    let columns = raw.columns().await;
    let before = raw.rows(&columns).await;
    for (table, rows) in &before {
        assert!(!rows.is_empty(), "{table} is empty, so nothing is known of it");
    }
    open(&home.url()).await.close().await;
    // SQLite knows a table by the schema that a connection has read.
    let mut raw = Raw::open(&home.url()).await;
    let after = raw.rows(&columns).await;
    for (table, rows) in &before {
        assert_eq!(after[table], *rows, "{table}");
    }
    assert_eq!(raw.count(STRAYED).await, 0);
}

/// Leases are long enough for any machine.
async fn world(home: Home) -> World {
    let rules = HoldRules { ttl: TimeDelta::minutes(10), ..HoldRules::default() };
    World::open(home, rules, false).await
}

/// As a front calls, on behalf of somebody.
fn public(world: &World, organization: &Slug) -> Api {
    let front = world.api.with_key(ApiKey::parse(world.component.front_key()).unwrap());
    front.on_behalf_of(Some(organization.clone()), None)
}

async fn event_type(world: &World, slug: &str) -> EventType {
    let all = world.api.list_event_types(PageRequest::default()).await.unwrap().items;
    all.into_iter().find(|event_type| event_type.spec.slug.as_str() == slug).unwrap()
}

/// The bookings under this filter, in order.
async fn bookings(world: &World, filter: BookingFilter) -> Vec<Booking> {
    world.api.list_bookings(&filter, PageRequest::default()).await.unwrap().items
}

fn hours(bookings: &[Booking]) -> Vec<u32> {
    bookings.iter().map(|booking| booking.slot.start().hour()).collect()
}

async fn what_was_booked_is_listed_found_and_told(home: Home) {
    let world = world(home).await;
    let all = bookings(&world, BookingFilter::default()).await;
    use BookingStatus::{Cancelled, Completed, Confirmed, Declined, Pending};
    assert_eq!(hours(&all), [7, 9, 12, 14, 16, 19, 21]);
    let statuses = [Completed, Confirmed, Confirmed, Cancelled, Pending, Declined, Confirmed];
    assert_eq!(all.iter().map(|booking| booking.status).collect::<Vec<_>>(), statuses);
    let reason = prose("I'm ill");
    assert_eq!(all[3].ended_reason, Some(reason));
    let loud = &all[4];
    assert_eq!(loud.booker.name, name("The 'Quotes'; DROP TABLE \"bookings\" -- \\"));
    assert_eq!(loud.booker.email.as_ref().map(Email::as_str), Some("Loud.Band+live@Example.ORG"));
    assert_eq!(loud.booker.notes, prose("Two cars.\n\tA ramp, please."));
    assert_eq!(loud.answers["lineup"], Answer::Text("Ada: piano\nBob: drums".to_owned()));
    let taken: Vec<_> = loud.resources.iter().map(|resource| resource.name.as_str()).collect();
    assert_eq!(taken, ["Practice rooms", "Zoë Müller"]);

    let text = |text: &str| BookingFilter { text: Some(name(text)), ..BookingFilter::default() };
    assert_eq!(hours(&bookings(&world, text("groß JURGEN")).await), [9]);
    assert_eq!(hours(&bookings(&world, text("さくら")).await), [14]);
    assert_eq!(hours(&bookings(&world, text("loud.band")).await), [16]);
    assert_eq!(bookings(&world, text("lovelace tour")).await, [], "that is another organization's");
    let pending = BookingFilter { status: Some(Pending), ..BookingFilter::default() };
    assert_eq!(hours(&bookings(&world, pending).await), [16]);
    let of =
        BookingFilter { resource_id: Some(loud.resources[1].id), status: Some(Confirmed), ..BookingFilter::default() };
    assert_eq!(hours(&bookings(&world, of).await), [21]);

    let history = world.api.list_booking_history(all[2].id, PageRequest::default()).await.unwrap().items;
    let told: Vec<_> = history.iter().map(|entry| (entry.kind, entry.slot.start().hour())).collect();
    assert_eq!(told, [(HistoryKind::Created, 11), (HistoryKind::Rescheduled, 12)]);
    assert_eq!(history[1].reason, prose("The train was late — “sorry”"));
}

async fn what_was_offered_is_offered(home: Home) {
    let world = world(home).await;
    let band = event_type(&world, "band").await.spec;
    assert_eq!((band.buffer_before_minutes, band.buffer_after_minutes, band.min_notice_minutes), (15, 30, 60));
    assert_eq!((band.limits.per_day, band.limits.per_week, band.limits.per_month), (Some(4), Some(10), Some(20)));
    assert_eq!((band.requires_confirmation, band.questions.len(), band.requirements.len()), (true, 2, 2));
    assert!(!event_type(&world, "not-any-more").await.spec.active);
    let lesson = event_type(&world, "lesson").await.id;
    let slots = world.slots(lesson).await;
    let state = |hour| slots.iter().find(|slot| slot.interval.start() == at(hour)).map(|slot| slot.state);
    let states = [3, 7, 9, 11, 12, 14].map(state);
    let (free, held) = (Some(SlotState::Free), Some(SlotState::Held));
    assert_eq!(states, [held, free, None, free, None, free], "the completed and the cancelled take nothing");
    let harbour = Slug::parse("harbour").unwrap();
    let pages = public(&world, &harbour).list_booking_pages(&harbour, PageRequest::default()).await.unwrap();
    assert_eq!((pages.organization.name, pages.page.items.len()), (name("Harbour Studio"), 3));
}

fn session_of(number: u8) -> SessionId {
    SessionId::parse(&format!("7f1f8c62-6d5a-4c8e-9d0c-3f1f4f0f8a{number:02x}")).unwrap()
}

async fn who_held_holds_and_who_waited_waits(home: Home) {
    let world = world(home).await;
    let (lesson, soon) = (event_type(&world, "lesson").await.id, event_type(&world, "soon").await.id);
    let beat = |event_type_id, start: DateTime<Utc>, minutes, session_id| HeartbeatRequest {
        lease_seconds: None,
        moving: None,
        allow: Allow::NOTHING,
        slot: SlotRequest { event_type_id, start, duration_minutes: Some(minutes), resource_id: None },
        session_id,
        data: None,
    };
    let standing = |place: Place| place.standing;
    let first = beat(lesson, at(3), 60, session_of(1));
    let Standing::Holding(hold) = standing(world.api.heartbeat(&first).await.unwrap()) else { panic!("they held") };
    assert_eq!(hold.deadline, at(0) - TimeDelta::days(1));
    let second = beat(lesson, at(3), 60, session_of(2));
    let waiting = Standing::Waiting { position: 1 };
    assert_eq!(standing(world.api.heartbeat(&second).await.unwrap()), waiting);
    let newcomer = beat(lesson, at(3), 60, session());
    assert_eq!(standing(world.api.heartbeat(&newcomer).await.unwrap()), Standing::Waiting { position: 2 });
    let mut overlapping = beat(lesson, at(3) + TimeDelta::minutes(30), 60, session_of(3));
    overlapping.slot.resource_id = hold.resource_ids.first().copied();
    assert_eq!(standing(world.api.heartbeat(&overlapping).await.unwrap()), waiting);
    let late = beat(soon, at(5), 5, session_of(6));
    let Standing::Holding(anew) = standing(world.api.heartbeat(&late).await.unwrap()) else { panic!("it is free") };
    assert!(anew.version > 9, "their hold of then met its deadline, and this is another");
    let out = beat(soon, at(5), 5, session_of(5));
    assert!(matches!(refusal(world.api.heartbeat(&out).await), Refusal::TooManyHolds { .. }));
    let new = beat(lesson, at(23), 30, session());
    assert!(matches!(standing(world.api.heartbeat(&new).await.unwrap()), Standing::Holding(_)));

    let mut theirs = booking(lesson, 3, Some(session_of(1)));
    theirs.slot.duration_minutes = Some(60);
    let made = world.api.create_booking(&theirs).await.unwrap().booking;
    assert_eq!(hours(&bookings(&world, BookingFilter::default()).await), [3, 7, 9, 12, 14, 16, 19, 21]);
    assert_eq!(world.api.get_booking(made.id, None).await.unwrap(), made);
}

/// What the first release told the booker of nine o'clock, who asked with an idempotency key.
const TOKEN: &str = "9f3d6d4e130148e2b44f4e40c51acb398c736194b68b4f978ed5fa088b9ae532";

async fn what_was_answered_once_is_answered_again(home: Home) {
    let world = world(home).await;
    let mut asked = booking(event_type(&world, "lesson").await.id, 9, None);
    asked.slot.duration_minutes = Some(60);
    asked.time_zone = Some("Europe/Berlin".parse().unwrap());
    asked.booker.name = name("Jürgen Groß");
    asked.request_id = Some(RequestId::parse("written-by-the-first-release").unwrap());
    // What is asked again is what was asked then, word for word: its fingerprint is all that was kept of it.
    asked.slot.start = "2096-03-14T09:00:00Z".parse().unwrap();
    // Keys of the public are told apart by who shows them now; an operator meets those of then.
    let again = world.api.create_booking(&asked).await.unwrap();
    assert_eq!(again.management_token.expose(), TOKEN);
    let token = ManagementToken::parse(TOKEN).unwrap();
    assert_eq!(
        public(&world, &Slug::parse("default").unwrap())
            .get_booking(again.booking.id, Some(&token))
            .await
            .unwrap()
            .slot
            .start(),
        at(9)
    );
    assert_eq!(bookings(&world, BookingFilter::default()).await.len(), 7, "nothing was booked twice");
}

async fn what_leaves_arrives(home: Home) {
    let store = Store::open(&home.url(), StoreSettings::default()).await.unwrap();
    store.migrate().await.unwrap();
    for slug in ["default", "harbour"] {
        let (slug, mut file) = (Slug::parse(slug).unwrap(), Vec::new());
        let summary = export(&store, &slug, &mut file).await.unwrap();
        for other in [StorePlace::sqlite_file().await, StorePlace::postgres().await] {
            assert_eq!(import(&other.store, &mut BufReader::new(file.as_slice())).await.unwrap(), summary);
            let mut arrived = Vec::new();
            assert_eq!(export(&other.store, &slug, &mut arrived).await.unwrap(), summary);
            assert_eq!(arrived, file);
        }
    }
}
