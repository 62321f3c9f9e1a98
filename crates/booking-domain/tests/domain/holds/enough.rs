//! What is loaded is enough: a batch that is decided by its surroundings comes to the same as one that sees everything.
//!
//! Event types of a few minutes on a grid of a minute, with their rooms close together, but not so close that a short look sees all of
//! them: one that is half as far as it has to be is found out within a thousand stories.

use std::collections::BTreeSet;

use booking_domain::allow::Allow;
use booking_domain::availability::{Appointment, Claim, Units};
use booking_domain::booking::{Actor, Booking, BookingStatus, Transition};
use booking_domain::event_type::{Durations, PeriodLimits};
use booking_domain::hold::change::{Change, Cooldown, Departure};
use booking_domain::hold::command::{Book, Command, Heartbeat, Reschedule, Step};
use booking_domain::hold::contention::Contention;
use booking_domain::hold::named::Named;
use booking_domain::hold::surroundings::Surroundings;
use booking_domain::hold::working_set::{DecisionContext, WorkingSet};
use booking_domain::hold::{Presence, SlotKey};
use booking_domain::id::{EventTypeId, PresenceId, ResourceId};
use booking_domain::interval::Interval;
use booking_domain::text::Prose;
use booking_domain::{DateTime, Utc};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::Config;
use uuid::Uuid;

use crate::holds::world::{World, address, beat, booking, event_type, minutes, offer, resource, seconds, session};

/// Where rooms are: most of them on an evening and over its midnight, some on the next days, and on both sides of a month's end
/// that is within a week.
const STARTS: [&str; 8] = [
    "2027-03-10T23:45:00Z",
    "2027-03-10T23:45:00Z",
    "2027-03-10T23:45:00Z",
    "2027-03-10T23:45:00Z",
    "2027-03-11T12:00:00Z",
    "2027-03-31T23:50:00Z",
    "2027-04-02T12:00:00Z",
    "2027-04-20T12:00:00Z",
];

/// So many of some resources, and so on.
type Needs = Vec<(i64, Vec<u8>)>;

/// Minutes before and after a slot.
type Buffers = (u32, u32);

/// What one event type asks for.
#[derive(Clone, Debug)]
struct Kind {
    needs: Needs,
    buffers: Buffers,
    durations: Vec<i64>,
    limits: PeriodLimits,
}

/// A room by numbers that wrap around: event type, place, minute, duration.
type Where = (usize, usize, i64, usize);

#[derive(Clone, Debug)]
enum Deed {
    Beats(u8, Where, Option<u8>, Option<i64>),
    /// Somebody holds a time to which a booking shall move.
    Moves(u8, usize, Where),
    /// An operator sends away whoever it is.
    Releases(usize),
    /// What somebody does in the room in which they are, whichever of them it is.
    Leaves(usize),
    Extends(usize),
    BooksHeld(usize),
    Books(Option<u8>, Where, Option<u8>),
    Reschedules(usize, Where, Option<u8>, Option<u8>),
    Steps(usize, Transition),
    Ticks,
    Reviews(usize),
}

#[derive(Clone, Debug)]
struct Batch {
    passes: i64,
    /// Whether whoever is overdue has been ended before: where not, nobody counts presences.
    prompt: bool,
    /// An operator changes what an event type needs, and how long it blocks around its slots.
    edit: Option<(usize, Option<Needs>, Buffers)>,
    /// An operator closes a resource for some minutes, from one of the places on.
    closes: Option<(u8, usize, i64, u32)>,
    deeds: Vec<Deed>,
}

fn needs(resources: u8) -> impl Strategy<Value = Needs> {
    let all: Vec<u8> = (1..=resources).collect();
    let need = subsequence(all, 1..=2).prop_flat_map(|ids| (1..=i64::try_from(ids.len()).unwrap(), Just(ids)));
    vec(need, 1..=2)
}

/// Mostly narrow ones, so that there is something beyond what is looked at.
fn buffers() -> impl Strategy<Value = Buffers> {
    prop_oneof![2 => (0_u32..2, 0_u32..2), 1 => (0_u32..4, 0_u32..4)]
}

