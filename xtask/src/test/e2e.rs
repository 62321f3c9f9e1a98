//! The built server in real browsers.

use std::path::PathBuf;

use anyhow::Result;

use crate::server::Server;
use crate::tally::Tally;
use crate::tools::{self, Tool};
use crate::{process, repository, web};

/// What the server and the tests agree on.
const SETTINGS: [(&str, &str); 3] = [
    // What takes a quarter of a minute in life takes seconds here.
    ("HOLDFAST_HOLD_TTL_MS", "2500"),
    ("HOLDFAST_ADMIN_KEY", "hf_browser_tests_0123456789abcdef"),
    // The sites that embed the pages are on the other name of this machine; any other is a stranger.
    ("HOLDFAST_FRAME_ANCESTORS", "'self' http://localhost:*"),
];

/// Every page and every story in Chromium.
pub(super) fn chromium() -> Result<Tally> {
    browser_tests(&["pages", "Chromium"], &[tools::CHROMIUM])
}

/// The stories in Firefox.
pub(super) fn firefox() -> Result<Tally> {
    browser_tests(&["Firefox"], &[tools::FIREFOX])
}

/// The stories in the engine of Safari.
pub(super) fn webkit() -> Result<Tally> {
    browser_tests(&["WebKit"], &[tools::WEBKIT_DRIVER, tools::MINI_BROWSER, tools::XVFB])
}

/// Starts `holdfast serve --demo` on an empty database, lets the browser at it, and ends it gracefully.
fn browser_tests(projects: &[&str], tools: &[Tool]) -> Result<Tally> {
    let tools: Vec<_> = tools.iter().map(Tool::setting).collect::<Result<_>>()?;
    let program = built_program()?;
    let server = Server::start(&program, &SETTINGS)?;
    let mut browser = web::npm(&["run", "--silent", "e2e", "--"]);
    browser.args(projects.iter().flat_map(|project| ["--project", project]));
    browser.env("HOLDFAST_URL", format!("http://{}", server.http())).envs(tools);
    // Some tests stop and start a server of their own.
    browser.envs(SETTINGS).env("HOLDFAST_PROGRAM", program);
    let tally = process::counted(&mut browser)?;
    server.stop()?;
    Ok(tally)
}

/// The server, with the pages in it as they are now.
fn built_program() -> Result<PathBuf> {
    web::build_when_stale()?;
    process::run(&mut process::command("cargo", &["build", "--locked", "--package", "app", "--bin", "holdfast"]))?;
    repository::program("debug", "holdfast")
}
