//! Loading: the calendar that a batch of jobs is decided with, in a handful of statements for the whole batch.
//!
//! It holds what the jobs' rooms compete with, whoever waits for what that might free, and all claims in the way of those.

mod surroundings;

use std::collections::BTreeSet;

use booking_domain::availability::{Appointment, Owner};
use booking_domain::booking::Booking;
use booking_domain::hold::calendar::Calendar;
use booking_domain::hold::command::Command;
use booking_domain::hold::{AddressKey, Presence, Room, SessionKey};
use booking_domain::id::{BookingId, EventTypeId, OrganizationId, PresenceId};
use booking_domain::interval::Interval;
use booking_domain::{DateTime, Utc};

use crate::presence::board::Board;
use crate::presence::desk::Job;
use crate::presence::loading::surroundings::{Stray, Surroundings};
use crate::service::catalogs::Catalog;
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

    let (surroundings, mut line) = surroundings(tx, catalog, &named.rooms, &bookings).await?;
    let mut calendar = surroundings.calendar(catalog);
    calendar.versions = resources::lock(tx, &listed(&surroundings.resource_ids())).await?;
    for (resource, claim) in claims::list(tx, organization, &surroundings.claims).await? {
        calendar.occupancy.entry(resource).or_default().claims.push(claim);
    }
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

/// What has to be read around these rooms, and who is in line there.
///
/// Who took a resource that the event type has stopped to need since then still has it: whoever else needs it is concerned, too.
/// Each round finds at least one more such resource, so the rounds end.
async fn surroundings(
    tx: &mut Tx,
    catalog: &Catalog,
    rooms: &BTreeSet<Room>,
    bookings: &[Booking],
) -> Result<(Surroundings, Vec<Presence>), StoreError> {
    let mut strays = BTreeSet::new();
    loop {
        let surroundings = Surroundings::of(catalog, rooms, &strays);
        let line = presences::list_in(tx, catalog.organization.id, &surroundings.presences).await?;
        let held =
            line.iter().flat_map(|p| p.hold.iter().flat_map(|hold| &hold.resource_ids).map(|id| (*id, p.room.slot)));
        let booked = bookings.iter().flat_map(|booking| booking.resources.iter().map(|r| (r.id, booking.slot)));
        let known = surroundings.resource_ids();
        let found: Vec<Stray> = held.chain(booked).filter(|(resource, _)| !known.contains(resource)).collect();
        if found.is_empty() {
            return Ok((surroundings, line));
        }
        strays.extend(found);
    }
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
