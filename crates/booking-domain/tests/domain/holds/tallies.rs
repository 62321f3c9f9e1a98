//! How much one person and one address may book.

use booking_domain::allow::Allow;
use booking_domain::booking::Actor;
use booking_domain::booking::tally::{Counted, Tally};
use booking_domain::hold::command::{Book, Command, Outcome};
use booking_domain::organization::public::Cap;
use booking_domain::refusal::Refusal;
use booking_domain::text::Email;

use crate::holds::world::{World, address, booking, minutes, offer, room};

/// Books the `nth` quarter of an hour with this e-mail address, from this network address.
fn books(world: &mut World, nth: u32, (email, from): (&str, u8)) -> Result<Outcome, Refusal> {
    let mut booking = booking(u128::from(nth) + 1, room(1, 8 + nth / 4, nth % 4 * 15, 30), world.now);
    booking.booker.email = Some(Email::parse(email).unwrap());
    let (session, wanted) = (None, None);
    let book =
        Book { session, wanted, allow: Allow::NOTHING, booking, actor: Actor::Booker, address: Some(address(from)) };
    world.decide(&Command::Book(Box::new(book)))
}

fn world(open: u32, made_in_a_day: u32) -> World {
    let mut world = World::new().with_resource(1, 50).with_offer(offer(1, &[(1, &[1])], |_| {}));
    let cap = Cap { open: Some(open), made_in_a_day: Some(made_in_a_day) };
    (world.working_set.tallies.caps.per_email, world.working_set.tallies.caps.per_address) = (cap, cap);
    world
}

fn is_refused(answer: Result<Outcome, Refusal>) -> bool {
    matches!(answer, Err(Refusal::TooManyBookings { .. }))
}

#[test]
fn a_cap_holds_for_an_email_address_wherever_it_comes_from_and_whatever_its_letters_case() {
    let mut world = world(2, 9);
    books(&mut world, 1, ("ada@example.org", 1)).unwrap();
    books(&mut world, 2, ("Ada@Example.org", 2)).unwrap();
    assert!(is_refused(books(&mut world, 3, ("ADA@EXAMPLE.ORG", 3))));
    assert!(world.changes.is_empty(), "a refusal changes nothing");
    books(&mut world, 3, ("bob@example.org", 4)).unwrap();
}

#[test]
fn a_cap_holds_for_an_address_whoever_they_say_to_be() {
    let mut world = world(2, 9);
    books(&mut world, 1, ("ada@example.org", 1)).unwrap();
    books(&mut world, 2, ("bob@example.org", 1)).unwrap();
    assert!(is_refused(books(&mut world, 3, ("cleo@example.org", 1))));
    books(&mut world, 3, ("cleo@example.org", 2)).unwrap();
}

#[test]
fn who_has_made_too_many_in_a_day_is_told_when_the_first_of_them_is_a_day_old() {
    let mut world = world(9, 3);
    let since = world.now - minutes(23 * 60);
    let counted = Counted::Email("ada@example.org".to_owned());
    world.working_set.tallies.by.insert(counted, Tally { open: 0, made: 2, since: Some(since) });
    books(&mut world, 1, ("ada@example.org", 1)).unwrap();
    let refused = books(&mut world, 2, ("ada@example.org", 1));
    assert!(matches!(refused, Err(Refusal::TooManyBookings { retry_after_s: Some(3_601), .. })), "{refused:?}");
}

#[test]
fn without_caps_nobody_is_refused() {
    let mut world = world(1, 1);
    let off = Cap { open: None, made_in_a_day: None };
    (world.working_set.tallies.caps.per_email, world.working_set.tallies.caps.per_address) = (off, off);
    (1..20).for_each(|nth| drop(books(&mut world, nth, ("ada@example.org", 1)).unwrap()));
}
