//! What the tests stand on: a store on each database, and things to put into it.

pub(crate) mod day;
pub(crate) mod first_release;
pub(crate) mod postgres;
pub(crate) mod stores;
pub(crate) mod studio;

/// Stamps tests of a store onto every database that it may stand on.
macro_rules! on_each_store {
    ($($name:ident,)+) => {
        mod on_an_sqlite_file {
            $(#[tokio::test]
            async fn $name() {
                super::$name($crate::support::stores::Place::sqlite_file().await).await;
            })+
        }

        mod on_sqlite_in_memory {
            $(#[tokio::test]
            async fn $name() {
                super::$name($crate::support::stores::Place::sqlite_memory().await).await;
            })+
        }

        mod on_postgres {
            $(#[tokio::test]
            async fn $name() {
                super::$name($crate::support::stores::Place::postgres().await).await;
            })+
        }
    };
}
