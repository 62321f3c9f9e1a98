//! How much is written.

/// Most bookings: with more of them, those of the past would be older than any calendar that people keep.
pub(crate) const MOST_BOOKINGS: i64 = 2_000_000;

/// How much is written.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// The time that counts as now, in epoch milliseconds.
    pub now_ms: i64,
    /// Bookings, with history, resources and claims.
    pub bookings: i64,
    /// Sessions that hold, with claims and heartbeats.
    pub holds: i64,
    /// Sessions that wait behind them; at most as many.
    pub waiting: i64,
    /// Schedules, resources, event types and API keys, of each; at least 1. A server keeps what is offered in memory.
    pub catalog: i64,
    /// Cooldowns and idempotent answers, of each.
    pub records: i64,
    /// How long holds, heartbeats and cooldowns last from now on. A server that starts gives every heartbeat its own ttl instead.
    pub lasting_ms: i64,
}

impl Plan {
    /// So many bookings and holds, and of everything else what fits them.
    pub const fn new(now_ms: i64, bookings: i64, holds: i64) -> Self {
        let year_ms = 365 * 24 * 60 * 60 * 1000;
        Self { now_ms, bookings, holds, waiting: holds / 8, catalog: 32, records: bookings / 10, lasting_ms: year_ms }
    }

    /// A tenth of it.
    pub(crate) fn tenth(self) -> Self {
        let [bookings, holds, waiting, catalog, records] =
            [self.bookings, self.holds, self.waiting, self.catalog, self.records].map(|count| count / 10);
        Self { bookings, holds, waiting, catalog: catalog.max(1), records, ..self }
    }

    /// Whether so much can be written.
    pub(crate) const fn is_possible(&self) -> bool {
        self.bookings <= MOST_BOOKINGS
            && self.holds <= MOST_BOOKINGS / 4
            && self.waiting <= self.holds
            && self.catalog > 0
    }
}
