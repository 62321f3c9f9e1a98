//! A component on a store that holds what somebody has after years.

use std::sync::Arc;

use booking_client::{ApiKey, make_booking_api};
use booking_component::Component;
use booking_component::clock::{Clock, SteadyClock};
use booking_component::config::Config;
use booking_component::store::{Store, Tx};
use booking_domain::booking::{BookingFilter, BookingStatus};
use booking_domain::hold::HoldRules;
use booking_domain::id::{BookingId, EventTypeId, OrganizationId, ResourceId};
use booking_domain::page::PageRequest;
use booking_domain::{DateTime, Utc};
use chrono::TimeDelta;
use database_fill::{Plan, fill};
use postgres_cluster::Cluster;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use super::meter::{Meter, POSTGRES_SETTINGS, SETTINGS};
use crate::api::world::{Api, KEY, in_process};
use crate::support::stores::Folder;

/// A component, and what counts what its statements visit.
pub(super) struct World {
    pub component: Component,
    pub api: Api,
    pub meter: Meter,
    /// One room; one room, to be confirmed; two rooms; any one of all rooms.
    pub event_types: [EventTypeId; 4],
    pub rooms: [ResourceId; 4],
    /// An event type with limits, once there is one.
    pub limited: EventTypeId,
    pub organization: OrganizationId,
    pub store: Store,
    /// Midnight in a time in which nobody has or wants anything of the rooms.
    midnight: DateTime<Utc>,
    _home: Home,
}

/// Where the store is; gone when this is dropped.
enum Home {
    Sqlite(Folder),
    Postgres(Cluster),
}

impl Home {
    fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => format!("sqlite://{}/holdfast.db", folder.0.display()),
            Self::Postgres(cluster) => cluster.url("postgres"),
        }
    }
}

/// So much of everything that an organization has beside the rooms and what is offered.
pub(super) fn plan(rows: i64, now: DateTime<Utc>) -> Plan {
    Plan { waiting: rows / 2, records: rows, ..Plan::new(now.timestamp_millis(), rows, rows) }
}

fn rules() -> HoldRules {
    // What is stored stays alive; what is held here ends soon.
    HoldRules { ttl: TimeDelta::hours(1), deadline: TimeDelta::milliseconds(1_500), ..HoldRules::default() }
}

impl World {
    /// On an SQLite file.
    pub(super) async fn on_sqlite(rows: i64) -> Self {
        let mut world = Self::open(Home::Sqlite(Folder::create()), rows).await;
        world.meter = Meter::on_sqlite(world.store.clone()).await;
        world
    }

    /// On a PostgreSQL that analyzes nothing by itself, and tells what it does.
    pub(super) async fn on_postgres(rows: i64) -> Self {
        let cluster = Cluster::start().expect("PostgreSQL starts");
        let mut admin = PgConnection::connect(&cluster.url("postgres")).await.unwrap();
        admin.execute("ALTER SYSTEM SET autovacuum = off").await.unwrap();
        admin.execute("SELECT pg_reload_conf()").await.unwrap();
        let log = cluster.log();
        let mut world = Self::open(Home::Postgres(cluster), rows).await;
        world.meter = Meter::on_postgres(log);
        world
    }

    async fn open(home: Home, rows: i64) -> Self {
        let url = home.url();
        let clock = Arc::new(SteadyClock::start());
        let store = Store::open(&url, SETTINGS).await.unwrap();
        store.migrate().await.unwrap();
        let filled = fill(&url, &plan(rows, clock.now())).await.unwrap();
        if let Home::Postgres(_) = home {
            let mut admin = PgConnection::connect(&url).await.unwrap();
            for (setting, value) in POSTGRES_SETTINGS {
                let text = format!("ALTER DATABASE postgres SET {setting} = '{value}'");
                admin.execute(AssertSqlSafe(text)).await.unwrap();
            }
        }
        store.close().await;
        let store = Store::open(&url, SETTINGS).await.unwrap();
        // What was filled in gets its words.
        store.migrate().await.unwrap();
        let config = Config {
            database_url: url,
            hold_rules: rules(),
            organization_name: "Studio",
            admin_key: Some(KEY.to_owned()),
            keeping: Default::default(),
        };
        let component = Component::start_on(store.clone(), clock, config).await.unwrap();
        let api = make_booking_api(in_process(component.routes())).with_key(ApiKey::parse(KEY).unwrap());
        let soon = DateTime::from_timestamp_millis(filled.free_ms.start).unwrap() + TimeDelta::days(400);
        Self {
            component,
            api,
            meter: Meter::Postgres { log: Default::default(), read: 0 },
            event_types: filled.event_types.map(EventTypeId::new),
            rooms: filled.rooms.map(ResourceId::new),
            limited: EventTypeId::new(filled.event_types[0]),
            organization: OrganizationId::new(filled.organization),
            store,
            midnight: soon.date_naive().and_time(chrono::NaiveTime::MIN).and_utc(),
            _home: home,
        }
    }

    /// An hour of the free time.
    pub(super) fn at(&self, hour: i64) -> DateTime<Utc> {
        self.midnight + TimeDelta::hours(hour)
    }

    /// A confirmed booking of the past.
    pub(super) async fn past_booking(&self, api: &Api) -> BookingId {
        let filter = BookingFilter {
            status: Some(BookingStatus::Confirmed),
            event_type_id: Some(self.event_types[0]),
            ..BookingFilter::default()
        };
        let page = api.list_bookings(&filter, PageRequest { size: 1, token: None }).await.unwrap();
        page.items[0].id
    }

    /// Gathers the statistics that a planner may go by; and goes on in another free time.
    pub(super) async fn analyze(&mut self) {
        match self.store.write().await.unwrap() {
            Tx::Sqlite(mut tx) => {
                tx.execute("ANALYZE").await.unwrap();
                tx.commit().await.unwrap();
            }
            Tx::Postgres(mut tx) => {
                tx.execute("SET LOCAL statement_timeout = 0; ANALYZE").await.unwrap();
                tx.commit().await.unwrap();
            }
        }
        self.midnight += TimeDelta::days(28);
    }
}
