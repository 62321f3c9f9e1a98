//! What is different among those who are present, told and put together again.

use std::collections::BTreeMap;

use booking_domain::hold::live::LiveDifference;
use booking_domain::hold::{Hold, LivePresence, Pseudonym, RoomData, SlotKey, Standing};
use booking_domain::id::EventTypeId;
use booking_domain::interval::Interval;
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use uuid::Uuid;

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(4_000_000_200, 0).unwrap()
}

fn room(nth: u32) -> SlotKey {
    let slot = Interval::lasting(start() + TimeDelta::hours(nth.into()), 30).unwrap();
    SlotKey { event_type_id: EventTypeId::new(Uuid::from_u128(7)), slot }
}

/// Who is in which room, in the order of coming: when they came, and what they show. The first holds.
type Lines = BTreeMap<u32, Vec<(u8, i64, u8)>>;

fn everybody(lines: &Lines, renewed: i64) -> Vec<LivePresence> {
    let of_room = |(nth, line): (&u32, &Vec<(u8, i64, u8)>)| {
        let room = room(*nth);
        let present = (0..).zip(line.clone()).map(move |(position, (who, came, shows))| LivePresence {
            room,
            who: Pseudonym(format!("who{who}")),
            standing: if position > 0 {
                Standing::Waiting { position }
            } else {
                Standing::Holding(Hold { deadline: start(), extended: false, version: came, resource_ids: Vec::new() })
            },
            joined_at: start() + TimeDelta::seconds(came),
            expires_at: start() + TimeDelta::seconds(came + renewed),
            data: Some(RoomData::parse(&shows.to_string()).unwrap()),
        });
        present.collect::<Vec<_>>()
    };
    lines.iter().flat_map(of_room).collect()
}

/// Somebody comes, goes, or shows something else.
fn step(lines: &mut Lines, (nth, who, shows): (u32, u8, u8), time: i64) {
    let line = lines.entry(nth).or_default();
    match (line.iter().position(|(other, ..)| *other == who), shows) {
        (None, _) => line.push((who, time, shows)),
        (Some(at), 0) => drop(line.remove(at)),
        (Some(at), _) => line[at].2 = shows,
    }
    lines.retain(|_, line| !line.is_empty());
}

proptest! {
    #[test]
    fn whoever_is_told_what_is_different_knows_everybody_in_the_right_order(
        steps in prop::collection::vec((0..3_u32, 0..6_u8, 0..4_u8), 0..40), told_every in 1..8_usize,
    ) {
        let (mut lines, mut known) = (Lines::new(), Vec::new());
        let mut before = everybody(&lines, 0);
        for (at, one) in steps.iter().enumerate() {
            step(&mut lines, *one, at as i64);
            if at % told_every == 0 {
                let now = everybody(&lines, 0);
                known = LiveDifference::between(&before, &now).apply(known);
                prop_assert_eq!(&known, &now);
                before = now;
            }
        }
    }
}

#[test]
fn one_who_goes_is_all_that_is_told_of_a_long_line_and_renewals_are_nothing() {
    let mut lines: Lines = [(0, (0..200).map(|who| (who, i64::from(who), 0)).collect())].into();
    let before = everybody(&lines, 0);
    assert!(LiveDifference::between(&before, &everybody(&lines, 9)).is_empty());
    lines.get_mut(&0).unwrap().remove(5);
    let difference = LiveDifference::between(&before, &everybody(&lines, 9));
    assert_eq!((difference.present.len(), difference.departed.len()), (0, 1));
    // The holder goes, and the next one holds.
    lines.get_mut(&0).unwrap().remove(0);
    let difference = LiveDifference::between(&before, &everybody(&lines, 9));
    assert_eq!((difference.present.len(), difference.departed.len()), (1, 2));
    assert_eq!(difference.apply(before).len(), 198);
}