fn kinds() -> impl Strategy<Value = Vec<Kind>> {
    let limit = || prop_oneof![5 => Just(None), 1 => Just(Some(1)), 1 => Just(Some(2))];
    let limits = (limit(), limit(), limit());
    let limits = limits.prop_map(|(per_day, per_week, per_month)| PeriodLimits { per_day, per_week, per_month });
    let durations = select(vec![vec![1], vec![1], vec![2], vec![1, 3], vec![2, 5]]);
    let kind = (needs(3), buffers(), durations, limits);
    vec(kind.prop_map(|(needs, buffers, durations, limits)| Kind { needs, buffers, durations, limits }), 1..=4)
}

fn rooms() -> impl Strategy<Value = Where> {
    (0_usize..4, 0_usize..8, 0_i64..24, 0_usize..2)
}

fn deed() -> impl Strategy<Value = Deed> {
    let (session, wanted) = (|| 1_u8..=12, || prop::option::weighted(0.1, 1_u8..=3));
    let transition = select(vec![
        Transition::Confirm,
        Transition::Decline,
        Transition::Complete,
        Transition::Cancel,
        Transition::Cancel,
    ]);
    prop_oneof![
        12 => (session(), rooms(), wanted(), prop::option::weighted(0.1, 1_i64..400))
            .prop_map(|(session, room, wanted, lease)| Deed::Beats(session, room, wanted, lease)),
        3 => (session(), any::<usize>(), rooms()).prop_map(|(session, which, room)| Deed::Moves(session, which, room)),
        1 => any::<usize>().prop_map(Deed::Releases),
        3 => any::<usize>().prop_map(Deed::Leaves),
        1 => any::<usize>().prop_map(Deed::Extends),
        2 => any::<usize>().prop_map(Deed::BooksHeld),
        2 => (prop::option::of(session()), rooms(), wanted()).prop_map(|(by, room, wanted)| Deed::Books(by, room, wanted)),
        2 => (any::<usize>(), rooms(), prop::option::of(session()), wanted())
            .prop_map(|(which, room, by, wanted)| Deed::Reschedules(which, room, by, wanted)),
        3 => (any::<usize>(), transition).prop_map(|(which, transition)| Deed::Steps(which, transition)),
        1 => Just(Deed::Ticks),
        1 => any::<usize>().prop_map(Deed::Reviews),
    ]
}

fn batches() -> impl Strategy<Value = Vec<Batch>> {
    let edit = prop::option::weighted(0.1, (0_usize..4, prop::option::of(needs(3)), buffers()));
    let closes = prop::option::weighted(0.1, (1_u8..=3, 0_usize..8, 0_i64..24, 1_u32..4));
    let batch = (select(vec![0, 1, 20, 60, 100, 400]), any::<bool>(), edit, closes, vec(deed(), 1..5));
    let batch = batch.prop_map(|(passes, prompt, edit, closes, deeds)| Batch { passes, prompt, edit, closes, deeds });
    vec(batch, 1..24)
}

fn world(capacities: &[u32], kinds: &[Kind]) -> World {
    let mut world = World::new();
    (world.rules.ttl, world.rules.deadline) = (seconds(250), minutes(5));
    for (n, capacity) in (1..).zip(capacities) {
        world = world.with_resource(n, *capacity);
    }
    for (n, kind) in (1..).zip(kinds) {
        let needs: Vec<_> = kind.needs.iter().map(|(count, ids)| (*count, ids.as_slice())).collect();
        world = world.with_offer(offer(n, &needs, |spec| {
            spec.durations = Durations::new(&kind.durations).unwrap();
            spec.slot_interval_minutes = Some(1);
            (spec.buffer_before_minutes, spec.buffer_after_minutes) = kind.buffers;
            spec.limits = kind.limits;
        }));
    }
    world
}

fn start_at(place: usize, minute: i64) -> DateTime<Utc> {
    let start: DateTime<Utc> = STARTS[place].parse().unwrap();
    start + minutes(minute)
}

