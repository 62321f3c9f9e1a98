//! Translation between messages and the domain, one file for each file of `proto/`, both ways.

mod availability;
mod booking;
mod catalog;
mod presence;
pub(crate) mod problem;
pub(crate) mod ranges;
pub(crate) mod reader;
mod time;

pub use availability::SlotChangePart;
