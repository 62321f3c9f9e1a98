//! A place in line, counted once for all who tell it.

use booking_domain::hold::line::Line;
use booking_domain::hold::{Presence, Standing};
use proptest::prelude::*;

use crate::holds::world::{World, hour_at, offer};

/// So many sessions in one room whose resource has two units; some of them leave.
fn present(sessions: u8, leave: &[u8]) -> World {
    let mut world = World::new().with_resource(1, 2).with_offer(offer(1, &[(1, &[1])], |_| {}));
    (1..=sessions).for_each(|session| drop(world.beats(session, hour_at(10, 0))));
    leave.iter().for_each(|session| world.leaves(*session, hour_at(10, 0)));
    world
}

proptest! {
    #[test]
    fn a_place_is_the_number_of_those_who_wait_since_before(sessions in 1_u8..9, leave in prop::collection::vec(1_u8..9, 0..4)) {
        let mut world = present(sessions, &leave);
        let presences: Vec<Presence> = world.working_set.presences.values().cloned().collect();
        // Whatever the order in which one hears of them.
        let line: Line = presences.iter().rev().collect();
        let mut waiting = 0;
        for presence in &presences {
            let held_until = line.held_until(|id| Some(world.working_set.presences[&id].hold.as_ref()?.deadline));
            let place = line.place((presence, held_until), &world.rules);
            let expected = match &presence.hold {
                Some(hold) => Standing::Holding(hold.clone()),
                None => {
                    waiting += 1;
                    Standing::Waiting { position: waiting }
                }
            };
            prop_assert_eq!(&place.standing, &expected);
            prop_assert_eq!(world.beats(presence.session.0[0], presence.room), Ok(place));
        }
        let waits = |p: &&Presence| p.hold.is_none();
        prop_assert_eq!(waiting as usize, presences.iter().filter(waits).count());
        prop_assert!(presences.iter().all(|p| line.place((p, None), &world.rules).waiting == waiting));
        let positions: Vec<u32> = line.numbered().map(|(position, _)| position).filter(|position| *position > 0).collect();
        prop_assert_eq!(positions, (1..=waiting).collect::<Vec<_>>());
    }
}

#[test]
fn who_gets_a_hold_stands_before_those_who_wait_and_who_goes_stands_nowhere() {
    let world = present(4, &[]);
    let mut presences: Vec<Presence> = world.working_set.presences.into_values().collect();
    let mut line: Line = presences.iter().collect();
    presences[2].hold = presences[0].hold.clone();
    line.insert(&presences[2]);
    assert_eq!((line.holding().len(), line.position(presences[3].id)), (3, 1));
    presences.iter().for_each(|presence| line.remove(presence.id));
    assert!(line.is_empty());
}
