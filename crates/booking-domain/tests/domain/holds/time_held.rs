//! A term is one, however often it is begun: leaving, moving, falling silent and handing over buy no time.

use std::collections::BTreeMap;

use booking_domain::hold::SlotKey;
use booking_domain::hold::change::Departure;
use booking_domain::hold::command::Heartbeat;
use booking_domain::refusal::{Loss, Refusal};
use booking_domain::{DateTime, Utc};
use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::sample::select;

use crate::holds::world::{World, address, beat, held, hour_at, minutes, offer, room, seconds, slot};

/// A heartbeat that says where it comes from.
fn from(address_number: u8, session: u8, room: SlotKey) -> Heartbeat {
    Heartbeat { address: Some(address(address_number)), ..beat(session, room) }
}

/// The time until the deadline of a hold that is granted now.
fn term(world: &mut World, beat: Heartbeat) -> TimeDelta {
    held(world.heartbeat(beat)).expect("it may be held").deadline - world.now
}

fn is_told_to_pause(answer: Result<booking_domain::hold::Place, Refusal>) -> bool {
    matches!(answer, Err(Refusal::TooManyHolds { retry_after_s: Some(1..=60), .. }))
}

#[test]
fn leaving_just_before_the_deadline_buys_no_time() {
    let (mut world, ten) = (World::of_one_room(), hour_at(10, 0));
    world.all_beat(&[1], ten);
    world.pass_with(minutes(10) - TimeDelta::milliseconds(600), &[(1, ten)]);
    world.leaves(1, ten);
    assert_eq!(term(&mut world, beat(1, ten)), TimeDelta::milliseconds(600));
    world.pass(TimeDelta::milliseconds(600));
    assert_eq!(world.beats(1, ten), Err(Refusal::HoldLost(Loss::Ended)));
    assert!(is_told_to_pause(world.beats(1, ten)));
}

#[test]
fn what_is_left_of_a_term_is_what_was_not_held_however_often_one_leaves() {
    let (mut world, ten) = (World::of_one_room(), hour_at(10, 0));
    for left in [10, 8, 6, 4, 2] {
        assert_eq!(term(&mut world, beat(1, ten)), minutes(left));
        world.pass_with(minutes(2) - seconds(5), &[(1, ten)]);
        world.pass(seconds(5));
        world.leaves(1, ten);
        world.pass(seconds(59));
    }
    assert!(is_told_to_pause(world.beats(1, ten)));
    world.pass(seconds(1));
    assert_eq!(term(&mut world, beat(1, ten)), minutes(10), "after a quiet minute all is forgotten");
}

#[test]
fn going_away_over_other_times_and_coming_back_buys_no_time() {
    let (mut world, ten) = (World::of_one_room(), hour_at(10, 0));
    world.all_beat(&[1], ten);
    world.pass_with(minutes(9), &[(1, ten)]);
    assert_eq!(term(&mut world, beat(1, hour_at(14, 0))), minutes(10), "another time is another matter");
    world.pass(seconds(10));
    assert_eq!(term(&mut world, beat(1, hour_at(10, 30))), minutes(1), "it overlaps what was held before");
}

#[test]
fn falling_silent_just_before_the_deadline_buys_no_time() {
    let (mut world, ten) = (World::of_one_room(), hour_at(10, 0));
    world.all_beat(&[1], ten);
    world.pass_with(minutes(9) + seconds(45), &[(1, ten)]);
    world.pass(seconds(13));
    world.ticks();
    assert_eq!(world.departures(), [(1, Departure::Silent)]);
    assert_eq!(term(&mut world, beat(1, ten)), TimeDelta::milliseconds(2_500), "it was held until it ended");
}

#[test]
fn an_extension_that_was_used_stays_used() {
    let (mut world, ten) = (World::of_one_room(), hour_at(10, 0));
    world.all_beat(&[1], ten);
    world.pass_with(minutes(9), &[(1, ten)]);
    world.extends(1, ten).unwrap();
    world.pass_with(minutes(1), &[(1, ten)]);
    world.leaves(1, ten);
    assert_eq!(term(&mut world, beat(1, ten)), minutes(5));
    world.pass_with(minutes(4), &[(1, ten)]);
    assert!(matches!(world.extends(1, ten), Err(Refusal::Conflict { .. })));
}

#[test]
fn a_hold_that_becomes_a_booking_leaves_nothing_to_count() {
    let (mut world, ten) = (World::of_one_room(), hour_at(10, 0));
    world.all_beat(&[1], ten);
    world.pass_with(minutes(9), &[(1, ten)]);
    let booked = world.books(1, ten).unwrap();
    world.steps(&booked, booking_domain::booking::Transition::Cancel).unwrap();
    assert_eq!(term(&mut world, beat(1, ten)), minutes(10));
}

