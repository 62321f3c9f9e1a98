//! How the store uses its database.

use std::time::Duration;

/// How the store uses its database.
#[derive(Clone, Copy, Debug)]
pub struct StoreSettings {
    /// Connections to SQLite that only read, beside the one that writes.
    pub readers: u32,
    /// Connections to PostgreSQL.
    pub connections: u32,
    /// How long to wait for a connection, and on SQLite for another process that writes.
    pub patience: Duration,
}

impl Default for StoreSettings {
    fn default() -> Self {
        Self { readers: 4, connections: 16, patience: Duration::from_secs(2) }
    }
}
