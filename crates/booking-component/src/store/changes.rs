//! Changes: saves what a batch of decisions changed, each kind of thing in one statement.
//!
//! Statements run in the order of `NetChanges`'s fields: what is freed is deleted before what is claimed is inserted. Claims and their
//! owners change hands in any order, so the database checks a claim's owner when the transaction ends.

mod entry;

use std::collections::{BTreeMap, BTreeSet};

use booking_domain::address::AddressKey;
use booking_domain::booking::{Booking, HistoryKind};
use booking_domain::hold::change::NetChanges;
use booking_domain::id::{BookingId, OrganizationId};
use serde::Serialize;
use sqlx::query;

use self::entry::{
    BookingEntry, ClaimEntry, CooldownEntry, HistoryEntries, KeyEntry, PresenceEntry, TakenEntry, TokenEntry,
    VersionEntry,
};
use super::bookings::{lost_words, words};
use super::columns::{Sound, id_list, json};
use super::{StoreError, Tx, tallies};
use crate::secret::Digest;

/// What is saved with a `NetChanges` and is no business of the decision.
#[derive(Clone, Debug, Default)]
pub struct Extras {
    /// The hash of each new booking's management token.
    pub token_hashes: BTreeMap<BookingId, Digest>,
    /// The hash of the token that a booking gets instead of the one that it had.
    pub renewed: BTreeMap<BookingId, Digest>,
    /// The new bookings that the public makes, each with where it comes from, when caps count it.
    pub public: BTreeMap<BookingId, Option<AddressKey>>,
}

