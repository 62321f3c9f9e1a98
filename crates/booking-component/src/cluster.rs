//! The fleet: several nodes on one database, kept in step. Each follows the database's clock, tells the others what it committed,
//! hears what they did, and compares numbers twice a second, so that no lost word matters for long.

mod hints;
mod numbers;
mod pulse;

use std::sync::Arc;

pub use crate::cluster::pulse::look;
use crate::engine::Engine;

/// Keeps this node in step, if it is one of several, until its component stops.
pub fn keep_in_step(engine: &Arc<Engine>) {
    if engine.fleet.is_some() {
        let (beating, speaking, listening) = (engine.clone(), engine.clone(), engine.clone());
        engine.tasks.keep("the pulse", move || pulse::run(beating.clone()));
        engine.tasks.keep("telling other nodes", move || hints::speak(speaking.clone()));
        engine.tasks.keep("hearing other nodes", move || hints::listen(listening.clone()));
    }
}
