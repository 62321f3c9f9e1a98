//! Random stories in random worlds: whatever people do, and however late anybody looks, the invariants of the protocol hold.

use booking_domain::allow::Allow;
use booking_domain::booking::{Actor, BookingStatus};
use booking_domain::hold::SlotKey;
use booking_domain::hold::change::{Change, NetChanges};
use booking_domain::hold::command::{Book, Command, Reschedule, Step};
use booking_domain::id::{BookingId, PresenceId};
use booking_domain::text::Prose;
use proptest::prelude::*;
use proptest::test_runner::Config;

use crate::holds::oracle::{check_limits, check_line, check_no_overlap, check_whole_needs};
use crate::holds::promises::Decided;
use crate::holds::replay::Replay;
use crate::holds::store::Store;
use crate::holds::stories::{Batch, Deed, Setting, story};
use crate::holds::world::{World, address, beat, booking, resource, seconds, session};

/// A story as it is told.
struct Telling {
    setting: Setting,
    world: World,
    replay: Replay,
    store: Store,
    made: Vec<BookingId>,
    /// What the current batch changed.
    changes: Vec<Change>,
}

impl Telling {
    fn new(setting: Setting) -> Self {
        let world = setting.world();
        let replay = Replay::new(world.working_set.clone(), world.now);
        Self { setting, world, replay, store: Store::default(), made: Vec::new(), changes: Vec::new() }
    }

    fn tell(&mut self, batch: &Batch) {
        let mut left = batch.passes;
        while left > seconds(0) {
            let step = left.min(seconds(45));
            left -= step;
            self.world.pass(step);
            self.batch(batch, &[]);
        }
        self.batch(batch, &batch.deeds);
    }

    /// The loyal renew their places and the deeds are done, all at one time, and the net effect is saved.
    fn batch(&mut self, batch: &Batch, deeds: &[Deed]) {
        let before = self.world.working_set.before();
        self.changes.clear();
        for session_number in &batch.loyal {
            let here = self.world.working_set.presences.values().filter(|p| p.session == session(*session_number));
            let beats: Vec<_> = here.map(|p| (p.room, p.wanted)).collect();
            for (room, wanted) in beats {
                self.does(&heartbeat(*session_number, room, wanted));
            }
        }
        for deed in deeds {
            if let Some(command) = self.command(deed) {
                self.does(&command);
            }
        }
        self.store.save(&NetChanges::of(&self.changes, &before));
        self.store.check_same(&self.world.working_set);
    }

    /// The command that a deed is, if it can be said at all.
    fn command(&self, deed: &Deed) -> Option<Command> {
        let room = |number: usize| self.setting.room(number);
        let working_set = &self.world.working_set;
        let found = |number: usize| working_set.bookings.get(self.made.get(number % self.made.len().max(1))?);
        Some(match deed.clone() {
            Deed::Beats { session, room: at, wanted } => heartbeat(session, room(at), wanted.map(resource)),
            Deed::Leaves { session: who, room: at } => Command::Leave { room: room(at), session: session(who) },
            Deed::Extends { session: who, room: at } => Command::Extend { room: room(at), session: session(who) },
            Deed::Books { session: by, room: at, wanted } => {
                let mut booking = booking(900_000 + self.made.len() as u128, room(at), self.world.now);
                booking.status = if at % 2 == 0 { BookingStatus::Pending } else { BookingStatus::Confirmed };
                let (session, wanted) = (by.map(session), wanted.map(resource));
                let (allow, actor, address) = (Allow::NOTHING, Actor::Operator, None);
                Command::Book(Box::new(Book { session, wanted, allow, booking, actor, address }))
            }
            Deed::Reschedules { booking, room: at, session: by, wanted } => {
                let booking = found(booking)?;
                let target = (0..36).map(|more| room(at + more)).find(|r| r.event_type_id == booking.event_type_id)?;
                let (session, reason) = (by.map(session), Prose::default());
                let (booking_id, wanted, actor) = (booking.id, wanted.map(resource), Actor::Booker);
                let allow = Allow::NOTHING;
                Command::Reschedule(Reschedule {
                    booking_id,
                    room: target,
                    session,
                    wanted,
                    allow,
                    version: None,
                    reason,
                    actor,
                })
            }
            Deed::Steps { booking, transition } => {
                let (booking_id, reason) = (found(booking)?.id, Prose::default());
                Command::Step(Step { booking_id, transition, version: None, reason, actor: Actor::Operator })
            }
            Deed::Ticks { late_by } => {
                let named: Vec<PresenceId> = working_set.presences.keys().copied().collect();
                Command::Tick(named[..named.len().saturating_sub(late_by)].to_vec())
            }
            Deed::Reviews => Command::Review(working_set.presences.values().map(|p| p.room).collect()),
        })
    }

    fn does(&mut self, command: &Command) {
        let before = self.world.working_set.clone();
        let outcome = self.world.decide(command);
        if let (Command::Book(book), Ok(_)) = (command, &outcome) {
            self.made.push(book.booking.id);
        }
        let world = &self.world;
        self.replay.command(&world.changes, world.now);
        self.replay.check_same(&world.working_set);
        check_no_overlap(&world.working_set);
        check_whole_needs(&world.working_set);
        check_limits(&world.working_set);
        check_line(&world.working_set);
        Decided { before: &before, command, outcome: &outcome, world }.check();
        self.changes.extend(world.changes.iter().cloned());
    }
}

fn heartbeat(session_number: u8, room: SlotKey, wanted: Option<booking_domain::id::ResourceId>) -> Command {
    let mut beat = beat(session_number, room);
    (beat.wanted, beat.address) = (wanted, Some(address(session_number % 2)));
    Command::Heartbeat(beat)
}

proptest! {
    #![proptest_config(Config { cases: 256, failure_persistence: None, max_shrink_iters: 4_000, ..Config::default() })]

    #[test]
    fn the_promises_hold_whatever_happens((setting, batches) in story()) {
        let mut telling = Telling::new(setting);
        batches.iter().for_each(|batch| telling.tell(batch));
    }
}
