//! The wire models: JSON in and out, as the OpenAPI document describes it.

pub mod affected;
pub mod block;
pub mod booking;
pub mod calendar;
pub mod entity;
pub mod event_type;
pub mod names;
pub mod organization;
pub mod page;
pub mod page_error;
pub mod presence;
pub mod preview;
pub mod problem;
pub mod public;
pub mod resource;
pub mod schedule;
pub mod slot;
pub mod time;

/// Below which path the contract is served.
pub const BASE: &str = "/api/v1";
