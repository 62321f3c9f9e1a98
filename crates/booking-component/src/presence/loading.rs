//! Loading: the calendar that a batch of jobs is decided with, in a handful of statements for the whole batch.
//!
//! It holds what the jobs' rooms compete with, whoever waits for what that might free, and all claims in the way of those.

use std::collections::{BTreeMap, BTreeSet};

use booking_domain::availability::{Appointment, Owner};
use booking_domain::booking::Booking;
use booking_domain::hold::calendar::{Calendar, blocked};
use booking_domain::hold::command::Command;
use booking_domain::hold::{AddressKey, Presence, Room, SessionKey};
use booking_domain::id::{BookingId, EventTypeId, OrganizationId, PresenceId, ResourceId};
use booking_domain::interval::Interval;
use booking_domain::{DateTime, Utc};

use crate::presence::board::Board;
use crate::presence::desk::Job;
use crate::service::catalogs::{Catalog, Contenders};
use crate::store::{StoreError, Tx, bookings, claims, cooldowns, presences, resources};

/// What the commands of a batch name.
#[derive(Default)]
struct Named {
    rooms: BTreeSet<Room>,
    sessions: BTreeSet<SessionKey>,
    addresses: BTreeSet<AddressKey>,
    bookings: BTreeSet<BookingId>,
    due: BTreeSet<PresenceId>,
}

impl Named {
    fn by(jobs: &[Job]) -> Self {
        let mut named = Self::default();
        jobs.iter().for_each(|job| named.note(&job.command));
        named
    }

    fn note(&mut self, command: &Command) {
        match command {
            Command::Heartbeat(beat) => {
                self.rooms.insert(beat.room);
                self.sessions.insert(beat.session);
                self.addresses.extend(beat.address);
            }
            Command::Leave { room, .. } => drop(self.rooms.insert(*room)),
            Command::Extend { room, session } => {
                self.rooms.insert(*room);
                self.sessions.insert(*session);
            }
            Command::Book(book) => drop(self.rooms.insert(room_of(&book.booking))),
            Command::Reschedule(reschedule) => {
                self.rooms.insert(reschedule.room);
                self.bookings.insert(reschedule.booking_id);
            }
            Command::Step(step) => drop(self.bookings.insert(step.booking_id)),
            Command::Tick(due) => self.due.extend(due),
            Command::Review(rooms) => self.rooms.extend(rooms),
        }
    }
}

fn room_of(booking: &Booking) -> Room {
    Room { event_type_id: booking.event_type_id, slot: booking.slot }
}

/// The jobs of one transaction, and what they are decided by.
pub struct Batch<'a> {
    /// What the organization offers, as the transaction sees it.
    pub catalog: &'a Catalog,
    /// The jobs, in the order of arrival.
    pub jobs: &'a [Job],
    /// When they are decided.
    pub now: DateTime<Utc>,
}

/// Loads the calendar for these jobs, under the locks of all resources that they may change.
pub async fn load(tx: &mut Tx, board: &Board, batch: &Batch<'_>) -> Result<Calendar, StoreError> {
    let (catalog, organization) = (batch.catalog, batch.catalog.organization.id);
    let mut named = Named::by(batch.jobs);
    let (bookings, theirs) = named_in_store(tx, catalog, &named).await?;
    let event_types: BTreeSet<EventTypeId> = named.rooms.iter().map(|room| room.event_type_id).collect();
    // A session has one place in an event type: joining another room ends its place in the first.
    named.rooms.extend(theirs.iter().map(|p| p.room).filter(|room| event_types.contains(&room.event_type_id)));
    named.rooms.extend(bookings.iter().map(room_of));
    named.rooms.extend(board.rooms_of(&named.due));

    let surroundings = Surroundings::of(catalog, &named.rooms);
    let mut calendar = surroundings.calendar(catalog);
    calendar.versions = resources::lock(tx, &listed(&surroundings.resource_ids())).await?;
    for (resource, claim) in claims::list(tx, organization, &surroundings.claims).await? {
        calendar.occupancy.entry(resource).or_default().claims.push(claim);
    }
    let mut line = presences::list_in(tx, organization, &surroundings.presences).await?;
    board.overlay_leases(&mut line);
    calendar.line = line.into_iter().map(|presence| (presence.id, presence)).collect();
    count_towards_limits(tx, organization, &surroundings.limited, &mut calendar).await?;
    let concerned = (&*listed(&named.sessions), &*listed(&named.addresses));
    calendar.cooldowns = cooldowns::list(tx, organization, concerned, batch.now).await?;
    calendar.bookings = bookings.into_iter().map(|booking| (booking.id, booking)).collect();
    for presence in theirs.iter().filter(|p| !calendar.line.contains_key(&p.id)) {
        *calendar.elsewhere_by_session.entry(presence.session).or_default() += 1;
    }
    for (address, presences) in presences::tally_by_address(tx, organization, &listed(&named.addresses)).await? {
        let elsewhere = presences.iter().filter(|id| !calendar.line.contains_key(id)).count();
        calendar.elsewhere_by_address.insert(address, u32::try_from(elsewhere).unwrap_or(u32::MAX));
    }
    Ok(calendar)
}

