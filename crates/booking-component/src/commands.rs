//! The write path: whoever wants to change a line or a booking queues, is decided by what is loaded, and told once it is committed.

pub(crate) mod clock_steps;
pub(crate) mod expiry;
pub(crate) mod idempotency;
pub(crate) mod job;
mod load;
mod publish;
pub(crate) mod queue;
mod transaction;
pub(crate) mod unanswered;
