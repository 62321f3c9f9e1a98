//! Looking again at what other nodes have changed.

use std::sync::PoisonError;

use booking_domain::id::OrganizationId;

use crate::engine::Engine;
use crate::state::slot_watches::touch::Touch;
use crate::store::StoreError;
use crate::store::nodes::ClaimVersion;

/// Compares the numbers of these organizations, and passes on what has moved to those who watch and follow here.
pub(super) async fn catch_up(engine: &Engine, organizations: &[OrganizationId]) -> Result<(), StoreError> {
    let Some(node) = engine.node.as_ref().filter(|_| !organizations.is_empty()) else { return Ok(()) };
    let seen = node.nodes.numbers(organizations).await?;
    let claims = claim_versions(engine, organizations).await?;
    let (lines, catalogs, claimed) = {
        let mut known = node.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (lines, catalogs) = known.moved(seen);
        (lines, catalogs, known.claimed(claims))
    };
    for (organization, event_type) in lines {
        engine.followers.tell_all(event_type);
        engine.invalidations.notify_lines(organization);
    }
    for (organization, resource) in claimed {
        engine.invalidations.notify_slots(organization);
        engine.slots.touch(organization, &[Touch::Resource(resource)]);
    }
    for organization in catalogs {
        engine.invalidations.notify_slots(organization);
        engine.slots.touch_all(organization);
    }
    Ok(())
}

/// The numbers of the last change of what is taken of the resources that somebody watches here.
async fn claim_versions(engine: &Engine, organizations: &[OrganizationId]) -> Result<Vec<ClaimVersion>, StoreError> {
    let watched = engine.slots.resources(organizations);
    match &engine.node {
        Some(node) if !watched.is_empty() => node.nodes.claim_versions(&watched).await,
        _ => Ok(Vec::new()),
    }
}
