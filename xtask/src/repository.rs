//! Where things are: the repository's root, its text files, and the folder that the build writes to.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result};

/// Folders that hold nothing written by hand.
const NOT_OURS: [&str; 8] =
    [".git", "target", "node_modules", "dist", "data", "test-results", "playwright-report", "shots"];

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// A program as the build of this profile leaves it, in the folder that this one was built to.
pub(crate) fn program(profile: &str, name: &str) -> Result<PathBuf> {
    let ours = env::current_exe().context("cannot tell where this program is")?;
    let target = ours.ancestors().nth(2).context("this program is not in a build folder; start it as `cargo xtask`")?;
    Ok(target.join(profile).join(name))
}

/// Every text file of the repository, by its path from the root with `/` between the parts.
pub(crate) fn texts() -> Result<BTreeMap<String, String>> {
    let root = root();
    let mut texts = BTreeMap::new();
    for path in files(&root)? {
        let name = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        if let Ok(text) = fs::read_to_string(&path) {
            texts.insert(name, text);
        }
    }
    Ok(texts)
}

/// The latest change under any of these paths; `None` when nothing is there.
pub(crate) fn last_change(paths: &[PathBuf]) -> Result<Option<SystemTime>> {
    let mut latest = None;
    for path in paths.iter().filter(|path| path.exists()) {
        for file in files(path)? {
            latest = latest.max(file.metadata().and_then(|facts| facts.modified()).ok());
        }
    }
    Ok(latest)
}

/// The files under a path, or the path itself when it is a file.
fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))? {
        let path = entry?.path();
        let ours = path.file_name().is_none_or(|name| NOT_OURS.iter().all(|other| name != *other));
        if ours && !path.is_symlink() {
            found.extend(files(&path)?);
        }
    }
    Ok(found)
}
