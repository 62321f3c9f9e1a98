//! A month of slots over HTTP, beside the same server's `/healthz`.

use anyhow::Result;

use super::figures::Figures;
use super::measured::{place, server};
use super::report::{Aim, Figure, Row, Table};

/// Days and slots, median and 99th percentile.
pub(super) fn run() -> Result<Table> {
    let server = server()?;
    let http = server.http().to_string();
    let figures = Figures::of_load(&["month", "--http", &http], &place(&server))?;
    server.stop()?;
    let row = |what: &str, share: &str| -> Result<Row> {
        let time = |name: &str| figures.get(&format!("{name}_{share}_ns")).map(Figure::Time);
        Ok(Row {
            what: format!("month of {what}, {share}"),
            ours: time(what)?,
            peer: Some((format!("`/healthz`, {share}"), time("healthz")?)),
            aim: Some(Aim::AtMost(3.0)),
        })
    };
    Ok(Table {
        title: "A month over HTTP",
        method: format!(
            "SQLite. 31 days, open 9 to 17 on each day, 30 minutes on a 15-minute grid, 60 bookings. One connection, one request after \
             another, 3,000 of each. An answer has {:.0} bytes for the slots, {:.0} for the days, {:.0} for `/healthz`.",
            figures.get("slots_bytes")?,
            figures.get("days_bytes")?,
            figures.get("healthz_bytes")?
        ),
        rows: vec![row("slots", "p50")?, row("slots", "p99")?, row("days", "p50")?, row("days", "p99")?],
    })
}
