//! Leases over a restart, with an embedded store.

use crate::commands::clock_steps;
use crate::engine::Engine;
use crate::state::leases::Leases;
use crate::store::nodes::ArmReason;
use crate::store::{StoreError, heartbeats, presences};

/// Everybody who was present when the last process ended is present still, with a full ttl from now on. In a shared store
/// presences live on without any one process.
pub(crate) async fn restore(engine: &Engine) -> Result<(), StoreError> {
    let Leases::InMemory(index) = &engine.leases else { return engine.arm(ArmReason::Restarted).await };
    let mut tx = engine.store.write().await?;
    clock_steps::follow_over_a_restart(&mut tx, engine).await?;
    let rearmed = engine.clock.now() + engine.rules.ttl;
    heartbeats::rearm(&mut tx, rearmed).await?;
    let present = presences::list_all(&mut tx).await?;
    tx.commit().await?;
    index.insert_all(present);
    index.rearm(engine.clock.now());
    Ok(())
}

/// Writes every lease down, for the next start.
pub(crate) async fn save(engine: &Engine) -> Result<(), StoreError> {
    let Leases::InMemory(index) = &engine.leases else { return Ok(()) };
    let mut tx = engine.store.write().await?;
    heartbeats::save_all(&mut tx, &index.leases()).await?;
    clock_steps::note(&mut tx, engine).await?;
    tx.commit().await
}
