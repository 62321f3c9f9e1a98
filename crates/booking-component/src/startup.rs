//! What a component does once when it starts, and now and then while it runs.

pub mod bootstrap;
pub mod housekeeping;
pub mod leases;
pub mod opening;
mod retention;
