//! A PostgreSQL database for each test, in the run's cluster or in one of its own.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, Weak};

use postgres_cluster::Cluster;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

/// The URL of a cluster for the whole run. Each test makes a database of its own in it and leaves it there.
const CLUSTER_URL: &str = "HOLDFAST_TEST_POSTGRES_URL";

/// A database of its own; its cluster lives as long as one of its databases.
pub(crate) struct Database {
    pub url: String,
    _cluster: Option<Arc<Cluster>>,
}

impl Database {
    /// An empty database. Fails with what to install when there is no PostgreSQL.
    pub(crate) async fn create() -> Self {
        #[expect(clippy::disallowed_methods, reason = "a test has no command line of its own")]
        let shared = std::env::var(CLUSTER_URL).ok();
        let cluster = shared.is_none().then(own_cluster);
        let admin = shared.unwrap_or_else(|| cluster.as_ref().unwrap().url("postgres"));
        let name = unique_name();
        let mut connection = PgConnection::connect(&admin).await.expect("the cluster answers");
        connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.expect("a database can be made");
        Self { url: with_database(&admin, &name), _cluster: cluster }
    }
}

/// The cluster of this process, started by the first test that needs it and stopped after the last.
fn own_cluster() -> Arc<Cluster> {
    static CLUSTER: Mutex<Weak<Cluster>> = Mutex::new(Weak::new());
    let mut cluster = CLUSTER.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    cluster.upgrade().unwrap_or_else(|| {
        let started = Arc::new(Cluster::start().expect("PostgreSQL starts"));
        *cluster = Arc::downgrade(&started);
        started
    })
}

/// Each test may be a process of its own, so the process is part of the name.
fn unique_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("holdfast_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// The same URL with another database.
fn with_database(url: &str, name: &str) -> String {
    let (before, query) = url.split_once('?').map_or((url, String::new()), |(url, query)| (url, format!("?{query}")));
    let (server, _) = before.rsplit_once('/').expect("a URL names a database");
    format!("{server}/{name}{query}")
}
