//! Bookings over gRPC, beside SQLite alone.

use std::fs;

use anyhow::Result;

use super::figures::Figures;
use super::measured::{place, server};
use super::report::{Aim, Figure, Row, Table};
use crate::server::throw_away_folder;

/// Many clients through the server, and one program straight into the file.
pub(super) fn run() -> Result<Table> {
    let folder = throw_away_folder("transactions")?;
    let file = folder.join("bare.db");
    let bare = Figures::of_load(&["transactions", &file.to_string_lossy()], &[])?;
    fs::remove_dir_all(folder)?;
    let server = server()?;
    let ours = Figures::of_load(&["bookings"], &place(&server))?;
    server.stop()?;
    let peer = ("SQLite, one transaction each".to_owned(), Figure::Rate(bare.get("transactions_per_second")?));
    Ok(Table {
        title: "Bookings",
        method: "SQLite. 64 gRPC clients, each with a connection and a resource of its own, each booking one free slot after another with \
                 a request id; every booking is on the disk before it is acknowledged. Beside it, one program without a server that \
                 writes the rows of a booking into the same tables, under the same durability, one transaction for each."
            .to_owned(),
        rows: vec![Row {
            what: "bookings".to_owned(),
            ours: Figure::Rate(ours.get("bookings_per_second")?),
            peer: Some(peer),
            aim: Some(Aim::AtLeast(2.0)),
        }],
    })
}
