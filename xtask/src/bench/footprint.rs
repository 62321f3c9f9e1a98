//! What the server takes: memory, time to start, space on the disk.

use std::fs;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use super::measured::server;
use super::report::{Aim, Figure, Row, Table};
use crate::repository;

/// How long the server is left alone before its memory is read.
const REST: Duration = Duration::from_secs(3);
/// How often its start is timed.
const STARTS: usize = 5;

/// Idle memory, start to ready, binary size.
pub(super) fn run() -> Result<Table> {
    let mut starts = Vec::with_capacity(STARTS);
    let mut memory = 0.0;
    for _ in 0..STARTS {
        let server = server()?;
        starts.push(server.ready_after());
        if starts.len() == STARTS {
            thread::sleep(REST);
            memory = resident_bytes(server.id())?;
        }
        server.stop()?;
    }
    starts.sort_unstable();
    let start = starts.get(STARTS / 2).copied().unwrap_or_default();
    let size = fs::metadata(repository::program("release", "holdfast")?)?.len();
    let row = |what: &str, ours, bound| Row { what: what.to_owned(), ours, peer: None, aim: Some(Aim::Under(bound)) };
    Ok(Table {
        title: "Footprint",
        method: "`holdfast serve --demo` on an empty SQLite database: resident memory after three idle seconds; from the start of the process \
                 to `/readyz`, the median of five, with the database made and filled each time; the stripped program, web app included."
            .to_owned(),
        rows: vec![
            row("idle memory", Figure::Size(memory), Figure::Size(40e6)),
            row("start to ready", Figure::Time(start.as_nanos() as f64), Figure::Time(0.5e9)),
            row("program", Figure::Size(size as f64), Figure::Size(40e6)),
        ],
    })
}

/// The resident memory of a process, as the kernel tells it.
fn resident_bytes(process: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).context("memory is read from Linux's /proc")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("the kernel told no VmRSS")?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kilobytes * 1024.0)
}
