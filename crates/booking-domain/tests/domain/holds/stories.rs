//! Stories for the property tests: random worlds, and random things that people do in them. A failing story reads like one.

use std::fmt;

use booking_domain::booking::Transition;
use booking_domain::event_type::Durations;
use booking_domain::hold::SlotKey;
use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::holds::world::{World, minutes, offer, room, seconds};

/// What one event type asks for.
#[derive(Clone)]
pub(super) struct Kind {
    needs: Vec<(i64, Vec<u8>)>,
    buffers: (u32, u32),
    durations: Vec<i64>,
    interval: u32,
    per_day: Option<u32>,
}

/// The resources' capacities and the event types.
#[derive(Clone)]
pub(super) struct Setting {
    capacities: Vec<u32>,
    kinds: Vec<Kind>,
}

/// Something that somebody does. Rooms and bookings are named by numbers that wrap around.
#[derive(Clone)]
pub(super) enum Deed {
    Beats { session: u8, room: usize, wanted: Option<u8> },
    Leaves { session: u8, room: usize },
    Extends { session: u8, room: usize },
    Books { session: Option<u8>, room: usize, wanted: Option<u8> },
    Reschedules { booking: usize, room: usize, session: Option<u8>, wanted: Option<u8> },
    Steps { booking: usize, transition: Transition },
    Ticks { late_by: usize },
    Reviews,
}

/// Time passes, and then people do things in one batch.
#[derive(Clone)]
pub(super) struct Batch {
    pub passes: TimeDelta,
    /// These sessions renew all their places before the rest happens.
    pub loyal: Vec<u8>,
    pub deeds: Vec<Deed>,
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (count, ids) in &self.needs {
            write!(f, "{count} of {ids:?} and ")?;
        }
        write!(f, "{:?} min every {}, buffers {:?}", self.durations, self.interval, self.buffers)?;
        self.per_day.map_or(Ok(()), |limit| write!(f, ", {limit} a day"))
    }
}

impl fmt::Debug for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "units of resources 1..: {:?}; event types 1..: {:#?}", self.capacities, self.kinds)
    }
}

impl fmt::Debug for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Beats { session, room, wanted: None } => write!(f, "s{session} beats in room {room}"),
            Self::Beats { session, room, wanted: Some(id) } => write!(f, "s{session} beats in room {room} for r{id}"),
            Self::Leaves { session, room } => write!(f, "s{session} leaves room {room}"),
            Self::Extends { session, room } => write!(f, "s{session} extends in room {room}"),
            Self::Books { session, room, wanted } => write!(f, "{session:?} books room {room}, wanting {wanted:?}"),
            Self::Reschedules { booking, room, session, wanted } => {
                write!(f, "booking {booking} moves to room {room}, by {session:?}, wanting {wanted:?}")
            }
            Self::Steps { booking, transition } => write!(f, "{transition:?} booking {booking}"),
            Self::Ticks { late_by } => write!(f, "a tick names all but {late_by}"),
            Self::Reviews => write!(f, "a review"),
        }
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} s, {:?} stay: {:?}", self.passes.num_seconds(), self.loyal, self.deeds)
    }
}

impl Setting {
    /// The world of this setting: short leases, short deadlines, and caps that are reached.
    pub(super) fn world(&self) -> World {
        let mut world = World::new();
        world.rules.ttl = seconds(100);
        world.rules.deadline = minutes(5);
        world.rules.presences_per_session = Some(2);
        world.rules.presences_per_address = Some(5);
        world.rules.waiting_per_address = Some(2);
        for (at, capacity) in self.capacities.iter().enumerate() {
            world = world.with_resource(number(at), *capacity);
        }
        for (at, kind) in self.kinds.iter().enumerate() {
            let needs: Vec<_> = kind.needs.iter().map(|(count, ids)| (*count, ids.as_slice())).collect();
            world = world.with_offer(offer(number(at), &needs, |spec| {
                spec.durations = Durations::new(&kind.durations).unwrap();
                spec.slot_interval_minutes = Some(kind.interval);
                (spec.buffer_before_minutes, spec.buffer_after_minutes) = kind.buffers;
                spec.limits.per_day = kind.per_day;
                spec.hold_deadline_minutes = (at == 1).then_some(3);
            }));
        }
        world
    }

