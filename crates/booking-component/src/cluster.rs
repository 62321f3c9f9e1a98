//! The cluster: several nodes on one database, kept in step. Each follows the database's clock, tells the others what it committed,
//! hears what they did, and compares numbers twice a second, so that no lost word matters for long.

mod catch_up;
mod invalidations;
mod monitor;

use std::sync::Arc;

pub(crate) use crate::cluster::monitor::look;
use crate::engine::Engine;

/// Keeps this node in step, if it is one of several, until its component stops.
pub(crate) fn keep_in_step(engine: &Arc<Engine>) {
    if engine.node.is_some() {
        let (monitoring, sending, listening) = (engine.clone(), engine.clone(), engine.clone());
        engine.tasks.keep("the monitor", move || monitor::run(monitoring.clone()));
        engine.tasks.keep("telling other nodes", move || invalidations::send(sending.clone()));
        engine.tasks.keep("hearing other nodes", move || invalidations::listen(listening.clone()));
    }
}
