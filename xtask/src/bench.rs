//! `cargo xtask bench`: release builds, measured side by side with their peers in one run, written to `docs/benchmarks.md`.

mod bookings;
mod engine;
mod figures;
mod flat;
mod footprint;
mod machine;
mod measured;
mod month;
mod peer;
mod pgbench;
mod redis;
mod renewals;
mod report;
mod shared;

use std::fs;

use anyhow::{Context, Result, ensure};
use clap::Args;

use report::Table;

use crate::{process, repository, web};

/// What `bench` may be told.
#[derive(Args)]
pub(crate) struct Options {
    /// Measure only this; prints, and leaves docs/benchmarks.md alone
    #[arg(long)]
    only: Option<String>,
    /// Bookings that flat stores, with a tenth as many holds: fewer for trying out
    #[arg(long, default_value_t = 1_000_000)]
    flat_bookings: u32,
}

/// A bench measures one thing beside its peers.
struct Bench {
    name: &'static str,
    run: fn(&Options) -> Result<Table>,
}

const BENCHES: [Bench; 7] = [
    Bench { name: "engine", run: |_| engine::run() },
    Bench { name: "renewals", run: |_| renewals::run() },
    Bench { name: "bookings", run: |_| bookings::run() },
    Bench { name: "shared", run: |_| shared::run() },
    Bench { name: "month", run: |_| month::run() },
    Bench { name: "flat", run: |options| flat::run(options.flat_bookings) },
    Bench { name: "footprint", run: |_| footprint::run() },
];

/// Measures everything, prints the tables, and writes them down.
pub(crate) fn run(options: &Options) -> Result<()> {
    let names: Vec<_> = BENCHES.iter().map(|bench| bench.name).collect();
    let known = options.only.as_deref().is_none_or(|only| names.contains(&only));
    ensure!(known, "there is no such bench; there are {}", names.join(", "));
    build()?;
    let wanted = BENCHES.iter().filter(|bench| options.only.as_deref().is_none_or(|only| only == bench.name));
    let mut page = machine::introduction()?;
    for bench in wanted {
        println!("\n== {}", bench.name);
        let table = (bench.run)(options).with_context(|| format!("the bench {} failed", bench.name))?.to_string();
        print!("{table}");
        page.push_str(&table);
    }
    if options.only.is_none() {
        fs::write(repository::root().join("docs/benchmarks.md"), page).context("cannot write docs/benchmarks.md")?;
    }
    Ok(())
}

/// Builds the server and what loads it, with optimizations.
fn build() -> Result<()> {
    web::build_when_stale()?;
    let packages = ["--package", "app", "--package", "holdfast-load", "--package", "database-fill"];
    process::run(process::command("cargo", &["build", "--release", "--locked"]).args(packages))
}
