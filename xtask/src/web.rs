//! The web app: installed, built and generated only when something changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result};

use crate::{process, repository, tools};

/// What the build reads.
const SOURCES: [&str; 8] =
    ["build", "src", "public", "index.html", "vite.config.ts", "tsconfig.json", "package.json", "package-lock.json"];

/// The folder of the web app.
pub(crate) fn folder() -> PathBuf {
    repository::root().join("web")
}

/// `npm` with these arguments, in the folder of the web app.
pub(crate) fn npm(arguments: &[&str]) -> Command {
    let mut command = process::command("npm", arguments);
    command.current_dir(folder());
    command
}

/// Installs what the lock file names, when that is not what is installed.
pub(crate) fn install_when_stale() -> Result<()> {
    tools::require_node()?;
    let installed = folder().join("node_modules/.package-lock.json");
    if is_older(&installed, &[folder().join("package-lock.json")])? {
        println!("Installing the web app's packages");
        process::run(&mut npm(&["ci"]))?;
    }
    Ok(())
}

/// Builds the web app, when its sources are newer than what was built.
pub(crate) fn build_when_stale() -> Result<()> {
    install_when_stale()?;
    let sources: Vec<_> = SOURCES.iter().map(|name| folder().join(name)).collect();
    if is_older(&folder().join("dist/index.html"), &sources)? {
        println!("Building the web app");
        process::run(&mut npm(&["run", "build"]))?;
    }
    Ok(())
}

/// Writes the client's types from `crates/app/openapi.json`; says whether they changed.
pub(crate) fn generate() -> Result<bool> {
    let types = folder().join("src/api/schema.d.ts");
    let before = fs::read(&types).unwrap_or_default();
    process::run(&mut npm(&["run", "--silent", "generate"]))?;
    let after = fs::read(&types).with_context(|| format!("`npm run generate` left no {}", types.display()))?;
    Ok(before != after)
}

/// Whether a file is missing or older than any of these.
fn is_older(file: &Path, sources: &[PathBuf]) -> Result<bool> {
    let made: Option<SystemTime> = file.metadata().and_then(|facts| facts.modified()).ok();
    Ok(made.is_none() || made < repository::last_change(sources)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_missing_is_stale() {
        assert!(is_older(&folder().join("no-such-file"), &[folder().join("package.json")]).unwrap());
    }

    #[test]
    fn a_file_is_not_older_than_itself() {
        let manifest = folder().join("package.json");
        assert!(!is_older(&manifest, std::slice::from_ref(&manifest)).unwrap());
    }
}
