//! An empty, migrated store on each database.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use booking_component::store::{Store, StoreSettings, Tx};

use super::postgres::Database;

/// A store, and what goes when it goes.
pub(crate) struct Place {
    pub store: Store,
    pub url: String,
    _folder: Option<Folder>,
    _database: Option<Database>,
}

/// A temporary folder; in memory where the system has such a place, so that a busy disk slows no test.
pub(crate) struct Folder(pub PathBuf);

impl Folder {
    pub(crate) fn create() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("holdfast-test-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let memory = std::path::Path::new("/dev/shm");
        let base = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let path = base.join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Place {
    /// In a file of its own, in a folder that does not exist yet.
    pub(crate) async fn sqlite_file() -> Self {
        let folder = Folder::create();
        let url = format!("sqlite://{}/deep/holdfast.db", folder.0.display());
        Self { store: open(&url).await, url, _folder: Some(folder), _database: None }
    }

    /// In memory of its own.
    pub(crate) async fn sqlite_memory() -> Self {
        let url = "sqlite::memory:".to_owned();
        Self { store: open(&url).await, url, _folder: None, _database: None }
    }

    /// In a PostgreSQL database of its own.
    pub(crate) async fn postgres() -> Self {
        let database = Database::create().await;
        Self { store: open(&database.url).await, url: database.url.clone(), _folder: None, _database: Some(database) }
    }

    /// A transaction that writes.
    pub(crate) async fn write(&self) -> Tx {
        self.store.write().await.unwrap()
    }

    /// A transaction that reads.
    pub(crate) async fn read(&self) -> Tx {
        self.store.read().await.unwrap()
    }
}

/// A migrated store at this URL.
pub(crate) async fn open(url: &str) -> Store {
    let settings = StoreSettings { readers: 8, connections: 8, patience: Duration::from_secs(20) };
    let store = Store::open(url, settings).await.unwrap();
    store.migrate().await.unwrap();
    store
}
