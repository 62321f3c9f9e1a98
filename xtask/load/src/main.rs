//! What the benches put on the engine and on a running server. Prints figures, one `name value` a line, for `cargo xtask bench`.

mod bare_stream;
mod bookings;
mod crowd;
mod engine;
mod flat;
mod holds;
mod http;
mod largest;
mod month;
mod offers;
mod quantile;
mod renewals;
mod stage;
mod transactions;

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;

/// One kind of load.
#[derive(Parser)]
enum Load {
    /// Compute months of slots in this process
    Engine,
    /// Compute the largest lists of slots that can be asked for in this process
    Largest,
    /// Keep holds alive over KeepAlive streams
    Renewals(renewals::Options),
    /// Answer KeepAlive streams with ready-made places, until killed
    BareStream {
        /// Where to listen
        address: SocketAddr,
    },
    /// Ask for a month of slots over HTTP, beside /healthz
    Month(month::Options),
    /// Take new holds over gRPC
    Holds(crowd::Crowd),
    /// Make bookings over gRPC
    Bookings(crowd::Crowd),
    /// Call two servers in turn, of which one has few rows stored and the other many
    Flat(flat::Options),
    /// Write bookings into a bare SQLite database, one transaction each
    Transactions {
        /// The database to make
        file: PathBuf,
    },
}

#[tokio::main]
async fn main() -> Result<()> {
    match Load::parse() {
        Load::Engine => engine::run(),
        Load::Largest => largest::run(),
        Load::Renewals(options) => renewals::run(options).await,
        Load::BareStream { address } => bare_stream::serve(address).await,
        Load::Month(options) => month::run(options).await,
        Load::Holds(crowd) => holds::run(crowd).await,
        Load::Bookings(crowd) => bookings::run(crowd).await,
        Load::Flat(options) => flat::run(options).await,
        Load::Transactions { file } => transactions::run(&file),
    }
}
