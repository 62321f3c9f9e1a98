//! The migrations of both databases: the same names, laid out line for line.

use std::borrow::Cow;

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

macro_rules! migrations {
    ($database:literal) => {
        [
            include_str!(concat!("../../../../../migrations/", $database, "/0001_booking.sql")),
            include_str!(concat!("../../../../../migrations/", $database, "/0002_branding.sql")),
            include_str!(concat!("../../../../../migrations/", $database, "/0003_nodes.sql")),
            include_str!(concat!("../../../../../migrations/", $database, "/0004_search.sql")),
            include_str!(concat!("../../../../../migrations/", $database, "/0005_seeks.sql")),
            include_str!(concat!("../../../../../migrations/", $database, "/0006_caps.sql")),
            include_str!(concat!("../../../../../migrations/", $database, "/0007_clock.sql")),
            include_str!(concat!("../../../../../migrations/", $database, "/0008_resource_hours.sql")),
            include_str!(concat!("../../../../../migrations/", $database, "/0009_unanswered.sql")),
            include_str!(concat!("../../../../../migrations/", $database, "/0010_wishes.sql")),
            include_str!(concat!("../../../../../migrations/", $database, "/0011_blocks.sql")),
            include_str!(concat!("../../../../../migrations/", $database, "/0012_staff.sql")),
            include_str!(concat!("../../../../../migrations/", $database, "/0013_wanted_resource.sql")),
            include_str!(concat!("../../../../../migrations/", $database, "/0014_turns.sql")),
        ]
    };
}

/// Of SQLite.
pub(super) const SQLITE_MIGRATIONS: [&str; 14] = migrations!("sqlite");
/// Of PostgreSQL.
pub(super) const POSTGRES_MIGRATIONS: [&str; 14] = migrations!("postgres");

pub(super) fn migrator(texts: &[&'static str]) -> Migrator {
    let migrations = texts.iter().zip(1..).map(|(text, version)| {
        Migration::new(version, Cow::Borrowed("booking"), MigrationType::Simple, (*text).into_sql_str(), false)
    });
    Migrator::with_migrations(migrations.collect())
}
