//! Holdfast's booking component: the store, the service over it, and the gRPC way in.
//!
//! ```text
//! grpc -> service -> store -> domain      presence, watch, fleet -> service      never back
//! ```

pub mod buckets;
pub mod clock;
pub mod component;
pub mod computing;
pub mod config;
pub mod disk;
pub mod engine;
pub mod fleet;
mod grpc;
pub mod guesses;
pub mod ids;
pub mod keyring;
pub mod moving;
pub mod presence;
pub mod readiness;
pub mod retention;
pub mod secret;
pub mod service;
pub mod store;
pub mod tasks;
pub mod watch;

pub use watch::slots::Watched;

pub use component::{Component, StartError, migrate, open_keyring, open_store, open_store_alone};
