//! The service: what callers can ask, in the domain's words. Each call loads, decides, saves, commits and announces.

pub mod availability;
pub mod blocks;
pub mod bookings;
pub mod catalog;
mod corrections;
pub mod organizations;
pub mod pages;
pub mod places;
pub mod presence;
mod preview;
pub mod probe;
mod reviewing;
pub mod watching;

use std::sync::Arc;

use crate::commands::queue::CommandQueue;
use crate::engine::Engine;

/// All calls of the component, for whoever is allowed to make them.
#[derive(Clone)]
pub struct Service {
    engine: Arc<Engine>,
    commands: CommandQueue,
}

impl Service {
    /// The service over this engine and command queue.
    pub fn new(engine: Arc<Engine>, commands: CommandQueue) -> Self {
        Self { engine, commands }
    }
}
