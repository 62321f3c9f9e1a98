//! Programs from outside that the commands need: found, installed where that is allowed, or named in one clear line.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::process;

/// A program from outside.
pub(crate) struct Tool {
    /// What people call it.
    name: &'static str,
    /// The variable that says where it is, when it is somewhere else.
    variable: &'static str,
    /// The names it goes by.
    programs: &'static [&'static str],
    /// Debian's packages that bring it.
    packages: &'static [&'static str],
}

/// The server of PostgreSQL.
pub(crate) const POSTGRES: Tool =
    Tool { name: "PostgreSQL's server", variable: "POSTGRES", programs: &["postgres"], packages: &["postgresql"] };

/// A browser for the tests.
pub(crate) const CHROMIUM: Tool = Tool {
    name: "Chromium",
    variable: "CHROMIUM",
    programs: &["chromium", "chromium-browser", "google-chrome"],
    packages: &["chromium"],
};

/// A browser of another engine.
pub(crate) const FIREFOX: Tool =
    Tool { name: "Firefox", variable: "FIREFOX", programs: &["firefox-esr", "firefox"], packages: &["firefox-esr"] };

/// What drives a browser with the engine of Safari.
pub(crate) const WEBKIT_DRIVER: Tool = Tool {
    name: "WebKit's driver",
    variable: "WEBKIT_DRIVER",
    programs: &["WebKitWebDriver"],
    packages: &["webkit2gtk-driver"],
};

/// That browser: no more than the engine and a window.
pub(crate) const MINI_BROWSER: Tool = Tool {
    name: "WebKit's MiniBrowser",
    variable: "MINI_BROWSER",
    programs: &["MiniBrowser"],
    packages: &["libwebkit2gtk-4.1-0"],
};

/// A screen that nobody sees, for a browser that needs one.
pub(crate) const XVFB: Tool = Tool { name: "Xvfb", variable: "XVFB", programs: &["Xvfb"], packages: &["xvfb"] };

/// What builds the web app.
pub(crate) const NODE: Tool =
    Tool { name: "Node.js", variable: "NODE", programs: &["node"], packages: &["nodejs", "npm"] };

/// What renewals of holds are measured beside.
pub(crate) const REDIS: Tool = Tool {
    name: "Redis",
    variable: "REDIS_SERVER",
    programs: &["redis-server"],
    packages: &["redis-server", "redis-tools"],
};

/// Where Debian puts what it keeps off `PATH`: in this folder of each folder in that one.
const OFF_PATH: [(&str, &str); 2] = [("/usr/lib/postgresql", "bin"), ("/usr/lib", "webkit2gtk-4.1")];

/// The oldest Node.js that the web app builds with.
const NODE_VERSION: (u32, u32) = (20, 19);

impl Tool {
    /// Where it is; installed first when it is missing and the system's package manager may be used.
    pub(crate) fn require(&self) -> Result<PathBuf> {
        if let Some(path) = self.find() {
            return Ok(path);
        }
        if may_install() {
            self.install()?;
        }
        let Some(path) = self.find() else { bail!("{}", self.missing()) };
        Ok(path)
    }

    /// Its variable and where it is, for a program that looks there for it.
    pub(crate) fn setting(&self) -> Result<(&'static str, PathBuf)> {
        Ok((self.variable, self.require()?))
    }

    /// A program that comes with it.
    pub(crate) fn beside(&self, program: &str) -> Result<String> {
        let folder = self.require()?.parent().map(Path::to_path_buf);
        let folders: Vec<PathBuf> = folder.into_iter().chain(folders()).collect();
        let path = within(&folders, program).with_context(|| format!("{} comes without {program}", self.name))?;
        Ok(path.to_string_lossy().into_owned())
    }

    fn find(&self) -> Option<PathBuf> {
        let named = env::var_os(self.variable).map(PathBuf::from).filter(|path| path.is_file());
        named.or_else(|| {
            let folders = folders();
            self.programs.iter().find_map(|program| within(&folders, program))
        })
    }

    fn install(&self) -> Result<()> {
        println!("{} is missing; installing it", self.name);
        process::run(process::command("apt-get", &["update", "-q"]).env("DEBIAN_FRONTEND", "noninteractive"))?;
        let mut install = process::command("apt-get", &["install", "-q", "-y", "--no-install-recommends"]);
        process::run(install.args(self.packages).env("DEBIAN_FRONTEND", "noninteractive"))
    }

    fn missing(&self) -> String {
        let packages = self.packages.join(" ");
        format!(
            "{} is missing: install it (Debian: apt-get install {packages}), or say where it is in {}",
            self.name, self.variable
        )
    }
}

/// Node.js, new enough for the web app.
pub(crate) fn require_node() -> Result<()> {
    NODE.require()?;
    let version = process::output(&mut process::command("node", &["--version"]))?;
    let (major, minor) = NODE_VERSION;
    ensure!(
        is_at_least(&version, NODE_VERSION),
        "Node.js {} is too old for the web app: install {major}.{minor} or newer",
        version.trim()
    );
    Ok(())
}

/// Whether `v20.19.1` is this version or a newer one.
fn is_at_least(version: &str, least: (u32, u32)) -> bool {
    let mut parts = version.trim().trim_start_matches('v').split('.').map_while(|part| part.parse::<u32>().ok());
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) >= least
}

/// The folders of `PATH`, and where Debian puts what it keeps off it.
fn folders() -> Vec<PathBuf> {
    let mut folders: Vec<_> = env::var_os("PATH").iter().flat_map(env::split_paths).collect();
    for (root, leaf) in OFF_PATH {
        let within = fs::read_dir(root).into_iter().flatten().flatten();
        folders.extend(within.map(|folder| folder.path().join(leaf)));
    }
    folders
}

fn within(folders: &[PathBuf], program: &str) -> Option<PathBuf> {
    folders.iter().map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// Whether this is root on a system with `apt-get`.
fn may_install() -> bool {
    let root = process::output(&mut process::command("id", &["-u"])).is_ok_and(|id| id.trim() == "0");
    root && Path::new("/usr/bin/apt-get").exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert!(is_at_least("v20.19.0\n", (20, 19)));
        assert!(is_at_least("v100.0.0", (20, 19)));
        assert!(!is_at_least("v20.9.0", (20, 19)));
        assert!(!is_at_least("gibberish", (20, 19)));
    }

    #[test]
    fn what_is_missing_is_named_with_what_to_install() {
        let tool =
            Tool { name: "Nothing", variable: "NOTHING_AT", programs: &["no-such-program"], packages: &["nothing"] };
        assert_eq!(tool.find(), None);
        assert!(tool.missing().contains("apt-get install nothing"));
    }
}
