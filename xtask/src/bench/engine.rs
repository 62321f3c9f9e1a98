//! The engine alone: a month of slots from memory.

use anyhow::Result;

use super::figures::Figures;
use super::report::{Aim, Figure, Row, Table};

/// A month of 1 and of 50 resources.
pub fn run() -> Result<Table> {
    let figures = Figures::of_load(&["engine"], &[])?;
    let row = |resources: u32, bound: f64| -> Result<Row> {
        Ok(Row {
            what: format!("month of slots, {resources} resource{}", if resources == 1 { "" } else { "s" }),
            ours: Figure::Time(figures.get(&format!("engine_{resources}_ns"))?),
            peer: None,
            aim: Some(Aim::Under(Figure::Time(bound))),
        })
    };
    Ok(Table {
        title: "Engine",
        method: "`Scene::slots` on one core: 31 days with a daylight-saving change, open 9 to 17 on each day, 30 minutes on a \
                 15-minute grid, 60 bookings of each resource, any one of the resources serves. Median."
            .to_owned(),
        rows: vec![row(1, 50e3)?, row(50, 1e6)?],
    })
}
