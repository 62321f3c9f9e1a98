//! A connection to either database, which runs statements that are texts: everything in them is a number or a constant.

use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection as _, PgConnection, SqliteConnection, query_scalar, raw_sql};

use crate::dialect::Dialect;
use crate::error::FillError;

/// How long another process may write before this one gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection of its own.
pub(crate) enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Connection {
    /// Connects to a database that is there. On SQLite, nothing is on the disk for certain before `close`.
    pub(crate) async fn open(url: &str) -> Result<Self, FillError> {
        match url.split_once(':') {
            Some(("sqlite", _)) => {
                let options = SqliteConnectOptions::from_str(url)?
                    .synchronous(SqliteSynchronous::Off)
                    .foreign_keys(true)
                    .busy_timeout(PATIENCE)
                    // In KiB: the indices are written to all over.
                    .pragma("cache_size", "-262144")
                    .pragma("temp_store", "memory")
                    .disable_statement_logging();
                Ok(Self::Sqlite(options.connect().await?))
            }
            Some(("postgres" | "postgresql", _)) => {
                let options = PgConnectOptions::from_str(url)?.options([("search_path", "booking")]);
                Ok(Self::Postgres(options.disable_statement_logging().connect().await?))
            }
            _ => Err(FillError::UnknownUrl),
        }
    }

    pub(crate) const fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Runs a text of statements.
    pub(crate) async fn run(&mut self, text: &str) -> Result<(), FillError> {
        let statements = raw_sql(AssertSqlSafe(text));
        match self {
            Self::Sqlite(connection) => statements.execute(connection).await.map(drop)?,
            Self::Postgres(connection) => statements.execute(connection).await.map(drop)?,
        }
        Ok(())
    }

    /// Runs these statements in a transaction.
    pub(crate) async fn run_together(&mut self, statements: &[String]) -> Result<(), FillError> {
        self.run(if self.dialect() == Dialect::Sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" }).await?;
        for statement in statements {
            self.run(statement).await?;
        }
        self.run("COMMIT").await
    }

    /// The first column of the first row, if there is one.
    pub(crate) async fn find<T>(&mut self, text: &str) -> Result<Option<T>, FillError>
    where
        T: Send + Unpin + for<'r> sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
        T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
    {
        let text = AssertSqlSafe(text);
        Ok(match self {
            Self::Sqlite(connection) => query_scalar(text).fetch_optional(connection).await?,
            Self::Postgres(connection) => query_scalar(text).fetch_optional(connection).await?,
        })
    }

    /// Puts everything on the disk and ends the connection.
    pub(crate) async fn close(mut self) -> Result<(), FillError> {
        if self.dialect() == Dialect::Sqlite {
            self.run("PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE);").await?;
        }
        match self {
            Self::Sqlite(connection) => connection.close().await?,
            Self::Postgres(connection) => connection.close().await?,
        }
        Ok(())
    }
}
