//! SQLite: one connection that writes, and some that read.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqlitePool};

use super::super::StoreError;
use super::super::settings::StoreSettings;
use super::file::DatabaseFile;

/// The oldest SQLite without the WAL-reset corruption bug.
const SQLITE_AT_LEAST: (u32, u32, u32) = (3, 51, 3);

/// The connections to one database: the one that writes, those that read, and the file, unless it is in memory.
type Connections = (SqlitePool, SqlitePool, Option<DatabaseFile>);

pub(super) async fn open(url: &str, settings: StoreSettings) -> Result<Connections, StoreError> {
    let (options, file) = options(url)?;
    let options = options
        .journal_mode(SqliteJournalMode::Wal)
        // NORMAL may lose acknowledged commits when the power fails.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(settings.patience)
        .disable_statement_logging();
    let writer = pool(settings).max_connections(1).min_connections(1).connect_with(options.clone()).await?;
    check_version(&writer).await?;
    let readers = pool(settings).max_connections(settings.readers);
    // One at least: the last connection to a database in memory is its life, and the writer may be thrown away.
    let readers = readers.min_connections(1).connect_with(options.pragma("query_only", "on")).await?;
    Ok((writer, readers, file))
}

fn pool(settings: StoreSettings) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .acquire_timeout(settings.patience)
        .idle_timeout(None)
        .max_lifetime(None)
        // When the disk is full or fails, SQLite ends a transaction by itself, and the driver goes on counting it as open: nothing
        // could ever begin on that connection again. It is thrown away, and another one takes its place.
        .before_acquire(|connection, _| {
            let is_clean = !connection.is_in_transaction();
            if !is_clean {
                // Each call that an outage refuses leaves one; the outage itself is told.
                tracing::debug!("a connection came back with an open transaction; another one takes its place");
            }
            Box::pin(std::future::ready(Ok(is_clean)))
        })
}

fn options(url: &str) -> Result<(SqliteConnectOptions, Option<DatabaseFile>), StoreError> {
    static MEMORIES: AtomicU64 = AtomicU64::new(0);
    if url == "sqlite::memory:" {
        // SQLite's own file system in memory: unlike its shared cache, it locks as files do.
        let name = format!("/holdfast-{}", MEMORIES.fetch_add(1, Ordering::Relaxed));
        return Ok((SqliteConnectOptions::new().filename(name).vfs("memdb").create_if_missing(true), None));
    }
    // What the driver has against it could show more of it than may be shown.
    let wrong =
        |_| StoreError::Unsuitable("the database URL cannot be read: it looks like sqlite://folder/file.db".to_owned());
    let options = SqliteConnectOptions::from_str(url).map_err(wrong)?;
    // Made before SQLite does, who gives the files beside it the same permissions.
    let file = DatabaseFile::open(options.get_filename())?;
    Ok((options, Some(file)))
}

/// The folder of an SQLite file.
pub(in crate::store) fn folder(url: &str) -> Option<PathBuf> {
    if !url.starts_with("sqlite:") || url == "sqlite::memory:" {
        return None;
    }
    let options = SqliteConnectOptions::from_str(url).ok()?;
    let folder = options.get_filename().parent()?;
    Some(if folder == Path::new("") { PathBuf::from(".") } else { folder.to_owned() })
}

async fn check_version(pool: &SqlitePool) -> Result<(), StoreError> {
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(pool).await?;
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    if (next(), next(), next()) >= SQLITE_AT_LEAST {
        Ok(())
    } else {
        Err(StoreError::Unsuitable(format!("SQLite {version} can corrupt a database; 3.51.3 or newer is needed")))
    }
}
