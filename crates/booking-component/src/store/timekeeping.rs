//! What the clock of the process showed when it last looked, and all that moves when the clock is set.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{query, query_as};

use super::columns::At;
use super::{StoreError, Tx};

statements! {
    FIND = "SELECT seen_at, boot, booted_at FROM clock WHERE id = 1";
    SAVE = "INSERT INTO clock (id, seen_at, boot, booted_at) VALUES (1, $1, $2, $3)
        ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, boot = excluded.boot, booted_at = excluded.booted_at";
    SHIFT_PRESENCES = "UPDATE presence SET joined_at = joined_at + $1, hold_deadline_at = hold_deadline_at + $1,
        fixed_until = fixed_until + $1";
    SHIFT_HEARTBEATS = "UPDATE presence_heartbeats SET expires_at = expires_at + $1";
    SHIFT_COOLDOWNS = "UPDATE cooldowns SET until_at = until_at + $1";
    SHIFT_IDEMPOTENCY = "UPDATE idempotency SET created_at = created_at + $1";
}

/// What the clock showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockReading {
    /// The time.
    pub at: DateTime<Utc>,
    /// Which start of the machine that was, and when it was, where that is known.
    pub boot: Option<(String, DateTime<Utc>)>,
}

/// What was seen last.
///
/// # Errors
/// The database fails.
pub async fn find(tx: &mut Tx) -> Result<Option<ClockReading>, StoreError> {
    let row: Option<(At, Option<String>, Option<At>)> = fetch_optional!(tx, query_as(FIND))?;
    Ok(row.map(|(at, boot, booted_at)| ClockReading { at: at.0, boot: boot.zip(booted_at.map(|at| at.0)) }))
}

/// Notes what was seen.
///
/// # Errors
/// The database fails.
pub async fn save(tx: &mut Tx, seen: &ClockReading) -> Result<(), StoreError> {
    let (boot, booted_at) = seen.boot.as_ref().map(|(boot, at)| (boot.as_str(), At(*at))).unzip();
    execute!(tx, query(SAVE).bind(At(seen.at)).bind(boot).bind(booted_at))?;
    Ok(())
}

/// Moves every instant that means a length of time: how long somebody has been waiting, may hold, has to wait, and how long an
/// answer is remembered.
///
/// # Errors
/// The database fails.
pub async fn shift(tx: &mut Tx, by: TimeDelta) -> Result<(), StoreError> {
    for text in [SHIFT_PRESENCES, SHIFT_HEARTBEATS, SHIFT_COOLDOWNS, SHIFT_IDEMPOTENCY] {
        execute!(tx, query(text).bind(by.num_milliseconds()))?;
    }
    Ok(())
}
