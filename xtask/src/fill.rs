//! `cargo xtask fill`: a database as it is after years, to see what a call costs beside so many rows.

use anyhow::{Result, ensure};
use clap::Args;

use crate::{process, repository};

/// Where both programs look for the database: on a command line, a password would show.
const DATABASE_URL: &str = "HOLDFAST_DATABASE_URL";

/// What `fill` may be told.
#[derive(Args)]
pub(crate) struct Options {
    /// Bookings of every status, at most 2,000,000
    ///
    /// Half of them are of the event types fill-plain, fill-confirmed, fill-pair and fill-any, whose rooms stay free from a year ago
    /// to two years ahead.
    #[arg(long, default_value_t = 200_000)]
    bookings: u32,
    /// Holds, at most 500,000; an eighth as many sessions wait behind them
    ///
    /// They last a year. But a server that starts gives every session its own ttl, and who is silent for so long is gone: serve with
    /// --hold-ttl-ms 86400000, which is the most, to keep them for a day.
    #[arg(long, default_value_t = 20_000)]
    holds: u32,
    /// The database, which no server may have open now; the one that `run` serves unless said
    #[arg(long, env = DATABASE_URL, default_value = "sqlite://data/holdfast.db", hide_env_values = true)]
    database_url: String,
}

/// Brings the database up to date and fills it. One that was filled before or is in use is left alone.
pub(crate) fn run(options: &Options) -> Result<()> {
    let Options { bookings, holds, database_url } = options;
    ensure!(database_url != "sqlite::memory:", "a database in memory ends with the program that fills it");
    println!("Building what fills (some minutes the first time)");
    let packages = ["build", "--quiet", "--package", "app", "--package", "database-fill"];
    process::run(&mut process::command("cargo", &packages))?;
    fill("debug", database_url, (*bookings, *holds))
}

/// The same by the programs that were built under this profile.
pub(crate) fn fill(profile: &str, database_url: &str, (bookings, holds): (u32, u32)) -> Result<()> {
    let (bookings, holds) = (bookings.to_string(), holds.to_string());
    // The second time, what was written past the component is indexed for the search: a server that starts would do it before it is
    // ready, and a million bookings take minutes.
    let steps: [(&str, &[&str]); 3] = [
        ("holdfast", &["migrate"]),
        ("database-fill", &["--bookings", &bookings, "--holds", &holds]),
        ("holdfast", &["migrate"]),
    ];
    for (name, arguments) in steps {
        let program = repository::program(profile, name)?;
        let mut command = process::command(&program.to_string_lossy(), arguments);
        process::run(command.env(DATABASE_URL, database_url))?;
    }
    Ok(())
}
