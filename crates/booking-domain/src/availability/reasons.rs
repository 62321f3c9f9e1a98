//! Some of the rules that say no, as a set.

use crate::allow::Allow;
use crate::finding::Reason;

/// Some of the rules that say no.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reasons(u16);

impl Reasons {
    pub(super) fn add_if(&mut self, applies: bool, reason: Reason) {
        self.0 |= u16::from(applies) << reason as u16;
    }

    pub(super) fn contains(self, reason: Reason) -> bool {
        self.0 & (1 << reason as u16) != 0
    }

    pub(super) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// These, but for those that are set aside.
    pub(super) fn without(self, allow: Allow) -> Self {
        let aside: Vec<Reason> = allow.rules().collect();
        Self(self.0 & !Self::of(&aside).0)
    }

    pub(super) fn of(reasons: &[Reason]) -> Self {
        let mut all = Self::default();
        reasons.iter().for_each(|reason| all.add_if(true, *reason));
        all
    }

    /// Whether bookings take the slot. A limit may stand beside them, since the same bookings count towards it, and busy times and
    /// holds do not undo a booking.
    pub(super) fn are_bookings(self) -> bool {
        let bookings = Self::of(&[Reason::Booked, Reason::Buffer]);
        let beside = Self::of(&[Reason::Limit, Reason::Busy, Reason::Held]);
        self.0 & bookings.0 != 0 && self.0 & !bookings.union(beside).0 == 0
    }
}