statements! {
    FREE = with_wanted!("$2": id "resource", number "unit", number "starts_at";
        "DELETE FROM claims WHERE (organization_id, resource_id, unit, starts_at) IN (
        SELECT w.organization_id, w.resource, w.unit, w.starts_at FROM wanted AS w)");
    REOWN = with_wanted!("$2": id "resource", number "unit", number "starts_at", text "kind", id "presence", id "booking";
        "UPDATE claims SET kind = w.kind, presence_id = w.presence, booking_id = w.booking FROM wanted AS w
        WHERE claims.organization_id = w.organization_id AND claims.resource_id = w.resource AND claims.unit = w.unit
          AND claims.starts_at = w.starts_at");
    CLAIM = "INSERT INTO claims (organization_id, resource_id, unit, starts_at, ends_at, slot_starts_at, slot_ends_at, kind,
            presence_id, booking_id)
        SELECT $1, unhex(e.value ->> 'resource', '-'), CAST(e.value ->> 'unit' AS BIGINT),
            CAST(e.value ->> 'starts_at' AS BIGINT), CAST(e.value ->> 'ends_at' AS BIGINT),
            CAST(e.value ->> 'slot_starts_at' AS BIGINT), CAST(e.value ->> 'slot_ends_at' AS BIGINT), e.value ->> 'kind',
            unhex(e.value ->> 'presence', '-'), unhex(e.value ->> 'booking', '-')
        FROM json_each($2) AS e";
    NUMBER = with_wanted!("$2": id "id", number "version";
        "UPDATE resources SET claims_version = w.version FROM wanted AS w
        WHERE resources.organization_id = w.organization_id AND resources.id = w.id");
    DEPART = with_wanted!("$2": id "id";
        "DELETE FROM presence WHERE (organization_id, id) IN (SELECT w.organization_id, w.id FROM wanted AS w)");
    DEPART_HEARTBEATS = with_wanted!("$2": id "id";
        "DELETE FROM presence_heartbeats WHERE (organization_id, presence_id) IN (
        SELECT w.organization_id, w.id FROM wanted AS w)");
    PRESENT = "INSERT INTO presence (organization_id, id, event_type_id, starts_at, ends_at, session_hash, who, address,
            wanted_resource_id, data, joined_at, hold_deadline_at, hold_extended, hold_version, session_held_ms, address_held_ms,
            moving_booking_id, kept_units, allowed, fixed_until, fixed_by_operator)
        SELECT $1, unhex(e.value ->> 'id', '-'), unhex(e.value ->> 'event_type', '-'),
            CAST(e.value ->> 'starts_at' AS BIGINT), CAST(e.value ->> 'ends_at' AS BIGINT), unhex(e.value ->> 'session'),
            e.value ->> 'who', e.value ->> 'address', unhex(e.value ->> 'wanted', '-'), e.value ->> 'data',
            CAST(e.value ->> 'joined_at' AS BIGINT), CAST(e.value ->> 'hold_deadline_at' AS BIGINT),
            CAST(e.value ->> 'hold_extended' AS BOOLEAN), CAST(e.value ->> 'hold_version' AS BIGINT),
            CAST(e.value ->> 'session_held_ms' AS BIGINT), CAST(e.value ->> 'address_held_ms' AS BIGINT),
            unhex(e.value ->> 'moving', '-'), e.value ->> 'kept_units', e.value ->> 'allowed',
            CAST(e.value ->> 'fixed_until' AS BIGINT), CAST(e.value ->> 'fixed_by_operator' AS BOOLEAN)
        FROM json_each($2) AS e WHERE true
        ON CONFLICT (organization_id, id) DO UPDATE SET address = excluded.address,
            wanted_resource_id = excluded.wanted_resource_id, data = excluded.data,
            hold_deadline_at = excluded.hold_deadline_at, hold_extended = excluded.hold_extended,
            hold_version = excluded.hold_version, session_held_ms = excluded.session_held_ms,
            address_held_ms = excluded.address_held_ms, moving_booking_id = excluded.moving_booking_id,
            kept_units = excluded.kept_units, allowed = excluded.allowed, fixed_until = excluded.fixed_until,
            fixed_by_operator = excluded.fixed_by_operator
            WHERE presence.session_hash = excluded.session_hash AND presence.event_type_id = excluded.event_type_id
              AND presence.starts_at = excluded.starts_at AND presence.ends_at = excluded.ends_at";
    PRESENT_HEARTBEATS = "INSERT INTO presence_heartbeats
            (organization_id, presence_id, session_hash, event_type_id, starts_at, ends_at, expires_at, alarm_at)
        SELECT $1, unhex(e.value ->> 'id', '-'), unhex(e.value ->> 'session'), unhex(e.value ->> 'event_type', '-'),
            CAST(e.value ->> 'starts_at' AS BIGINT), CAST(e.value ->> 'ends_at' AS BIGINT),
            CAST(e.value ->> 'expires_at' AS BIGINT), CAST(e.value ->> 'expires_at' AS BIGINT)
        FROM json_each($2) AS e WHERE true
        ON CONFLICT (organization_id, presence_id) DO UPDATE SET expires_at = excluded.expires_at
            WHERE excluded.expires_at > presence_heartbeats.expires_at";
    COOL_DOWN = "INSERT INTO cooldowns (organization_id, presence_id, event_type_id, starts_at, ends_at, session_hash, address,
            session_held_ms, address_held_ms, extended, until_at, told, released_reason)
        SELECT $1, unhex(e.value ->> 'id', '-'), unhex(e.value ->> 'event_type', '-'),
            CAST(e.value ->> 'starts_at' AS BIGINT), CAST(e.value ->> 'ends_at' AS BIGINT), unhex(e.value ->> 'session'),
            e.value ->> 'address', CAST(e.value ->> 'session_held_ms' AS BIGINT), CAST(e.value ->> 'address_held_ms' AS BIGINT),
            CAST(e.value ->> 'extended' AS BOOLEAN), CAST(e.value ->> 'until_at' AS BIGINT), CAST(e.value ->> 'told' AS BOOLEAN),
            e.value ->> 'released_reason'
        FROM json_each($2) AS e WHERE true
        ON CONFLICT (organization_id, presence_id) DO UPDATE SET until_at = excluded.until_at, told = excluded.told";
    MAKE = "INSERT INTO bookings (organization_id, id, event_type_id, event_type_title, status, starts_at, ends_at, time_zone,
            booker_name, booker_email, booker_phone, booker_notes, answers, ended_reason, management_token_hash, email_key,
            search_text, created_at, updated_at, version, staff_notes, calendar_sequence,
            wanted_resource_id)
        SELECT $1, unhex(e.value ->> 'id', '-'), unhex(e.value ->> 'event_type', '-'), e.value ->> 'title',
            e.value ->> 'status', CAST(e.value ->> 'starts_at' AS BIGINT), CAST(e.value ->> 'ends_at' AS BIGINT),
            e.value ->> 'time_zone', e.value ->> 'name', e.value ->> 'email', e.value ->> 'phone', e.value ->> 'notes',
            e.value ->> 'answers', e.value ->> 'ended_reason', unhex(e.value ->> 'token'), e.value ->> 'email_key',
            e.value ->> 'search_text', CAST(e.value ->> 'created_at' AS BIGINT), CAST(e.value ->> 'updated_at' AS BIGINT),
            CAST(e.value ->> 'version' AS BIGINT), e.value ->> 'staff_notes',
            CAST(e.value ->> 'calendar_sequence' AS BIGINT), unhex(e.value ->> 'wanted', '-')
        FROM json_each($2) AS e";
    BECOME = with_wanted!("$2": id "id", text "status", number "starts_at", number "ends_at", text "name", text "email", text "phone",
            text "notes", text "answers", text "ended_reason", text "email_key", text "search_text", text "staff_notes",
            number "calendar_sequence", number "updated_at", number "version", id "wanted";
        "UPDATE bookings SET status = w.status, starts_at = w.starts_at, ends_at = w.ends_at, booker_name = w.name,
            booker_email = w.email, booker_phone = w.phone, booker_notes = w.notes, answers = w.answers,
            ended_reason = w.ended_reason, email_key = w.email_key, search_text = w.search_text, staff_notes = w.staff_notes,
            calendar_sequence = w.calendar_sequence, updated_at = w.updated_at, version = w.version,
            wanted_resource_id = w.wanted
        FROM wanted AS w WHERE bookings.organization_id = w.organization_id AND bookings.id = w.id");
    RENEW = with_wanted!("$2": id "id", bytes "token";
        "UPDATE bookings SET management_token_hash = w.token
        FROM wanted AS w WHERE bookings.organization_id = w.organization_id AND bookings.id = w.id");
    UNTAKE = with_wanted!("$2": id "id";
        "DELETE FROM booking_resources WHERE (organization_id, booking_id) IN (
        SELECT w.organization_id, w.id FROM wanted AS w)");
    TAKE = "INSERT INTO booking_resources (organization_id, booking_id, resource_id, starts_at, status)
        SELECT $1, unhex(e.value ->> 'booking', '-'), unhex(e.value ->> 'resource', '-'),
            CAST(e.value ->> 'starts_at' AS BIGINT), e.value ->> 'status'
        FROM json_each($2) AS e";
    RECORD = "INSERT INTO booking_history (organization_id, booking_id, number, happened_at, kind, actor, starts_at, ends_at, reason)
        SELECT $1, unhex(e.value ->> 'booking', '-'), CAST(e.value ->> 'nth' AS BIGINT) + (
                SELECT COALESCE(MAX(h.number), 0) FROM booking_history AS h
                WHERE h.organization_id = $1 AND h.booking_id = unhex(e.value ->> 'booking', '-')),
            CAST(e.value ->> 'happened_at' AS BIGINT), e.value ->> 'kind', e.value ->> 'actor',
            CAST(e.value ->> 'starts_at' AS BIGINT), CAST(e.value ->> 'ends_at' AS BIGINT), e.value ->> 'reason'
        FROM json_each($2) AS e";
}

/// Saves the net effect of a batch. A claim that overlaps another one is refused with `Overlap`; a claim, resource or booking
/// that is not there any more, with `Corrupt`, since the decision was not made from what is stored. Then nothing may be
/// committed.
///
/// # Errors
/// `Overlap` and `Corrupt` as said; `Conflict` when another transaction came first with the same key; or the database fails.
pub async fn save(
    tx: &mut Tx,
    organization: OrganizationId,
    net: &NetChanges,
    extras: &Extras,
) -> Result<(), StoreError> {
    let saving = &mut Saving { tx, organization };
    saving.save_claims(net).await?;
    saving.save_presences(net).await?;
    saving.save_bookings(net, extras).await
}

/// The bookings of which something else is said now than was.
fn corrected(net: &NetChanges) -> Vec<&Booking> {
    let corrected = net.recorded.iter().filter(|(_, entry)| entry.kind == HistoryKind::Corrected).map(|(id, _)| *id);
    let corrected: BTreeSet<BookingId> = corrected.collect();
    net.became.iter().filter(|booking| corrected.contains(&booking.id)).collect()
}

struct Saving<'a> {
    tx: &'a mut Tx,
    organization: OrganizationId,
}

