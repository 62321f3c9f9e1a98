//! Why a database is not filled.

use crate::plan::MOST_BOOKINGS;

/// More bookings than a demo has: they are somebody's.
pub(crate) const MOST_OTHERS: i64 = 1_000;

/// Why a database is not filled.
#[derive(Debug, thiserror::Error)]
pub enum FillError {
    /// The database does not do what it should.
    #[error("the database refuses: {0}")]
    Database(#[from] sqlx::Error),
    /// It was filled before, in whole or in part.
    #[error("this database was filled before, in whole or in part; name an empty one")]
    FilledBefore,
    /// It has bookings that nobody filled it with.
    #[error("this database has more than {MOST_OTHERS} bookings already, so it is somebody's; name an empty one")]
    InUse,
    /// More was asked for than there is room for.
    #[error("at most {MOST_BOOKINGS} bookings and a quarter as many holds can be written")]
    TooMany,
    /// The URL is of neither database.
    #[error("a database URL begins with sqlite: or postgres:")]
    UnknownUrl,
}
