//! What goes wrong in the store, told apart by what a caller can do about it.

use std::path::PathBuf;

use booking_domain::conflict::UsedBy;
use sqlx::error::{DatabaseError, ErrorKind};

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused a claim that overlaps another one of the same unit.
    #[error("a claim overlaps another one")]
    Overlap,
    /// Something stored is in the way.
    #[error("{0}")]
    Conflict(Conflict),
    /// A page token that no list of this kind gave out.
    #[error("not a page token of this list")]
    PageToken,
    /// The database is busy, away, or asks to try again; nothing was done.
    #[error("the database is not available")]
    Unavailable(#[source] sqlx::Error),
    /// The database was away a moment ago, or does not answer in time; nothing is known to be done.
    #[error("the database is away")]
    Away,
    /// The database takes no writes; nothing was done.
    #[error("the database takes no writes")]
    ReadOnly,
    /// Another process serves from the database's file; nothing was done.
    #[error("another server works on {}, or brings it up to date, and one at a time may", .0.display())]
    InUse(PathBuf),
    /// The database's file was deleted or replaced while it was in use: what is written now is lost.
    #[error("{} was deleted or replaced while it was in use", .0.display())]
    Displaced(PathBuf),
    /// The database's file is not whole: something else wrote into it, or the disk lost a part of it.
    #[error("the database's file is damaged, or something else wrote into it")]
    Damaged(#[source] sqlx::Error),
    /// A decision panicked; nothing was done.
    #[error("a decision panicked: {0}")]
    Panicked(String),
    /// Others changed something between looking and locking; nothing was done. Another try sees it.
    #[error("something changed meanwhile")]
    Moved,
    /// The database started anew, and the leases were not armed since; nothing was done.
    #[error("the leases are not armed")]
    Unarmed,
    /// A row that the store cannot have written.
    #[error("a row of {table} cannot be read: {why}")]
    Corrupt {
        /// In which table.
        table: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// The database is not one that the store can work with.
    #[error("{0}")]
    Unsuitable(String),
    /// The tables could not be brought up to date.
    #[error("the tables could not be brought up to date")]
    Migration(#[source] Box<sqlx::migrate::MigrateError>),
    /// Anything else that the database says.
    #[error("the database failed")]
    Database(#[source] sqlx::Error),
}

/// What is in the way of a change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// Another row has this value already. Named after table and column: `event_types_slug`.
    #[error("{0} is taken")]
    Taken(String),
    /// Other rows refer to what shall be deleted: some of them, where that is known.
    #[error("it is in use")]
    InUse(Vec<UsedBy>),
    /// It refers to something that does not exist.
    #[error("it refers to something that does not exist")]
    Missing,
    /// It was changed since the caller read it.
    #[error("it was changed meanwhile")]
    Stale {
        /// Its version now.
        current_version: i64,
    },
}

/// PostgreSQL's serialization failure and deadlock.
const AGAIN: [&str; 2] = ["40001", "40P01"];

/// What SQLite says when it cannot serve now: its primary codes, which are the low byte of those that say more.
const SQLITE_OUTAGES: [u32; 9] = [
    5,  // BUSY: another process writes
    6,  // LOCKED: another connection of this process does
    7,  // NOMEM
    8,  // READONLY: the file, its folder or its system
    9,  // INTERRUPT
    10, // IOERR: the disk fails
    13, // FULL: the disk is
    14, // CANTOPEN: no descriptor is left, or the folder is gone
    15, // PROTOCOL: the locks of the log cannot be had
];

/// What SQLite says of a file that is not whole: CORRUPT, and NOTADB.
const SQLITE_DAMAGE: [u32; 2] = [11, 26];

/// What PostgreSQL says when it cannot serve now, by the beginning of the code.
const POSTGRES_OUTAGES: [&str; 15] = [
    "08",    // the connection
    "25006", // it takes no writes, as a primary that was demoted
    "25P03", // idle for too long in a transaction
    "25P04", // a transaction that took too long
    "28",    // it lets nobody in any more
    "3D000", // the database is not there, as while it is restored
    "40001", // others were in the way
    "40P01", // a deadlock
    "53",    // no memory, disk or connection is left
    "55006", // what is needed is in use by another
    "55P03", // a lock was not granted in time
    "57",    // it shuts down, recovers, or a statement took too long
    "58",    // its system fails
    "72000", // a snapshot is too old
    "F0001", // its lock file is gone
];

/// SQLite's codes are decimal numbers, PostgreSQL's have five letters and digits.
fn is_outage(code: &str) -> bool {
    match code.len() {
        5 => POSTGRES_OUTAGES.iter().any(|class| code.starts_with(class)),
        _ => code.parse::<u32>().is_ok_and(|code| SQLITE_OUTAGES.contains(&(code & 0xff))),
    }
}

fn is_damage(code: &str) -> bool {
    code.len() != 5 && code.parse::<u32>().is_ok_and(|code| SQLITE_DAMAGE.contains(&(code & 0xff)))
}

/// The name of the rule that no two claims of a unit overlap: PostgreSQL's constraint, and what SQLite's triggers raise.
const NO_OVERLAP: &str = "claims_no_overlap";

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(refusal) => refused(refusal.as_ref()).unwrap_or(Self::Database(error)),
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::BeginFailed
            | sqlx::Error::InvalidSavePointStatement => Self::Unavailable(error),
            _ => Self::Database(error),
        }
        .or_unavailable()
    }
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        Self::Migration(Box::new(error))
    }
}

