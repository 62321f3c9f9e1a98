//! How far one must look: what has to be known around the rooms of a batch to decide it as if everything were known.
//!
//! An example, with slots of an hour on one resource: a command concerns ten o'clock. Somebody who took half past nine may end by
//! the way, being overdue; so may whoever waits for nine, and could only not have it because of half past nine, get it now. What
//! may be in the way of nine in turn is no further than eight. A limit reaches as far as its day, week or month at each step.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::availability::{Claim, Offer, Owner};
use crate::booking::Booking;
use crate::hold::contention::{Contenders, Contention};
use crate::hold::working_set::blocked;
use crate::hold::{Presence, SlotKey};
use crate::id::{EventTypeId, ResourceId};
use crate::interval::Interval;
use crate::limits;

/// What has to be read around a set of rooms.
#[derive(Debug, Default)]
pub struct Surroundings {
    /// The event types concerned.
    pub event_types: BTreeSet<EventTypeId>,
    /// Whose slot overlaps one of these is needed, be it holder or one who waits.
    pub presences: Vec<(EventTypeId, Interval)>,
    /// The claims whose blocked range overlaps one of these are needed.
    pub claims: Vec<(ResourceId, Interval)>,
    /// Of these resources the last claim that begins before each of the ranges is needed as well: it tells whose turn it is.
    pub chosen: BTreeSet<ResourceId>,
    /// The appointments that start in one of these count towards limits.
    pub limited: Vec<(EventTypeId, Interval)>,
    strays: BTreeSet<Stray>,
}

/// A resource, and for when somebody takes it in a way that the offers of now do not tell of: their event type does not need it any
/// more, or blocks less around its slots than it did.
pub type Stray = (ResourceId, Interval);

impl Surroundings {
    /// What has to be read around these rooms and strays.
    pub fn of(contention: &Contention, rooms: &BTreeSet<SlotKey>, strays: &BTreeSet<Stray>) -> Self {
        let mut surroundings = Self { strays: strays.clone(), ..Self::default() };
        let mut groups = Groups::default();
        rooms.iter().for_each(|room| groups.note_room(contention, *room));
        for (resource, taken) in strays {
            groups.note(contention.contenders_for(*resource), Span { concerned: *taken, taken: *taken });
            surroundings.claims.push((*resource, *taken));
        }
        for (contenders, spans) in groups.0.into_values() {
            for span in joined(spans) {
                surroundings.add(contention, &contenders, span);
            }
        }
        surroundings
    }

    /// One reach around what the commands concern are those who compete with it, and may end by the way. Two reaches around, or
    /// within one more period of a limit, are those who wait for what those free. (Some minutes fewer would do: whoever waits is found
    /// by any minute of their time.) What is in the way of these, `cover` adds.
    fn add(&mut self, contention: &Contention, contenders: &Contenders, span: Span) {
        let reach = contenders.reach_minutes;
        let offers: Vec<&Offer> =
            contenders.event_types.iter().filter_map(|id| contention.offer(*id)).map(Arc::as_ref).collect();
        let freed = span.taken.widened(reach, reach);
        let mut far: Option<Interval> = None;
        for offer in offers {
            let near = span.concerned.widened(2 * reach, 2 * reach);
            let near = share(offer, freed).map_or(near, |shared| shared.hull(near));
            let claims = offer.load_window(near);
            far = Some(far.map_or(claims, |far| far.hull(claims)));
            self.event_types.insert(offer.event_type_id);
            self.presences.push((offer.event_type_id, near));
            self.limited.extend(offer.limit_window(near).map(|window| (offer.event_type_id, window)));
        }
        self.chosen.extend(&contenders.chosen);
        self.claims.extend(contenders.resources.iter().filter_map(|resource| Some((*resource, far?))));
    }

    /// Sees to it that everybody who waits around here can be judged.
    ///
    /// An example: slots of an hour, one a day, and a command that concerns a Thursday. Whoever waits for half past eleven on Wednesday
    /// night is around here, as their time ends on Thursday. But they have to be judged by what is taken of Wednesday.
    pub fn cover(&mut self, contention: &Contention, line: &[Presence]) {
        let wanted: BTreeSet<SlotKey> = line.iter().filter(|p| p.hold.is_none()).map(|p| p.room).collect();
        for room in wanted {
            let Some(offer) = contention.offer(room.event_type_id) else { continue };
            let claims = offer.load_window(room.slot).hull(blocked(offer, room));
            for resource in offer.spec.resource_ids() {
                note(&mut self.claims, resource, claims);
            }
            if let Some(period) = offer.limit_window(room.slot) {
                note(&mut self.limited, room.event_type_id, period);
            }
        }
    }

