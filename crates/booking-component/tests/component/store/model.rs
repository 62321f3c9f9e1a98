//! Random changes: what the store holds after each net is what a simple memory of claims holds.

use std::collections::{BTreeMap, BTreeSet};

use booking_component::store::claims;
use booking_domain::availability::{Claim, Owner};
use booking_domain::hold::change::{Before, Change, ClaimKey, NetChanges};
use booking_domain::hold::{Hold, Presence};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::support::stores::Place;
use crate::support::studio::{STUDIO, Studio, at, span};

on_each_store! {
    the_store_holds_what_the_memory_holds,
}

/// Something that a session does with a room and a time.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// It takes a unit of a room, if that is free.
    Take { session: u64, room: usize, unit: u32, from: i64, minutes: i64 },
    /// It leaves, and frees what it holds.
    Leave { session: u64 },
    /// It books what it holds.
    Book { session: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    let session = 1..8_u64;
    prop_oneof![
        4 => (session.clone(), 0..2_usize, 1..3_u32, 0..20_i64, 1..6_i64).prop_map(|(session, room, unit, from, length)| {
            Step::Take { session, room, unit, from: from * 10, minutes: length * 10 }
        }),
        2 => session.clone().prop_map(|session| Step::Leave { session }),
        1 => session.prop_map(|session| Step::Book { session }),
    ]
}

/// A memory that knows the rules: who is present, and what is claimed.
struct Memory {
    studio: Studio,
    claims: BTreeMap<ClaimKey, Claim>,
    present: BTreeMap<u64, Presence>,
    joined: u64,
}

impl Memory {
    /// The changes that this step makes now.
    fn take(&mut self, step: Step) -> Vec<Change> {
        match step {
            Step::Take { session, room, unit, from, minutes } => {
                self.claim(session, (room, unit), (from, from + minutes))
            }
            Step::Leave { session } => self.leave(session),
            Step::Book { session } => self.book(session),
        }
    }

    fn claim(&mut self, session: u64, (room, unit): (usize, u32), (from, to): (i64, i64)) -> Vec<Change> {
        let (room, slot) = (self.studio.rooms[room], span(from, to));
        let busy = |(key, claim): (&ClaimKey, &Claim)| key.0 == room && key.1 == unit && claim.blocked.overlaps(slot);
        if self.present.contains_key(&session) || self.claims.iter().any(busy) {
            return Vec::new();
        }
        self.joined += 1;
        let hold = Hold { deadline: at(10), extended: false, version: 1, resource_ids: vec![room] };
        let presence = Presence { hold: Some(hold), ..self.studio.presence(self.joined, slot) };
        let claim = Claim { unit, slot, blocked: slot, owner: Owner::Hold(presence.id) };
        self.claims.insert((room, unit, at(from)), claim);
        self.present.insert(session, presence.clone());
        vec![Change::Claimed(room, claim), Change::Present(presence)]
    }

    fn leave(&mut self, session: u64) -> Vec<Change> {
        let Some(presence) = self.present.remove(&session) else { return Vec::new() };
        let mut changes = Vec::new();
        self.claims.retain(|key, claim| {
            let theirs = claim.owner == Owner::Hold(presence.id);
            if theirs {
                changes.push(Change::Freed(key.0, *claim));
            }
            !theirs
        });
        changes.push(Change::Departed(presence, booking_domain::hold::change::Departure::Left));
        changes
    }

    fn book(&mut self, session: u64) -> Vec<Change> {
        let Some(presence) = self.present.remove(&session) else { return Vec::new() };
        self.joined += 1;
        let booking = self.studio.booking(self.joined, presence.room.slot);
        let mut changes = vec![Change::Made(booking.clone())];
        for (key, claim) in self.claims.iter_mut().filter(|(_, claim)| claim.owner == Owner::Hold(presence.id)) {
            claim.owner = Owner::Booking(booking.id);
            changes.push(Change::Claimed(key.0, *claim));
        }
        changes.push(Change::Departed(presence, booking_domain::hold::change::Departure::Booked));
        changes
    }
}

async fn the_store_holds_what_the_memory_holds(place: Place) {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    tx.commit().await.unwrap();
    let batches = proptest::collection::vec(proptest::collection::vec(step(), 1..12), 40);
    let batches = batches.new_tree(&mut TestRunner::deterministic()).unwrap().current();
    let mut memory = Memory { studio, claims: BTreeMap::new(), present: BTreeMap::new(), joined: 0 };
    for batch in batches {
        let presences = memory.present.values().map(|presence| presence.id).collect();
        let before = Before { claims: memory.claims.clone(), presences };
        let changes: Vec<_> = batch.iter().flat_map(|step| memory.take(*step)).collect();
        let net = NetChanges::of(&changes, &before);
        let mut tx = place.write().await;
        studio.save(&mut tx, &net).await.unwrap_or_else(|error| panic!("{error:?}\n{batch:?}"));
        tx.commit().await.unwrap_or_else(|error| panic!("{error:?}\n{batch:?}"));
        assert_same(&place, &memory).await;
    }
    assert!(memory.joined > 30, "enough happened");
}

async fn assert_same(place: &Place, memory: &Memory) {
    let mut tx = place.read().await;
    let ranges = memory.studio.rooms.map(|room| (room, span(0, 10_000)));
    let mut stored = claims::list(&mut tx, memory.studio.organization, (&ranges, &BTreeSet::new())).await.unwrap();
    stored.sort_by_key(|(room, claim)| (*room, claim.unit, claim.blocked.start()));
    let remembered: Vec<_> = memory.claims.iter().map(|(key, claim)| (key.0, *claim)).collect();
    assert_eq!(stored, remembered);
    let mut line: Vec<_> = memory.present.values().cloned().collect();
    line.sort_by_key(|presence| presence.id);
    let range = [(memory.studio.event_type, span(0, 10_000))];
    let stored =
        booking_component::store::presences::list_in(&mut tx, memory.studio.organization, &range).await.unwrap();
    assert_eq!(stored, line);
}
