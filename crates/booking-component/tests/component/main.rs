//! The component's tests, one binary for all of them.
