//! Publishing: what was committed is told to whoever follows, watches, or serves beside this node.

use std::collections::BTreeMap;

use booking_domain::hold::Presence;
use booking_domain::hold::change::Change;
use booking_domain::id::{OrganizationId, PresenceId};

use crate::engine::Engine;
use crate::state::slot_watches::touch::touches;

/// Tells of these changes; `before` has the presences as they were.
pub(super) fn publish(
    engine: &Engine,
    organization: OrganizationId,
    (changes, before): (&[Change], &BTreeMap<PresenceId, Presence>),
) {
    let told = engine.leases.note(organization, (changes, before));
    engine.followers.tell(&told);
    if changes.iter().any(|change| is_visible(change, before)) {
        engine.invalidations.notify_lines(organization);
    }
    let touched = touches(changes, before);
    if !touched.is_empty() {
        engine.invalidations.notify_slots(organization);
        engine.slots.touch(organization, &touched);
    }
    if let Some(node) = &engine.node {
        node.tell(organization);
    }
    engine.expiry.wake();
}

/// Whether anybody could see the change: a lease that was renewed is none, and must not make other nodes look again.
pub(super) fn is_visible(change: &Change, before: &BTreeMap<PresenceId, Presence>) -> bool {
    let Change::Present(now) = change else { return true };
    before.get(&now.id).is_none_or(|was| was.hold != now.hold || was.data != now.data)
}
