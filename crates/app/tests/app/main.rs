//! The HTTP contract, driven from outside: over real sockets, on free ports, with a store of its own for each test.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics tells where it failed")]

mod access;
mod blocks;
mod bookings;
mod calendar;
mod catalog;
mod check;
mod cluster;
mod connections;
mod corrections;
mod day;
mod errors;
mod files;
mod holds;
mod largest;
mod late;
mod limits;
mod metrics;
mod moving;
mod organization;
mod outages;
mod page_errors;
mod pages;
mod process;
mod program;
mod resource_hours;
mod security_txt;
mod streams;
mod tenants;
mod test_server;
mod text;
mod wrong_fields;
