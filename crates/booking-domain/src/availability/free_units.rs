//! Rules 6 and 7: how many units of each resource are free for a slot, as its start moves forward.
//!
//! A claim forbids the starts whose blocked range would overlap its own. That turns claims into steps on a line of starts, which is
//! walked once, however many starts and resources there are: between two steps nothing is looked at.

use std::ops::Range;
use std::vec::IntoIter;

use super::open_hours::joined;
use super::wall_clock::{Minute, minute_of};
use super::{Claim, Owner, Units};
use crate::interval::Interval;

/// How far a slot reaches around its start, buffers included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    /// Minutes before the start.
    pub(super) before: Minute,
    /// Minutes from the start on: duration and buffer.
    pub(super) after: Minute,
}

impl Reach {
    /// The starts whose reach overlaps this range.
    fn starts_touching(self, taken: Interval) -> Range<Minute> {
        minute_of(taken.start()) - self.after + 1..minute_of(taken.end()) + self.before
    }
}

/// Resources side by side: what is free of each at the current start.
#[derive(Debug, Default)]
pub(super) struct FreeUnits {
    tracks: Vec<Track>,
    /// How many units of each resource are free now.
    now: Vec<u32>,
    /// How many would be free if nobody else held any.
    unheld: Vec<u32>,
    /// Whether others' holds are in the way of any start.
    held: bool,
    /// What changes later, of all resources, in order.
    changes: IntoIter<Change>,
    /// The resources that may have changed at the current start.
    touched: Vec<usize>,
}

/// One resource: what is taken of it at the current start.
#[derive(Clone, Copy, Debug, Default)]
struct Track {
    capacity: u32,
    taken: i32,
    booked: i32,
    busy: i32,
}

/// A change, at a start, of how many units of a resource are taken.
#[derive(Clone, Copy, Debug, Default)]
struct Change {
    at: Minute,
    place: u32,
    taken: i8,
    booked: i8,
    busy: i8,
}

impl FreeUnits {
    /// What is free of these resources for the starts in a range, leaving out what `own` took. At first nothing is free.
    pub(super) fn new<'a>(
        resources: impl Iterator<Item = Option<&'a Units>>,
        reach: Reach,
        own: &[Owner],
        starts: &Range<Minute>,
    ) -> Self {
        let mut free = Self::default();
        let mut changes = Vec::new();
        for (place, units) in (0..).zip(resources) {
            let active = units.filter(|units| units.active);
            let capacity = active.map_or(0, |units| units.capacity);
            free.tracks.push(Track { capacity, ..Track::default() });
            if let Some(units) = active {
                let before = changes.len();
                free.held |= add_changes(&mut changes, units, (reach, own, starts));
                changes.iter_mut().skip(before).for_each(|change| change.place = place);
            }
        }
        changes.sort_by_key(|change| change.at);
        free.touched = (0..free.tracks.len()).collect();
        (free.now, free.unheld) = (vec![0; free.tracks.len()], vec![0; free.tracks.len()]);
        free.changes = changes.into_iter();
        free
    }

    /// Moves on to `start`, which must not lie before the last one, and calls `changed` with each resource of which other units
    /// are free than before, and how many: now, and if nobody else held any. Says whether anything came or went at all.
    pub(super) fn advance(&mut self, start: Minute, mut changed: impl FnMut(usize, u32, u32)) -> bool {
        while let Some(change) = self.changes.as_slice().first().filter(|change| change.at <= start).copied() {
            self.changes.next();
            let place = change.place as usize;
            if let Some(track) = self.tracks.get_mut(place) {
                track.apply(change);
            }
            self.touched.push(place);
        }
        let anything = !self.touched.is_empty();
        for place in self.touched.drain(..) {
            let Some(track) = self.tracks.get(place).copied() else { continue };
            let free = (track.free(track.taken), track.free(track.booked));
            if let (Some(now), Some(unheld)) = (self.now.get_mut(place), self.unheld.get_mut(place))
                && (*now, *unheld) != free
            {
                (*now, *unheld) = free;
                changed(place, free.0, free.1);
            }
        }
        anything
    }

    /// How many units of each resource are free at the current start.
    pub(super) fn now(&self) -> &[u32] {
        &self.now
    }

    /// How many units of each resource would be free at the current start if nobody else held any.
    pub(super) fn unheld(&self) -> &[u32] {
        &self.unheld
    }

    /// Whether others' holds are in the way of any start.
    pub(super) fn held(&self) -> bool {
        self.held
    }

    /// How many changes are still to come.
    pub(super) fn changes(&self) -> usize {
        self.changes.len()
    }
}

