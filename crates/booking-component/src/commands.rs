//! The write path: whoever wants to change a line or a booking queues, is decided by what is loaded, and told once it is committed.

pub mod clock_steps;
pub mod expiry;
pub mod idempotency;
pub mod job;
mod load;
mod publish;
pub mod queue;
mod transaction;
