//! The domain, seen from outside: conformance tables, and properties that hold in random small worlds.

mod access;
mod availability;
mod holds;
