//! Fills a migrated database with as many rows as somebody has after years, so that what a call costs can be seen beside them.
//!
//! The rows are what the store would have written. Half of the bookings and holds are on event types and rooms that tests and
//! benches use ([`Filled::event_types`]), but at least a year in the past or two in the future; the other half are of other event
//! types of the same organization, around now. The rooms that are used are free in [`Filled::free_ms`]. A second organization has
//! a tenth of everything.

mod connection;
mod dialect;
mod error;
mod ids;
mod layout;
mod names;
mod plan;
mod tables;
mod tenant;

use std::ops::Range;

use uuid::Uuid;

use connection::Connection;
pub use error::FillError;
use error::MOST_OTHERS;
use ids::Kind;
use layout::{Grid, USED};
pub use names::{CONFIRMED, PLAIN, RARE_EMAIL, RARE_NAME, REGULAR_EMAIL};
pub use plan::Plan;
use tenant::Tenant;

/// The organization that a component begins with.
const ORGANIZATION: &str = "default";
/// The organization beside it.
const OTHER_ORGANIZATION: &str = "fill-other";
/// Rows of one kind that a transaction writes: few enough that nobody else waits for long.
const BATCH: i64 = 20_000;
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
