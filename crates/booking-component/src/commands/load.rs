//! Loading: the working set that a batch of jobs is decided with, in a handful of statements for the whole batch.
//!
//! It holds what the jobs' rooms compete with, whoever waits for what that might free, and all claims in the way of those.

use std::collections::BTreeSet;

use booking_domain::availability::Claim;
use booking_domain::booking::tally::{Counted, Tallies};
use booking_domain::booking::{Actor, Booking};
use booking_domain::hold::change::Cooldown;
use booking_domain::hold::command::Command;
use booking_domain::hold::named::Named;
use booking_domain::hold::surroundings::Surroundings;
use booking_domain::hold::working_set::WorkingSet;
use booking_domain::hold::{Presence, SlotKey};
use booking_domain::id::{EventTypeId, OrganizationId, ResourceId};
use booking_domain::interval::Interval;
use booking_domain::{DateTime, Utc};

use crate::commands::job::Job;
use crate::engine::Engine;
use crate::state::catalogs::Catalog;
use crate::store::{StoreError, Tx, blocks, bookings, claims, cooldowns, nodes, presences, resources, tallies};

/// What the jobs of one transaction are decided by.
pub(super) struct Loaded {
    /// Everything that the decisions are made from.
    pub working_set: WorkingSet,
    /// When they are made.
    pub now: DateTime<Utc>,
}

/// Loads what these jobs are decided by, under the locks of all resources that they may change.
///
/// Which resources those are is only known after a look. With a shared store others may write between the look and the locks, so
/// the look is repeated: `Moved` when it finds more than is locked.
pub(super) async fn load(
    tx: &mut Tx,
    engine: &Engine,
    (organization, jobs): (OrganizationId, &[Job]),
) -> Result<Loaded, StoreError> {
    let catalog = engine.catalogs.current(tx, organization).await?;
    let named = Named::by(jobs.iter().map(|job| &job.command));
    let mut scope = Scope::find(tx, &catalog, &named).await?;
    let locked = scope.surroundings.resource_ids();
    let versions = resources::lock(tx, &listed(&locked)).await?;
    let fence = nodes::fence(tx, organization).await?;
    if let Some(fence) = &fence {
        if !fence.armed {
            return Err(StoreError::Unarmed);
        }
        scope = Scope::find(tx, &catalog, &named).await?;
        if fence.catalog_version != catalog.version || !scope.surroundings.resource_ids().is_subset(&locked) {
            return Err(StoreError::Moved);
        }
    }
    // Once locked: whoever is served later has a later time, on whichever node. And before the leases are looked at.
    let now = fence.map_or_else(|| engine.clock.now(), |fence| fence.now);
    engine.leases.refresh(tx, organization, (&mut scope.line, now)).await?;
    let mut working_set = empty(&scope.surroundings, &catalog);
    working_set.versions = versions;
    scope.fill(tx, &mut working_set, organization).await?;
    // Where addresses have no cap, nobody is judged by theirs.
    let is_capped = engine.rules.presences_per_address.is_some();
    let addresses = if is_capped { listed(&named.addresses) } else { Vec::new() };
    working_set.cooldowns = ended_lately(tx, organization, (&named, &working_set, is_capped), now).await?;
    working_set.tallies = count_bookings(tx, (&catalog, jobs), now).await?;
    for (address, presences) in presences::tally_by_address(tx, organization, &addresses).await? {
        working_set.count_elsewhere(address, &presences);
    }
    Ok(Loaded { working_set, now })
}

/// What those who book have booked already. Nobody else counts for one of them until this transaction ends.
async fn count_bookings(
    tx: &mut Tx,
    (catalog, jobs): (&Catalog, &[Job]),
    now: DateTime<Utc>,
) -> Result<Tallies, StoreError> {
    let booked = jobs.iter().filter_map(|job| match &job.command {
        Command::Book(book) if book.actor == Actor::Booker => Some(Counted::all_of(&book.booking, book.address)),
        _ => None,
    });
    let counted: BTreeSet<Counted> = booked.flatten().collect();
    let caps = catalog.organization.spec.booking_caps;
    let by = tallies::count(tx, catalog.organization.id, (&counted, caps), now).await?;
    Ok(Tallies { caps, by })
}

/// The holds that count for whoever may be granted one now: those whom the batch names, and who waits.
async fn ended_lately(
    tx: &mut Tx,
    organization: OrganizationId,
    (named, working_set, is_capped): (&Named, &WorkingSet, bool),
    now: DateTime<Utc>,
) -> Result<Vec<Cooldown>, StoreError> {
    let (sessions, mut addresses) = named.parties(working_set);
    if !is_capped {
        addresses.clear();
    }
    cooldowns::list(tx, organization, (&listed(&sessions), &listed(&addresses)), now).await
}

