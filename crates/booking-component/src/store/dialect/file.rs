//! The file of an embedded store: nobody else serves from it, nobody else reads it, and it stays where it is.

use std::collections::BTreeMap;
use std::fs::{DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{Error, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::super::StoreError;

/// Only whom the server runs as reads and writes people's data.
const OWN_FILE: u32 = 0o600;
const OWN_FOLDER: u32 = 0o700;
/// What others may not have of it.
const OTHERS: u32 = 0o077;

/// A database's file, with what lies beside it.
#[derive(Clone, Debug)]
pub(crate) struct DatabaseFile {
    path: PathBuf,
    /// Which file that was when it was opened.
    identity: Identity,
    /// The lock, for as long as this process serves.
    lock: Arc<Mutex<Option<File>>>,
    /// Which files lie beside it, as far as they were there.
    companions: Arc<Mutex<BTreeMap<PathBuf, Identity>>>,
}

/// Which file it is: its device, and its number there.
type Identity = (u64, u64);

/// The write-ahead log, where what was committed is until it is written into the database, and the index of it.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

impl DatabaseFile {
    /// The file at this path, made if it is not there; from now on nobody else can read it.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        if let Some(folder) = path.parent().filter(|folder| *folder != Path::new("")) {
            DirBuilder::new().recursive(true).mode(OWN_FOLDER).create(folder).map_err(at(folder))?;
        }
        let path = own(path).and_then(|()| path.canonicalize()).map_err(at(path))?;
        for name in COMPANIONS.map(|ending| beside(&path, ending)) {
            tighten(&name).map_err(at(&name))?;
        }
        let identity = identity(&path).map_err(at(&path))?;
        Ok(Self { path, identity, lock: Arc::default(), companions: Arc::default() })
    }

    /// Makes this process the only one that serves from the file, until it ends or lets go. Whether it was not that before.
    ///
    /// # Errors
    /// Another one does.
    pub(super) fn lock(&self) -> Result<bool, StoreError> {
        let mut held = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        if held.is_some() {
            return Ok(false);
        }
        let path = beside(&self.path, ".lock");
        let file = own(&path).and_then(|()| OpenOptions::new().write(true).open(&path)).map_err(at(&path))?;
        if self.path.metadata().map_err(at(&self.path))?.nlink() > 1 {
            let file = self.path.display();
            tracing::warn!(%file, "this file has several names (hard links): a server that opens it by another one is not kept out");
        }
        match file.try_lock() {
            Ok(()) => *held = Some(file),
            Err(TryLockError::WouldBlock) => return Err(StoreError::InUse(self.path.clone())),
            Err(TryLockError::Error(error)) => return Err(at(&path)(error)),
        }
        Ok(true)
    }

    /// Lets others serve from the file.
    pub(super) fn unlock(&self) {
        drop(self.lock.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    /// Makes sure that the file is the one that was opened, and what lies beside it what lay there: what is written into a file
    /// that was deleted or replaced is lost, and one whose lock is gone is another server's, too.
    ///
    /// # Errors
    /// It is not.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        is_still(&self.path, self.identity)?;
        if let Some(lock) = &*self.lock.lock().unwrap_or_else(PoisonError::into_inner) {
            let path = beside(&self.path, ".lock");
            is_still(&path, lock.metadata().map(|facts| (facts.dev(), facts.ino())).map_err(at(&path))?)?;
        }
        let mut known = self.companions.lock().unwrap_or_else(PoisonError::into_inner);
        for path in COMPANIONS.map(|ending| beside(&self.path, ending)) {
            match (known.get(&path), identity(&path)) {
                (Some(known), _) => is_still(&path, *known)?,
                (None, Ok(now)) => _ = known.insert(path, now),
                // SQLite makes it when it first needs it.
                (None, Err(error)) if error.kind() == ErrorKind::NotFound => {}
                (None, Err(error)) => return Err(at(&path)(error)),
            }
        }
        Ok(())
    }
}

fn is_still(path: &Path, known: Identity) -> Result<(), StoreError> {
    match identity(path) {
        Ok(now) if now == known => Ok(()),
        Err(error) if error.kind() != ErrorKind::NotFound => Err(at(path)(error)),
        _ => Err(StoreError::Displaced(path.to_owned())),
    }
}

/// Makes a file that only its owner can read, or takes it from others if it is there.
fn own(path: &Path) -> Result<(), Error> {
    match OpenOptions::new().write(true).create_new(true).mode(OWN_FILE).open(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => tighten(path),
        made => made.map(drop),
    }
}

/// Takes a file from others who could read it. One that is not there, or somebody else's, is left.
fn tighten(path: &Path) -> Result<(), Error> {
    let mode = match path.metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        metadata => metadata?.permissions().mode(),
    };
    if mode & OTHERS == 0 {
        return Ok(());
    }
    match std::fs::set_permissions(path, Permissions::from_mode(OWN_FILE)) {
        Ok(()) => tracing::warn!(file = %path.display(), "others could read this file; now its owner alone can"),
        Err(error) => {
            tracing::warn!(file = %path.display(), %error, "others can read this file, and it cannot be changed")
        }
    }
    Ok(())
}

fn identity(path: &Path) -> Result<Identity, Error> {
    path.metadata().map(|metadata| (metadata.dev(), metadata.ino()))
}

/// The path with something behind its last letter.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn at(path: &Path) -> impl FnOnce(Error) -> StoreError {
    move |error| {
        StoreError::Unavailable(sqlx::Error::Io(Error::new(error.kind(), format!("{}: {error}", path.display()))))
    }
}
