//! The databases themselves: settings, statements that prepare on both, and tables that are the same on both.

use std::collections::{BTreeMap, BTreeSet};

use booking_component::store::bookings::{POSTGRES_LISTS, SQLITE_LISTS};
use booking_component::store::{POSTGRES_STATEMENTS, Store, StoreError, StoreSettings, Tx, organizations, statements};
use sqlx::{Connection, Executor, PgConnection, Row, SqlSafeStr, SqliteConnection};

use crate::support::stores::{Place, open};
use crate::support::studio::{STUDIO, Studio};

on_each_store! {
    every_statement_prepares,
    migrating_twice_changes_nothing,
    a_reader_cannot_write,
    a_reader_sees_one_state,
    what_is_not_committed_is_not_there,
}

async fn every_statement_prepares(place: Place) {
    let mut tx = place.write().await;
    let mut count = 0;
    for text in statements() {
        let prepared = match &mut tx {
            Tx::Sqlite(tx) => (&mut **tx).prepare(text.into_sql_str()).await.map(drop),
            Tx::Postgres(tx) => (&mut **tx).prepare(text.into_sql_str()).await.map(drop),
        };
        prepared.unwrap_or_else(|error| panic!("{error}\n{text}"));
        count += 1;
    }
    assert!(count > 60, "{count} statements are known");
}

#[tokio::test]
async fn every_statement_of_several_nodes_prepares() {
    let place = Place::postgres().await;
    let Tx::Postgres(mut tx) = place.write().await else { panic!("a PostgreSQL URL opens PostgreSQL") };
    for text in POSTGRES_STATEMENTS.iter().chain(POSTGRES_LISTS) {
        (&mut *tx).prepare(text.into_sql_str()).await.unwrap_or_else(|error| panic!("{error}\n{text}"));
    }
}

#[tokio::test]
async fn every_list_of_sqlite_prepares() {
    let place = Place::sqlite_file().await;
    let Tx::Sqlite(mut tx) = place.write().await else { panic!("an SQLite URL opens SQLite") };
    for text in SQLITE_LISTS {
        (&mut *tx).prepare(text.into_sql_str()).await.unwrap_or_else(|error| panic!("{error}\n{text}"));
    }
}

async fn migrating_twice_changes_nothing(place: Place) {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    tx.commit().await.unwrap();
    place.store.migrate().await.unwrap();
    let mut tx = place.read().await;
    assert!(organizations::find(&mut tx, studio.organization).await.unwrap().is_some());
}

async fn a_reader_cannot_write(place: Place) {
    let mut tx = place.read().await;
    let refused = organizations::insert(&mut tx, &Studio::new(STUDIO).organization()).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
}

async fn a_reader_sees_one_state(place: Place) {
    let mut reader = place.read().await;
    assert_eq!(organizations::list(&mut reader).await.unwrap(), []);
    if place.url != "sqlite::memory:" {
        // In memory a writer waits until the readers are done.
        let mut writer = place.write().await;
        organizations::insert(&mut writer, &Studio::new(STUDIO).organization()).await.unwrap();
        writer.commit().await.unwrap();
    }
    assert_eq!(organizations::list(&mut reader).await.unwrap(), []);
}

async fn what_is_not_committed_is_not_there(place: Place) {
    let mut tx = place.write().await;
    Studio::insert(STUDIO, &mut tx).await;
    drop(tx);
    let mut tx = place.read().await;
    assert_eq!(organizations::list(&mut tx).await.unwrap(), []);
}

#[tokio::test]
async fn sqlite_keeps_what_it_acknowledged() {
    let place = Place::sqlite_file().await;
    for (mut tx, reads_only) in [(place.write().await, 0), (place.read().await, 1)] {
        let Tx::Sqlite(tx) = &mut tx else { panic!("an SQLite URL opens SQLite") };
        let mut pragma = async |name: &'static str| {
            let row = sqlx::query(name).fetch_one(&mut **tx).await.unwrap();
            row.try_get::<String, _>(0).or_else(|_| row.try_get::<i64, _>(0).map(|n| n.to_string())).unwrap()
        };
        assert_eq!(pragma("PRAGMA journal_mode").await, "wal");
        assert_eq!(pragma("PRAGMA synchronous").await, "2", "2 is FULL");
        assert_eq!(pragma("PRAGMA foreign_keys").await, "1");
        assert_eq!(pragma("PRAGMA busy_timeout").await, "20000");
        assert_eq!(pragma("PRAGMA query_only").await, reads_only.to_string());
    }
}

