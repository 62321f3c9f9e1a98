//! A transaction on either database, and the macro that writes a body once for both.

use sqlx::{Postgres, Sqlite, Transaction};

use super::StoreError;

/// A transaction. Dropped without `commit`, it changes nothing.
#[derive(Debug)]
pub enum Tx {
    /// On SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// Makes all that was written last. What the database checks only now may still be refused.
    ///
    /// # Errors
    /// What is checked only now refuses it, as a claim of nobody; or the database fails, and nothing is known to be done.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => Ok(tx.commit().await?),
            Self::Postgres(tx) => Ok(tx.commit().await?),
        }
    }
}

/// Runs a query on the transaction's connection: the same body is compiled for both databases, with their own types.
macro_rules! on {
    ($tx:expr, $query:expr, $run:ident, $($then:tt)+) => {
        match $tx {
            $crate::store::Tx::Sqlite(tx) => $query.$run(&mut **tx).await.map($($then)+),
            $crate::store::Tx::Postgres(tx) => $query.$run(&mut **tx).await.map($($then)+),
        }
        .map_err($crate::store::StoreError::from)
    };
}

/// Runs a statement, and gives how many rows it changed.
macro_rules! execute {
    ($tx:expr, $query:expr) => {
        on!($tx, $query, execute, |done| done.rows_affected())
    };
}

/// Every row of a query.
macro_rules! fetch_all {
    ($tx:expr, $query:expr) => {
        on!($tx, $query, fetch_all, |rows| rows)
    };
}

/// The only row of a query, if there is one.
macro_rules! fetch_optional {
    ($tx:expr, $query:expr) => {
        on!($tx, $query, fetch_optional, |row| row)
    };
}
