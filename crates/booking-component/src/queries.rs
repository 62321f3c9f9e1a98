//! The read path: lists of slots, what is watched of them, and everybody who is present.

pub mod availability;
pub mod live;
pub mod looks;
pub mod readiness;
pub mod revisions;
pub mod slots;
