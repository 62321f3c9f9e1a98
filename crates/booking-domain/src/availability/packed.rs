//! Lists of slots as they are kept for those who watch: eight bytes a slot, whatever it is shown as.

use std::ops::Range;

use chrono::DateTime;

use super::{Slot, SlotState};
use crate::interval::Interval;

/// Slots of one length, each start once, in order. Beside those that lists show, it has those that left the list, with the state in
/// which they did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackedSlots {
    minutes: u32,
    slots: Vec<Packed>,
}

/// One slot: the minute in which it starts, since 1970 (up to the year 9999, as all our instants are), and in one number its state
/// (two bits) and what remains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Packed {
    start: u32,
    shown: u32,
}

/// Most that can be said to remain: what thirty bits hold, and more than any event type has units.
const REMAINING_MAX: u32 = u32::MAX >> 2;
/// The states, by their two bits.
const STATES: [SlotState; 4] = [SlotState::Free, SlotState::Held, SlotState::Booked, SlotState::Absent];

fn minute(instant: DateTime<chrono::Utc>) -> u32 {
    u32::try_from(instant.timestamp() / 60).unwrap_or(u32::MAX)
}

impl Packed {
    fn of(slot: &Slot) -> Self {
        let state =
            STATES.iter().zip(0..).find_map(|(state, bits)| (*state == slot.state).then_some(bits)).unwrap_or(0);
        Self { start: minute(slot.interval.start()), shown: slot.remaining.min(REMAINING_MAX) << 2 | state }
    }

    fn state(self) -> SlotState {
        STATES.get((self.shown & 3) as usize).copied().unwrap_or(SlotState::Absent)
    }

    fn unpack(self, minutes: u32) -> Option<Slot> {
        let start = DateTime::from_timestamp(i64::from(self.start) * 60, 0)?;
        let interval = Interval::lasting(start, minutes).ok()?;
        Some(Slot { interval, state: self.state(), remaining: self.shown >> 2 })
    }
}

impl PackedSlots {
    /// These slots, which are of one length.
    pub fn of(slots: &[Slot]) -> Self {
        let mut packed =
            Self { minutes: slots.first().map_or(0, minutes), slots: slots.iter().map(Packed::of).collect() };
        packed.slots.sort_by_key(|slot| slot.start);
        packed.slots.dedup_by_key(|slot| slot.start);
        packed
    }

    /// What is to be kept when these slots are listed now: beside them, each slot that is not listed any more. Of those that have
    /// just left, in order of start, `left` tells the states.
    #[must_use]
    pub fn followed_by(&self, listed: &[Slot], left: impl FnOnce(&[Interval]) -> Vec<SlotState>) -> Self {
        let mut next = Self::of(listed);
        next.minutes = if next.slots.is_empty() { self.minutes } else { next.minutes };
        let has_left = |packed: &&Packed| next.slots.binary_search_by_key(&packed.start, |slot| slot.start).is_err();
        let gone: Vec<Packed> = self.slots.iter().filter(has_left).copied().collect();
        let slot_of = |packed: &Packed| packed.unpack(self.minutes).filter(is_listed);
        let slots: Vec<Interval> = gone.iter().filter_map(slot_of).map(|slot| slot.interval).collect();
        let mut states = left(&slots).into_iter();
        next.slots.extend(gone.iter().map(|packed| {
            let state = |slot: Slot| {
                Packed::of(&Slot { state: states.next().unwrap_or(SlotState::Absent), remaining: 0, ..slot })
            };
            slot_of(packed).map_or(*packed, state)
        }));
        next.slots.sort_by_key(|slot| slot.start);
        next.slots.shrink_to_fit();
        next
    }

    /// Takes note that a slot is like this now.
    pub fn set(&mut self, slot: &Slot) {
        self.minutes = minutes(slot);
        let packed = Packed::of(slot);
        match self.slots.binary_search_by_key(&packed.start, |slot| slot.start) {
            Ok(at) => self.slots.iter_mut().skip(at).take(1).for_each(|old| *old = packed),
            Err(at) => self.slots.insert(at, packed),
        }
    }

    /// Forgets a slot.
    pub fn remove(&mut self, slot: &Slot) {
        if let Ok(at) = self.slots.binary_search_by_key(&minute(slot.interval.start()), |slot| slot.start) {
            self.slots.remove(at);
        }
    }

