//! What a change of the catalog concerns: holds and bookings that no longer fit, and who can no longer wait. It is read under the locks of
//! what may be taken, and judged once the change is committed.

use std::collections::{BTreeMap, BTreeSet};

use booking_domain::affected::Affected;
use booking_domain::availability::{Claim, Occupancy, OpenTimes, Owner};
use booking_domain::event_type::EventTypeSpec;
use booking_domain::hold::{Presence, SlotKey};
use booking_domain::id::{BookingId, OrganizationId, ResourceId, ScheduleId};
use booking_domain::interval::Interval;
use booking_domain::schedule::Schedule;
use booking_domain::{DateTime, Utc, limits};

use crate::state::catalogs::{Catalog, EditScope};
use crate::store::{StoreError, Tx, bookings, claims, presences};

/// The last whole minute that is written with four digits for the year, in seconds.
const LAST_MINUTE: i64 = 253_402_300_740;

/// What is there that may be concerned: some of it, where there is very much.
pub(crate) struct Found {
    bookings: Vec<(SlotKey, BookingId)>,
    line: Vec<Presence>,
    claims: Vec<(ResourceId, Claim)>,
    now: DateTime<Utc>,
}

impl Found {
    /// What is there of this scope.
    pub(crate) async fn read(
        tx: &mut Tx,
        organization: OrganizationId,
        (scope, now): (&EditScope, DateTime<Utc>),
    ) -> Result<Self, StoreError> {
        let range = ahead(now)?;
        let of_event_types: Vec<_> = scope.event_types.iter().map(|id| (*id, range)).collect();
        let of_resources: Vec<_> = scope.resources.iter().map(|id| (*id, range)).collect();
        let most = limits::AFFECTED_READ;
        Ok(Self {
            bookings: bookings::list_open(tx, organization, (&of_event_types, most)).await?,
            line: presences::list_some_in(tx, organization, (&of_event_types, most)).await?,
            claims: claims::list_some(tx, organization, (&of_resources, most)).await?,
            now,
        })
    }

    /// How many of the bookings keep other buffers than these.
    pub(crate) async fn keeping_buffers(
        &self,
        tx: &mut Tx,
        organization: OrganizationId,
        spec: &EventTypeSpec,
    ) -> Result<u32, StoreError> {
        let ids: Vec<BookingId> = self.bookings.iter().map(|(_, id)| *id).collect();
        let claims = claims::of_bookings(tx, organization, &ids).await?;
        let (before, after) = (spec.buffer_before_minutes, spec.buffer_after_minutes);
        let claims = claims.iter().map(|(_, claim)| claim);
        let keeps = |claim: &&Claim| claim.blocked != claim.slot.widened(before, after);
        let keeping: BTreeSet<Owner> = claims.filter(keeps).map(|claim| claim.owner).collect();
        Ok(u32::try_from(keeping.len()).unwrap_or(u32::MAX))
    }

    /// What fits no longer, of what fitted before.
    pub(crate) fn affected(&self, before: &Catalog, after: &Catalog) -> Affected {
        let Some(range) = self.range() else { return Affected::default() };
        let (before, after) = (Rules::of(before, range), Rules::of(after, range));
        let rooms = self.owners().filter(|(_, room)| before.fit(*room) && !after.fit(*room));
        let unserved =
            |(resource, claim): &&(ResourceId, Claim)| before.serve(*resource, claim) && !after.serve(*resource, claim);
        let claims = self.claims.iter().filter(unserved).map(|(_, claim)| (claim.owner, claim.slot.start()));
        let taken = rooms.map(|(owner, room)| (owner, room.slot.start())).chain(claims);
        let sent_away = |room: SlotKey| !after.may_wait(room, self.now) && before.may_wait(room, self.now);
        let waiting = self.rooms().into_iter().filter(|(room, _)| sent_away(*room)).map(|(_, count)| count).sum();
        let affected = Affected::of(taken, waiting);
        Affected { more: affected.more || self.is_cut(), ..affected }
    }

    /// From the first of them to the last.
    fn range(&self) -> Option<Interval> {
        let rooms = self.bookings.iter().map(|(room, _)| room.slot);
        let line = self.line.iter().map(|presence| presence.room.slot);
        rooms.chain(line).chain(self.claims.iter().map(|(_, claim)| claim.slot)).reduce(Interval::hull)
    }

    /// Who holds, and what is booked.
    fn owners(&self) -> impl Iterator<Item = (Owner, SlotKey)> {
        let holders = self.line.iter().filter(|presence| presence.hold.is_some());
        let booked = self.bookings.iter().map(|(room, id)| (Owner::Booking(*id), *room));
        holders.map(|presence| (Owner::Hold(presence.id), presence.room)).chain(booked)
    }

    /// How many wait in each room.
    fn rooms(&self) -> BTreeMap<SlotKey, usize> {
        let mut rooms = BTreeMap::new();
        for presence in self.line.iter().filter(|presence| presence.hold.is_none()) {
            *rooms.entry(presence.room).or_default() += 1;
        }
        rooms
    }

    fn is_cut(&self) -> bool {
        [self.bookings.len(), self.line.len(), self.claims.len()].iter().any(|read| *read >= limits::AFFECTED_READ)
    }
}

/// All that is not over yet.
fn ahead(now: DateTime<Utc>) -> Result<Interval, StoreError> {
    let minute = |seconds: i64| DateTime::from_timestamp(seconds, 0).unwrap_or(now);
    let start = minute(now.timestamp() - now.timestamp().rem_euclid(60));
    Interval::new(start, minute(LAST_MINUTE))
        .map_err(|wrong| StoreError::Corrupt { table: "clock", why: wrong.0.to_owned() })
}

/// What a catalog says of times. When each schedule is open is worked out once.
struct Rules<'a> {
    catalog: &'a Catalog,
    open: BTreeMap<ScheduleId, OpenTimes>,
}

impl<'a> Rules<'a> {
    fn of(catalog: &'a Catalog, range: Interval) -> Self {
        let open = |schedule: &Schedule| (schedule.id, OpenTimes::within(&schedule.spec.hours, range));
        Self { catalog, open: catalog.schedules.values().map(open).collect() }
    }

    fn is_open(&self, schedule: ScheduleId, time: Interval) -> bool {
        self.open.get(&schedule).is_some_and(|open| open.contain(time))
    }

    /// Whether what is held or booked is still offered: it keeps its length, and its place off the grid.
    fn fit(&self, room: SlotKey) -> bool {
        let spec = self.catalog.event_types.get(&room.event_type_id).map(|event_type| &event_type.spec);
        spec.is_some_and(|spec| spec.active && self.is_open(spec.schedule_id, room.slot))
    }

    /// Whether a resource is still there for what is taken of it.
    fn serve(&self, resource: ResourceId, claim: &Claim) -> bool {
        let spec = self.catalog.resources.get(&resource).map(|resource| &resource.spec);
        spec.is_some_and(|spec| {
            let is_there = spec.schedule_id.is_none_or(|schedule| self.is_open(schedule, claim.slot));
            spec.active && claim.unit <= spec.capacity.units() && is_there
        })
    }

    /// Whether somebody may still wait for this, whoever has taken what.
    fn may_wait(&self, room: SlotKey, now: DateTime<Utc>) -> bool {
        let Some(offer) = self.catalog.offer(room.event_type_id) else { return false };
        let resources: Occupancy =
            offer.spec.resource_ids().into_iter().map(|id| (id, self.catalog.units(id))).collect();
        offer.may_be_waited_for(room.slot, &resources, now)
    }
}