/// What a batch concerns: the bookings that it names, whoever is in line around its rooms, and what is taken there.
struct Scope {
    bookings: Vec<Booking>,
    /// The presences of the sessions that the batch names, wherever they are.
    theirs: Vec<Presence>,
    surroundings: Surroundings,
    line: Vec<Presence>,
    claims: Vec<(ResourceId, Claim)>,
}

impl Scope {
    async fn find(tx: &mut Tx, catalog: &Catalog, named: &Named) -> Result<Self, StoreError> {
        let organization = catalog.organization.id;
        let bookings = bookings::find_by_ids(tx, organization, &listed(&named.bookings)).await?;
        let theirs = presences::list_of_sessions(tx, organization, &listed(&named.sessions)).await?;
        let due = match named.due.is_empty() {
            true => Vec::new(),
            false => presences::rooms_of(tx, organization, &listed(&named.due)).await?,
        };
        let moves = presences::rooms_of_moves(tx, organization, &listed(&named.bookings)).await?;
        let rooms = named.concerned(&theirs, &bookings, &[due, moves].concat());
        let (surroundings, line, claims) = around(tx, catalog, (&rooms, &bookings)).await?;
        Ok(Self { bookings, theirs, surroundings, line, claims })
    }

    /// Fills the working set with what was found, and what else counts for those in line.
    async fn fill(
        self,
        tx: &mut Tx,
        working_set: &mut WorkingSet,
        organization: OrganizationId,
    ) -> Result<(), StoreError> {
        for (resource, claim) in self.claims {
            working_set.occupancy.entry(resource).or_default().claims.push(claim);
        }
        for (resource, busy) in blocks::busy(tx, organization, &self.surroundings.claims).await? {
            working_set.occupancy.entry(resource).or_default().busy.push(busy);
        }
        working_set.line_up(self.line, &self.theirs);
        let elsewhere = working_set.holders_elsewhere();
        working_set.deadlines_elsewhere = presences::deadlines_of(tx, organization, &elsewhere).await?;
        working_set.bookings = self.bookings.into_iter().map(|booking| (booking.id, booking)).collect();
        count_towards_limits(tx, organization, &self.surroundings.limited, working_set).await
    }
}

/// What has to be read around these rooms, who is in line there, and the claims.
///
/// Who took a resource that the event type has stopped to need since then still has it, and who took it with wider buffers has what was
/// between them: whoever else needs that is concerned, too. Each round finds at least one more such time, so the rounds end.
async fn around(
    tx: &mut Tx,
    catalog: &Catalog,
    (rooms, bookings): (&BTreeSet<SlotKey>, &[Booking]),
) -> Result<(Surroundings, Vec<Presence>, Vec<(ResourceId, Claim)>), StoreError> {
    let mut strays = BTreeSet::new();
    loop {
        let mut surroundings = Surroundings::of(&catalog.contention, rooms, &strays);
        let line = presences::list_in(tx, catalog.organization.id, &surroundings.presences).await?;
        let mut found = surroundings.further(&catalog.contention, &line, bookings);
        if found.is_empty() {
            surroundings.cover(&catalog.contention, &line);
            let claims =
                claims::list(tx, catalog.organization.id, (&surroundings.claims, &surroundings.chosen)).await?;
            found = surroundings.wider(&catalog.contention, &claims, (&line, bookings));
            if found.is_empty() {
                return Ok((surroundings, line, claims));
            }
        }
        strays.extend(found);
    }
}

/// What counts towards the limits of those in line: bookings, and holds further away than the line reaches.
async fn count_towards_limits(
    tx: &mut Tx,
    organization: OrganizationId,
    windows: &[(EventTypeId, Interval)],
    working_set: &mut WorkingSet,
) -> Result<(), StoreError> {
    if windows.is_empty() {
        return Ok(());
    }
    let booked = bookings::appointments(tx, organization, windows).await?;
    let far = presences::list_in(tx, organization, windows).await?;
    working_set.count_towards_limits(booked, far);
    Ok(())
}

/// The working set, with nothing in it yet but what the catalog says.
fn empty(surroundings: &Surroundings, catalog: &Catalog) -> WorkingSet {
    let mut working_set = WorkingSet::default();
    let offers = surroundings.event_types.iter().filter_map(|id| Some((*id, catalog.offer(*id)?.clone())));
    working_set.offers = offers.collect();
    for resource in surroundings.resource_ids().iter().filter_map(|id| catalog.resources.get(id)) {
        working_set.occupancy.insert(resource.id, catalog.units(resource.id));
        working_set.names.insert(resource.id, resource.spec.name.clone());
    }
    working_set
}

fn listed<T: Copy>(set: &BTreeSet<T>) -> Vec<T> {
    set.iter().copied().collect()
}