#[test]
fn a_neighbour_who_merely_looked_takes_nothing_from_the_next_person() {
    let (mut world, ten) = (World::of_one_room(), hour_at(10, 0));
    world.heartbeat(from(1, 1, ten)).unwrap();
    world.pass_with(minutes(5) - seconds(1), &[(1, ten)]);
    world.leaves(1, ten);
    assert_eq!(term(&mut world, from(1, 2, ten)), minutes(10));
    world.leaves(2, ten);
    world.pass(seconds(1));
    assert_eq!(term(&mut world, from(2, 3, ten)), minutes(10), "elsewhere nobody has held anything");
}

#[test]
fn from_half_a_term_on_it_counts_for_the_whole_address_and_sums_add_up() {
    let (mut world, ten) = (World::of_one_room(), hour_at(10, 0));
    for (session, lasts, left) in [(1, 3, 10), (2, 3, 10), (3, 3, 4)] {
        assert_eq!(term(&mut world, from(1, session, ten)), minutes(left));
        world.pass_with(minutes(lasts), &[(session, ten)]);
        world.leaves(session, ten);
    }
    assert_eq!(term(&mut world, from(1, 4, ten)), minutes(1));
    world.pass(seconds(10));
    world.leaves(4, ten);
    world.rules.presences_per_address = None;
    assert_eq!(
        term(&mut world, from(1, 5, ten)),
        minutes(10),
        "where addresses are not counted, nothing counts for them"
    );
}

#[test]
fn two_sessions_of_one_address_cannot_hand_a_time_to_each_other() {
    let (mut world, ten) = (World::of_one_room(), hour_at(10, 0));
    world.heartbeat(from(1, 1, ten)).unwrap();
    for (one, other, lasts, left) in [(1, 2, 240, 600), (2, 1, 240, 120), (1, 2, 60, 60), (2, 1, 59, 1)] {
        world.heartbeat(from(1, other, ten)).unwrap();
        world.pass_with(seconds(lasts), &[(one, ten), (other, ten)]);
        world.leaves(one, ten);
        let deadline = world.hold(other, ten).map(|hold| hold.deadline - world.now);
        assert_eq!(deadline, Some(seconds(left)), "{one} hands over to {other}");
    }
}

#[test]
fn whoever_waits_at_an_address_that_has_had_its_time_is_passed_over_and_told_so() {
    let (mut world, ten) = (World::of_one_room(), hour_at(10, 0));
    let all = [(1, ten), (2, ten), (3, ten)];
    for (place, session) in [(1, 1), (1, 2), (2, 3)] {
        world.heartbeat(from(place, session, ten)).unwrap();
    }
    world.pass_with(minutes(10) - seconds(1), &all);
    world.pass(seconds(1));
    world.ticks();
    assert_eq!(world.departures(), [(1, Departure::Deadline), (2, Departure::NothingLeft)]);
    assert_eq!(world.hold(3, ten).unwrap().deadline, world.now + minutes(10), "the next in line has a whole term");
    assert!(is_told_to_pause(world.heartbeat(from(1, 2, ten))));
}

#[test]
fn an_address_waits_in_a_line_with_three_sessions_at_most() {
    let (mut world, ten) = (World::of_one_room(), hour_at(10, 0));
    (1..=4).for_each(|session| drop(world.heartbeat(from(1, session, ten)).unwrap()));
    assert!(world.holds(1, ten), "the holder is not counted");
    assert!(matches!(world.heartbeat(from(1, 5, ten)), Err(Refusal::TooManyHolds { retry_after_s: None, .. })));
    assert!(world.heartbeat(from(1, 4, ten)).is_ok(), "who waits already goes on waiting");
    assert!(world.heartbeat(from(1, 5, hour_at(14, 0))).is_ok(), "another time has another line");
    assert!(world.heartbeat(from(2, 6, ten)).is_ok());
    assert!(world.beats(7, ten).is_ok(), "without an address nobody is counted");
    world.rules.waiting_per_address = None;
    assert!(world.heartbeat(from(1, 8, ten)).is_ok());
}

