//! Fills a migrated database with as many rows as somebody has after years, so that what a call costs can be seen beside them.
//!
//! The rows are what the store would have written. Half of the bookings and holds are on event types and rooms that tests and
//! benches use ([`Filled::event_types`]), but at least a year in the past or two in the future; the other half are of other event
//! types of the same organization, around now. The rooms that are used are free in [`Filled::free_ms`]. A second organization has
//! a tenth of everything.

mod connection;
mod dialect;
mod ids;
mod layout;
mod names;
mod tables;
mod tenant;

use std::ops::Range;

use uuid::Uuid;

use connection::Connection;
use ids::Kind;
use layout::{Grid, USED};
pub use names::{RARE_EMAIL, RARE_NAME, REGULAR_EMAIL};
use tenant::Tenant;

/// The organization that a component begins with.
const ORGANIZATION: &str = "default";
/// The slug of an event type that tests and benches use, of one room.
pub const PLAIN: &str = "fill-plain";
/// The slug of another one, of another room, whose bookings have to be confirmed.
pub const CONFIRMED: &str = "fill-confirmed";
/// The organization beside it.
const OTHER_ORGANIZATION: &str = "fill-other";
/// Rows of one kind that a transaction writes: few enough that nobody else waits for long.
const BATCH: i64 = 20_000;
/// Most bookings: with more of them, those of the past would be older than any calendar that people keep.
const MOST_BOOKINGS: i64 = 2_000_000;
/// More bookings than a demo has: they are somebody's.
const MOST_OTHERS: i64 = 1_000;

/// Why a database is not filled.
#[derive(Debug, thiserror::Error)]
pub enum FillError {
    /// The database does not do what it should.
    #[error("the database refuses: {0}")]
    Database(#[from] sqlx::Error),
    /// It was filled before, in whole or in part.
    #[error("this database was filled before, in whole or in part; name an empty one")]
    FilledBefore,
    /// It has bookings that nobody filled it with.
    #[error("this database has more than {MOST_OTHERS} bookings already, so it is somebody's; name an empty one")]
    InUse,
    /// More was asked for than there is room for.
    #[error("at most {MOST_BOOKINGS} bookings and a quarter as many holds can be written")]
    TooMany,
    /// The URL is of neither database.
    #[error("a database URL begins with sqlite: or postgres:")]
    UnknownUrl,
}

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

/// Where things are in a database that was filled.
#[derive(Clone, Debug)]
pub struct Filled {
    /// The organization `default`.
    pub organization: Uuid,
    /// The other organization, with a tenth of everything.
    pub other_organization: Uuid,
    /// Event types with many bookings and holds, all open day and night for 30 or 60 minutes: one room; one room, with bookings
    /// to be confirmed; two rooms at once; any one of all rooms.
    pub event_types: [Uuid; USED as usize],
    /// The four rooms, of one unit: the first event type's, the second's, and the third's two.
    pub rooms: [Uuid; USED as usize],
    /// In this time, in epoch milliseconds, nobody has or wants one of the rooms.
    pub free_ms: Range<i64>,
}

impl Plan {
    /// So many bookings and holds, and of everything else what fits them.
    pub const fn new(now_ms: i64, bookings: i64, holds: i64) -> Self {
        let year_ms = 365 * 24 * 60 * 60 * 1000;
        Self { now_ms, bookings, holds, waiting: holds / 8, catalog: 32, records: bookings / 10, lasting_ms: year_ms }
    }

    /// A tenth of it.
    fn tenth(self) -> Self {
        let [bookings, holds, waiting, catalog, records] =
            [self.bookings, self.holds, self.waiting, self.catalog, self.records].map(|count| count / 10);
        Self { bookings, holds, waiting, catalog: catalog.max(1), records, ..self }
    }

