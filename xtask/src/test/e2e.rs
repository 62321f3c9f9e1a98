//! The built server in a real browser.

use anyhow::Result;

use crate::server::Server;
use crate::tally::Tally;
use crate::{process, repository, tools, web};

/// What the server and the tests agree on.
const SETTINGS: [(&str, &str); 3] = [
    // What takes a quarter of a minute in life takes seconds here.
    ("HOLDFAST_HOLD_TTL_MS", "2500"),
    ("HOLDFAST_ADMIN_KEY", "hf_browser_tests_0123456789abcdef"),
    // The sites that embed the pages are on the other name of this machine; any other is a stranger.
    ("HOLDFAST_FRAME_ANCESTORS", "'self' http://localhost:*"),
];

/// Starts `holdfast serve --demo` on an empty database, lets the browser at it, and ends it gracefully.
pub fn browser_tests() -> Result<Tally> {
    let chromium = tools::CHROMIUM.require()?;
    web::build_when_stale()?;
    process::run(&mut process::command("cargo", &["build", "--locked", "--package", "app", "--bin", "holdfast"]))?;
    let program = repository::program("debug", "holdfast")?;
    let server = Server::start(&program, &SETTINGS)?;
    let mut browser = web::npm(&["run", "--silent", "e2e"]);
    browser.env("HOLDFAST_URL", format!("http://{}", server.http())).env("CHROMIUM", chromium);
    // Some tests stop and start a server of their own.
    browser.envs(SETTINGS).env("HOLDFAST_PROGRAM", program);
    let tally = process::counted(&mut browser)?;
    server.stop()?;
    Ok(tally)
}
