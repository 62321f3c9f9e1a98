//! Tallies: what the public has booked lately, by e-mail and network address. Rows are written by `changes`, and are gone when no cap
//! asks for them any more: so is the address.

use std::collections::{BTreeMap, BTreeSet};

use booking_domain::address::AddressKey;
use booking_domain::booking::Booking;
use booking_domain::booking::tally::{Counted, Tally};
use booking_domain::id::{BookingId, OrganizationId};
use booking_domain::limits;
use booking_domain::organization::public::{BookingCaps, Cap};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use sqlx::{query, query_as};

use super::columns::{At, json};
use super::presences::read_address;
use super::{StoreError, Tx, nodes};

/// How a key is counted: bookings that are open, those made in a day, and when the oldest of these was made. No more is visited
/// than a cap allows.
macro_rules! tally {
    ($column:literal) => {
        with_wanted!("$2": text "id"; concat!(
            "SELECT w.id,
                (SELECT COUNT(*) FROM (SELECT 1 FROM public_bookings AS b WHERE b.organization_id = w.organization_id
                    AND b.", $column, " = w.id AND b.open_until > $3 LIMIT $5) AS open) AS open,
                (SELECT COUNT(*) FROM (SELECT 1 FROM public_bookings AS b WHERE b.organization_id = w.organization_id
                    AND b.", $column, " = w.id AND b.made_at > $4 LIMIT $6) AS made) AS made,
                (SELECT MIN(made.made_at) FROM (SELECT b.made_at FROM public_bookings AS b
                    WHERE b.organization_id = w.organization_id AND b.", $column, " = w.id AND b.made_at > $4
                    ORDER BY b.made_at DESC LIMIT $6) AS made) AS since
            FROM wanted AS w"))
    };
}

statements! {
    BY_EMAIL = tally!("email_key");
    BY_ADDRESS = tally!("address");
    INSERT = "INSERT INTO public_bookings (organization_id, booking_id, email_key, address, made_at, open_until, kept_until)
        SELECT $1, unhex(e.value ->> 'id', '-'), e.value ->> 'email_key', e.value ->> 'address',
            CAST(e.value ->> 'made_at' AS BIGINT), CAST(e.value ->> 'open_until' AS BIGINT),
            CAST(e.value ->> 'kept_until' AS BIGINT)
        FROM json_each($2) AS e";
    UPDATE = with_wanted!("$2": id "id", text "email_key", number "open_until", number "kept_until";
        "UPDATE public_bookings SET email_key = w.email_key, open_until = w.open_until, kept_until = w.kept_until FROM wanted AS w
        WHERE public_bookings.organization_id = w.organization_id AND public_bookings.booking_id = w.id");
    PURGE = "DELETE FROM public_bookings WHERE kept_until <= $1";
}

rows! {
    struct TallyRow {
        id: String,
        open: i64,
        made: i64,
        since: Option<At>,
    }
}

/// A key, as the statements take it.
#[derive(Serialize)]
struct Wanted {
    id: String,
}

/// A booking of the public.
#[derive(Serialize)]
struct Entry {
    id: BookingId,
    email_key: String,
    address: Option<String>,
    made_at: At,
    /// When it ends, if it does not have already.
    open_until: At,
    /// As long as some cap may count it.
    kept_until: At,
}

impl Entry {
    fn of(booking: &Booking, address: Option<AddressKey>) -> Self {
        let made_at = booking.stamp.created_at;
        let open_until = if booking.status.is_open() { booking.slot.end() } else { DateTime::UNIX_EPOCH };
        Self {
            id: booking.id,
            email_key: booking.booker.email_key().unwrap_or_default(),
            address: address.map(|address| address.to_string()),
            made_at: At(made_at),
            open_until: At(open_until),
            kept_until: At(open_until.max(made_at + TimeDelta::hours(limits::BOOKING_DAY_HOURS))),
        }
    }
}

impl TallyRow {
    fn read(&self) -> Tally {
        let number = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
        Tally { open: number(self.open), made: number(self.made), since: self.since.as_ref().map(|at| at.0) }
    }
}

/// What was booked by each of these, which nobody else may count until the transaction ends.
///
/// # Errors
/// The database fails, or a row of an address is `Corrupt`.
pub async fn count(
    tx: &mut Tx,
    organization: OrganizationId,
    (counted, caps): (&BTreeSet<Counted>, BookingCaps),
    now: DateTime<Utc>,
) -> Result<BTreeMap<Counted, Tally>, StoreError> {
    let (mut emails, mut addresses, mut tallies) = (Vec::new(), Vec::new(), BTreeMap::new());
    for key in counted {
        match key {
            Counted::Email(email) if !caps.per_email.is_off() => emails.push(email.clone()),
            Counted::Address(address) if !caps.per_address.is_off() => addresses.push(address.to_string()),
            Counted::Email(_) | Counted::Address(_) => {}
        }
    }
    nodes::lock_keys(tx, organization, &[emails.as_slice(), addresses.as_slice()].concat()).await?;
    for row in rows(tx, organization, (BY_EMAIL, emails, caps.per_email), now).await? {
        tallies.insert(Counted::Email(row.id.clone()), row.read());
    }
    for row in rows(tx, organization, (BY_ADDRESS, addresses, caps.per_address), now).await? {
        tallies.insert(Counted::Address(read_address(&row.id)?), row.read());
    }
    Ok(tallies)
}

async fn rows(
    tx: &mut Tx,
    organization: OrganizationId,
    (statement, keys, cap): (&'static str, Vec<String>, Cap),
    now: DateTime<Utc>,
) -> Result<Vec<TallyRow>, StoreError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let list = json(&keys.into_iter().map(|id| Wanted { id }).collect::<Vec<_>>())?;
    let day = now - TimeDelta::hours(limits::BOOKING_DAY_HOURS);
    let most = |cap: Option<u32>| i64::from(cap.unwrap_or_default());
    fetch_all!(
        tx,
        query_as(statement)
            .bind(organization.uuid())
            .bind(list.as_str())
            .bind(At(now))
            .bind(At(day))
            .bind(most(cap.open))
            .bind(most(cap.made_in_a_day))
    )
}

/// Notes what the public has made: those of the new bookings that are `public`.
pub(super) async fn insert(
    tx: &mut Tx,
    organization: OrganizationId,
    (made, public): (&[Booking], &BTreeMap<BookingId, Option<AddressKey>>),
) -> Result<(), StoreError> {
    let entries = made.iter().filter_map(|booking| Some(Entry::of(booking, *public.get(&booking.id)?)));
    let entries: Vec<Entry> = entries.collect();
    if entries.is_empty() {
        return Ok(());
    }
    execute!(tx, query(INSERT).bind(organization.uuid()).bind(json(&entries)?)).map(drop)
}

/// Notes what became of bookings, as far as they are counted.
pub(super) async fn update(tx: &mut Tx, organization: OrganizationId, became: &[Booking]) -> Result<(), StoreError> {
    if became.is_empty() {
        return Ok(());
    }
    let entries: Vec<Entry> = became.iter().map(|booking| Entry::of(booking, None)).collect();
    execute!(tx, query(UPDATE).bind(organization.uuid()).bind(json(&entries)?)).map(drop)
}

/// Forgets what no cap asks for any more; how much there was.
///
/// # Errors
/// The database fails.
pub async fn purge(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64, StoreError> {
    execute!(tx, query(PURGE).bind(At(now)))
}
