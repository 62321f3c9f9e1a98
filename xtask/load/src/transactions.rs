//! What SQLite alone can do: the rows of a booking in the server's own tables, one durable transaction for each, no server.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rusqlite::{Connection, TransactionBehavior, params};
use uuid::Uuid;

/// How long transactions are counted.
const PATIENCE: Duration = Duration::from_secs(5);
const MIGRATION: &str = include_str!("../../../migrations/sqlite/0001_booking.sql");
const SLOT_MS: i64 = 900_000;

/// Prints transactions a second.
pub(crate) fn run(file: &Path) -> Result<()> {
    let mut connection = open(file)?;
    let begun = Instant::now();
    let mut booked = 0;
    while begun.elapsed() < PATIENCE {
        book(&mut connection, booked)?;
        booked += 1;
    }
    println!("transactions_per_second {:.0}", booked as f64 / begun.elapsed().as_secs_f64());
    Ok(())
}

/// A database as the server sets it up: WAL, and every commit on the disk.
fn open(file: &Path) -> Result<Connection> {
    let connection = Connection::open(file).with_context(|| format!("cannot make {}", file.display()))?;
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")?;
    connection.execute_batch(MIGRATION)?;
    connection.execute_batch(
        "INSERT INTO organizations (id, slug, name, created_at, updated_at, version) VALUES (x'01', 'bench', 'Bench', 0, 0, 1);
         INSERT INTO resources (organization_id, id, name, kind, time_zone, capacity, description, active, created_at, updated_at, version)
         VALUES (x'01', x'02', 'Room', 'room', 'UTC', 1, '', 1, 0, 0, 1);
         INSERT INTO schedules (organization_id, id, name, hours, created_at, updated_at, version) VALUES (x'01', x'03', 'Hours', '{}', 0, 0, 1);
         INSERT INTO event_types (organization_id, id, slug, title, description, durations, buffer_before_minutes, buffer_after_minutes,
             min_notice_minutes, schedule_id, requirements, limits, requires_confirmation, questions, active, created_at, updated_at, version)
         VALUES (x'01', x'04', 'bench', 'Bench', '', '[15]', 0, 0, 0, x'03', '[]', '{}', 0, '[]', 1, 0, 0, 1);",
    )?;
    Ok(connection)
}

/// Writes the booking of this number: the booking, what it takes, its claim and its history.
fn book(connection: &mut Connection, number: i64) -> Result<()> {
    let id = Uuid::from_u128((1_803_859_200_000 + number as u128) << 80 | number as u128).into_bytes();
    let (start, end) = (number * SLOT_MS, (number + 1) * SLOT_MS);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction
        .prepare_cached(
            "INSERT INTO bookings (organization_id, id, event_type_id, event_type_title, status, starts_at, ends_at, time_zone,
                 booker_name, booker_email, booker_notes, answers, management_token_hash, email_key, search_text,
                 created_at, updated_at, version)
             VALUES (x'01', ?1, x'04', 'Bench', 'confirmed', ?2, ?3, 'UTC', 'Ada Lovelace', 'ada@example.org', '', '{}',
                 zeroblob(32), 'ada@example.org', 'ada lovelace ada@example.org bench', 0, 0, 1)",
        )?
        .execute(params![id, start, end])?;
    transaction
        .prepare_cached("INSERT INTO booking_resources (organization_id, booking_id, resource_id, starts_at) VALUES (x'01', ?1, x'02', ?2)")?
        .execute(params![id, start])?;
    transaction
        .prepare_cached(
            "INSERT INTO claims (organization_id, resource_id, unit, starts_at, ends_at, slot_starts_at, slot_ends_at, kind, booking_id)
             VALUES (x'01', x'02', 1, ?2, ?3, ?2, ?3, 'booking', ?1)",
        )?
        .execute(params![id, start, end])?;
    transaction
        .prepare_cached(
            "INSERT INTO booking_history (organization_id, booking_id, number, happened_at, kind, actor, starts_at, ends_at, reason)
             VALUES (x'01', ?1, 1, 0, 'created', 'booker', ?2, ?3, '')",
        )?
        .execute(params![id, start, end])?;
    transaction.commit()?;
    Ok(())
}
