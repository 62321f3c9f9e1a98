//! How places end, and what that gives to those who wait.

use std::collections::BTreeMap;

use crate::availability::{Owner, UnitRef, Verdict};
use crate::hold::change::{Change, Departure};
use crate::hold::command::Outcome;
use crate::hold::term::Term;
use crate::hold::wish::Wish;
use crate::hold::working_set::{DecisionContext, WorkingSet};
use crate::hold::{Hold, Presence, SlotKey};
use crate::id::{BookingId, PresenceId, ResourceId};

impl WorkingSet {
    pub(super) fn tick(&mut self, due: &[PresenceId], context: DecisionContext<'_>) -> Outcome {
        let overdue = due.iter().filter(|id| self.presences.get(id).is_some_and(|p| p.is_overdue(context.now)));
        let overdue = overdue.copied().collect();
        self.expire(overdue, context);
        Outcome::Done
    }

    pub(super) fn review(&mut self, context: DecisionContext<'_>) -> Outcome {
        self.settle(context);
        Outcome::Done
    }

    /// Ends what is overdue and in the way of this room.
    pub(super) fn expire_around(&mut self, room: SlotKey, context: DecisionContext<'_>) {
        let in_the_way = |p: &&Presence| p.is_overdue(context.now) && self.compete(p.room, room);
        let overdue = self.presences.values().filter(in_the_way).map(|p| p.id).collect();
        self.expire(overdue, context);
    }

    fn expire(&mut self, overdue: Vec<PresenceId>, context: DecisionContext<'_>) {
        for id in &overdue {
            let by_deadline = self.presences.get(id).is_some_and(Presence::ends_by_deadline);
            self.depart(*id, if by_deadline { Departure::Deadline } else { Departure::Silent }, context);
        }
        if !overdue.is_empty() {
            self.settle(context);
        }
    }

    /// Takes a presence out of its room, and frees what it holds.
    pub(super) fn depart(&mut self, id: PresenceId, why: Departure, context: DecisionContext<'_>) {
        let Some(presence) = self.presences.remove(&id) else { return };
        self.free(Owner::Hold(id));
        if why != Departure::Booked
            && let Some(cooldown) = presence.remembered(&why, context.now)
        {
            self.record(Change::CoolingDown(cooldown.clone()));
            self.cooldowns.push(cooldown);
        }
        self.record(Change::Departed(presence, why));
    }

    /// Gives these units to a presence.
    pub(super) fn grant(&mut self, id: PresenceId, units: &[UnitRef], term: Term) {
        let Some(mut presence) = self.presences.get(&id).cloned() else { return };
        presence.kept = match presence.wish().moved() {
            Some(moved) => self.take_beside(presence.room, units, (Owner::Hold(id), moved)),
            None => {
                self.take(presence.room, units, Owner::Hold(id));
                Vec::new()
            }
        };
        let mut resource_ids: Vec<ResourceId> = units.iter().map(|unit| unit.resource_id).collect();
        resource_ids.dedup();
        let version = self.token(presence.room);
        presence.hold = Some(Hold { deadline: term.deadline, extended: term.extended, version, resource_ids });
        presence.held_by_deadline = term.by_deadline;
        self.put(presence);
    }

    /// Ends the places of those who would move this booking: it is not where it was any more.
    pub(super) fn end_moves(&mut self, booking: BookingId, context: DecisionContext<'_>) {
        let moves = self.presences.values().filter(|p| p.moving == Some(booking)).map(|p| p.id);
        for id in moves.collect::<Vec<_>>() {
            self.depart(id, Departure::BookingChanged, context);
        }
    }

    /// Looks at everybody who waits, in the order of joining: whose whole need is free becomes the holder, and who waits for
    /// what can no longer become free is sent away. Whatever frees a unit, and whatever books one, ends with this.
    ///
    /// An example: A, B and C wait, in this order, A and C for what takes two rooms, B for what takes only the second of them. The
    /// second becomes free. A needs the first as well and goes on waiting; B holds; C is not judged, for it wants what A could not
    /// have, and there is less of it by now.
    ///
    /// Who has been silent for too long is not passed over but ends: nobody may come back in front of a free unit.
    pub(super) fn settle(&mut self, context: DecisionContext<'_>) {
        let (silent, waiting): (Vec<&Presence>, _) =
            self.presences.values().filter(|p| p.hold.is_none()).partition(|p| p.is_overdue(context.now));
        let silent: Vec<PresenceId> = silent.into_iter().map(|p| p.id).collect();
        let waiting: Vec<(PresenceId, Wish)> = waiting.into_iter().map(|p| (p.id, p.wish())).collect();
        silent.into_iter().for_each(|id| self.depart(id, Departure::Silent, context));
        // Within one pass units are only taken, so who wants the same as one who could not have it cannot have it either.
        let mut in_vain: BTreeMap<Wish, Option<Departure>> = BTreeMap::new();
        for (id, wish) in waiting {
            let fate = match in_vain.get(&wish) {
                Some(fate) => fate.clone(),
                None => match self.judge(wish, &[], context.now) {
                    Some(verdict) if verdict.findings.is_empty() => self.promote(id, &verdict.units, context),
                    verdict => {
                        let fate = verdict.map_or(Some(Departure::NoLongerOffered), departure_of);
                        in_vain.entry(wish).or_insert(fate).clone()
                    }
                },
            };
            if let Some(why) = fate {
                self.depart(id, why, context);
            }
        }
    }

    /// Gives these units to one who waits; why they have to go, if they may not hold them.
    fn promote(&mut self, id: PresenceId, units: &[UnitRef], context: DecisionContext<'_>) -> Option<Departure> {
        let waiting = self.presences.get(&id)?;
        match self.term(waiting.room, waiting.party(), context) {
            Ok(term) => {
                self.grant(id, units, term);
                None
            }
            Err(_) => Some(Departure::NothingLeft),
        }
    }
}

/// Why one who waits under this verdict has to go; nothing when only holds are in the way.
fn departure_of(verdict: Verdict) -> Option<Departure> {
    if verdict.is_held() {
        None
    } else if verdict.is_booked() {
        Some(Departure::TakenByBooking)
    } else {
        Some(Departure::NoLongerOffered)
    }
}
