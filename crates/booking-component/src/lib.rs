//! Holdfast's booking component: the store, the service over it, and the gRPC way in.
//!
//! ```text
//! domain <- store <- state <- engine <- commands, queries, cluster <- service <- grpc <- component      never back
//! ```

#![warn(clippy::missing_errors_doc)]

pub mod caller;
pub mod clock;
mod cluster;
mod commands;
pub mod component;
pub mod computing;
pub mod config;
pub mod disk;
pub mod engine;
pub mod error;
mod grpc;
pub mod ids;
pub mod keyring;
pub mod outage;
mod queries;
pub mod secret;
pub mod service;
mod startup;
pub mod state;
pub mod store;
pub mod tasks;

pub use component::Component;
pub use startup::bootstrap::DEFAULT_NAME;
pub use startup::opening::{StartError, migrate, open_and_lock_store, open_keyring, open_store};
