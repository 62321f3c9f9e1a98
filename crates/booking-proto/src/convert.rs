//! Translation between messages and the domain, one file for each file of `proto/`, both ways. What is asked becomes a draft, which
//! the domain reads.

mod availability;
mod booking;
mod catalog;
mod fields;
mod next_slots;
mod page;
mod presence;
pub(crate) mod problem;
pub(crate) mod ranges;
mod time;

pub use availability::SlotChangePart;
