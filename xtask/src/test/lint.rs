//! What can be said about the code without running it.

use anyhow::Result;

use crate::process;
use crate::tally::Tally;
use crate::tidy;

/// Everything is formatted.
pub(super) fn rustfmt() -> Result<Tally> {
    let tally = process::counted(&mut process::command("cargo", &["fmt", "--all", "--check"]))?;
    if tally.failed > 0 {
        println!("error: run `cargo fmt --all` and look at the difference");
    }
    Ok(tally)
}

/// The rules that Cargo and clippy cannot see.
pub(super) fn tidy() -> Result<Tally> {
    tidy::run()?;
    Ok(Tally::PASSED)
}

/// No warning in any target.
pub(super) fn clippy() -> Result<Tally> {
    let clippy = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
    process::counted(&mut process::command("cargo", &clippy))
}
