//! The hold protocol: sentences about each rule, and random stories in which every promise is kept.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics is a test that fails")]

mod away;
mod bookings;
mod caps;
mod corrections;
mod enough;
mod kept;
mod late;
mod line;
mod live;
mod moving;
mod net;
mod oracle;
mod places;
mod promises;
mod properties;
mod replay;
mod store;
mod stories;
mod tallies;
mod time_held;
mod world;