#[test]
fn who_takes_and_drops_times_without_rest_has_to_pause() {
    let mut world = World::of_one_room();
    let quarter = |n: u32| room(1, 6 + n / 4 % 16, n % 4 * 15, 30);
    for n in 0..60 {
        world.heartbeat(from(1, 1, quarter(n))).unwrap();
        world.pass(TimeDelta::milliseconds(10));
    }
    world.leaves(1, quarter(59));
    assert!(is_told_to_pause(world.heartbeat(from(1, 1, quarter(2)))));
    assert!(world.heartbeat(from(1, 2, quarter(2))).is_ok(), "an address has room for several people");
}

/// What one of several sessions does.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Beats(u8, usize),
    Leaves(u8, usize),
    Extends(u8, usize),
    Ticks,
}

/// Starts, lengths and kinds that overlap in many ways, all of one unit.
fn rooms() -> Vec<SlotKey> {
    let starts = [(10, 0), (10, 15), (10, 30), (11, 0)];
    let all = starts.iter().flat_map(|(hour, minute)| {
        [room(1, *hour, *minute, 60), room(1, *hour, *minute, 30), room(2, *hour, *minute, 60)]
    });
    all.collect()
}

/// Sessions 1 and 2 come from address 1, 3 and 4 from address 2.
const fn address_of(session: u8) -> u8 {
    if session <= 2 { 1 } else { 2 }
}

fn deed() -> impl Strategy<Value = Deed> {
    let (session, at) = (|| 1_u8..=4, || 0_usize..12);
    prop_oneof![
        8 => (session(), at()).prop_map(|(session, at)| Deed::Beats(session, at)),
        3 => (session(), at()).prop_map(|(session, at)| Deed::Leaves(session, at)),
        2 => (session(), at()).prop_map(|(session, at)| Deed::Extends(session, at)),
        1 => Just(Deed::Ticks),
    ]
}

/// How long a party has held an instant of the working set without a pause.
#[derive(Clone, Copy)]
struct Run {
    total: TimeDelta,
    until: DateTime<Utc>,
}

/// Adds up who holds which instant, as an observer of the line would.
#[derive(Default)]
struct Watch {
    runs: BTreeMap<(&'static str, u8, u32), Run>,
}

impl Watch {
    /// Time passes, with this line standing as it is.
    fn pass(&mut self, world: &mut World, time: TimeDelta) {
        let (from, to) = (world.now, world.now + time);
        for presence in world.working_set.presences.values().filter(|p| p.hold.is_some()) {
            let until = presence.ends_at().min(to);
            let session = presence.session.0[0];
            for minute in (0..120).step_by(15) {
                let instant = slot(10, 0, 1).start() + minutes(i64::from(minute));
                if until > from && presence.room.slot.start() <= instant && instant < presence.room.slot.end() {
                    self.note(("session", session, minute), (from, until));
                    self.note(("address", address_of(session), minute), (from, until));
                }
            }
        }
        world.pass(time);
    }

    fn note(&mut self, of: (&'static str, u8, u32), (from, until): (DateTime<Utc>, DateTime<Utc>)) {
        let run = self.runs.entry(of).or_insert(Run { total: TimeDelta::zero(), until: from });
        if from - run.until >= seconds(60) {
            run.total = TimeDelta::zero();
        }
        *run = Run { total: run.total + (until - from), until };
    }

    /// No session holds for more than a term, and no address for more than one and a half; each with one extension.
    fn check(&self) {
        for ((kind, number, minute), run) in &self.runs {
            let most = if *kind == "session" { seconds(300) } else { seconds(450) } + minutes(5);
            assert!(run.total <= most, "{kind} {number} held minute {minute} for {} s", run.total.num_seconds());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nobody_keeps_a_time_whatever_they_do(
        story in prop::collection::vec((select(vec![0, 1, 5, 30, 59, 60, 61, 100, 150]), any::<bool>(), deed()), 1..120),
    ) {
        let mut world = World::of_one_room().with_offer(offer(2, &[(1, &[1])], |_| {}));
        (world.rules.ttl, world.rules.deadline) = (seconds(100), minutes(5));
        let (rooms, mut watch) = (rooms(), Watch::default());
        for (passes, loyal, deed) in story {
            watch.pass(&mut world, seconds(passes));
            let here: Vec<_> = world.working_set.presences.values().filter(|_| loyal).map(|p| (p.session.0[0], p.room)).collect();
            for (session, room) in here {
                let _ = world.heartbeat(from(address_of(session), session, room));
            }
            match deed {
                Deed::Beats(session, at) => drop(world.heartbeat(from(address_of(session), session, rooms[at]))),
                Deed::Leaves(session, at) => world.leaves(session, rooms[at]),
                Deed::Extends(session, at) => drop(world.extends(session, rooms[at])),
                Deed::Ticks => world.ticks(),
            }
            watch.check();
        }
    }
}
