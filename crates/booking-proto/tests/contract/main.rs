//! The contract: what goes through a message comes back as it was, and what is wrong is told and never panics.

mod hostile;
mod refusals;
mod round_trips;
mod strategies;
mod wrong_fields;
