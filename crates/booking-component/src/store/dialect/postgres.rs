//! PostgreSQL, as one node sees it: its connections, and whether it can be reached and written to.

use std::str::FromStr;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, PgPool, Transaction};

use super::super::address::without_strange_parameters;
use super::super::bookings::words::index_some;
use super::super::settings::StoreSettings;
use super::super::{StoreError, Tx};
use super::migrations::{POSTGRES_MIGRATIONS, migrator};

/// What every connection to PostgreSQL is told. A node that stands still loses its transaction, and with it its locks. And each
/// statement of ours finds its rows by an index: reading or hashing a whole table is never a better plan, though to a planner
/// that has no statistics yet, or old ones, it may look like one; nor is it to collect what an index holds in order, so as to
/// sort it again. (Where a table has no index, it reads it all the same, and takes
/// that for so dear that it would compile the statement first: hence no JIT.)
const OPTIONS: [(&str, &str); 9] = [
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
/// Whoever has this lock of PostgreSQL is the only node that makes the first organization or migrates: the letters of `holdfast`.
const STARTUP_LOCK: i64 = 0x686f_6c64_6661_7374;
/// How long a node may keep the lock, and others wait for it.
const STARTUP_LOCK_LASTS: &str = "10min";
/// A connection that rested for so long is asked whether it is still there before it is used.
const RESTED: Duration = Duration::from_secs(1);

/// What can be done with the database now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All.
    Writable,
    /// It takes no writes, as a primary that was demoted.
    ReadOnly,
    /// Nothing: nobody waits for it.
    Away,
}

/// PostgreSQL, as one node sees it.
#[derive(Clone, Debug)]
pub(in crate::store) struct Postgres {
    connections: Arc<RwLock<Connections>>,
}

#[derive(Debug)]
struct Connections {
    pool: PgPool,
    reach: Reach,
}

impl Postgres {
    pub(super) async fn open(url: &str, settings: StoreSettings) -> Result<Self, StoreError> {
        // What the driver has against it could show more of it than may be shown.
        let looks = "the database URL cannot be read: it looks like postgres://user:password@host/database";
        let options = PgConnectOptions::from_str(&without_strange_parameters(url))
            .map_err(|_| StoreError::Unsuitable(looks.to_owned()))?
            .application_name("holdfast")
            .options(OPTIONS)
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
        Ok(Self { connections: Arc::new(RwLock::new(Connections { pool, reach: Reach::Writable })) })
    }

    fn seen(&self) -> (PgPool, Reach) {
        let connections = self.connections.read().unwrap_or_else(PoisonError::into_inner);
        (connections.pool.clone(), connections.reach)
    }

    /// The connections, unless the database is away.
    pub(in crate::store) fn pool(&self) -> Result<PgPool, StoreError> {
        match self.seen() {
            (_, Reach::Away) => Err(StoreError::Away),
            (pool, Reach::Writable | Reach::ReadOnly) => Ok(pool),
        }
    }

    /// The connections, if the database takes writes.
    pub(in crate::store) fn pool_to_write(&self) -> Result<PgPool, StoreError> {
        match self.seen() {
            (_, Reach::Away) => Err(StoreError::Away),
            (_, Reach::ReadOnly) => Err(StoreError::ReadOnly),
            (pool, Reach::Writable) => Ok(pool),
        }
    }

    /// The connections, for whoever looks what can be done with the database.
    pub(in crate::store) fn pool_even_if_away(&self) -> PgPool {
        self.seen().0
    }

    /// Remembers what can be done with the database. Unless that is all, every connection is thrown away: some may lead to a
    /// server that will never answer again, or to one that is not the primary any more. New ones find the one that is.
    pub(in crate::store) fn note(&self, reach: Reach) {
        let mut connections = self.connections.write().unwrap_or_else(PoisonError::into_inner);
        connections.reach = reach;
        if reach != Reach::Writable {
            let options = connections.pool.connect_options().as_ref().clone();
            let fresh = connections.pool.options().clone().connect_lazy_with(options);
            let old = std::mem::replace(&mut connections.pool, fresh);
            // The pool is closed by the call; to await it would be to wait for connections that may never come back.
            drop(old.close());
        }
    }

    pub(super) async fn migrate(&self) -> Result<(), StoreError> {
        // By connections of its own: a migration may take its time, and so may another node's that comes first.
        let patient = [("statement_timeout", "0"), ("lock_timeout", "0"), ("idle_in_transaction_session_timeout", "0")];
        let options = self.pool()?.connect_options().as_ref().clone().options(patient);
        let pool = PgPoolOptions::new().max_connections(2).connect_with(options).await?;
        let mut lock = startup_lock(&pool).await?;
        let mut migrator = migrator(&POSTGRES_MIGRATIONS);
        migrator.create_schema("booking");
        migrator.run(&pool).await?;
        while index_some(Tx::Postgres(pool.begin().await?)).await? {
            // Whoever has the lock and is silent for too long loses it.
            sqlx::query("SELECT 1").execute(&mut *lock).await?;
        }
        lock.commit().await?;
        pool.close().await;
        Ok(())
    }
}

/// Until this transaction ends, no other node makes the first organization or migrates.
pub(super) async fn startup_lock(pool: &PgPool) -> Result<Transaction<'static, sqlx::Postgres>, StoreError> {
    let mut tx = pool.begin().await?;
    // Another node may have it for longer than anybody else may wait; and whoever has it may have much to do.
    for limit in ["lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"] {
        sqlx::query("SELECT set_config($1, $2, true)").bind(limit).bind(STARTUP_LOCK_LASTS).execute(&mut *tx).await?;
    }
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(STARTUP_LOCK).execute(&mut *tx).await?;
    Ok(tx)
}
