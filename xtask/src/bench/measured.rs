//! The server that is measured: a release build, what it is told, and how what loads it finds it.

use anyhow::Result;

use crate::repository;
use crate::server::Server;

/// Opens the server that is measured; it lives only as long as the bench.
pub(super) const KEY: &str = "hf_bench_0123456789abcdefghijklmnopqrstuvwxyz";

/// What the server that is measured is told: no caps that would refuse the load.
pub(super) const SETTINGS: [(&str, &str); 3] =
    [("HOLDFAST_ADMIN_KEY", KEY), ("HOLDFAST_RATE_LIMIT", "0"), ("HOLDFAST_MAX_PRESENCES_PER_ADDRESS", "0")];

/// The release build of the server on an empty database.
pub(super) fn server() -> Result<Server> {
    Server::start(&repository::program("release", "holdfast")?, &SETTINGS)
}

/// The same on this database.
pub(super) fn server_on(database: &str) -> Result<Server> {
    Server::start_on(database, &repository::program("release", "holdfast")?, &SETTINGS)
}

/// The arguments that tell `holdfast-load` where a server is.
pub(super) fn place(server: &Server) -> [String; 4] {
    ["--grpc".to_owned(), format!("http://{}", server.grpc()), "--key".to_owned(), KEY.to_owned()]
}