impl Track {
    fn apply(&mut self, change: Change) {
        self.taken += i32::from(change.taken);
        self.booked += i32::from(change.booked);
        self.busy += i32::from(change.busy);
    }

    fn free(self, taken: i32) -> u32 {
        if self.busy > 0 { 0 } else { self.capacity.saturating_sub(taken.unsigned_abs()) }
    }
}

/// Adds what changes of one resource; says whether others' holds are in the way.
fn add_changes(
    changes: &mut Vec<Change>,
    units: &Units,
    (reach, own, starts): (Reach, &[Owner], &Range<Minute>),
) -> bool {
    let in_the_way = Obstacle::of(units, reach, own, starts);
    let held = in_the_way.iter().any(|obstacle| obstacle.held);
    each_union(in_the_way.iter(), |at, by| {
        changes.push(Change { at, taken: by, booked: if held { 0 } else { by }, ..Change::default() });
    });
    if held {
        let booked = in_the_way.iter().filter(|obstacle| !obstacle.held);
        each_union(booked, |at, by| changes.push(Change { at, booked: by, ..Change::default() }));
    }
    // What is on a unit that was lost takes nothing, but comes and goes all the same.
    for starts in
        units.claims.iter().filter(|claim| claim.unit > units.capacity).map(|c| reach.starts_touching(c.blocked))
    {
        changes.extend([starts.start, starts.end].map(|at| Change { at, ..Change::default() }));
    }
    // Busy times that overlap are one, however many there are.
    let mut busy: Vec<_> = units.busy.iter().map(|busy| reach.starts_touching(*busy)).collect();
    busy.retain(|busy| overlap(busy, starts));
    for starts in joined(busy) {
        changes.push(Change { at: starts.start, busy: 1, ..Change::default() });
        changes.push(Change { at: starts.end, busy: -1, ..Change::default() });
    }
    held
}

/// The starts that one claim forbids on its unit.
struct Obstacle {
    unit: u32,
    starts: Range<Minute>,
    held: bool,
}

impl Obstacle {
    /// What is in the way of the starts in a range, unit by unit and in order.
    fn of(units: &Units, reach: Reach, own: &[Owner], starts: &Range<Minute>) -> Vec<Self> {
        let obstacle = |claim: &Claim| Self {
            unit: claim.unit,
            starts: reach.starts_touching(claim.blocked),
            held: matches!(claim.owner, Owner::Hold(_)),
        };
        let others = units.claims.iter().filter(|claim| claim.unit <= units.capacity && !own.contains(&claim.owner));
        let mut obstacles: Vec<_> = others.map(obstacle).filter(|o| overlap(&o.starts, starts)).collect();
        obstacles.sort_by_key(|obstacle| (obstacle.unit, obstacle.starts.start));
        obstacles
    }
}

/// Calls `change` with 1 where a unit stops to be free and with -1 where it is free again, however many claims take turns.
fn each_union<'a>(mut obstacles: impl Iterator<Item = &'a Obstacle>, mut change: impl FnMut(Minute, i8)) {
    let Some(first) = obstacles.next() else { return };
    let (mut unit, mut until) = (first.unit, first.starts.end);
    change(first.starts.start, 1);
    for next in obstacles {
        if next.unit == unit && next.starts.start <= until {
            until = until.max(next.starts.end);
        } else {
            change(until, -1);
            change(next.starts.start, 1);
            (unit, until) = (next.unit, next.starts.end);
        }
    }
    change(until, -1);
}

fn overlap(one: &Range<Minute>, other: &Range<Minute>) -> bool {
    one.start < other.end && other.start < one.end
}
