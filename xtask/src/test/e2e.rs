//! The built server in a real browser.

use anyhow::Result;

use crate::server::Server;
use crate::tally::Tally;
use crate::{process, repository, tools, web};

/// Short times, so that what takes a quarter of a minute in life takes seconds here.
const SETTINGS: [(&str, &str); 1] = [("HOLDFAST_HOLD_TTL_MS", "2500")];

/// Starts `holdfast serve --demo` on an empty database, lets the browser at it, and ends it gracefully.
pub fn browser_tests() -> Result<Tally> {
    let chromium = tools::CHROMIUM.require()?;
    web::build_when_stale()?;
    process::run(&mut process::command("cargo", &["build", "--locked", "--package", "app", "--bin", "holdfast"]))?;
    let server = Server::start(&repository::program("debug", "holdfast")?, &SETTINGS)?;
    let mut browser = web::npm(&["run", "--silent", "e2e"]);
    browser.env("HOLDFAST_URL", format!("http://{}", server.http())).env("CHROMIUM", chromium);
    let tally = process::counted(&mut browser)?;
    server.stop()?;
    Ok(tally)
}
