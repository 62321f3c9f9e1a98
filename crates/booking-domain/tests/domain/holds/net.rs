//! The net effect of a batch: each thing once, however often it changed.

use booking_domain::booking::Transition;
use booking_domain::hold::change::{Before, Change, NetChanges};

use crate::holds::world::{World, hour_at};

/// A world whose changes are all kept.
struct Batch {
    world: World,
    before: Before,
    changes: Vec<Change>,
}

impl Batch {
    /// A batch that begins when these sessions are in line for ten o'clock.
    fn after(sessions: &[u8]) -> Self {
        let mut world = World::of_one_room();
        world.all_beat(sessions, hour_at(10, 0));
        Self { before: world.working_set.before(), world, changes: Vec::new() }
    }

    fn does<T>(&mut self, deed: impl FnOnce(&mut World) -> T) -> T {
        let answer = deed(&mut self.world);
        self.changes.append(&mut self.world.changes);
        answer
    }

    fn net(&self) -> NetChanges {
        NetChanges::of(&self.changes, &self.before)
    }
}

#[test]
fn who_joins_and_leaves_in_one_batch_leaves_no_trace_but_the_version() {
    let mut batch = Batch::after(&[]);
    batch.does(|world| world.beats(1, hour_at(10, 0)).unwrap());
    batch.does(|world| world.leaves(1, hour_at(10, 0)));
    let net = batch.net();
    assert_eq!(net.versions.values().copied().collect::<Vec<_>>(), [2]);
    assert_eq!(net, NetChanges { versions: net.versions.clone(), ..NetChanges::default() });
}

#[test]
fn a_claim_that_is_freed_and_taken_again_is_one_update() {
    let mut batch = Batch::after(&[1, 2]);
    batch.does(|world| world.leaves(1, hour_at(10, 0)));
    let net = batch.net();
    assert!(net.freed.is_empty() && net.claimed.is_empty());
    assert_eq!((net.reowned.len(), net.departed.len(), net.present.len()), (1, 1, 1));
}

#[test]
fn a_claim_that_comes_back_to_its_owner_is_not_touched() {
    let mut batch = Batch::after(&[]);
    let booking = batch.does(|world| world.books(None, hour_at(10, 0)).unwrap());
    batch.before = batch.world.working_set.before();
    batch.changes.clear();
    batch.does(|world| world.reschedules(&booking, hour_at(14, 0), None).unwrap());
    batch.does(|world| world.reschedules(&booking, hour_at(10, 0), None).unwrap());
    let net = batch.net();
    assert!(net.freed.is_empty() && net.claimed.is_empty() && net.reowned.is_empty());
    assert_eq!((net.became.len(), net.recorded.len()), (1, 2));
}

#[test]
fn a_hold_that_becomes_a_booking_is_one_update_and_one_insert() {
    let mut batch = Batch::after(&[1]);
    batch.does(|world| world.books(1, hour_at(10, 0)).unwrap());
    let net = batch.net();
    assert_eq!((net.reowned.len(), net.made.len(), net.departed.len()), (1, 1, 1));
    assert!(net.freed.is_empty() && net.claimed.is_empty() && net.present.is_empty());
}

#[test]
fn a_booking_that_is_made_and_ended_in_one_batch_is_inserted_as_it_ended() {
    let mut batch = Batch::after(&[]);
    let booking = batch.does(|world| world.books(None, hour_at(10, 0)).unwrap());
    let ended = batch.does(|world| world.steps(&booking, Transition::Cancel).unwrap());
    let net = batch.net();
    assert_eq!((net.made.as_slice(), net.became.len()), ([ended].as_slice(), 0));
    assert!(net.claimed.is_empty() && net.freed.is_empty());
}

#[test]
fn another_length_at_the_same_start_replaces_the_claim() {
    let mut batch = Batch::after(&[1]);
    batch.does(|world| world.leaves(1, hour_at(10, 0)));
    batch.does(|world| world.beats(2, crate::holds::world::room(1, 10, 0, 30)).unwrap());
    let net = batch.net();
    assert_eq!((net.freed.len(), net.claimed.len(), net.reowned.len()), (1, 1, 0));
}