/// A story as it is told twice.
struct Telling {
    kinds: Vec<Kind>,
    all: World,
    bookings: u128,
    newcomers: u128,
}

impl Telling {
    fn room(&self, (kind, place, minute, duration): Where) -> SlotKey {
        let kind_number = kind % self.kinds.len();
        let durations = &self.kinds[kind_number].durations;
        let duration = u32::try_from(durations[duration % durations.len()]).unwrap();
        let slot = Interval::lasting(start_at(place, minute), duration).unwrap();
        SlotKey { event_type_id: event_type(u8::try_from(kind_number + 1).unwrap()), slot }
    }

    fn batch(&mut self, batch: &Batch) {
        self.all.pass(seconds(batch.passes));
        if let Some((kind, needs, buffers)) = batch.edit.clone() {
            self.edit(kind % self.kinds.len(), needs, buffers);
        }
        if let Some((number, place, minute, length)) = batch.closes {
            self.close(resource(number), Interval::lasting(start_at(place, minute), length).unwrap());
        }
        self.all.rules.presences_per_session = batch.prompt.then_some(2);
        self.all.rules.presences_per_address = Some(if batch.prompt { 5 } else { 1_000 });
        if batch.prompt {
            self.all.ticks();
            self.all.decide(&Command::Review(Vec::new())).unwrap();
        }
        let commands: Vec<Command> = batch.deeds.iter().filter_map(|deed| self.command(deed)).collect();
        self.decide(&commands);
    }

    fn edit(&mut self, kind: usize, needs: Option<Needs>, buffers: Buffers) {
        let needs = needs.unwrap_or_else(|| self.kinds[kind].needs.clone());
        let edited = Kind { needs, buffers, ..self.kinds[kind].clone() };
        self.kinds[kind] = edited;
        self.all.working_set.offers = world(&[], &self.kinds).working_set.offers;
        self.all.decide(&Command::Review(Vec::new())).unwrap();
    }

    fn moves(&self, who: u8, booking: &Booking, at: Where) -> Command {
        let room = SlotKey { event_type_id: booking.event_type_id, ..self.room(at) };
        Command::Heartbeat(Heartbeat { moving: Some(booking.id), actor: Actor::Operator, ..beat(who, room) })
    }

    fn close(&mut self, id: ResourceId, busy: Interval) {
        if let Some(units) = self.all.working_set.occupancy.get_mut(&id) {
            units.busy.push(busy);
            units.busy.sort_unstable();
        }
        self.all.decide(&Command::Review(Vec::new())).unwrap();
    }