    /// The room of this number: a few starts of each event type and duration, close enough to overlap; one is off the grid.
    pub(super) fn room(&self, number_of_room: usize) -> SlotKey {
        let at = number_of_room % self.kinds.len();
        let rest = number_of_room / self.kinds.len();
        let durations = &self.kinds[at].durations;
        let duration = u32::try_from(durations[rest % durations.len()]).unwrap();
        let minute = [0, 0, 30, 45, 60, 7][rest / durations.len() % 6];
        room(number(at), 9 + minute / 60, minute % 60, duration)
    }
}

fn number(at: usize) -> u8 {
    u8::try_from(at + 1).unwrap()
}

fn kind(resources: usize) -> impl Strategy<Value = Kind> {
    let all: Vec<u8> = (0..resources).map(number).collect();
    let need =
        subsequence(all, 1..=resources).prop_flat_map(|ids| (1..=i64::try_from(ids.len()).unwrap(), Just(ids)).boxed());
    (
        prop::collection::vec(need, 1..=2),
        select(vec![(0, 0), (0, 0), (15, 0), (0, 30), (15, 15)]),
        select(vec![vec![30], vec![60], vec![30, 60], vec![45, 90]]),
        select(vec![15, 30]),
        select(vec![None, None, Some(1), Some(2), Some(3)]),
    )
        .prop_map(|(needs, buffers, durations, interval, per_day)| Kind {
            needs,
            buffers,
            durations,
            interval,
            per_day,
        })
}

fn setting() -> impl Strategy<Value = Setting> {
    (1_usize..=3).prop_flat_map(|resources| {
        let capacities = prop::collection::vec(select(vec![1, 1, 2, 3]), resources);
        (capacities, prop::collection::vec(kind(resources), 1..=3))
            .prop_map(|(capacities, kinds)| Setting { capacities, kinds })
    })
}

fn deed() -> impl Strategy<Value = Deed> {
    let session = || 1_u8..=5;
    let wanted = || prop::option::weighted(0.15, 1_u8..=3);
    let room = || prop_oneof![3 => 0_usize..4, 1 => 0_usize..36];
    let transition = || {
        select(vec![
            Transition::Confirm,
            Transition::Decline,
            Transition::Cancel,
            Transition::Complete,
            Transition::NoShow,
            Transition::Cancel,
        ])
    };
    prop_oneof![
        10 => (session(), room(), wanted()).prop_map(|(session, room, wanted)| Deed::Beats { session, room, wanted }),
        2 => (session(), room()).prop_map(|(session, room)| Deed::Leaves { session, room }),
        1 => (session(), room()).prop_map(|(session, room)| Deed::Extends { session, room }),
        3 => (prop::option::weighted(0.8, session()), room(), wanted())
            .prop_map(|(session, room, wanted)| Deed::Books { session, room, wanted }),
        2 => (0_usize..3, room(), prop::option::of(session()), wanted())
            .prop_map(|(booking, room, session, wanted)| Deed::Reschedules { booking, room, session, wanted }),
        2 => (0_usize..3, transition()).prop_map(|(booking, transition)| Deed::Steps { booking, transition }),
        2 => (0_usize..3).prop_map(|late_by| Deed::Ticks { late_by }),
        1 => Just(Deed::Reviews),
    ]
}

fn batch() -> impl Strategy<Value = Batch> {
    let passes = select(vec![0, 0, 1, 20, 59, 60, 61, 80, 99, 100, 101, 120]).prop_map(seconds);
    let loyal = prop_oneof![1 => subsequence(vec![1, 2, 3, 4, 5], 0..=5), 2 => Just(vec![1, 2, 3, 4, 5])];
    (passes, loyal, prop::collection::vec(deed(), 1..6)).prop_map(|(passes, loyal, deeds)| Batch {
        passes,
        loyal,
        deeds,
    })
}

/// A world, and what happens in it.
pub(super) fn story() -> impl Strategy<Value = (Setting, Vec<Batch>)> {
    (setting(), prop::collection::vec(batch(), 1..14))
}
