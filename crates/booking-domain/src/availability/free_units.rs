//! Rules 2, 6 and 7: how many units of each resource are free for a slot, as its start moves forward.
//!
//! A claim forbids the starts whose blocked range would overlap its own. That turns claims into steps on a line of starts, which is
//! walked once, however many starts and resources there are: between two steps nothing is looked at.

use std::ops::Range;
use std::sync::Arc;
use std::vec::IntoIter;

use super::open_hours::{joined, open_minutes};
use super::wall_clock::{Minute, WallClock, minute_of};
use super::{Claim, Conditions, Owner, Units};
use crate::finding::Reason;
use crate::interval::Interval;
use crate::schedule::Hours;

/// How far a slot reaches around its start, buffers included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    /// Minutes before the start.
    pub(super) before: Minute,
    /// Minutes from the start on: duration and buffer.
    pub(super) after: Minute,
    /// Minutes from the start on, without the buffer: what has to lie in the hours of a resource.
    pub(super) duration: Minute,
}

impl Reach {
    /// The starts whose reach overlaps this range.
    fn starts_touching(self, taken: Interval) -> Range<Minute> {
        self.starts_reaching(minute_of(taken.start())..minute_of(taken.end()))
    }

    fn starts_reaching(self, taken: Range<Minute>) -> Range<Minute> {
        taken.start - self.after + 1..taken.end + self.before
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
    /// Units that are taken at some time of the slot, by anybody and by bookings.
    taken: Count,
    /// Where units were lost: the most claims that stand at one moment of the slot, wherever they are.
    crowd: Count,
    busy: i32,
}

/// How many, with others' holds and without.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    all: i32,
    booked: i32,
}

/// A change, at a start, of how many units of a resource are taken.
#[derive(Clone, Copy, Debug, Default)]
struct Change {
    at: Minute,
    place: u32,
    by: Step,
}

#[derive(Clone, Copy, Debug, Default)]
enum Step {
    /// Something comes or goes that takes no unit.
    #[default]
    Other,
    Taken(Kinds, i8),
    Crowd(Kinds, i8),
    Busy(i8),
}

/// What a change counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kinds {
    /// What stands now, and what would stand if nobody else held any.
    Both,
    All,
    Booked,
}

impl FreeUnits {
    /// What is free of these resources for the starts in a range, under these conditions. At first nothing is free.
    pub(super) fn new<'a>(
        resources: impl Iterator<Item = Option<&'a Units>>,
        reach: Reach,
        Conditions { own, allow, .. }: Conditions<'_>,
        starts: &Range<Minute>,
    ) -> Self {
        let mut free = Self::default();
        let (mut changes, mut closed) = (Vec::new(), Closed::default());
        for (place, units) in (0..).zip(resources) {
            let active = units.filter(|units| units.active);
            let capacity = active.map_or(0, |units| units.capacity);
            free.tracks.push(Track { capacity, ..Track::default() });
            if let Some(units) = active {
                let before = changes.len();
                free.held |= add_changes(&mut changes, units, (reach, own, starts));
                let hours = units.hours.iter().filter(|_| !allow.sets_aside(Reason::OutsideHours));
                changes.extend(hours.flat_map(|hours| closed.of(hours, reach, starts)));
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
            let free = (track.free(|count| count.all), track.free(|count| count.booked));
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
        match change.by {
            Step::Other => {}
            Step::Taken(kinds, by) => self.taken.change(kinds, by),
            Step::Crowd(kinds, by) => self.crowd.change(kinds, by),
            Step::Busy(by) => self.busy += i32::from(by),
        }
    }

    fn free(self, of: impl Fn(Count) -> i32) -> u32 {
        let taken = of(self.taken).max(of(self.crowd));
        if self.busy > 0 { 0 } else { self.capacity.saturating_sub(taken.unsigned_abs()) }
    }
}

impl Count {
    fn change(&mut self, kinds: Kinds, by: i8) {
        self.all += if kinds == Kinds::Booked { 0 } else { i32::from(by) };
        self.booked += if kinds == Kinds::All { 0 } else { i32::from(by) };
    }
}

impl Change {
    /// That something is there for these starts.
    fn during(starts: Range<Minute>, by: impl Fn(i8) -> Step) -> [Self; 2] {
        [(starts.start, 1), (starts.end, -1)].map(|(at, sign)| Self { at, place: 0, by: by(sign) })
    }
}

/// When the resources with hours of their own are closed; those of a team often share them.
#[derive(Default)]
struct Closed<'a>(Vec<(&'a Arc<Hours>, Vec<Change>)>);

impl<'a> Closed<'a> {
    /// What closes a resource with these hours.
    fn of(&mut self, hours: &'a Arc<Hours>, reach: Reach, starts: &Range<Minute>) -> Vec<Change> {
        let known = self.0.iter().find(|(known, _)| Arc::ptr_eq(known, hours));
        if let Some((_, changes)) = known {
            return changes.clone();
        }
        let range = starts.start..starts.end + reach.duration;
        let open = open_minutes(hours, &WallClock::new(hours.time_zone, range.clone()));
        // A start is closed unless the whole slot is open.
        let ends = open.iter().map(|open| open.start).chain([range.end + reach.duration]);
        let begins = std::iter::once(starts.start).chain(open.iter().map(|open| open.end - reach.duration + 1));
        let closed = begins.zip(ends).map(|(begin, end)| begin..end).filter(|closed| overlap(closed, starts));
        let changes: Vec<_> =
            joined(closed.collect()).into_iter().flat_map(|c| Change::during(c, Step::Busy)).collect();
        self.0.push((hours, changes.clone()));
        changes
    }
}

