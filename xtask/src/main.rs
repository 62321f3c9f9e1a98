//! The developer's commands: `cargo xtask <command>`. Each command has a file of its own.

mod attack;
mod bench;
mod fill;
mod openapi;
mod process;
mod repository;
mod run;
mod server;
mod tally;
mod test;
mod tidy;
mod tools;
mod web;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

/// Runs, tests and measures Holdfast.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
enum Command {
    /// Build what is stale and serve the demo on <http://localhost:3000>
    Run(run::Options),
    /// Run every check and every test
    Test(test::Options),
    /// Check what the compiler cannot: rooms, sizes, names
    Tidy,
    /// Fill a database with many rows, to see what calls cost beside them
    Fill(fill::Options),
    /// Measure side by side with peers and write docs/benchmarks.md
    Bench(bench::Options),
    /// Try what strangers could do to the built server
    Attack(attack::Options),
    /// Write crates/app/openapi.json and the web client's types from the server
    Openapi,
}

impl Command {
    fn perform(&self) -> Result<ExitCode> {
        match self {
            Self::Run(options) => run::run(options),
            Self::Test(options) => return test::run(options),
            Self::Tidy => tidy::run(),
            Self::Fill(options) => fill::run(options),
            Self::Bench(options) => bench::run(options),
            Self::Attack(options) => attack::run(options),
            Self::Openapi => openapi::run(),
        }
        .map(|()| ExitCode::SUCCESS)
    }
}

fn main() -> ExitCode {
    Command::parse().perform().unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
