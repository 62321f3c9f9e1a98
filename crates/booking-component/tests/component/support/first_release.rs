//! A database as the first release leaves it: with its schema, and with what it wrote.

use std::borrow::Cow;
use std::str::FromStr;

use chrono::{NaiveDate, TimeDelta};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, SqlSafeStr};

use super::day::winter_wednesday;

macro_rules! schema {
    ($database:literal) => {
        [
            include_str!(concat!("../../../../../migrations/", $database, "/0001_booking.sql")),
            include_str!(concat!("../../../../../migrations/", $database, "/0002_branding.sql")),
            include_str!(concat!("../../../../../migrations/", $database, "/0003_nodes.sql")),
        ]
    };
}

/// What the first release wrote, in words that each database is given in its own.
const ROWS: &str = include_str!("../../fixtures/first-release.sql");
/// Instants after this one, in milliseconds, are of what was yet to come: the year 2090.
const LONG_AHEAD: i64 = 3_786_912_000_000;
/// What only nodes on PostgreSQL write.
const ROWS_OF_NODES: &str = "
    INSERT INTO armed (incarnation) VALUES ('the run of a server that is long over');
    INSERT INTO lines (organization_id, event_type_id, number)
        SELECT organization_id, event_type_id, count(*) FROM bookings GROUP BY organization_id, event_type_id;";

fn migrator(texts: [&'static str; 3]) -> Migrator {
    let migrations = texts.into_iter().zip(1..).map(|(text, version)| {
        Migration::new(version, Cow::Borrowed("booking"), MigrationType::Simple, text.into_sql_str(), false)
    });
    Migrator::with_migrations(migrations.collect())
}

/// Makes the tables of the first release, and puts these rows into them.
pub(crate) async fn make_on_sqlite(url: &str, rows: &str) {
    let options = SqliteConnectOptions::from_str(url).unwrap().create_if_missing(true);
    let mut connection = options.connect().await.unwrap();
    migrator(schema!("sqlite")).run(&mut connection).await.unwrap();
    connection.execute(AssertSqlSafe(rows)).await.unwrap();
    connection.close().await.unwrap();
}

/// The same in a PostgreSQL database.
pub(crate) async fn make_on_postgres(url: &str, rows: &str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    connection.execute("SET search_path = booking").await.unwrap();
    let mut migrator = migrator(schema!("postgres"));
    migrator.create_schema("booking");
    migrator.run(&mut connection).await.unwrap();
    connection.execute(AssertSqlSafe(rows)).await.unwrap();
    connection.close().await.unwrap();
}

/// What the first release wrote was to take place on a Wednesday of 2096. Nothing is offered so far ahead any more, so it is moved to the
/// day of the tests, with all that is told by it.
fn rows() -> String {
    let written = NaiveDate::from_ymd_opt(2096, 3, 14).expect("a date");
    let by = winter_wednesday() - written;
    let mut text = String::with_capacity(ROWS.len());
    for part in ROWS.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let digits = part.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        match digits.parse::<i64>() {
            Ok(at) if digits.len() == 13 && at > LONG_AHEAD => {
                text.push_str(&(at + by.num_milliseconds()).to_string());
                text.push_str(&part[digits.len()..]);
            }
            _ => text.push_str(part),
        }
    }
    for day in -2..=0 {
        let date = written + TimeDelta::days(day);
        text = text.replace(&date.to_string(), &(date + by).to_string());
    }
    text
}

/// Makes a database that the first release filled.
pub(crate) async fn fill_sqlite(url: &str) {
    make_on_sqlite(url, &rows().replace("uuid'", "x'").replace("bytes'", "x'")).await;
}

/// The same in a PostgreSQL database.
pub(crate) async fn fill_postgres(url: &str) {
    make_on_postgres(url, &(rows().replace("bytes'", "'\\x") + ROWS_OF_NODES)).await;
}