fn code(error: &sqlx::Error) -> String {
    error.as_database_error().and_then(DatabaseError::code).unwrap_or_default().into_owned()
}

fn refused(error: &dyn DatabaseError) -> Option<StoreError> {
    let overlaps = error.constraint() == Some(NO_OVERLAP) || error.message() == NO_OVERLAP;
    match error.kind() {
        _ if overlaps => Some(StoreError::Overlap),
        ErrorKind::UniqueViolation => match constraint(error) {
            // The claim's own key: the same unit from the same instant on.
            name if name.starts_with("claims") => Some(StoreError::Overlap),
            name => Some(StoreError::Conflict(Conflict::Taken(name))),
        },
        ErrorKind::ForeignKeyViolation => Some(StoreError::Conflict(Conflict::Missing)),
        _ => None,
    }
}

/// The constraint's name. SQLite tells the columns instead: "UNIQUE constraint failed: event_types.organization_id,
/// event_types.slug"; constraints are named after the last one, `event_types_slug`.
fn constraint(error: &dyn DatabaseError) -> String {
    match error.constraint() {
        Some(name) => name.to_owned(),
        None => error.message().rsplit([' ', ':']).next().unwrap_or_default().replace('.', "_"),
    }
}

impl StoreError {
    /// Whether the same again may well succeed at once: others were in the way, and are not any more.
    pub fn deserves_another_try(&self) -> bool {
        match self {
            Self::Moved | Self::Conflict(Conflict::Taken(_) | Conflict::Missing) => true,
            Self::Unavailable(error) => AGAIN.contains(&&*code(error)),
            _ => false,
        }
    }

    /// Whether the store cannot serve now, and nobody else is to blame.
    pub const fn is_outage(&self) -> bool {
        matches!(
            self,
            Self::Unavailable(_)
                | Self::Away
                | Self::ReadOnly
                | Self::Displaced(_)
                | Self::Damaged(_)
                | Self::Moved
                | Self::Unarmed
        )
    }

    /// Whether the database cannot serve now is told by its code alone: see the tables.
    fn or_unavailable(self) -> Self {
        match self {
            Self::Database(error) if is_outage(&code(&error)) => Self::Unavailable(error),
            Self::Database(error) if is_damage(&code(&error)) => Self::Damaged(error),
            other => other,
        }
    }

    /// The same, for a deletion: what refers to a row keeps it.
    pub(super) fn of_deletion(self) -> Self {
        match self {
            Self::Conflict(Conflict::Missing) => Self::Conflict(Conflict::InUse(Vec::new())),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{is_damage, is_outage};

    #[test]
    fn outages_are_told_from_mistakes_by_their_code() {
        // SQLITE_BUSY, _BUSY_SNAPSHOT, _LOCKED, _NOMEM, _READONLY, _READONLY_DBMOVED, _IOERR_WRITE, _IOERR_FSYNC, _FULL, _CANTOPEN.
        for outage in ["5", "517", "6", "7", "8", "1032", "778", "1034", "13", "14"] {
            assert!(is_outage(outage), "{outage}");
        }
        for outage in
            ["08006", "25006", "25P03", "28P01", "40001", "40P01", "53100", "53300", "55P03", "57014", "57P01", "58030"]
        {
            assert!(is_outage(outage), "{outage}");
        }
        // SQLITE_CORRUPT, _CORRUPT_INDEX, _NOTADB.
        for damage in ["11", "779", "26"] {
            assert!(is_damage(damage) && !is_outage(damage), "{damage}");
        }
        // SQLITE_ERROR, _CONSTRAINT_CHECK, _MISMATCH; no such table, a null, a division by zero, a deferred key.
        for mistake in ["1", "275", "20", "", "42P01", "23502", "22012", "23503"] {
            assert!(!is_outage(mistake) && !is_damage(mistake), "{mistake}");
        }
    }
}
