//! Daily availability: minutes booked and held of each resource on each UTC day, computed from the claims.

use booking_domain::id::{OrganizationId, ResourceId};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::query_as;
use uuid::Uuid;

use super::columns::Sound;
use super::{StoreError, Tx};

/// One resource on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DailyAvailability {
    /// Which resource.
    pub resource_id: ResourceId,
    /// Which UTC day.
    pub day: NaiveDate,
    /// Minutes booked, over all units, without buffers.
    pub minutes_booked: i64,
    /// Minutes held, over all units, without buffers.
    pub minutes_held: i64,
}

rows! {
    struct DayRow {
        resource_id: Uuid,
        day: i64,
        minutes_booked: i64,
        minutes_held: i64,
    }
}

statements! {
    LIST = "SELECT resource_id, day, minutes_booked, minutes_held FROM daily_availability
        WHERE organization_id = $1 AND day >= $2 AND day <= $3 ORDER BY resource_id, day";
}

const DAY_S: i64 = 24 * 60 * 60;

fn day_number(date: NaiveDate) -> i64 {
    date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp().div_euclid(DAY_S)
}

/// The days from `from` to `to`, both included, on which something is booked or held; by resource and day.
pub async fn list(
    tx: &mut Tx,
    organization: OrganizationId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<DailyAvailability>, StoreError> {
    let rows: Vec<DayRow> =
        fetch_all!(tx, query_as(LIST).bind(organization.uuid()).bind(day_number(from)).bind(day_number(to)))?;
    rows.into_iter()
        .map(|row| {
            let start: Option<DateTime<Utc>> = DateTime::from_timestamp(row.day * DAY_S, 0);
            Ok(DailyAvailability {
                resource_id: ResourceId::new(row.resource_id),
                day: start.sound("daily_availability")?.date_naive(),
                minutes_booked: row.minutes_booked,
                minutes_held: row.minutes_held,
            })
        })
        .collect()
}
