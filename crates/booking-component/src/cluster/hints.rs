//! Hints between nodes: which organization a commit concerned. A hint carries no state and may be lost; the pulse makes up for it.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use booking_domain::id::OrganizationId;
use uuid::Uuid;

use crate::cluster::numbers::catch_up;
use crate::engine::Engine;
use crate::store::StoreError;

/// How long to rest after the database failed.
const REST: Duration = Duration::from_millis(250);
/// Hints in one statement.
const TOGETHER: usize = 500;

/// Tells the others what was committed here. What is committed while a statement is on its way goes with the next one.
pub async fn speak(engine: Arc<Engine>) {
    let Some(fleet) = &engine.fleet else { return };
    loop {
        fleet.bell.notified().await;
        let organizations: Vec<OrganizationId> = fleet.take_untold().into_iter().collect();
        for some in organizations.chunks(TOGETHER) {
            let hints: Vec<String> = some.iter().map(|organization| format!("{} {organization}", fleet.name)).collect();
            if let Err(failure) = fleet.nodes.notify(&hints).await {
                tracing::debug!(
                    error = &failure as &dyn Error,
                    "the other nodes were not told; they find out by themselves"
                );
            }
        }
    }
}

/// Hears what the others committed.
pub async fn listen(engine: Arc<Engine>) {
    loop {
        if let Err(failure) = hear_all(&engine).await {
            tracing::debug!(error = &failure as &dyn Error, "hints are not heard; numbers are compared all the same");
        }
        tokio::time::sleep(REST).await;
    }
}

async fn hear_all(engine: &Arc<Engine>) -> Result<(), StoreError> {
    let Some(fleet) = &engine.fleet else { return Ok(()) };
    let mut ear = fleet.nodes.listen().await?;
    // Whatever was said before somebody listened.
    catch_up(engine, &engine.catalogs.organizations()).await?;
    loop {
        match ear.hear().await? {
            Some(hint) => match read(&hint) {
                Some((name, _)) if name == fleet.name => {}
                Some((_, organization)) => catch_up(engine, &[organization]).await?,
                None => tracing::warn!("somebody else uses the channel of hints"),
            },
            None => catch_up(engine, &engine.catalogs.organizations()).await?,
        }
    }
}

fn read(hint: &str) -> Option<(Uuid, OrganizationId)> {
    let (name, organization) = hint.split_once(' ')?;
    Some((name.parse().ok()?, OrganizationId::new(organization.parse().ok()?)))
}
