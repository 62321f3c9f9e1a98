//! What truly differs between SQLite and PostgreSQL: opening, beginning, locking, migrating.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use booking_domain::id::ResourceId;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, PgPool, SqlSafeStr, SqlitePool, Transaction};
use uuid::Uuid;

use super::bookings::words::index_some;
use super::columns::id_list;
use super::{StoreError, StoreSettings, Tx};

macro_rules! migrations {
    ($database:literal) => {
        [
            include_str!(concat!("../../../../migrations/", $database, "/0001_booking.sql")),
            include_str!(concat!("../../../../migrations/", $database, "/0002_branding.sql")),
            include_str!(concat!("../../../../migrations/", $database, "/0003_nodes.sql")),
            include_str!(concat!("../../../../migrations/", $database, "/0004_search.sql")),
            include_str!(concat!("../../../../migrations/", $database, "/0005_seeks.sql")),
        ]
    };
}

const SQLITE_MIGRATIONS: [&str; 5] = migrations!("sqlite");
const POSTGRES_MIGRATIONS: [&str; 5] = migrations!("postgres");

/// What every connection to PostgreSQL is told. A node that stands still loses its transaction, and with it its locks. And each
/// statement of ours finds its rows by an index: reading or hashing a whole table is never a better plan, though to a planner
/// that has no statistics yet, or old ones, it may look like one; nor is it to collect what an index holds in order, so as to
/// sort it again. (Where a table has no index, it reads it all the same, and takes
/// that for so dear that it would compile the statement first: hence no JIT.)
const POSTGRES_OPTIONS: [(&str, &str); 9] = [
    ("enable_seqscan", "off"),
    ("enable_bitmapscan", "off"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
    ("jit", "off"),
    ("search_path", "booking"),
    ("statement_timeout", "3s"),
    ("lock_timeout", "2s"),
    ("idle_in_transaction_session_timeout", "3s"),
];
/// Whoever has this lock of PostgreSQL is the only node that founds or migrates: the letters of `holdfast`.
const ALONE: i64 = 0x686f_6c64_6661_7374;
/// How long a node may be alone, and others wait for it.
const FOUNDING: &str = "10min";
/// A connection that rested for so long is asked whether it is still there before it is used.
const RESTED: Duration = Duration::from_secs(1);

/// The oldest SQLite without the WAL-reset corruption bug.
const SQLITE_AT_LEAST: (u32, u32, u32) = (3, 51, 3);

/// A connection pool of one of the two.
#[derive(Clone, Debug)]
pub(super) enum Backend {
    /// One connection writes; the others only read.
    Sqlite { writer: SqlitePool, readers: SqlitePool },
    /// Every connection does either.
    Postgres(Postgres),
}

/// PostgreSQL, as one node sees it.
#[derive(Clone, Debug)]
pub(super) struct Postgres {
    pool: PgPool,
    /// Whether it was away when it was last looked at: then nobody waits for it.
    away: Arc<AtomicBool>,
}

impl Postgres {
    /// The connections, unless the database is away.
    pub(super) fn pool(&self) -> Result<&PgPool, StoreError> {
        if self.away.load(Ordering::Relaxed) { Err(StoreError::Away) } else { Ok(&self.pool) }
    }

    /// The connections, for whoever looks whether the database is away.
    pub(super) const fn pool_even_if_away(&self) -> &PgPool {
        &self.pool
    }

    /// Remembers whether the database is away.
    pub(super) fn note_away(&self, away: bool) {
        self.away.store(away, Ordering::Relaxed);
    }

    async fn migrate(&self) -> Result<(), StoreError> {
        // By connections of its own: a migration may take its time, and so may another node's that comes first.
        let patient = [("statement_timeout", "0"), ("lock_timeout", "0"), ("idle_in_transaction_session_timeout", "0")];
        let options = self.pool.connect_options().as_ref().clone().options(patient);
        let pool = PgPoolOptions::new().max_connections(2).connect_with(options).await?;
        let mut alone = lock_out_others(&pool).await?;
        let mut migrator = migrator(&POSTGRES_MIGRATIONS);
        migrator.create_schema("booking");
        migrator.run(&pool).await?;
        while index_some(Tx::Postgres(pool.begin().await?)).await? {
            // Whoever is alone and silent for too long is alone no more.
            sqlx::query("SELECT 1").execute(&mut *alone).await?;
        }
        alone.commit().await?;
        pool.close().await;
        Ok(())
    }
}

/// Until this transaction ends, no other node founds or migrates.
async fn lock_out_others(pool: &PgPool) -> Result<Transaction<'static, sqlx::Postgres>, StoreError> {
    let mut tx = pool.begin().await?;
    // Another node may found or migrate for longer than anybody else may wait; and whoever is alone may have much to do.
    for limit in ["lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"] {
        sqlx::query("SELECT set_config($1, $2, true)").bind(limit).bind(FOUNDING).execute(&mut *tx).await?;
    }
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(ALONE).execute(&mut *tx).await?;
    Ok(tx)
}

impl Backend {
    pub(super) async fn open(url: &str, settings: StoreSettings) -> Result<Self, StoreError> {
        match url.split_once(':') {
            Some(("sqlite", _)) => open_sqlite(url, settings).await,
            Some(("postgres" | "postgresql", _)) => open_postgres(url, settings).await,
            _ => Err(StoreError::Unsuitable("a database URL begins with sqlite: or postgres:".to_owned())),
        }
    }

