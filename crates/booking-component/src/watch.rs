//! Watching: streams of what is visible, computed once for all who look at the same thing.

pub mod hints;
pub mod presences;
pub mod slots;