    fn command(&mut self, deed: &Deed) -> Option<Command> {
        let set = &self.all.working_set;
        let someone = |number: usize| set.presences.values().nth(number % set.presences.len().max(1));
        let booked = |number: usize| set.bookings.values().nth(number % set.bookings.len().max(1));
        Some(match deed.clone() {
            Deed::Beats(who, at, wanted, lease) => {
                let mut beat = beat(who, self.room(at));
                (beat.wanted, beat.address) = (wanted.map(resource), Some(address(who % 4)));
                beat.lease = lease.map(seconds);
                beat.actor = if who % 3 == 0 { Actor::Operator } else { Actor::Booker };
                Command::Heartbeat(beat)
            }
            Deed::Moves(who, which, at) => self.moves(who, booked(which)?, at),
            Deed::Releases(which) => releases(someone(which)?),
            Deed::Leaves(which) => Command::Leave { room: someone(which)?.room, session: someone(which)?.session },
            Deed::Extends(which) => Command::Extend { room: someone(which)?.room, session: someone(which)?.session },
            Deed::BooksHeld(which) => {
                let (room, by) = (someone(which)?.room, Some(someone(which)?.session));
                self.bookings += 1;
                let booking = booking(self.bookings, room, self.all.now);
                Command::Book(Box::new(Book {
                    session: by,
                    wanted: None,
                    allow: Allow::NOTHING,
                    booking,
                    actor: Actor::Operator,
                    address: None,
                }))
            }
            Deed::Books(by, at, wanted) => {
                self.bookings += 1;
                let mut booking = booking(self.bookings, self.room(at), self.all.now);
                booking.status = BookingStatus::Pending;
                let (session, wanted) = (by.map(session), wanted.map(resource));
                let (allow, actor, address) = (Allow::NOTHING, Actor::Operator, None);
                Command::Book(Box::new(Book { session, wanted, allow, booking, actor, address }))
            }
            Deed::Reschedules(which, at, by, wanted) => {
                let booking = booked(which)?;
                let room = SlotKey { event_type_id: booking.event_type_id, ..self.room(at) };
                let (booking_id, session, reason) = (booking.id, by.map(session), Prose::default());
                Command::Reschedule(Reschedule {
                    booking_id,
                    room,
                    session,
                    wanted: wanted.map(resource),
                    allow: Allow::NOTHING,
                    version: None,
                    reason,
                    actor: Actor::Operator,
                })
            }
            Deed::Steps(which, transition) => {
                let (booking_id, reason) = (booked(which)?.id, Prose::default());
                Command::Step(Step { booking_id, transition, version: None, reason, actor: Actor::Operator })
            }
            Deed::Ticks => Command::Tick(set.presences.keys().copied().collect()),
            Deed::Reviews(which) => Command::Review(vec![someone(which)?.room]),
        })
    }

    /// Decides these commands in both ways, and goes on from the one that sees everything.
    fn decide(&mut self, commands: &[Command]) {
        let (rules, now) = (self.all.rules, self.all.now);
        let mut loaded = load(&self.all.working_set, commands, now);
        let known: BTreeSet<PresenceId> = loaded.presences.keys().copied().collect();
        for command in commands {
            self.newcomers += 1;
            let context =
                DecisionContext { rules: &rules, now, newcomer: PresenceId::new(Uuid::from_u128(self.newcomers)) };
            let all = &mut self.all.working_set;
            let (whole, part) = (all.decide(command, context), loaded.decide(command, context));
            let (mut whole_changes, part_changes) = (all.take_changes(), loaded.take_changes());
            // Whoever waits in silence further away has ended, and takes nothing: others find that out.
            whole_changes.retain(|change| {
                !matches!(change, Change::Departed(p, Departure::Silent) if p.hold.is_none() && !known.contains(&p.id))
            });
            assert_eq!(part, whole, "{command:?}");
            assert_eq!(part_changes, whole_changes, "{command:?}");
            no_claims_overlap(&self.all.working_set);
            for change in whole_changes {
                if let Change::Made(booking) = change {
                    self.all.working_set.bookings.insert(booking.id, booking);
                }
            }
        }
    }
}

fn no_claims_overlap(all: &WorkingSet) {
    for units in all.occupancy.values() {
        let mut claims: Vec<_> = units.claims.iter().map(|claim| (claim.unit, claim.blocked)).collect();
        claims.sort_unstable();
        let apart = |two: &[(u32, Interval)]| two[0].0 != two[1].0 || two[0].1.end() <= two[1].1.start();
        assert!(claims.windows(2).all(apart), "{claims:?}");
    }
}

fn releases(presence: &Presence) -> Command {
    Command::Release { room: presence.room, who: presence.who.clone(), reason: Prose::default() }
}

/// The claims around there, in the order in which they are kept.
fn claims_in(all: &WorkingSet, surroundings: &Surroundings) -> Vec<(ResourceId, Claim)> {
    let claims = all.occupancy.iter().flat_map(|(id, units)| units.claims.iter().map(|claim| (*id, *claim)));
    let claims: Vec<_> = claims.collect();
    let last_before = |of: ResourceId, start| {
        let starts = claims.iter().filter(|(id, _)| *id == of).map(|(_, claim)| claim.slot.start());
        starts.filter(|other| surroundings.chosen.contains(&of) && *other < start).max()
    };
    let lasts: BTreeSet<(ResourceId, DateTime<Utc>)> =
        surroundings.claims.iter().filter_map(|(id, window)| Some((*id, last_before(*id, window.start())?))).collect();
    let is_near = |(id, claim): &(ResourceId, Claim)| {
        lasts.contains(&(*id, claim.slot.start()))
            || surroundings.claims.iter().any(|(near, window)| near == id && claim.blocked.overlaps(*window))
    };
    claims.iter().copied().filter(is_near).collect()
}

