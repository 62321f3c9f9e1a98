//! The component's tests, one binary for all of them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics tells where it failed")]

#[macro_use]
mod support;

mod api;
mod flat;
mod store;
