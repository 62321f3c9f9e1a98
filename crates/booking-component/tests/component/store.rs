//! The store's contract: one suite, stamped onto each database. A database that passes it is one that Holdfast can stand on.

mod blocks;
mod bookings;
mod catalog;
mod changes;
mod claims;
mod database;
mod erasing;
mod export_import;
mod filled;
mod first_release;
mod keys;
mod migration;
mod model;
mod nodes;
mod outages;
mod presences;
mod records;
mod search;
mod words;
