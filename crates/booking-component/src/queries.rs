//! The read path: lists of slots, what is watched of them, and everybody who is present.

pub(crate) mod affected;
pub(crate) mod availability;
pub(crate) mod concerned;
pub(crate) mod free_slots;
pub(crate) mod live;
pub(crate) mod looks;
pub(crate) mod preview;
pub(crate) mod readiness;
pub(crate) mod revisions;
pub(crate) mod slots;