/// What counts towards the limits of those in line: bookings, and holds further away than the line reaches.
async fn count_towards_limits(
    tx: &mut Tx,
    organization: OrganizationId,
    windows: &[(EventTypeId, Interval)],
    calendar: &mut Calendar,
) -> Result<(), StoreError> {
    if windows.is_empty() {
        return Ok(());
    }
    let booked = bookings::appointments(tx, organization, windows).await?;
    let far = presences::list_in(tx, organization, windows).await?;
    let far = far.into_iter().filter(|p| p.hold.is_some() && !calendar.line.contains_key(&p.id));
    let held =
        far.map(|p| (p.room.event_type_id, Appointment { start: p.room.slot.start(), owner: Owner::Hold(p.id) }));
    for (event_type, appointment) in booked.into_iter().chain(held.collect::<Vec<_>>()) {
        calendar.booked.entry(event_type).or_default().push(appointment);
    }
    Ok(())
}

async fn named_in_store(
    tx: &mut Tx,
    catalog: &Catalog,
    named: &Named,
) -> Result<(Vec<Booking>, Vec<Presence>), StoreError> {
    let organization = catalog.organization.id;
    let bookings = bookings::find_by_ids(tx, organization, &listed(&named.bookings)).await?;
    let presences = presences::list_of_sessions(tx, organization, &listed(&named.sessions)).await?;
    Ok((bookings, presences))
}

fn listed<T: Copy>(set: &BTreeSet<T>) -> Vec<T> {
    set.iter().copied().collect()
}

/// What has to be read around a set of rooms.
#[derive(Default)]
struct Surroundings {
    event_types: BTreeSet<EventTypeId>,
    presences: Vec<(EventTypeId, Interval)>,
    claims: Vec<(ResourceId, Interval)>,
    limited: Vec<(EventTypeId, Interval)>,
}

impl Surroundings {
    fn of(catalog: &Catalog, rooms: &BTreeSet<Room>) -> Self {
        let mut surroundings = Self::default();
        for (contenders, spans) in by_contenders(catalog, rooms) {
            for span in joined(spans) {
                surroundings.add(catalog, &contenders, span);
            }
        }
        surroundings
    }

    /// `span` is what the commands concern. One reach further are those who compete with it; two reaches further, those who wait
    /// for what those might free, with all that is in their way.
    fn add(&mut self, catalog: &Catalog, contenders: &Contenders, span: Interval) {
        let near = span.widened(2 * contenders.reach_minutes, 2 * contenders.reach_minutes);
        let mut far = span.widened(3 * contenders.reach_minutes, 3 * contenders.reach_minutes);
        for id in &contenders.event_types {
            let Some(offer) = catalog.offer(*id) else { continue };
            self.event_types.insert(*id);
            self.presences.push((*id, near));
            far = far.hull(offer.load_window(near));
            self.limited.extend(offer.limit_window(near).map(|window| (*id, window)));
        }
        self.claims.extend(contenders.resources.iter().map(|resource| (*resource, far)));
    }

    fn resource_ids(&self) -> BTreeSet<ResourceId> {
        self.claims.iter().map(|(resource, _)| *resource).collect()
    }

    /// The calendar, with nothing in it yet but what the catalog says.
    fn calendar(&self, catalog: &Catalog) -> Calendar {
        let mut calendar = Calendar::default();
        let offers = self.event_types.iter().filter_map(|id| Some((*id, catalog.offer(*id)?.clone())));
        calendar.offers = offers.collect();
        for resource in self.resource_ids().iter().filter_map(|id| catalog.resources.get(id)) {
            calendar.occupancy.insert(resource.id, catalog.units(resource.id));
            calendar.names.insert(resource.id, resource.spec.name.clone());
        }
        calendar
    }
}

/// The times that the rooms concern, by the group of event types that compete with each other.
fn by_contenders(catalog: &Catalog, rooms: &BTreeSet<Room>) -> Vec<(std::sync::Arc<Contenders>, Vec<Interval>)> {
    let mut groups: BTreeMap<EventTypeId, (std::sync::Arc<Contenders>, Vec<Interval>)> = BTreeMap::new();
    for room in rooms {
        let (Some(offer), Some(contenders)) =
            (catalog.offer(room.event_type_id), catalog.contenders(room.event_type_id))
        else {
            continue;
        };
        let blocked = blocked(offer, *room);
        // Whoever waits on another day may wait for this one's share of a limit.
        let span = offer.limit_window(room.slot).map_or(blocked, |window| window.hull(blocked));
        let Some(name) = contenders.event_types.first() else { continue };
        groups.entry(*name).or_insert_with(|| (contenders.clone(), Vec::new())).1.push(span);
    }
    groups.into_values().collect()
}

/// Intervals that overlap or touch, made one.
fn joined(mut intervals: Vec<Interval>) -> Vec<Interval> {
    intervals.sort_unstable();
    let mut joined: Vec<Interval> = Vec::with_capacity(intervals.len());
    for next in intervals {
        match joined.last_mut().filter(|last| next.start() <= last.end()) {
            Some(last) => *last = last.hull(next),
            None => joined.push(next),
        }
    }
    joined
}
