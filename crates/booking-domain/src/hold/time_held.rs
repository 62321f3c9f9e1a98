//! How long a time was held, by a session and by its address.

use chrono::TimeDelta;

/// How long overlapping times were held without a pause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeHeld {
    /// By one session.
    pub by_session: TimeDelta,
    /// By all sessions of its address, one after the other.
    pub by_address: TimeDelta,
}

impl TimeHeld {
    /// So much later.
    pub(super) fn plus(self, time: TimeDelta) -> Self {
        Self { by_session: self.by_session + time, by_address: self.by_address + time }
    }

    pub(super) fn floored(self) -> Self {
        Self { by_session: self.by_session.max(TimeDelta::zero()), by_address: self.by_address.max(TimeDelta::zero()) }
    }

    pub(super) fn max(self, other: Self) -> Self {
        Self { by_session: self.by_session.max(other.by_session), by_address: self.by_address.max(other.by_address) }
    }
}