    /// The resources concerned.
    pub fn resource_ids(&self) -> BTreeSet<ResourceId> {
        self.claims.iter().map(|(resource, _)| *resource).collect()
    }

    /// What those who are in line around here, and the bookings that commands name, took although their event types do not need it
    /// any more, as far as nobody has looked there: whoever needs it now is concerned, too. Others may be in line there, so one
    /// looks again until nothing more is found.
    pub fn further(&self, contention: &Contention, line: &[Presence], bookings: &[Booking]) -> Vec<Stray> {
        let held = line.iter().flat_map(|p| p.hold.iter().flat_map(|h| &h.resource_ids).map(|id| (p.room, *id)));
        let booked = bookings.iter().flat_map(|b| b.resources.iter().map(|r| (b.slot_key(), r.id)));
        // A resource that is looked at for others' sake is looked at where they are, and need not be where this was taken.
        let strays = held.chain(booked).filter(|(room, resource)| !contention.needs(room.event_type_id, *resource));
        // With the buffers of an event type that does not need it: whichever they were.
        let most = limits::BUFFER_MINUTES_MAX;
        let strays = strays.map(|(room, id)| (id, room.slot.widened(most, most)));
        strays.filter(|stray| !self.strays.contains(stray)).collect()
    }

    /// Which of these claims would be narrower by the offers of now, of those that a command may free: whoever waits for what is
    /// blocked around them waits further away than their event type reaches. One looks again until nothing more is found.
    pub fn wider(
        &self,
        contention: &Contention,
        claims: &[(ResourceId, Claim)],
        (line, bookings): (&[Presence], &[Booking]),
    ) -> Vec<Stray> {
        let held = line.iter().filter(|p| p.hold.is_some()).map(|p| (Owner::Hold(p.id), p.room));
        let booked = bookings.iter().map(|booking| (Owner::Booking(booking.id), booking.slot_key()));
        let rooms: BTreeMap<Owner, SlotKey> = held.chain(booked).collect();
        let is_wider = |claim: &Claim| {
            rooms.get(&claim.owner).is_some_and(|room| {
                contention.offer(room.event_type_id).is_none_or(|offer| !blocked(offer, *room).contains(claim.blocked))
            })
        };
        let wider =
            claims.iter().filter(|(_, claim)| is_wider(claim)).map(|(resource, claim)| (*resource, claim.blocked));
        let is_known = |(resource, taken): &Stray| {
            self.strays.iter().any(|(other, known)| other == resource && known.contains(*taken))
        };
        wider.filter(|stray| !is_known(stray)).collect()
    }
}

/// Adds a range of something unless one that is there contains it.
fn note<T: PartialEq>(ranges: &mut Vec<(T, Interval)>, of: T, range: Interval) {
    if !ranges.iter().any(|(other, there)| *other == of && there.contains(range)) {
        ranges.push((of, range));
    }
}

/// The periods in which a slot of this range, or one that shares a limit with it, may count towards a limit. Where there are both
/// weeks and months they lead from one to the next: a week that ends in March counts towards April as well.
fn share(offer: &Offer, range: Interval) -> Option<Interval> {
    offer.limit_window(range).and_then(|window| offer.limit_window(window))
}

/// A time that is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Span {
    /// What the rooms take, and the periods of their limits.
    concerned: Interval,
    /// What the rooms take.
    taken: Interval,
}

/// The times that are concerned, by the group of event types that compete with each other.
#[derive(Default)]
struct Groups(BTreeMap<EventTypeId, (Arc<Contenders>, Vec<Span>)>);

impl Groups {
    fn note_room(&mut self, contention: &Contention, room: SlotKey) {
        let Some(offer) = contention.offer(room.event_type_id) else { return };
        let taken = blocked(offer, room);
        // Whoever waits on another day may wait for this one's share of a limit.
        let concerned = offer.limit_window(room.slot).map_or(taken, |window| window.hull(taken));
        self.note(contention.contenders(room.event_type_id), Span { concerned, taken });
    }

    fn note(&mut self, contenders: Option<&Arc<Contenders>>, span: Span) {
        if let Some((contenders, name)) = contenders.and_then(|group| Some((group, *group.event_types.first()?))) {
            self.0.entry(name).or_insert_with(|| (contenders.clone(), Vec::new())).1.push(span);
        }
    }
}

/// Spans that overlap or touch, made one.
fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for next in spans {
        match joined.last_mut().filter(|last| next.concerned.start() <= last.concerned.end()) {
            Some(last) => {
                let (concerned, taken) = (last.concerned.hull(next.concerned), last.taken.hull(next.taken));
                *last = Span { concerned, taken };
            }
            None => joined.push(next),
        }
    }
    joined
}
