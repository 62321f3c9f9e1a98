//! What is written, one file for each part of the tables.

pub(crate) mod bookings;
pub(crate) mod catalog;
pub(crate) mod holds;
pub(crate) mod records;
