//! What a booking says is corrected, and nothing else is.

use std::collections::BTreeMap;

use booking_domain::booking::correction::{BookerChange, BookingChange};
use booking_domain::booking::{Actor, Answer, Booking, Transition};
use booking_domain::event_type::{Question, QuestionKind};
use booking_domain::hold::change::Change;
use booking_domain::hold::command::{Command, Correct, Outcome, RenewLink};
use booking_domain::limits;
use booking_domain::refusal::Refusal;
use booking_domain::text::{Email, Key, Name, Phone, Prose};

use crate::holds::world::{World, hour_at};

fn renamed(name: &str) -> BookingChange {
    let name = Some(Name::parse(name).unwrap());
    BookingChange { booker: BookerChange { name, ..BookerChange::default() }, ..BookingChange::default() }
}

fn corrects(world: &mut World, booking: &Booking, (change, actor): (BookingChange, Actor)) -> Result<Booking, Refusal> {
    let correct = Correct { booking_id: booking.id, change, version: None, actor };
    match world.decide(&Command::Correct(Box::new(correct)))? {
        Outcome::Booking(booking) => Ok(*booking),
        other => panic!("a booking was asked for, not {other:?}"),
    }
}

#[test]
fn what_is_named_changes_and_the_rest_stays() {
    let mut world = World::of_one_room();
    let booking = world.books(None, hour_at(10, 0)).unwrap();
    let noted = BookingChange { staff_notes: Some(Prose::parse("Owes us tea").unwrap()), ..renamed("Ada King") };
    let corrected = corrects(&mut world, &booking, (noted, Actor::Operator)).unwrap();
    assert_eq!((corrected.booker.name.as_str(), corrected.staff_notes.as_str()), ("Ada King", "Owes us tea"));
    assert_eq!((&corrected.booker.email, corrected.slot), (&booking.booker.email, booking.slot));
    assert_eq!(corrected.stamp.version, 2);
    assert!(matches!(world.changes[..], [Change::Became(_), Change::Recorded(..)]), "{:?}", world.changes);
    let bare = BookerChange { email: Some(None), phone: Some(None), ..BookerChange::default() };
    let bare = corrects(&mut world, &booking, (BookingChange { booker: bare, ..Default::default() }, Actor::Operator));
    assert_eq!(bare.unwrap().booker.email, None);
}

#[test]
fn a_correction_that_changes_nothing_changes_nothing() {
    let mut world = World::of_one_room();
    let booking = world.books(None, hour_at(10, 0)).unwrap();
    for change in [BookingChange::default(), renamed(booking.booker.name.as_str())] {
        assert_eq!(corrects(&mut world, &booking, (change, Actor::Booker)).unwrap(), booking);
        assert!(world.changes.is_empty(), "{:?}", world.changes);
    }
}

#[test]
fn a_booker_corrects_as_often_as_a_history_bears() {
    let mut world = World::of_one_room();
    let booking = world.books(None, hour_at(10, 0)).unwrap();
    for n in 0..limits::CHANGES_BY_BOOKER {
        corrects(&mut world, &booking, (renamed(&format!("Ada {n}")), Actor::Booker)).unwrap();
    }
    let refused = corrects(&mut world, &booking, (renamed("Ada at last"), Actor::Booker));
    assert!(matches!(refused, Err(Refusal::Conflict { .. })), "{refused:?}");
    assert!(corrects(&mut world, &booking, (renamed("Ada at last"), Actor::Operator)).is_ok());
}

#[test]
fn a_calendar_is_told_anew_only_of_what_it_shows() {
    let mut world = World::of_one_room();
    let booking = world.books_pending(None, hour_at(10, 0));
    let corrected = corrects(&mut world, &booking, (renamed("Ada King"), Actor::Booker)).unwrap();
    let confirmed = world.steps(&booking, Transition::Confirm).unwrap();
    let moved = world.reschedules(&booking, hour_at(14, 0), None).unwrap();
    let cancelled = world.steps(&booking, Transition::Cancel).unwrap();
    let told = [booking, corrected, confirmed, moved, cancelled].map(|booking| booking.calendar_sequence);
    assert_eq!(told, [0, 0, 1, 2, 3]);
}

#[test]
fn another_link_is_a_line_of_history_and_no_other_booking() {
    let mut world = World::of_one_room();
    let booking = world.books(None, hour_at(10, 0)).unwrap();
    let renew = |version| RenewLink { booking_id: booking.id, version, actor: Actor::Operator };
    assert!(matches!(world.decide(&Command::RenewLink(renew(Some(7)))), Err(Refusal::Conflict { .. })));
    let Outcome::Booking(renewed) = world.decide(&Command::RenewLink(renew(Some(1)))).unwrap() else { panic!() };
    assert_eq!(Booking { stamp: booking.stamp, ..(*renewed).clone() }, booking);
    assert_eq!(renewed.stamp.version, 2);
}

fn question(key: &str, kind: QuestionKind, required: bool) -> Question {
    let label = Name::parse("What?").unwrap();
    Question { key: Key::parse(key).unwrap(), label, kind, required, options: Vec::new() }
}

fn wrong(change: Result<BookingChange, Refusal>) -> Vec<String> {
    match change.unwrap_err() {
        Refusal::InvalidArgument { errors } => errors.into_iter().map(|error| error.field).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_answer_that_changes_is_held_against_its_question() {
    let questions = [
        question("call", QuestionKind::Phone, true),
        question("ok", QuestionKind::Checkbox, false),
        question("why", QuestionKind::Text, true),
    ];
    let answers = |entries: &[(&str, Option<Answer>)]| BookingChange {
        answers: entries.iter().map(|(key, answer)| ((*key).to_owned(), answer.clone())).collect(),
        ..BookingChange::default()
    };
    let text = |text: &str| Some(Answer::Text(text.to_owned()));
    let good = answers(&[("call", text("tel:+49 40 1234")), ("ok", None), ("gone", None)]).checked(&questions).unwrap();
    assert_eq!(good.answers["call"], text("+49 40 1234"), "as it would be kept");
    let bad = answers(&[("call", text("me")), ("ok", text("yes")), ("what", text("x")), ("why", None)]);
    assert_eq!(wrong(bad.checked(&questions)), ["answers.call", "answers.ok", "answers.what", "answers.why"]);
}

#[test]
fn a_booker_changes_what_is_theirs() {
    let phone = Some(Some(Phone::parse("+49 40 1234").unwrap()));
    let notes = Some(Prose::parse("Late by ten").unwrap());
    let theirs = BookingChange {
        booker: BookerChange { phone, notes, ..renamed("Ada King").booker },
        answers: BTreeMap::from([("why".to_owned(), None)]),
        staff_notes: None,
    };
    assert_eq!(theirs.clone().for_booker(), Ok(theirs.clone()));
    let email = Some(Some(Email::parse("ada@example.org").unwrap()));
    let booker = BookerChange { email, ..theirs.booker };
    let ours = BookingChange { booker, staff_notes: Some(Prose::default()), ..theirs };
    assert_eq!(wrong(ours.for_booker()), ["booker.email", "staff_notes"]);
}
