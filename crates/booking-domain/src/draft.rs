//! Drafts: what somebody writes, as the texts and numbers that came, and the only parsers of it.
//!
//! Messages and JSON both become drafts, and a draft becomes a spec or a request, or every field that is wrong. So the same mistake
//! is told in the same words whichever way it came.

pub mod allow;
pub mod block;
pub mod booking;
pub mod booking_change;
pub mod event_type;
pub mod fields;
pub mod organization;
pub mod page;
pub mod presence;
pub mod preview;
pub mod reader;
pub mod resource;
pub mod schedule;
pub mod slot;
pub mod written;
