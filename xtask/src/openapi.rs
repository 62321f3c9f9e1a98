//! `cargo xtask openapi`: the contract as the server tells it, and the web client's types from it.

use std::fs;

use anyhow::{Context, Result};

use crate::{process, repository, web};

/// Writes `crates/app/openapi.json` and `web/src/api/schema.d.ts`.
pub(crate) fn run() -> Result<()> {
    let server = ["run", "--quiet", "--package", "app", "--bin", "holdfast", "--", "openapi"];
    let document = process::output(&mut process::command("cargo", &server))?;
    let path = repository::root().join("crates/app/openapi.json");
    fs::write(&path, document).with_context(|| format!("cannot write {}", path.display()))?;
    web::install_when_stale()?;
    let changed = web::generate()?;
    println!("crates/app/openapi.json is written; the web client's types {}", if changed { "changed" } else { "stay" });
    Ok(())
}
