//! The contract: what goes through a message comes back as it was, and what is wrong is told and never panics.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where something is not as it says")]

mod hostile;
mod refusals;
mod round_trips;
mod sizes;
mod strategies;
mod wrong_fields;
