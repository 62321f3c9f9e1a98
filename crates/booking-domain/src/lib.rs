//! What Holdfast knows about time, lines and bookings: pure types and pure decisions.
//!
//! Nothing in this crate does I/O, waits, reads a clock or draws a random number. Times are arguments; ids come from outside.

pub mod access;
pub mod address;
pub mod affected;
pub mod allow;
pub mod answer;
pub mod availability;
pub mod block;
pub mod booking;
pub mod code;
pub mod conflict;
pub mod draft;
pub mod event_type;
pub mod finding;
pub mod hold;
pub mod id;
pub mod interval;
pub mod invalid;
pub mod limits;
pub mod organization;
pub mod page;
pub mod refusal;
pub mod request;
pub mod resource;
pub mod schedule;
pub mod secret;
pub mod text;

pub use chrono::{DateTime, NaiveDate, Utc};
pub use chrono_tz::Tz;
