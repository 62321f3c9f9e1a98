//! Holdfast's booking component.

pub mod store;