    pub(super) async fn migrate(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite { writer, .. } => {
                migrator(&SQLITE_MIGRATIONS).run(writer).await?;
                while index_some(self.write().await?).await? {}
                Ok(())
            }
            Self::Postgres(postgres) => postgres.migrate().await,
        }
    }

    /// Holds off every other node that wants to be alone, until the transaction ends. An embedded store has no other node.
    pub(super) async fn alone(&self) -> Result<Option<Tx>, StoreError> {
        let Self::Postgres(postgres) = self else { return Ok(None) };
        Ok(Some(Tx::Postgres(lock_out_others(postgres.pool()?).await?)))
    }

    pub(super) async fn read(&self) -> Result<Tx, StoreError> {
        match self {
            Self::Sqlite { readers, .. } => Ok(Tx::Sqlite(readers.begin().await?)),
            Self::Postgres(postgres) => {
                Ok(Tx::Postgres(postgres.pool()?.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?))
            }
        }
    }

    /// Immediate on SQLite: a transaction that reads first and writes later would fail at once when another one wrote.
    pub(super) async fn write(&self) -> Result<Tx, StoreError> {
        match self {
            Self::Sqlite { writer, .. } => Ok(Tx::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?)),
            Self::Postgres(postgres) => Ok(Tx::Postgres(postgres.pool()?.begin().await?)),
        }
    }

    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(postgres) => postgres.pool.close().await,
        }
    }
}

fn migrator(texts: &[&'static str]) -> Migrator {
    let migrations = texts.iter().zip(1..).map(|(text, version)| {
        Migration::new(version, Cow::Borrowed("booking"), MigrationType::Simple, (*text).into_sql_str(), false)
    });
    Migrator::with_migrations(migrations.collect())
}

async fn open_sqlite(url: &str, settings: StoreSettings) -> Result<Backend, StoreError> {
    let options = sqlite_options(url)?
        .journal_mode(SqliteJournalMode::Wal)
        // NORMAL may lose acknowledged commits when the power fails.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(settings.patience)
        .disable_statement_logging();
    // The last connection to a database in memory is its life, so none is closed for being idle or old.
    let pool = || SqlitePoolOptions::new().acquire_timeout(settings.patience).idle_timeout(None).max_lifetime(None);
    let writer = pool().max_connections(1).min_connections(1).connect_with(options.clone()).await?;
    check_sqlite_version(&writer).await?;
    let readers = pool().max_connections(settings.readers).connect_with(options.pragma("query_only", "on")).await?;
    Ok(Backend::Sqlite { writer, readers })
}

fn sqlite_options(url: &str) -> Result<SqliteConnectOptions, StoreError> {
    static MEMORIES: AtomicU64 = AtomicU64::new(0);
    if url == "sqlite::memory:" {
        // SQLite's own file system in memory: unlike its shared cache, it locks as files do.
        let name = format!("/holdfast-{}", MEMORIES.fetch_add(1, Ordering::Relaxed));
        return Ok(SqliteConnectOptions::new().filename(name).vfs("memdb").create_if_missing(true));
    }
    let options = SqliteConnectOptions::from_str(url)?.create_if_missing(true);
    if let Some(folder) = options.get_filename().parent().filter(|folder| *folder != Path::new("")) {
        std::fs::create_dir_all(folder).map_err(sqlx::Error::Io)?;
    }
    Ok(options)
}

async fn check_sqlite_version(pool: &SqlitePool) -> Result<(), StoreError> {
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(pool).await?;
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    if (next(), next(), next()) >= SQLITE_AT_LEAST {
        Ok(())
    } else {
        Err(StoreError::Unsuitable(format!("SQLite {version} can corrupt a database; 3.51.3 or newer is needed")))
    }
}

async fn open_postgres(url: &str, settings: StoreSettings) -> Result<Backend, StoreError> {
    let options = PgConnectOptions::from_str(url)?
        .application_name("holdfast")
        .options(POSTGRES_OPTIONS)
        .disable_statement_logging();
    let pool = PgPoolOptions::new()
        .max_connections(settings.connections)
        .acquire_timeout(settings.patience)
        .test_before_acquire(false)
        .before_acquire(|connection, met| {
            Box::pin(async move { Ok(met.idle_for < RESTED || connection.ping().await.is_ok()) })
        })
        .connect_with(options)
        .await?;
    Ok(Backend::Postgres(Postgres { pool, away: Arc::default() }))
}

/// `BEGIN IMMEDIATE` is the lock already.
pub(super) const LOCK_SQLITE: &str = "SELECT id, claims_version FROM resources
    WHERE id IN (SELECT unhex(e.value ->> 'id', '-') FROM json_each($1) AS e)";

/// Rows are locked in the order of their ids, so that two writers never wait for each other. This lock leaves foreign keys alone
/// and writes no new row version, unlike an update.
pub(super) const LOCK_POSTGRES: &str = "SELECT id, claims_version FROM resources
    WHERE id IN (SELECT unhex(e.value ->> 'id', '-') FROM json_each($1) AS e) ORDER BY id FOR NO KEY UPDATE";

/// Locks these resources for the transaction, and gives the number of the last change of each one's claims.
pub(super) async fn lock(tx: &mut Tx, resources: &[ResourceId]) -> Result<BTreeMap<ResourceId, i64>, StoreError> {
    let list = id_list(resources)?;
    let rows: Vec<(Uuid, i64)> = match tx {
        Tx::Sqlite(tx) => sqlx::query_as(LOCK_SQLITE).bind(list).fetch_all(&mut **tx).await?,
        Tx::Postgres(tx) => sqlx::query_as(LOCK_POSTGRES).bind(list).fetch_all(&mut **tx).await?,
    };
    Ok(rows.into_iter().map(|(id, version)| (ResourceId::new(id), version)).collect())
}
