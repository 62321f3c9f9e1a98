//! Opening stores: for a component, for keys beside one, and for whoever moves all that is in it.

use std::sync::Arc;

use crate::clock::SteadyClock;
use crate::error::ServiceError;
use crate::ids::Ids;
use crate::keyring::Keyring;
use crate::startup::bootstrap::{Bootstrap, DEFAULT_NAME};
use crate::store::address::DatabaseLocation;
use crate::store::{Store, StoreError, StoreSettings};

/// Why a component does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store cannot be opened, or brought up to date.
    #[error("the store at {place} cannot be used: {source}")]
    Store {
        /// Which store.
        place: DatabaseLocation,
        /// What is wrong.
        source: StoreError,
    },
    /// Something went wrong while starting.
    #[error("the component cannot start: {0}")]
    Service(#[from] ServiceError),
}

/// Brings the store at this address up to date, and nothing else.
///
/// # Errors
/// It cannot be opened, or brought up to date.
pub async fn migrate(database_url: &str) -> Result<(), StartError> {
    open_store(database_url).await?.close().await;
    Ok(())
}

/// The API keys in the store at this address, beside a component that may be running.
///
/// # Errors
/// It cannot be opened or brought up to date, or the first organization cannot be made.
pub async fn open_keyring(database_url: &str) -> Result<Keyring, StartError> {
    let (store, clock, ids) =
        (open_store(database_url).await?, Arc::new(SteadyClock::start()), Arc::new(Ids::default()));
    let lock = store.startup_lock().await.map_err(ServiceError::from)?;
    let bootstrap = Bootstrap { store: &store, clock: &*clock, ids: &ids };
    bootstrap.find_or_make(DEFAULT_NAME).await.map_err(ServiceError::from)?;
    drop(lock);
    Ok(Keyring::new(store, clock, ids))
}

/// The store at this address, brought up to date.
///
/// # Errors
/// It cannot be opened, or brought up to date.
pub async fn open_store(url: &str) -> Result<Store, StartError> {
    open(url, false).await
}

/// The same, for the only process that may serve from an embedded store, or change it as a whole.
///
/// # Errors
/// It cannot be opened, or brought up to date, or another process serves from it.
pub async fn open_and_lock_store(url: &str) -> Result<Store, StartError> {
    open(url, true).await
}

async fn open(url: &str, lock: bool) -> Result<Store, StartError> {
    let failed = |source| StartError::Store { place: DatabaseLocation::of(url), source };
    let store = Store::open(url, StoreSettings::default()).await.map_err(failed)?;
    if lock {
        store.lock().await.map_err(failed)?;
    }
    store.migrate().await.map_err(failed)?;
    Ok(store)
}
