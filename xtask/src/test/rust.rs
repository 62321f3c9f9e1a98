//! The tests of the crates, on both stores.

use anyhow::Result;

use crate::process;
use crate::tally::Tally;

/// Unit and integration tests.
pub fn tests() -> Result<Tally> {
    process::counted(&mut process::command("cargo", runner()))
}

/// The examples in the documentation, which nextest does not run.
pub fn documentation_tests() -> Result<Tally> {
    process::counted(&mut process::command("cargo", &["test", "--workspace", "--locked", "--doc"]))
}

/// nextest where it is installed, for it is faster; else what Cargo brings.
fn runner() -> &'static [&'static str] {
    if process::succeeds(&mut process::command("cargo", &["nextest", "--version"])) {
        &["nextest", "run", "--workspace", "--locked", "--no-fail-fast"]
    } else {
        &["test", "--workspace", "--locked", "--no-fail-fast", "--lib", "--bins", "--tests"]
    }
}
