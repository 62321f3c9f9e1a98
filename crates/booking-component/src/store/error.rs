//! What goes wrong in the store, told apart by what a caller can do about it.

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
    /// Other rows refer to what shall be deleted.
    #[error("it is in use")]
    InUse,
    /// It refers to something that does not exist.
    #[error("it refers to something that does not exist")]
    Missing,
    /// It was changed since the caller read it.
    #[error("it was changed meanwhile")]
    Stale,
}

/// PostgreSQL's serialization failure and deadlock.
const AGAIN: [&str; 2] = ["40001", "40P01"];

/// The name of the rule that no two claims of a unit overlap: PostgreSQL's constraint, and what SQLite's triggers raise.
const NO_OVERLAP: &str = "claims_no_overlap";

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(refusal) => refused(refusal.as_ref()).unwrap_or(Self::Database(error)),
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                Self::Unavailable(error)
            }
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

    /// Database errors that mean "not now": SQLite's BUSY (5) and LOCKED (6) with their extended codes, and PostgreSQL's classes
    /// 08 (connection), 53 (resources), 57 (shutdown, time limits), 55P03 (a lock not granted in time), 25P03 (idle too long in a
    /// transaction), serialization and deadlock.
    fn or_unavailable(self) -> Self {
        let Self::Database(error) = self else { return self };
        let code = code(&error);
        let busy_sqlite = code.len() < 5 && matches!(code.parse::<u32>().map(|code| code & 0xff), Ok(5 | 6));
        let busy_postgres = code.len() == 5
            && (["08", "53", "57", "55P03", "25P03"].iter().any(|class| code.starts_with(class))
                || AGAIN.contains(&&*code));
        if busy_sqlite || busy_postgres { Self::Unavailable(error) } else { Self::Database(error) }
    }

    /// The same, for a deletion: what refers to a row keeps it.
    pub(super) fn of_deletion(self) -> Self {
        match self {
            Self::Conflict(Conflict::Missing) => Self::Conflict(Conflict::InUse),
            other => other,
        }
    }
}
