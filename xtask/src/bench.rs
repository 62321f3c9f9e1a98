//! `cargo xtask bench`: release builds, measured side by side with their peers.

use anyhow::Result;
use clap::Args;

use crate::process;

/// What `bench` may be told.
#[derive(Args)]
pub struct Options {
    /// For the bench itself: `--only <name>`, `--quick`, `--help`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    bench: Vec<String>,
}

/// Builds and runs the benches.
pub fn run(options: &Options) -> Result<()> {
    let mut bench = process::command("cargo", &["run", "--release", "--package", "holdfast-bench", "--"]);
    process::run(bench.args(&options.bench))
}
