//! Lists: a month of slots, and pages of bookings under each kind of filter.

use std::time::SystemTime;

use anyhow::{Context, Result, ensure};
use booking_domain::booking::{BookingFilter, BookingStatus};
use booking_domain::page::PageRequest;
use booking_domain::text::{Email, Name};
use chrono::TimeDelta;
use database_fill::{RARE_EMAIL, RARE_NAME, REGULAR_EMAIL};

use super::side::{Side, beat, ensure_holding, session};
use crate::http::Connection;
use crate::stage::dates;

/// The days of a month.
const DAYS: u64 = 31;
/// The bookings of a page: so few that every filter has as many beside few rows.
const PAGE: u32 = 10;

/// A month of slots as it was sent before, and right after somebody holds one of them.
pub(super) async fn months(side: &mut Side) -> Result<()> {
    let (from, to) = dates(DAYS)?;
    let path =
        format!("/api/v1/event-types/{}/slots?from={from}&to={to}&duration_minutes=30&time_zone=UTC", side.plain);
    // A new connection each time: between two months there may be so long that the server gives up an old one.
    let mut connection = Connection::open(&side.http)?;
    connection.get(&path)?;
    let (kept, _) = connection.get(&path)?;
    let start = from.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::days(1);
    let (api, session) = (side.api.clone(), session()?);
    let place = api.heartbeat(&beat(side.plain, start, session)).await.context("cannot hold")?;
    ensure_holding(&place)?;
    let (changed, _) = connection.get(&path)?;
    side.times.entry("month_kept").or_default().push(kept);
    side.times.entry("month_changed").or_default().push(changed);
    Ok(api.leave(place.room, session).await?)
}

/// The first page of bookings under each kind of filter.
pub(super) async fn lists(side: &mut Side) -> Result<()> {
    let all = BookingFilter::default;
    let called =
        |text: &str| -> Result<BookingFilter> { Ok(BookingFilter { text: Some(Name::parse(text)?), ..all() }) };
    let email = Email::parse(REGULAR_EMAIL)?;
    let whole = PAGE as usize;
    for (name, filter, count) in [
        ("page", all(), whole),
        ("page_from_now", BookingFilter { from: Some(now().into()), ..all() }, whole),
        ("page_of_status", BookingFilter { status: Some(BookingStatus::Pending), ..all() }, whole),
        ("page_of_event_type", BookingFilter { event_type_id: Some(side.plain), ..all() }, whole),
        ("page_of_resource", BookingFilter { resource_id: Some(side.room), ..all() }, whole),
        ("page_of_email", BookingFilter { email: Some(email), ..all() }, whole),
        ("search_title", called("consultation")?, whole),
        ("search_name", called(RARE_NAME)?, 1),
        ("search_address", called(part_of(RARE_EMAIL))?, 1),
        ("search_nobody", called("nobody is called so")?, 0),
    ] {
        let (api, page) = (side.api.clone(), PageRequest { size: PAGE, token: None });
        let found = side.time(name, api.list_bookings(&filter, page)).await?.items.len();
        ensure!(found == count, "{name} shows {found} bookings, not {count}");
    }
    Ok(())
}

/// What is in the middle of an address.
fn part_of(address: &str) -> &str {
    let middle = address.len() / 4..address.len() * 3 / 4;
    address.get(middle).unwrap_or(address)
}

#[expect(clippy::disallowed_methods, reason = "a bench on a running server lists what comes from now on")]
fn now() -> SystemTime {
    SystemTime::now()
}
