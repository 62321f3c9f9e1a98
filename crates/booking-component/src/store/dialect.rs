//! What truly differs between SQLite and PostgreSQL: opening, beginning, locking, migrating.

mod file;
mod migrations;
mod postgres;
pub(super) mod sqlite;

use std::collections::BTreeMap;
use std::time::Duration;

use booking_domain::id::ResourceId;
use sqlx::SqlitePool;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use self::file::DatabaseFile;
use self::migrations::{SQLITE_MIGRATIONS, migrator};
pub(super) use self::postgres::Postgres;
pub use self::postgres::Reach;
use self::postgres::startup_lock;
use super::bookings::words::index_some;
use super::columns::id_list;
use super::settings::StoreSettings;
use super::{StoreError, Tx};

/// How long the lock of a file is waited for. Whoever has it may only bring the tables up to date, as `holdfast keys` does beside a
/// server that starts for the first time.
const TURN: Duration = Duration::from_secs(3);
/// How long it is waited that somebody else, who may be a server that starts, brings the tables up to date.
const MIGRATION: Duration = Duration::from_secs(10);
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// A connection pool of one of the two.
#[derive(Clone, Debug)]
pub(super) enum Backend {
    /// One connection writes; the others only read. In memory there is no file.
    Sqlite { writer: SqlitePool, readers: SqlitePool, file: Option<DatabaseFile> },
    /// Every connection does either.
    Postgres(Postgres),
}

impl Backend {
    pub(super) async fn open(url: &str, settings: StoreSettings) -> Result<Self, StoreError> {
        match url.split_once(':') {
            Some(("sqlite", _)) => {
                let (writer, readers, file) = sqlite::open(url, settings).await?;
                Ok(Self::Sqlite { writer, readers, file })
            }
            Some(("postgres" | "postgresql", _)) => Ok(Self::Postgres(Postgres::open(url, settings).await?)),
            _ => Err(StoreError::Unsuitable("a database URL begins with sqlite: or postgres:".to_owned())),
        }
    }

    pub(super) async fn migrate(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite { writer, file, .. } => {
                // A server of before would go on with tables that are not its own.
                let is_locked = self.lock_while_behind().await?;
                let migrated = self.migrate_sqlite(writer).await;
                if is_locked {
                    file.iter().for_each(DatabaseFile::unlock);
                }
                migrated
            }
            Self::Postgres(postgres) => postgres.migrate().await,
        }
    }

    async fn migrate_sqlite(&self, writer: &SqlitePool) -> Result<(), StoreError> {
        migrator(&SQLITE_MIGRATIONS).run(writer).await?;
        while index_some(self.write().await?).await? {}
        Ok(())
    }

    /// Makes this process the only one that serves from an embedded store, until it ends or closes it.
    pub(super) async fn lock(&self) -> Result<(), StoreError> {
        let until = Instant::now() + TURN;
        loop {
            match self.try_lock() {
                Err(StoreError::InUse(_)) if Instant::now() < until => sleep(LOOK_AGAIN).await,
                locked => return locked.map(drop),
            }
        }
    }

    /// The same unless the tables are up to date. Whether nobody had the lock before, this process included.
    async fn lock_while_behind(&self) -> Result<bool, StoreError> {
        let Self::Sqlite { writer, .. } = self else { return Ok(false) };
        let until = Instant::now() + MIGRATION;
        while is_behind(writer).await? {
            match self.try_lock() {
                Err(StoreError::InUse(_)) if Instant::now() < until => sleep(LOOK_AGAIN).await,
                locked => return locked,
            }
        }
        Ok(false)
    }

    fn try_lock(&self) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite { file: Some(file), .. } => file.lock(),
            Self::Sqlite { file: None, .. } | Self::Postgres(_) => Ok(false),
        }
    }

    /// Makes sure that an embedded store's file is where it was.
    pub(super) fn check_file(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite { file: Some(file), .. } => file.check(),
            Self::Sqlite { file: None, .. } | Self::Postgres(_) => Ok(()),
        }
    }

    /// Holds off every other node that wants to be alone, until the transaction ends. An embedded store has no other node.
    pub(super) async fn startup_lock(&self) -> Result<Option<Tx>, StoreError> {
        let Self::Postgres(postgres) = self else { return Ok(None) };
        Ok(Some(Tx::Postgres(startup_lock(&postgres.pool_to_write()?).await?)))
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
            Self::Sqlite { writer, .. } => {
                self.check_file()?;
                Ok(Tx::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?))
            }
            Self::Postgres(postgres) => Ok(Tx::Postgres(postgres.pool_to_write()?.begin().await?)),
        }
    }

    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers, file } => {
                readers.close().await;
                writer.close().await;
                file.iter().for_each(DatabaseFile::unlock);
            }
            Self::Postgres(postgres) => postgres.pool_even_if_away().close().await,
        }
    }
}

/// Whether a migration has not been made yet.
async fn is_behind(pool: &SqlitePool) -> Result<bool, StoreError> {
    let made = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'";
    if sqlx::query_scalar::<_, i64>(made).fetch_one(pool).await? == 0 {
        return Ok(true);
    }
    let made: i64 = sqlx::query_scalar("SELECT count(*) FROM _sqlx_migrations WHERE success").fetch_one(pool).await?;
    Ok(usize::try_from(made).is_ok_and(|made| made < SQLITE_MIGRATIONS.len()))
}

/// Makes a write last that changes nothing of ours: who reads its answer knows that the next one can.
///
/// # Errors
/// The database takes no writes.
pub(super) async fn touch(mut tx: Tx) -> Result<(), StoreError> {
    match &mut tx {
        Tx::Sqlite(tx) => {
            // A number that SQLite keeps for the application, which has no other use for it. Writing what is there already would
            // not touch the disk.
            let written: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut **tx).await?;
            let other = if written == 1 { "PRAGMA user_version = 2" } else { "PRAGMA user_version = 1" };
            sqlx::query(other).execute(&mut **tx).await?;
        }
        Tx::Postgres(tx) => {
            sqlx::query(TOUCH_POSTGRES).execute(&mut **tx).await?;
        }
    }
    tx.commit().await
}

/// A row that somebody else is writing is left alone: that it can be written is known then.
const TOUCH_POSTGRES: &str = "UPDATE organizations SET version = version
    WHERE id = (SELECT id FROM organizations ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)";

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