    /// Some of the slots, in order, by their number.
    pub fn part(&self, range: Range<usize>) -> impl Iterator<Item = Slot> + '_ {
        let slots = self.slots.iter().skip(range.start).take(range.len());
        slots.filter_map(|packed| packed.unpack(self.minutes))
    }

    /// The free and held slots that start in `range`.
    pub fn listed(&self, range: Interval) -> impl Iterator<Item = Slot> + '_ {
        let (from, to) = (minute(range.start()), minute(range.end()));
        let first = self.slots.partition_point(|slot| slot.start < from);
        let slots = self.slots.iter().skip(first).take_while(move |slot| slot.start < to);
        slots.filter_map(|packed| packed.unpack(self.minutes)).filter(is_listed)
    }

    /// The slots that look different from what they were `before`, in order.
    pub fn since(&self, before: &Self) -> Vec<Slot> {
        let mut old = before.slots.iter().peekable();
        let mut changed = Vec::new();
        for packed in &self.slots {
            while old.next_if(|old| old.start < packed.start).is_some() {}
            if old.next_if(|old| old.start == packed.start) != Some(packed) {
                changed.extend(packed.unpack(self.minutes));
            }
        }
        changed
    }

    /// How many bytes the slots take.
    pub fn bytes(&self) -> usize {
        self.slots.capacity() * size_of::<Packed>()
    }

    /// Whether no slot is free or held.
    pub fn is_empty(&self) -> bool {
        !self.slots.iter().any(|slot| matches!(slot.state(), SlotState::Free | SlotState::Held))
    }

    /// How many slots there are, listed or not.
    pub fn len(&self) -> usize {
        self.slots.len()
    }
}

fn minutes(slot: &Slot) -> u32 {
    u32::try_from(slot.interval.minutes()).unwrap_or(u32::MAX)
}

fn is_listed(slot: &Slot) -> bool {
    matches!(slot.state, SlotState::Free | SlotState::Held)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn each(state: SlotState) -> impl FnOnce(&[Interval]) -> Vec<SlotState> {
        move |slots| vec![state; slots.len()]
    }

    fn slot(half_hour: i64, state: SlotState, remaining: u32) -> Slot {
        let start = DateTime::from_timestamp(4_000_000_200 + half_hour * 1_800, 0).unwrap();
        Slot { interval: Interval::lasting(start, 45).unwrap(), state, remaining }
    }

    fn all() -> Interval {
        slot(0, SlotState::Free, 0).interval.widened(0, 100_000)
    }

    #[test]
    fn what_is_packed_comes_out_as_it_was_in_eight_bytes() {
        let slots = [slot(0, SlotState::Free, 1), slot(1, SlotState::Held, 0), slot(5, SlotState::Free, 1_000_000)];
        let packed = PackedSlots::of(&slots);
        assert_eq!(packed.listed(all()).collect::<Vec<_>>(), slots);
        assert_eq!(packed.bytes(), 8 * slots.len());
        let second = slots[1].interval;
        assert_eq!(packed.listed(Interval::lasting(second.start(), 1).unwrap()).collect::<Vec<_>>(), [slots[1]]);
        let last = Interval::new(
            DateTime::from_timestamp(253_402_300_680, 0).unwrap(),
            DateTime::from_timestamp(253_402_300_740, 0).unwrap(),
        );
        let last = Slot { interval: last.unwrap(), state: SlotState::Free, remaining: 2 };
        assert_eq!(
            PackedSlots::of(&[last]).listed(last.interval).collect::<Vec<_>>(),
            [last],
            "the end of the year 9999"
        );
    }

    #[test]
    fn what_changed_is_told_and_what_left_is_told_as_it_left() {
        let before =
            PackedSlots::of(&[slot(0, SlotState::Free, 1), slot(1, SlotState::Free, 2), slot(2, SlotState::Free, 1)]);
        let listed = [slot(1, SlotState::Held, 0), slot(2, SlotState::Free, 1), slot(3, SlotState::Free, 9)];
        let after = before.followed_by(&listed, each(SlotState::Booked));
        let changed = [slot(0, SlotState::Booked, 0), slot(1, SlotState::Held, 0), slot(3, SlotState::Free, 9)];
        assert_eq!(after.since(&before), changed);
        assert_eq!(after.listed(all()).collect::<Vec<_>>(), listed);
        assert_eq!(after.since(&after), []);
        let later = after.followed_by(&[], each(SlotState::Absent));
        assert!(later.is_empty());
        assert_eq!(later.since(&after).len(), 3, "what had left before is not told again");
        assert_eq!(later.since(&before)[0], slot(0, SlotState::Booked, 0), "who missed a look learns why it left");
        assert_eq!(later.followed_by(&listed, each(SlotState::Absent)).since(&before).len(), 3);
    }

    #[test]
    fn a_list_that_is_told_change_by_change_is_the_list_itself() {
        let before = PackedSlots::of(&[slot(0, SlotState::Free, 1), slot(2, SlotState::Free, 1)]);
        let after =
            before.followed_by(&[slot(1, SlotState::Held, 0), slot(2, SlotState::Free, 3)], each(SlotState::Booked));
        let mut told = before.clone();
        after.since(&before).iter().for_each(|slot| told.set(slot));
        assert_eq!(told, after);
        assert_eq!(told.part(1..9).collect::<Vec<_>>().len(), 2);
        told.remove(&slot(1, SlotState::Free, 0));
        assert_eq!(told.part(1..9).map(|slot| slot.remaining).collect::<Vec<_>>(), [3]);
    }
}
