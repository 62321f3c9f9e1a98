//! Rules 6 and 7: how many units of each resource are free for a slot, as its start moves forward.
//!
//! A claim forbids the starts whose blocked range would overlap its own. That turns claims into steps on a line of starts,
//! which are walked once, however many starts there are.

use std::ops::Range;
use std::vec::IntoIter;

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
    next_change: Minute,
}

impl FreeUnits {
    /// What is free of these resources for the starts in a range, leaving out what `own` took.
    pub(super) fn new<'a>(
        resources: impl Iterator<Item = Option<&'a Units>>,
        reach: Reach,
        own: &[Owner],
        starts: &Range<Minute>,
    ) -> Self {
        let track =
            |units: Option<&Units>| units.map(|units| Track::new(units, reach, own, starts)).unwrap_or_default();
        let tracks: Vec<_> = resources.map(track).collect();
        let none = vec![0; tracks.len()];
        Self { now: none.clone(), unheld: none, tracks, next_change: Minute::MIN }
    }

    /// Moves on to `start`, which must not lie before the last one; says whether anything may have changed.
    pub(super) fn advance(&mut self, start: Minute) -> bool {
        if start < self.next_change {
            return false;
        }
        self.next_change = Minute::MAX;
        for ((track, now), unheld) in self.tracks.iter_mut().zip(&mut self.now).zip(&mut self.unheld) {
            if track.next_change <= start {
                track.advance(start);
                (*now, *unheld) = (track.free(track.taken), track.free(track.booked));
            }
            self.next_change = self.next_change.min(track.next_change);
        }
        true
    }

    /// How many units of each resource are free at the current start.
    pub(super) fn now(&self) -> &[u32] {
        &self.now
    }

    /// How many units of each resource would be free at the current start if nobody else held any.
    pub(super) fn unheld(&self) -> &[u32] {
        &self.unheld
    }
}

/// One resource: what is taken of it at the current start, and what changes later.
#[derive(Debug)]
struct Track {
    next_change: Minute,
    capacity: u32,
    taken: i32,
    booked: i32,
    busy: i32,
    changes: IntoIter<Change>,
}

impl Default for Track {
    fn default() -> Self {
        Self { next_change: Minute::MAX, capacity: 0, taken: 0, booked: 0, busy: 0, changes: Vec::new().into_iter() }
    }
}

/// A change, at a start, of how many units are taken.
#[derive(Clone, Copy, Debug, Default)]
struct Change {
    at: Minute,
    taken: i32,
    booked: i32,
    busy: i32,
}

impl Track {
    fn new(units: &Units, reach: Reach, own: &[Owner], starts: &Range<Minute>) -> Self {
        if !units.active {
            return Self::default();
        }
        let mut changes = Vec::with_capacity(2 * (units.claims.len() + units.busy.len()));
        let in_the_way = Obstacle::of(units, reach, own, starts);
        let held = in_the_way.iter().any(|obstacle| obstacle.held);
        each_union(in_the_way.iter(), |at, by| {
            changes.push(Change { at, taken: by, booked: if held { 0 } else { by }, busy: 0 });
        });
        if held {
            let booked = in_the_way.iter().filter(|obstacle| !obstacle.held);
            each_union(booked, |at, by| changes.push(Change { at, booked: by, ..Change::default() }));
        }
        for starts in units.busy.iter().map(|busy| reach.starts_touching(*busy)).filter(|busy| overlap(busy, starts)) {
            changes.push(Change { at: starts.start, busy: 1, ..Change::default() });
            changes.push(Change { at: starts.end, busy: -1, ..Change::default() });
        }
        changes.sort_by_key(|change| change.at);
        Self { next_change: Minute::MIN, capacity: units.capacity, changes: changes.into_iter(), ..Self::default() }
    }

    fn advance(&mut self, start: Minute) {
        while let Some(change) = self.changes.as_slice().first().filter(|change| change.at <= start) {
            self.taken += change.taken;
            self.booked += change.booked;
            self.busy += change.busy;
            self.changes.next();
        }
        self.next_change = self.changes.as_slice().first().map_or(Minute::MAX, |change| change.at);
    }

    fn free(&self, taken: i32) -> u32 {
        if self.busy > 0 { 0 } else { self.capacity.saturating_sub(taken.unsigned_abs()) }
    }
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
fn each_union<'a>(mut obstacles: impl Iterator<Item = &'a Obstacle>, mut change: impl FnMut(Minute, i32)) {
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