#[tokio::test]
async fn a_committed_write_is_there_after_reopening() {
    let place = Place::sqlite_file().await;
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    tx.commit().await.unwrap();
    place.store.close().await;
    let mut tx = open(&place.url).await.read().await.unwrap();
    assert!(organizations::find(&mut tx, studio.organization).await.unwrap().is_some());
}

#[tokio::test]
async fn a_strange_url_is_refused() {
    let refused = Store::open("mysql://localhost/holdfast", StoreSettings::default()).await;
    assert!(matches!(refused, Err(StoreError::Unsuitable(_))));
}

/// Columns by table: name, whether it may be null. Bookkeeping of migrations is left out.
type Tables = BTreeMap<String, BTreeSet<(String, String, bool)>>;

const SQLITE_COLUMNS: &str =
    "SELECT m.name AS table_name, c.name AS column_name, c.type AS type, c.\"notnull\" = 0 AS may_be_null
    FROM sqlite_master AS m JOIN pragma_table_xinfo(m.name) AS c
    WHERE m.type IN ('table', 'view') AND m.name NOT GLOB 'sqlite_*' AND m.name <> '_sqlx_migrations'";

const POSTGRES_COLUMNS: &str = "SELECT table_name, column_name, data_type AS type, is_nullable = 'YES' AS may_be_null
    FROM information_schema.columns
    WHERE table_schema = 'booking' AND table_name <> '_sqlx_migrations'";

/// What only PostgreSQL needs: for several nodes, and so that no two claims of a unit overlap.
const POSTGRES_TABLES: [&str; 2] = ["armed", "lines"];
const POSTGRES_CLAIMS: &str = "during";

fn tables<R: Row>(rows: Vec<R>, kind: impl Fn(&str) -> String) -> Tables
where
    String: for<'r> sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    bool: for<'r> sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    for<'i> &'i str: sqlx::ColumnIndex<R>,
{
    let mut tables = Tables::new();
    for row in rows {
        let (table, column): (String, String) = (row.get("table_name"), row.get("column_name"));
        let (kind, may_be_null) = (kind(&row.get::<String, _>("type")), row.get("may_be_null"));
        // The types and nulls of a view's columns are not known everywhere.
        let view = table == "daily_availability";
        let kind = if view { String::new() } else { kind };
        tables.entry(table).or_default().insert((column, kind, view || may_be_null));
    }
    tables
}

#[tokio::test]
async fn both_databases_have_the_same_tables() {
    let sqlite = Place::sqlite_file().await;
    let mut connection = SqliteConnection::connect(&sqlite.url).await.unwrap();
    let rows = sqlx::query(SQLITE_COLUMNS).fetch_all(&mut connection).await.unwrap();
    let in_sqlite = tables(rows, str::to_lowercase);

    let postgres = Place::postgres().await;
    let mut connection = PgConnection::connect(&postgres.url).await.unwrap();
    let rows = sqlx::query(POSTGRES_COLUMNS).fetch_all(&mut connection).await.unwrap();
    let mut in_postgres = tables(rows, |kind| {
        match kind {
            "uuid" | "bytea" => "blob",
            "bigint" | "boolean" => "integer",
            other => other,
        }
        .to_owned()
    });
    for table in POSTGRES_TABLES {
        assert!(in_postgres.remove(table).is_some(), "{table} is not there any more");
    }
    let claims = in_postgres.get_mut("claims").unwrap();
    let columns = claims.len();
    claims.retain(|(column, ..)| column != POSTGRES_CLAIMS);
    assert_eq!(claims.len(), columns - 1, "{POSTGRES_CLAIMS} is not there any more");
    assert_eq!(in_sqlite, in_postgres);
    assert!(in_sqlite.len() >= 15, "{:?}", in_sqlite.keys());
}

#[tokio::test]
async fn the_organization_is_part_of_every_key_and_index_on_postgres() {
    let place = Place::postgres().await;
    let mut connection = PgConnection::connect(&place.url).await.unwrap();
    let without = "SELECT indexrelid::regclass::text FROM pg_index AS i JOIN pg_class AS t ON t.oid = i.indrelid
        WHERE t.relnamespace = 'booking'::regnamespace AND t.relname NOT IN ('organizations', 'api_keys', 'clock', '_sqlx_migrations')
          AND NOT EXISTS (SELECT FROM pg_attribute AS a
            WHERE a.attrelid = i.indexrelid AND a.attname = 'organization_id')";
    let without: Vec<String> = sqlx::query_scalar(without).fetch_all(&mut connection).await.unwrap();
    assert_eq!(without, Vec::<String>::new());
}
