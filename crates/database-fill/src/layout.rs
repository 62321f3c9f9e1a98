//! When and where rows lie: on a grid for each unit, so that no two claims meet and a known stretch of time stays free.

use std::ops::Range;

use crate::dialect::Dialect;
use crate::plan::Plan;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
const YEAR_MS: i64 = 365 * DAY_MS;

/// A slot, in minutes.
pub(crate) const SLOT_MINUTES: i64 = 30;
/// What the event types beside the ones that are used block after a slot, in minutes.
pub(crate) const BUFFER_MINUTES: i64 = 15;
/// How many days ahead one can book, as far as may be: whoever measures books all over the free time.
pub(crate) const HORIZON_DAYS: i64 = 731;
/// A cell of the grid has room for a booking and a hold of two event types, with buffers.
const CELL_MS: i64 = 4 * SLOT_MINUTES * MINUTE_MS;
/// How far from the free time few rows are spread.
const SPREAD_MS: i64 = 8 * YEAR_MS;

/// The event types that tests and benches use, each on rooms of its own but for the last, which takes any one of them.
pub(crate) const USED: i64 = 4;
/// Units of each resource beside the rooms that are used.
pub(crate) const UNITS: i64 = 3;

/// Where the cells of a tenant's grid are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grid {
    /// How many event types and resources there are beside the ones that are used.
    catalog: i64,
    stride_ms: i64,
    today_ms: i64,
}

/// What is laid out: rows of which numbers, and in which part of their cells.
pub(crate) struct Rows {
    pub numbers: Range<i64>,
    /// Whether only future cells are used: nobody holds what has begun.
    pub future: bool,
    /// Where in its cell a row is, in minutes.
    pub minute: i64,
}

impl Grid {
    pub(crate) fn of(plan: &Plan) -> Self {
        let cells = plan.bookings.max(2 * plan.holds) / (4 * USED) + 1;
        let stride_ms = (SPREAD_MS / cells / CELL_MS).max(1) * CELL_MS;
        Self { catalog: plan.catalog, stride_ms, today_ms: plan.now_ms / DAY_MS * DAY_MS }
    }

    /// The time in which the rooms that are used are free.
    pub(crate) const fn free(&self) -> Range<i64> {
        self.today_ms - YEAR_MS..self.today_ms + 2 * YEAR_MS
    }

    /// Rows with their place: `n`, `event_type`, `resource` and `other` (numbers, the first `USED` are those that are used), `unit`,
    /// `side` (0: past, 1: future) and `starts_at`.
    ///
    /// Even numbers are on the event types that are used, odd ones on the others. From the free time, and from now for the others,
    /// cells are counted into the past and into the future.
    pub(crate) fn place(&self, dialect: Dialect, rows: &Rows) -> String {
        let Self { catalog, stride_ms, today_ms } = self;
        let (free, tomorrow_ms) = (self.free(), today_ms + DAY_MS);
        let (offset, any) = (rows.minute * MINUTE_MS, (rows.minute + SLOT_MINUTES) * MINUTE_MS);
        let cell = if rows.future { "cell * 2 + 1" } else { "cell" };
        let numbers = dialect.numbers(rows.numbers.clone());
        format!(
            "(SELECT n, event_type, resource, other, unit, side,
                CASE side WHEN 0 THEN CASE WHEN event_type < {USED} THEN {} ELSE {today_ms} END - (cell / 2 + 1) * {stride_ms}
                    ELSE CASE WHEN event_type < {USED} THEN {} ELSE {tomorrow_ms} END + cell / 2 * {stride_ms} END
                + CASE event_type WHEN 3 THEN {any} ELSE {offset} END AS starts_at
            FROM (SELECT n, event_type, unit, cell, cell % 2 AS side,
                    CASE event_type WHEN 3 THEN cell / 2 % {USED} ELSE event_type END AS resource,
                    CASE event_type WHEN 2 THEN 3 END AS other
                FROM (SELECT n, event_type, unit, {cell} AS cell
                    FROM (SELECT n,
                        CASE n % 2 WHEN 0 THEN n / 2 % {USED} ELSE {USED} + n / 2 % {catalog} END AS event_type,
                        CASE n % 2 WHEN 0 THEN 1 ELSE n / 2 / {catalog} % {UNITS} + 1 END AS unit,
                        CASE n % 2 WHEN 0 THEN n / 2 / {USED} ELSE n / 2 / {catalog} / {UNITS} END AS cell
                    FROM {numbers}) AS numbered) AS celled) AS sided) AS placed",
            free.start, free.end,
        )
    }
}
