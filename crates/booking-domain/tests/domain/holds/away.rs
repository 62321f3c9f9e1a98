//! Leases of a fixed term, and times that an operator takes back.

use booking_domain::booking::Actor;
use booking_domain::hold::change::Departure;
use booking_domain::hold::command::{Command, Heartbeat};
use booking_domain::hold::{Place, SlotKey};
use booking_domain::refusal::{Loss, Refusal};
use booking_domain::text::Prose;
use chrono::TimeDelta;

use crate::holds::world::{World, beat, held, hour_at, minutes, position, seconds, session};

impl World {
    /// Ten o'clock is held for so long without a pulse.
    fn is_away(&mut self, number: u8, lease: TimeDelta, actor: Actor) -> Result<Place, Refusal> {
        self.heartbeat(Heartbeat { lease: Some(lease), actor, ..beat(number, hour_at(10, 0)) })
    }

    fn releases(&mut self, number: u8, room: SlotKey) -> Result<(), Refusal> {
        let who = self.presence(number, room).map(|p| p.who.clone()).ok_or(Refusal::not_found("presence"))?;
        let reason = Prose::parse("the tuner comes").unwrap();
        self.decide(&Command::Release { room, who, reason }).map(drop)
    }
}

#[test]
fn whoever_is_away_keeps_the_time_for_the_term_and_no_longer() {
    let (mut world, ten) = (World::of_one_room(), hour_at(10, 0));
    let place = world.is_away(1, minutes(5), Actor::Booker).unwrap();
    assert_eq!(place.expires_at, world.now + minutes(5));
    world.pass(minutes(5) - seconds(1));
    world.ticks();
    assert_eq!(position(world.beats(2, ten)), Some(1), "it is held still");
    world.pass(seconds(1));
    world.ticks();
    assert_eq!(world.departures()[0], (1, Departure::Silent));
    assert!(world.holds(2, ten));
}

#[test]
fn a_lease_never_shrinks_and_heartbeats_beyond_its_term_count_again() {
    let (mut world, ten) = (World::of_one_room(), hour_at(10, 0));
    let until = world.is_away(1, minutes(1), Actor::Booker).unwrap().expires_at;
    world.pass(seconds(30));
    assert_eq!(world.beats(1, ten).unwrap().expires_at, until);
    assert!(world.presence(1, ten).unwrap().fixed_term.is_some());
    world.pass(seconds(20));
    assert_eq!(world.beats(1, ten).unwrap().expires_at, world.now + world.rules.ttl);
    assert!(world.presence(1, ten).unwrap().fixed_term.is_none());
    assert_eq!(world.is_away(1, seconds(1), Actor::Booker).unwrap().expires_at, world.now + world.rules.ttl);
}

#[test]
fn the_public_is_away_for_as_long_as_a_time_is_held_and_the_deadline_stays() {
    let mut world = World::of_one_room();
    let Err(Refusal::InvalidArgument { errors }) = world.is_away(1, seconds(601), Actor::Booker) else { panic!() };
    assert_eq!(
        (errors[0].field.as_str(), errors[0].message.as_str()),
        ("lease_seconds", "must be at most 600, as long as this time is held")
    );
    let deadline = held(world.is_away(1, minutes(10), Actor::Booker)).unwrap().deadline;
    world.pass(minutes(5));
    let place = world.is_away(1, minutes(10), Actor::Booker).unwrap();
    assert_eq!(place.expires_at, deadline, "nobody is told more");
    assert_eq!(held(Ok(place)).unwrap().deadline, deadline);
    world.pass(minutes(5));
    world.ticks();
    assert_eq!(world.departures(), [(1, Departure::Deadline)]);
}

#[test]
fn an_operators_hold_lasts_as_long_as_its_lease() {
    let (mut world, ten) = (World::of_one_room(), hour_at(10, 0));
    let day = TimeDelta::hours(24);
    let hold = held(world.is_away(1, day, Actor::Operator)).unwrap();
    assert_eq!(hold.deadline, world.now + day);
    world.pass(TimeDelta::hours(23));
    world.ticks();
    assert!(world.holds(1, ten));
    let hold = held(world.is_away(1, day, Actor::Operator)).unwrap();
    assert_eq!(hold.deadline, world.now + day, "and may be renewed");
}

#[test]
fn an_operator_who_waits_holds_until_the_lease_ends_when_the_turn_comes() {
    let (mut world, ten) = (World::of_one_room(), hour_at(10, 0));
    world.beats(2, ten).unwrap();
    let lease = world.now + TimeDelta::hours(3);
    assert_eq!(position(world.is_away(1, TimeDelta::hours(3), Actor::Operator)), Some(1));
    world.pass(seconds(5));
    world.leaves(2, ten);
    assert_eq!(world.hold(1, ten).unwrap().deadline, lease);
}

#[test]
fn whoever_is_released_is_told_once_and_the_next_in_line_holds() {
    let (mut world, ten) = (World::of_one_room(), hour_at(10, 0));
    world.all_beat(&[1, 2], ten);
    world.releases(1, ten).unwrap();
    let why = Prose::parse("the tuner comes").unwrap();
    assert_eq!(world.departures(), [(1, Departure::Released(why.clone()))]);
    assert!(world.holds(2, ten));
    assert_eq!(world.beats(1, ten), Err(Refusal::HoldLost(Loss::Released(why))));
    assert_eq!(position(world.beats(1, ten)), Some(1), "and may come again, at the back");
    assert_eq!(world.releases(3, ten), Err(Refusal::not_found("presence")));
}

#[test]
fn whoever_waits_is_released_as_well() {
    let (mut world, ten) = (World::of_one_room(), hour_at(10, 0));
    world.all_beat(&[1, 2, 3], ten);
    world.releases(2, ten).unwrap();
    assert!(matches!(world.beats(2, ten), Err(Refusal::HoldLost(Loss::Released(_)))));
    assert_eq!(world.working_set.presences.values().filter(|p| p.session == session(2)).count(), 0);
}

#[test]
fn what_is_told_of_a_loss_can_be_read_again() {
    for loss in [
        Loss::Ended,
        Loss::BookingChanged,
        Loss::Released(Prose::default()),
        Loss::Released(Prose::parse("a: b").unwrap()),
    ] {
        assert_eq!(Loss::told(loss.slug().unwrap_or_default(), &loss.to_string()), loss);
    }
}
