//! `database-fill`: fills the database that it is told to fill, and says what it wrote.

use std::process::ExitCode;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use clap::Parser;
use database_fill::{Plan, fill};

/// Fill a migrated database with many rows
#[derive(Parser)]
#[command(name = "database-fill")]
struct Options {
    /// The database: `sqlite:` or `postgres:`
    #[arg(long, env = "HOLDFAST_DATABASE_URL", hide_env_values = true)]
    database_url: String,
    /// Bookings
    #[arg(long, value_parser = clap::value_parser!(i64).range(0..))]
    bookings: i64,
    /// Holds; an eighth as many sessions wait behind them
    #[arg(long, value_parser = clap::value_parser!(i64).range(0..))]
    holds: i64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(&Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options) -> Result<()> {
    let plan = Plan::new(now_ms()?, options.bookings, options.holds);
    let begun = Instant::now();
    fill(&options.database_url, &plan).await?;
    let Plan { bookings, holds, waiting, catalog, records, .. } = plan;
    println!(
        "Wrote {bookings} bookings, {holds} holds with {waiting} sessions waiting behind them, {catalog} event types, {records} cooldowns \
         and {records} remembered answers of the organization default, and a tenth of that of another one, in {:.1} s.",
        begun.elapsed().as_secs_f64()
    );
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "rows lie around the day on which a database is filled")]
fn now_ms() -> Result<i64> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).context("this machine's clock is before 1970")?;
    Ok(i64::try_from(since.as_millis())?)
}
