//! Invalidations between nodes: which organization a commit concerned. An invalidation carries no state and may be lost; the monitor makes up for it.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use booking_domain::id::OrganizationId;
use uuid::Uuid;

use crate::cluster::catch_up::catch_up;
use crate::engine::Engine;
use crate::store::StoreError;

/// How long to rest after the database failed.
const REST: Duration = Duration::from_millis(250);
/// Invalidations in one statement.
const TOGETHER: usize = 500;

/// Tells the others what was committed here. What is committed while a statement is on its way goes with the next one.
pub(super) async fn send(engine: Arc<Engine>) {
    let Some(node) = &engine.node else { return };
    loop {
        node.wake.notified().await;
        let organizations: Vec<OrganizationId> = node.take_pending().into_iter().collect();
        for some in organizations.chunks(TOGETHER) {
            let invalidations: Vec<String> =
                some.iter().map(|organization| format!("{} {organization}", node.name)).collect();
            if let Err(failure) = node.nodes.notify(&invalidations).await {
                tracing::debug!(
                    error = &failure as &dyn Error,
                    "the other nodes were not told; they find out by themselves"
                );
            }
        }
    }
}

/// Hears what the others committed.
pub(super) async fn listen(engine: Arc<Engine>) {
    loop {
        if let Err(failure) = listen_to_all(&engine).await {
            tracing::debug!(
                error = &failure as &dyn Error,
                "invalidations are not heard; numbers are compared all the same"
            );
        }
        tokio::time::sleep(REST).await;
    }
}

async fn listen_to_all(engine: &Arc<Engine>) -> Result<(), StoreError> {
    let Some(node) = &engine.node else { return Ok(()) };
    let mut listener = node.nodes.listen().await?;
    // Whatever was said before somebody listened.
    catch_up(engine, &engine.catalogs.organizations()).await?;
    loop {
        match listener.next().await? {
            Some(invalidation) => match read(&invalidation) {
                Some((name, _)) if name == node.name => {}
                Some((_, organization)) => catch_up(engine, &[organization]).await?,
                None => tracing::warn!("somebody else uses the channel of invalidations"),
            },
            None => catch_up(engine, &engine.catalogs.organizations()).await?,
        }
    }
}

fn read(invalidation: &str) -> Option<(Uuid, OrganizationId)> {
    let (name, organization) = invalidation.split_once(' ')?;
    Some((name.parse().ok()?, OrganizationId::new(organization.parse().ok()?)))
}
