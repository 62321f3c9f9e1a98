//! What can be asked of an offer, whoever has taken what.

use booking_domain::refusal::Refusal;
use chrono::TimeDelta;

use super::world::{World, at, resource, slot};

fn wrong_field<T: std::fmt::Debug>(answer: Result<T, Refusal>) -> Option<String> {
    match answer {
        Err(Refusal::InvalidArgument { errors }) => errors.into_iter().next().map(|error| error.field),
        _ => None,
    }
}

#[test]
fn a_slot_without_a_duration_has_the_shortest() {
    let mut world = World::simple(&[1]);
    world.offer.spec.durations = World::durations(&[90, 45]);
    let nine = at("2027-03-01T09:00:00Z");
    assert_eq!(world.offer.slot(nine, None), Ok(slot("2027-03-01T09:00:00Z", 45)));
    // Whether it is offered is judged with everything else.
    assert_eq!(world.offer.slot(nine, Some(20)), Ok(slot("2027-03-01T09:00:00Z", 20)));
    assert_eq!(wrong_field(world.offer.slot(nine + TimeDelta::seconds(1), None)).as_deref(), Some("start"));
}

#[test]
fn only_a_resource_that_a_requirement_names_can_be_wanted() {
    let mut world = World::simple(&[1, 1, 1]);
    world.require(&[(1, &[0]), (1, &[1])]);
    for (wanted, wrong) in [(None, None), (Some(0), None), (Some(1), None), (Some(2), Some("resource_id"))] {
        assert_eq!(wrong_field(world.offer.check_wanted(wanted.map(resource))).as_deref(), wrong, "{wanted:?}");
    }
}
