//! The web app's own checks.

use anyhow::{Result, ensure};

use crate::process;
use crate::tally::Tally;
use crate::web;

/// What the lock file names is installed.
pub(super) fn packages() -> Result<Tally> {
    web::install_when_stale()?;
    Ok(Tally::PASSED)
}

/// The committed types are those of the committed OpenAPI document.
pub(super) fn generated_types() -> Result<Tally> {
    let changed = web::generate()?;
    ensure!(!changed, "web/src/api/schema.d.ts was not what crates/app/openapi.json says; it is now: commit it");
    Ok(Tally::PASSED)
}

/// TypeScript is content.
pub(super) fn types() -> Result<Tally> {
    script("typecheck")
}

/// ESLint and Prettier are content.
pub(super) fn lints() -> Result<Tally> {
    script("lint")
}

/// The logic, without a browser.
pub(super) fn unit_tests() -> Result<Tally> {
    script("test")
}

/// The bundle that the server carries.
pub(super) fn build() -> Result<Tally> {
    script("build")
}

fn script(name: &str) -> Result<Tally> {
    process::counted(&mut web::npm(&["run", "--silent", name]))
}
