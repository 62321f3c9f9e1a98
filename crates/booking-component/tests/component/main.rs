//! The component's tests, one binary for all of them.

#[macro_use]
mod support;

mod store;
