//! What a component does once when it starts, and now and then while it runs.

pub(crate) mod bootstrap;
pub(crate) mod housekeeping;
pub(crate) mod leases;
pub(crate) mod opening;
mod retention;
