//! The HTTP contract, driven from outside: over real sockets, on free ports, with a store of its own for each test.

#![allow(missing_docs, reason = "tests are named for what they show")]

mod bookings;
mod catalog;
mod errors;
mod holds;
mod house;
mod limits;
mod pages;
mod process;
mod program;
mod streams;
mod tenants;