/// What a store would load for these commands, of all that there is.
fn load(all: &WorkingSet, commands: &[Command], now: DateTime<Utc>) -> WorkingSet {
    let named = Named::by(commands);
    let contention = Contention::of(all.offers.clone());
    let bookings: Vec<_> = named.bookings.iter().filter_map(|id| all.bookings.get(id)).cloned().collect();
    let of = |is_theirs: &dyn Fn(&&Presence) -> bool| -> Vec<Presence> {
        all.presences.values().filter(|p| is_theirs(p)).cloned().collect()
    };
    let theirs = of(&|p| named.sessions.contains(&p.session));
    let moves = |p: &Presence| p.moving.is_some_and(|booking| named.bookings.contains(&booking));
    let due: Vec<SlotKey> = of(&|p| named.due.contains(&p.id) || moves(p)).iter().map(|p| p.room).collect();
    let rooms = named.concerned(&theirs, &bookings, &due);
    let within = |windows: &[(EventTypeId, Interval)]| {
        of(&|p| windows.iter().any(|(id, window)| *id == p.room.event_type_id && p.room.slot.overlaps(*window)))
    };
    let mut strays = BTreeSet::new();
    let (surroundings, line, claims) = loop {
        let mut surroundings = Surroundings::of(&contention, &rooms, &strays);
        let line = within(&surroundings.presences);
        let mut found = surroundings.further(&contention, &line, &bookings);
        surroundings.cover(&contention, &line);
        let claims = claims_in(all, &surroundings);
        found.extend(surroundings.wider(&contention, &claims, (&line, &bookings)));
        if found.is_empty() {
            break (surroundings, line, claims);
        }
        strays.extend(found);
    };
    let mut loaded = WorkingSet::default();
    loaded.offers = surroundings.event_types.iter().map(|id| (*id, all.offers[id].clone())).collect();
    for id in surroundings.resource_ids() {
        let claims = claims.iter().filter(|(of, _)| *of == id).map(|(_, claim)| *claim).collect();
        let mut units = all.occupancy[&id].clone();
        units.busy.retain(|busy| surroundings.claims.iter().any(|(near, range)| *near == id && busy.overlaps(*range)));
        loaded.occupancy.insert(id, Units { claims, ..units });
        loaded.names.insert(id, all.names[&id].clone());
        loaded.versions.extend(all.versions.get(&id).map(|version| (id, *version)));
    }
    loaded.bookings = bookings.into_iter().map(|booking| (booking.id, booking)).collect();
    loaded.line_up(line, &theirs);
    let deadline = |id| Some((id, all.presences.get(&id)?.hold.as_ref()?.deadline));
    loaded.deadlines_elsewhere = loaded.holders_elsewhere().into_iter().filter_map(deadline).collect();
    let is_counted = |id: EventTypeId, start: DateTime<Utc>| {
        surroundings.limited.iter().any(|(of, window)| *of == id && (window.start()..window.end()).contains(&start))
    };
    let booked = all.booked.iter().flat_map(|(id, booked)| booked.iter().map(|appointment| (*id, *appointment)));
    let booked: Vec<(EventTypeId, Appointment)> = booked.filter(|(id, a)| is_counted(*id, a.start)).collect();
    loaded.count_towards_limits(booked, within(&surroundings.limited));
    let (sessions, addresses) = named.parties(&loaded);
    let counts = |c: &&Cooldown| {
        c.until > now && (sessions.contains(&c.session) || c.address.is_some_and(|from| addresses.contains(&from)))
    };
    loaded.cooldowns = all.cooldowns.iter().filter(counts).cloned().collect();
    for from in &named.addresses {
        loaded.count_elsewhere(*from, &of(&|p| p.address == Some(*from)).iter().map(|p| p.id).collect::<Vec<_>>());
    }
    loaded
}