/// Adds what changes of one resource; says whether others' holds are in the way.
///
/// An example: slots of an hour without buffers, one unit, a booking from ten to eleven and a hold from eleven to twelve. The booking
/// forbids the starts after nine and before eleven, the hold those after ten and before twelve. They overlap, but they are starts,
/// not times: together they forbid those from 9:01 to 11:59, so the unit is taken at 9:01 and given back at 12:00, once each
/// (`each_union`), while without the hold it would be given back at 11:00. To add up one by one would take two units of the one
/// from 10:01 on.
fn add_changes(
    changes: &mut Vec<Change>,
    units: &Units,
    (reach, own, starts): (Reach, &[Owner], &Range<Minute>),
) -> bool {
    let (in_the_way, lost) = Obstacle::of(units, (reach, own, starts));
    let held = in_the_way.iter().chain(&lost).any(|obstacle| obstacle.held);
    let kinds = if held { Kinds::All } else { Kinds::Both };
    each_union(in_the_way.iter(), |at, by| changes.push(Change { at, place: 0, by: Step::Taken(kinds, by) }));
    if held {
        let booked = in_the_way.iter().filter(|obstacle| !obstacle.held);
        each_union(booked, |at, by| changes.push(Change { at, place: 0, by: Step::Taken(Kinds::Booked, by) }));
    }
    if !lost.is_empty() {
        let all = || in_the_way.iter().chain(&lost);
        changes.extend(crowds(all(), (reach, starts), |by| Step::Crowd(kinds, by)));
        if held {
            let booked = all().filter(|obstacle| !obstacle.held);
            changes.extend(crowds(booked, (reach, starts), |by| Step::Crowd(Kinds::Booked, by)));
        }
        // A claim that comes as another goes changes no number, and yet what is in the way.
        changes.extend(lost.iter().flat_map(|obstacle| Change::during(obstacle.starts.clone(), |_| Step::Other)));
    }
    // Busy times that overlap are one, however many there are.
    let mut busy: Vec<_> = units.busy.iter().map(|busy| reach.starts_touching(*busy)).collect();
    busy.retain(|busy| overlap(busy, starts));
    changes.extend(joined(busy).into_iter().flat_map(|busy| Change::during(busy, Step::Busy)));
    held
}

/// For each number of claims that stand at one moment, the starts of the slots that meet such a moment.
///
/// An example: 9:00 to 10:00 and 9:30 to 11:00 are one claim from 9:00 to 11:00, and two from 9:30 to 10:00. For slots of an hour,
/// those that start from 8:01 to 10:59 meet one, and those from 8:31 to 9:59 meet two.
fn crowds<'a>(
    claims: impl Iterator<Item = &'a Obstacle>,
    (reach, starts): (Reach, &Range<Minute>),
    step: impl Fn(i8) -> Step,
) -> Vec<Change> {
    let mut moments: Vec<(Minute, bool)> =
        claims.flat_map(|claim| [(claim.blocked.start, true), (claim.blocked.end, false)]).collect();
    // What ends makes room for what begins then.
    moments.sort_unstable();
    let (mut since, mut levels) = (Vec::new(), Vec::<Vec<Range<Minute>>>::new());
    for (at, begins) in moments {
        if begins {
            since.push(at);
            levels.resize(levels.len().max(since.len()), Vec::new());
        } else if let Some(begun) = since.pop()
            && let Some(level) = levels.get_mut(since.len())
        {
            level.push(reach.starts_reaching(begun..at));
        }
    }
    let mut changes = Vec::new();
    for mut level in levels {
        level.retain(|reaching| overlap(reaching, starts));
        changes.extend(joined(level).into_iter().flat_map(|reaching| Change::during(reaching, &step)));
    }
    changes
}

/// The starts that one claim forbids on its unit.
struct Obstacle {
    unit: u32,
    blocked: Range<Minute>,
    starts: Range<Minute>,
    held: bool,
}

impl Obstacle {
    /// What is in the way of the starts in a range, unit by unit and in order: of the units that there are, and of those that were
    /// lost.
    fn of(units: &Units, (reach, own, starts): (Reach, &[Owner], &Range<Minute>)) -> (Vec<Self>, Vec<Self>) {
        let obstacle = |claim: &Claim| Self {
            unit: claim.unit,
            blocked: minute_of(claim.blocked.start())..minute_of(claim.blocked.end()),
            starts: reach.starts_touching(claim.blocked),
            held: matches!(claim.owner, Owner::Hold(_)),
        };
        let others = units.claims.iter().filter(|claim| !own.contains(&claim.owner));
        let mut obstacles: Vec<_> = others.map(obstacle).filter(|o| overlap(&o.starts, starts)).collect();
        obstacles.sort_by_key(|obstacle| (obstacle.unit, obstacle.starts.start));
        let there = obstacles.partition_point(|obstacle| obstacle.unit <= units.capacity);
        let lost = obstacles.split_off(there);
        (obstacles, lost)
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
