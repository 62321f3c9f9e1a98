//! The tests of the crates, on both stores.

use std::process::Command;

use anyhow::{Context, Result};
use postgres_cluster::Cluster;

use crate::tally::Tally;
use crate::{process, tools};

/// Unit and integration tests, beside a throw-away PostgreSQL that they share.
pub(super) fn tests() -> Result<Tally> {
    tools::POSTGRES.require()?;
    let cluster = Cluster::start().context("cannot start a PostgreSQL for the tests")?;
    process::counted(runner().env("HOLDFAST_TEST_POSTGRES_URL", cluster.url("postgres")))
}

/// The examples in the documentation, which nextest does not run.
pub(super) fn documentation_tests() -> Result<Tally> {
    process::counted(&mut process::command("cargo", &["test", "--workspace", "--locked", "--doc"]))
}

/// nextest where it is installed, for it is faster; else what Cargo brings.
fn runner() -> Command {
    let all = ["--workspace", "--locked", "--no-fail-fast"];
    let nextest = process::succeeds(&mut process::command("cargo", &["nextest", "--version"]));
    let (run, only): (&[&str], &[&str]) =
        if nextest { (&["nextest", "run"], &[]) } else { (&["test"], &["--lib", "--bins", "--tests"]) };
    let mut command = process::command("cargo", run);
    command.args(all).args(only);
    command
}
