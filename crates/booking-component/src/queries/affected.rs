//! What a change of an operator's concerns, read under the locks of what it changes.

use booking_domain::affected::Affected;
use booking_domain::event_type::EventTypeSpec;
use booking_domain::hold::SlotKey;
use booking_domain::hold::working_set::blocked;
use booking_domain::id::{EventTypeId, ResourceId};
use booking_domain::interval::Interval;
use booking_domain::{DateTime, Utc, limits};

use crate::state::catalogs::Catalog;
use crate::store::{StoreError, Tx, claims, presences};

/// What is there where a resource is closed, or opened again.
pub(crate) struct Underneath {
    /// Who holds, who waits and what is booked, where it is said to be closed.
    pub affected: Affected,
    /// The rooms in which somebody waits where anything is different.
    pub rooms: Vec<SlotKey>,
}

/// Who takes a resource at the times at which it is said to be closed, and who waits for what could take it where that is different.
pub(crate) async fn underneath(
    tx: &mut Tx,
    (catalog, resource): (&Catalog, ResourceId),
    (said, different): (&[Interval], &[Interval]),
    now: DateTime<Utc>,
) -> Result<Underneath, StoreError> {
    let organization = catalog.organization.id;
    let ranges: Vec<_> = said.iter().filter(|time| time.end() > now).map(|time| (resource, *time)).collect();
    let taken = claims::list_some(tx, organization, (&ranges, limits::AFFECTED_READ)).await?;
    let is_cut = taken.len() >= limits::AFFECTED_READ;
    let lasting = taken.into_iter().map(|(_, claim)| claim).filter(|claim| claim.slot.end() > now);
    let all = said.iter().chain(different).copied().reduce(Interval::hull);
    let near = all.map(|all| who_may_wait(catalog, resource, all)).unwrap_or_default();
    let waiting = presences::waiting_in(tx, organization, &near).await?;
    let wants = |times, room| wants_any(catalog, room, times);
    let count = waiting.iter().filter(|(room, _)| wants(said, *room)).map(|(_, count)| count).sum();
    let rooms = waiting.iter().map(|(room, _)| *room).filter(|room| wants(different, *room)).collect();
    let affected = Affected::of(lasting.map(|claim| (claim.owner, claim.slot.start())), count);
    Ok(Underneath { affected: Affected { more: affected.more || is_cut, ..affected }, rooms })
}

/// Where to look for those who wait: for each event type that may take the resource, these times with its buffers.
fn who_may_wait(catalog: &Catalog, resource: ResourceId, times: Interval) -> Vec<(EventTypeId, Interval)> {
    let users = catalog.event_types.values().filter(|event_type| event_type.spec.resource_ids().contains(&resource));
    // What comes after a slot reaches into what begins then.
    let near = |spec: &EventTypeSpec| times.widened(spec.buffer_after_minutes, spec.buffer_before_minutes);
    users.map(|user| (user.id, near(&user.spec))).collect()
}

fn wants_any(catalog: &Catalog, room: SlotKey, times: &[Interval]) -> bool {
    let wanted = catalog.offer(room.event_type_id).map_or(room.slot, |offer| blocked(offer, room));
    times.iter().any(|time| time.overlaps(wanted))
}