/// Tells a story in both ways.
fn tell(capacities: &[u32], kinds: Vec<Kind>, batches: &[Batch]) {
    let all = world(capacities, &kinds);
    let mut telling = Telling { kinds, all, bookings: 1_000, newcomers: 1 << 64 };
    batches.iter().for_each(|batch| telling.batch(batch));
}

/// Once in some fifty thousand stories.
#[test]
fn who_waits_over_midnight_is_judged_by_the_day_on_which_their_time_begins() {
    let kind = |needs: &[u8], minutes, per_day| {
        let needs = needs.iter().map(|resource| (1, vec![*resource])).collect();
        Kind {
            needs,
            buffers: (0, 0),
            durations: vec![minutes],
            limits: PeriodLimits { per_day, ..Default::default() },
        }
    };
    let batch = |deeds| Batch { passes: 0, prompt: false, edit: None, closes: None, deeds };
    // One a day on Wednesday night, and something else on Thursday; they compete, through a third that needs both resources.
    let kinds = vec![kind(&[2], 3, Some(1)), kind(&[3], 2, None), kind(&[3, 2], 2, None)];
    let (thursday, wednesday, over_midnight) = ((1, 4, 0, 0), (0, 0, 0, 0), (0, 0, 13, 0));
    tell(
        &[1, 1, 1],
        kinds,
        &[
            batch(vec![Deed::Beats(1, thursday, None, None)]),
            batch(vec![Deed::Beats(1, wednesday, None, None), Deed::BooksHeld(0)]),
            batch(vec![Deed::Beats(2, over_midnight, None, None)]),
            batch(vec![Deed::Reschedules(0, thursday, None, None)]),
        ],
    );
}

#[test]
fn who_holds_over_midnight_is_in_the_way_of_the_day_on_which_their_time_begins_alone() {
    let limits = PeriodLimits { per_day: Some(1), ..PeriodLimits::default() };
    let kind = Kind { needs: vec![(1, vec![1])], buffers: (0, 0), durations: vec![2], limits };
    let batch = |passes, deeds| Batch { passes, prompt: false, edit: None, closes: None, deeds };
    let (over_midnight, before, noon) = ((0, 0, 14, 0), (0, 0, 0, 0), (0, 4, 0, 0));
    tell(
        &[1],
        vec![kind],
        &[
            batch(0, vec![Deed::Beats(1, over_midnight, None, None)]),
            batch(60, vec![Deed::Beats(2, before, None, None)]),
            batch(100, vec![Deed::Beats(3, before, None, None)]),
            batch(100, vec![Deed::Beats(4, noon, None, None)]),
        ],
    );
}

#[test]
fn who_waits_for_what_was_blocked_by_wider_buffers_is_given_it() {
    let kind = |buffers| {
        let (needs, durations) = (vec![(1, vec![1])], vec![1]);
        Kind { needs, buffers, durations, limits: PeriodLimits::default() }
    };
    let batch = |edit, deeds| Batch { passes: 0, prompt: false, edit, closes: None, deeds };
    let (ten, seven) = ((0, 4, 10, 0), (0, 4, 7, 0));
    tell(
        &[1],
        vec![kind((3, 0))],
        &[
            batch(None, vec![Deed::Beats(1, ten, None, None), Deed::Beats(2, seven, None, None)]),
            batch(Some((0, None, (0, 0))), vec![Deed::Leaves(0)]),
        ],
    );
}

proptest! {
    #![proptest_config(Config { cases: 512, failure_persistence: None, max_shrink_iters: 4_000, ..Config::default() })]

    #[test]
    fn what_is_loaded_is_enough(capacities in vec(select(vec![1_u32, 1, 1, 2]), 3), kinds in kinds(), batches in batches()) {
        tell(&capacities, kinds, &batches);
    }
}