    const fn is_possible(&self) -> bool {
        self.bookings <= MOST_BOOKINGS
            && self.holds <= MOST_BOOKINGS / 4
            && self.waiting <= self.holds
            && self.catalog > 0
    }
}

/// Fills the database at this URL, which has its tables.
///
/// # Errors
/// It was filled before or is in use, more is wanted than there is room for, or it does not do what it should.
pub async fn fill(url: &str, plan: &Plan) -> Result<Filled, FillError> {
    if !plan.is_possible() {
        return Err(FillError::TooMany);
    }
    let mut connection = Connection::open(url).await?;
    refuse_what_is_used(&mut connection).await?;
    connection.run(&names::word_lists()).await?;
    let organization = find_or_found(&mut connection, (ORGANIZATION, 0)).await?;
    let other_organization = find_or_found(&mut connection, (OTHER_ORGANIZATION, 1)).await?;
    for (number, organization, plan) in [(0, organization, *plan), (1, other_organization, plan.tenth())] {
        let tenant = Tenant { dialect: connection.dialect(), organization, number, plan, grid: Grid::of(&plan) };
        fill_tenant(&mut connection, &tenant).await?;
    }
    connection.close().await?;
    let offered = |kind| std::array::from_fn(|n| ids::offered(kind, 0, n as u64));
    Ok(Filled {
        organization,
        other_organization,
        event_types: offered(Kind::EventType),
        rooms: offered(Kind::Resource),
        free_ms: Grid::of(plan).free(),
    })
}

async fn refuse_what_is_used(connection: &mut Connection) -> Result<(), FillError> {
    let slug = format!("SELECT slug FROM organizations WHERE slug = '{OTHER_ORGANIZATION}'");
    if connection.find::<String>(&slug).await?.is_some() {
        return Err(FillError::FilledBefore);
    }
    let others = format!("SELECT count(*) FROM (SELECT 1 FROM bookings LIMIT {} + 1) AS counted", MOST_OTHERS);
    match connection.find::<i64>(&others).await? {
        Some(count) if count > MOST_OTHERS => Err(FillError::InUse),
        _ => Ok(()),
    }
}

/// The organization with this slug, made if it is not there.
async fn find_or_found(connection: &mut Connection, (slug, number): (&str, u8)) -> Result<Uuid, FillError> {
    let find = format!("SELECT id FROM organizations WHERE slug = '{slug}'");
    if let Some(found) = connection.find(&find).await? {
        return Ok(found);
    }
    let (id, at) = (ids::offered(Kind::Organization, number, 0), ids::FOUNDED_MS);
    let row = format!("{}, '{slug}', 'Holdfast', 1, {at}, {at}, 1", connection.dialect().id(id));
    let columns = "id, slug, name, catalog_version, created_at, updated_at, version";
    connection.run(&format!("INSERT INTO organizations ({columns}) VALUES ({row})")).await?;
    Ok(id)
}

async fn fill_tenant(connection: &mut Connection, tenant: &Tenant) -> Result<(), FillError> {
    let plan = &tenant.plan;
    connection.run_together(&[tenant.used()]).await?;
    for numbers in batches(plan.catalog) {
        connection.run_together(&[tenant.catalog(numbers.clone()), tenant.api_keys(numbers)]).await?;
    }
    for numbers in batches(plan.bookings) {
        connection.run_together(&tenant.bookings(numbers)).await?;
    }
    for numbers in batches(plan.holds) {
        connection.run_together(&tenant.holds(numbers)).await?;
    }
    for numbers in batches(plan.waiting) {
        connection.run_together(&tenant.waiting(numbers)).await?;
    }
    for numbers in batches(plan.records) {
        connection.run_together(&tenant.records(numbers)).await?;
    }
    connection.run_together(&tenant.numbers_of_changes()).await
}

/// The numbers below this one, in stretches of which each is a transaction.
fn batches(count: i64) -> impl Iterator<Item = Range<i64>> {
    let starts = (0..count).step_by(usize::try_from(BATCH).unwrap_or(1));
    starts.map(move |start| start..(start + BATCH).min(count))
}
