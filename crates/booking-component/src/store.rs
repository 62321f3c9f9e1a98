//! The store: what the component keeps, on SQLite or PostgreSQL.
//!
//! One file per aggregate, with one vocabulary: `insert find list update delete`, the transaction first. Domain types go in and
//! come out. Times are arguments; nothing here reads a clock or draws a random number. A statement is one text that runs on both
//! databases; what truly differs lives in `dialect` and in the migrations. Whoever writes one thing per command pays a hop
//! between threads or machines for each, so what belongs to a batch is loaded and saved in a handful of statements: their
//! parameter is one JSON text, read by `json_each`.

#[macro_use]
mod columns;
#[macro_use]
mod tx;

pub mod address;
pub mod api_keys;
pub mod blocks;
pub mod bookings;
pub mod catalog;
pub mod catalog_version;
pub mod changes;
pub mod claims;
pub mod cooldowns;
mod dialect;
mod edit;
mod error;
pub mod event_types;
pub mod export_import;
pub mod heartbeats;
pub mod idempotency;
pub mod nodes;
pub mod organizations;
mod pages;
pub mod presences;
pub mod resources;
pub mod schedules;
mod search;
mod settings;
pub mod tallies;
pub mod timekeeping;

use std::path::PathBuf;

use self::dialect::Backend;
pub use self::dialect::Reach;
pub use self::edit::Edit;
pub use self::error::{Conflict, StoreError};
use self::nodes::Nodes;
pub use self::settings::StoreSettings;
pub use self::tx::Tx;

/// The store. Cheap to clone; all clones share the connections.
#[derive(Clone, Debug)]
pub struct Store {
    backend: Backend,
}

impl Store {
    /// Opens the database at this URL: `sqlite://path`, `sqlite::memory:`, or `postgres://…`. An SQLite file is created when
    /// there is none. Refuses an SQLite below 3.51.3.
    ///
    /// # Errors
    /// `Unsuitable` when the URL is of no kind that is known, the SQLite is too old, or the place is none for a database;
    /// otherwise the database cannot be opened.
    pub async fn open(url: &str, settings: StoreSettings) -> Result<Self, StoreError> {
        Ok(Self { backend: Backend::open(url, settings).await? })
    }

    /// Brings the tables up to date, and what is made from them. Does nothing when they are.
    ///
    /// # Errors
    /// `InUse` when another process serves from an embedded store's older tables for too long; `Migration` when a step is
    /// refused.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        self.backend.migrate().await
    }

    /// Makes this process the only one that serves from an embedded store, until it ends or closes it; waits for whoever may only
    /// bring the tables up to date. Nodes of a shared store are never the only ones.
    ///
    /// # Errors
    /// Another process serves from it.
    pub async fn lock(&self) -> Result<(), StoreError> {
        self.backend.lock().await
    }

    /// Makes sure that an embedded store's file is the one that was opened.
    ///
    /// # Errors
    /// It was deleted or replaced: what is written now is lost.
    pub fn check_file(&self) -> Result<(), StoreError> {
        self.backend.check_file()
    }

    /// A transaction that sees one state of the database, and cannot write.
    ///
    /// # Errors
    /// `Away`, or the database gives no connection in time.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        self.backend.read().await
    }

    /// A transaction that writes. On SQLite there is one at a time; on PostgreSQL, lock the resources first.
    ///
    /// # Errors
    /// `Away`, `ReadOnly`, or the database gives no connection, or not its write lock, in time.
    pub async fn write(&self) -> Result<Tx, StoreError> {
        self.backend.write().await
    }

    /// Tries whether the database takes a write, by one that changes nothing.
    ///
    /// # Errors
    /// It does not.
    pub async fn touch(&self) -> Result<(), StoreError> {
        dialect::touch(self.write().await?).await
    }

    /// Whether nothing is known that keeps the database from taking writes.
    pub fn takes_writes(&self) -> bool {
        match &self.backend {
            Backend::Postgres(postgres) => postgres.pool_to_write().is_ok(),
            Backend::Sqlite { .. } => self.check_file().is_ok(),
        }
    }

    /// Where nodes meet, if other nodes may use the same database.
    pub fn nodes(&self) -> Option<Nodes> {
        match &self.backend {
            Backend::Postgres(postgres) => Some(Nodes::new(postgres.clone())),
            Backend::Sqlite { .. } => None,
        }
    }

    /// Holds off every other node that makes the first organization or migrates, until what is given goes; nothing where there is no
    /// other node.
    ///
    /// # Errors
    /// `Away`, `ReadOnly`, or another node keeps the lock for too long.
    pub async fn startup_lock(&self) -> Result<Option<Tx>, StoreError> {
        self.backend.startup_lock().await
    }

    /// The folder in which the store at this address lies; nothing for one in memory, or elsewhere.
    pub fn folder(url: &str) -> Option<PathBuf> {
        dialect::sqlite::folder(url)
    }

    /// Closes every connection, after the transactions that are open.
    pub async fn close(&self) {
        self.backend.close().await;
    }
}

/// The statements that only PostgreSQL knows, for the test that prepares them.
pub const POSTGRES_STATEMENTS: &[&str] = nodes::STATEMENTS;

/// Every other statement text of the store, for the test that prepares each on both databases.
pub fn statements() -> impl Iterator<Item = &'static str> {
    let files: [&[&'static str]; 21] = [
        api_keys::STATEMENTS,
        blocks::STATEMENTS,
        bookings::STATEMENTS,
        bookings::WORD_STATEMENTS,
        bookings::erasing::ERASING_STATEMENTS,
        bookings::lost_words::LOST_WORD_STATEMENTS,
        bookings::ROW_STATEMENTS,
        catalog_version::STATEMENTS,
        claims::STATEMENTS,
        timekeeping::STATEMENTS,
        cooldowns::STATEMENTS,
        tallies::STATEMENTS,
        event_types::STATEMENTS,
        heartbeats::STATEMENTS,
        idempotency::STATEMENTS,
        changes::STATEMENTS,
        export_import::tables::STATEMENTS,
        organizations::STATEMENTS,
        presences::STATEMENTS,
        resources::STATEMENTS,
        schedules::STATEMENTS,
    ];
    files.into_iter().flatten().copied()
}
