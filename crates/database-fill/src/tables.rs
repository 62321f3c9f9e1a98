//! What is written, one file for each part of the tables.

pub mod bookings;
pub mod catalog;
pub mod holds;
pub mod records;
