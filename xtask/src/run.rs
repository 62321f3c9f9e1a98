//! `cargo xtask run`: the shortest way from a fresh clone to a working demo.

use anyhow::Result;
use clap::Args;

use crate::{process, web};

/// What `run` may be told.
#[derive(Args)]
pub(crate) struct Options {
    /// Build with optimizations: slower to build, faster to serve
    #[arg(long)]
    release: bool,
    /// More flags for `holdfast serve`, after `--`
    #[arg(last = true)]
    serve: Vec<String>,
}

/// Builds what is stale, then becomes the server, so that Ctrl-C reaches it and it ends gracefully.
pub(crate) fn run(options: &Options) -> Result<()> {
    web::build_when_stale()?;
    println!("Building the server (some minutes the first time), then serving the demo on http://localhost:3000");
    let mut server = process::command("cargo", &["run", "--quiet", "--package", "app", "--bin", "holdfast"]);
    server.args(options.release.then_some("--release"));
    process::become_command(server.args(["--", "serve", "--demo"]).args(&options.serve))
}