impl Saving<'_> {
    async fn save_claims(&mut self, net: &NetChanges) -> Result<(), StoreError> {
        self.run_all(FREE, net.freed.iter().map(KeyEntry::of), "claims").await?;
        self.run_all(REOWN, net.reowned.iter().map(ClaimEntry::of), "claims").await?;
        self.run(CLAIM, net.claimed.iter().map(ClaimEntry::of)).await?;
        self.run_all(NUMBER, net.versions.iter().map(VersionEntry::of), "resources").await
    }

    async fn save_presences(&mut self, net: &NetChanges) -> Result<(), StoreError> {
        if !net.departed.is_empty() {
            let list = id_list(&net.departed)?;
            self.run_text(DEPART, list.clone()).await?;
            self.run_text(DEPART_HEARTBEATS, list).await?;
        }
        if !net.present.is_empty() {
            let entries: Vec<_> = net.present.iter().map(PresenceEntry::of).collect::<Result<_, _>>()?;
            let list = json(&entries)?;
            if self.run_text(PRESENT, list.clone()).await? != net.present.len() as u64 {
                // Somebody else has one of these ids; another try draws others.
                return Err(StoreError::Moved);
            }
            self.run_text(PRESENT_HEARTBEATS, list).await?;
        }
        self.run(COOL_DOWN, net.cooldowns.iter().map(CooldownEntry::of)).await.map(drop)
    }

    async fn save_bookings(&mut self, net: &NetChanges, extras: &Extras) -> Result<(), StoreError> {
        let corrected = corrected(net);
        lost_words::respell(self.tx, self.organization, &corrected).await?;
        let mut made = Vec::with_capacity(net.made.len());
        for booking in &net.made {
            let token = extras
                .token_hashes
                .get(&booking.id)
                .ok_or("a new booking has no management token")
                .sound("bookings")?;
            made.push(BookingEntry::of(booking, Some(*token))?);
        }
        self.run(MAKE, made).await?;
        words::insert(self.tx, self.organization, &net.made).await?;
        words::update(self.tx, self.organization, &net.became).await?;
        words::insert_corrected(self.tx, self.organization, &corrected).await?;
        tallies::insert(self.tx, self.organization, (&net.made, &extras.public)).await?;
        tallies::update(self.tx, self.organization, &net.became).await?;
        let became = net.became.iter().map(|booking| BookingEntry::of(booking, None)).collect::<Result<Vec<_>, _>>()?;
        self.run_all(BECOME, became, "bookings").await?;
        self.run_all(RENEW, extras.renewed.iter().map(TokenEntry::of), "bookings").await?;
        if !net.became.is_empty() {
            self.run_text(UNTAKE, id_list(&net.became.iter().map(|booking| booking.id).collect::<Vec<_>>())?).await?;
        }
        self.run(TAKE, net.made.iter().chain(&net.became).flat_map(TakenEntry::all_of)).await?;
        self.run(RECORD, HistoryEntries::of(&net.recorded)).await.map(drop)
    }

    /// Runs a statement over a list, if there is anything in it, and gives how many rows it changed.
    async fn run<T: Serialize>(
        &mut self,
        statement: &'static str,
        list: impl IntoIterator<Item = T>,
    ) -> Result<u64, StoreError> {
        let list: Vec<T> = list.into_iter().collect();
        if list.is_empty() { Ok(0) } else { self.run_text(statement, json(&list)?).await }
    }

    /// The same, when every entry must have met its row.
    async fn run_all<T: Serialize>(
        &mut self,
        statement: &'static str,
        list: impl IntoIterator<Item = T>,
        table: &'static str,
    ) -> Result<(), StoreError> {
        let list: Vec<T> = list.into_iter().collect();
        let expected = list.len() as u64;
        match self.run(statement, list).await? {
            changed if changed == expected => Ok(()),
            changed => Err(format!("{expected} rows should change, {changed} did")).sound(table),
        }
    }

    async fn run_text(&mut self, statement: &'static str, list: String) -> Result<u64, StoreError> {
        execute!(self.tx, query(statement).bind(self.organization.uuid()).bind(list))
    }
}
