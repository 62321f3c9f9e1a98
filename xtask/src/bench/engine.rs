//! The engine alone: a month of slots from memory, and the largest lists that can be asked for.

use anyhow::Result;

use super::figures::Figures;
use super::report::{Aim, Figure, Row, Table};

/// A month of 1 and of 50 resources.
pub(super) fn run() -> Result<Table> {
    let figures = Figures::of_load(&["engine"], &[])?;
    let row = |resources: u32, bound: f64| -> Result<Row> {
        Ok(Row {
            what: format!("month of slots, {resources} resource{}", if resources == 1 { "" } else { "s" }),
            ours: Figure::Time(figures.get(&format!("engine_{resources}_ns"))?),
            peer: None,
            aim: Some(Aim::Under(Figure::Time(bound))),
        })
    };
    let largest = Figures::of_load(&["largest"], &[])?;
    let dearest = |what: &str, name: &str, claims: u32| -> Result<Row> {
        Ok(Row {
            what: format!("62 days of the dearest shape, {what}, {claims} claims"),
            ours: Figure::Time(largest.get(&format!("largest_{name}_{claims}_ns"))?),
            peer: None,
            aim: Some(Aim::Under(Figure::Time(100e6))),
        })
    };
    Ok(Table {
        title: "Engine",
        method: "`Scene::slots` on one core: 31 days with a daylight-saving change, open 9 to 17 on each day, 30 minutes on a \
                 15-minute grid, 60 bookings of each resource, any one of the resources serves. Median. The dearest of 65 shapes (1 to 10 requirements of 1 to 50 of 100 resources \
                 each, shared, apart or overlapping at random; 1 to 10,000 units): a start each minute, day and night, each claim at \
                 a minute of its own. The least of three."
            .to_owned(),
        rows: vec![
            row(1, 50e3)?,
            row(50, 1e6)?,
            dearest("days", "days", 5_000)?,
            dearest("with what remains", "remaining", 5_000)?,
            dearest("days", "days", 20_000)?,
            dearest("with what remains", "remaining", 20_000)?,
        ],
    })
}
