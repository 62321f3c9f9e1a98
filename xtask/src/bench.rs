//! `cargo xtask bench`: release builds, measured side by side with their peers in one run, written to `docs/benchmarks.md`.

mod engine;
mod figures;
mod machine;
mod report;

use std::fs;

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::{process, repository};
use report::Table;

/// What `bench` may be told.
#[derive(Args)]
pub struct Options {
    /// Measure only this; prints, and leaves docs/benchmarks.md alone
    #[arg(long)]
    only: Option<String>,
}

/// A bench measures one thing beside its peers.
struct Bench {
    name: &'static str,
    run: fn() -> Result<Table>,
}

const BENCHES: [Bench; 1] = [Bench { name: "engine", run: engine::run }];

/// Measures everything, prints the tables, and writes them down.
pub fn run(options: &Options) -> Result<()> {
    let names: Vec<_> = BENCHES.iter().map(|bench| bench.name).collect();
    let known = options.only.as_deref().is_none_or(|only| names.contains(&only));
    ensure!(known, "there is no such bench; there are {}", names.join(", "));
    process::run(&mut process::command("cargo", &["build", "--release", "--locked", "--package", "holdfast-load"]))?;
    let wanted = BENCHES.iter().filter(|bench| options.only.as_deref().is_none_or(|only| only == bench.name));
    let mut page = machine::introduction()?;
    for bench in wanted {
        println!("\n== {}", bench.name);
        let table = (bench.run)().with_context(|| format!("the bench {} failed", bench.name))?.to_string();
        print!("{table}");
        page.push_str(&table);
    }
    if options.only.is_none() {
        fs::write(repository::root().join("docs/benchmarks.md"), page).context("cannot write docs/benchmarks.md")?;
    }
    Ok(())
}
