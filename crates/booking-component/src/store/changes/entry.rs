//! What the statements take: entries of JSON lists, one for each row.

use std::collections::BTreeMap;

use booking_domain::availability::{Claim, Owner};
use booking_domain::booking::{Booking, HistoryEntry};
use booking_domain::finding::Reason;
use booking_domain::hold::Presence;
use booking_domain::hold::change::{ClaimKey, Cooldown};
use booking_domain::id::{BookingId, EventTypeId, PresenceId, ResourceId};
use serde::Serialize;

use crate::secret::Digest;
use crate::store::StoreError;
use crate::store::bookings::words::search_text;
use crate::store::columns::{At, json};

/// A claim's key.
#[derive(Serialize)]
pub(super) struct KeyEntry {
    resource: ResourceId,
    unit: u32,
    starts_at: At,
}

impl KeyEntry {
    pub(super) fn of((resource, unit, start): &ClaimKey) -> Self {
        Self { resource: *resource, unit: *unit, starts_at: At(*start) }
    }
}

/// A claim.
#[derive(Serialize)]
pub(super) struct ClaimEntry {
    resource: ResourceId,
    unit: u32,
    starts_at: At,
    ends_at: At,
    slot_starts_at: At,
    slot_ends_at: At,
    kind: &'static str,
    presence: Option<PresenceId>,
    booking: Option<BookingId>,
}

impl ClaimEntry {
    pub(super) fn of((resource, claim): &(ResourceId, Claim)) -> Self {
        let (kind, presence, booking) = match claim.owner {
            Owner::Hold(presence) => ("hold", Some(presence), None),
            Owner::Booking(booking) => ("booking", None, Some(booking)),
        };
        Self {
            resource: *resource,
            unit: claim.unit,
            starts_at: At(claim.blocked.start()),
            ends_at: At(claim.blocked.end()),
            slot_starts_at: At(claim.slot.start()),
            slot_ends_at: At(claim.slot.end()),
            kind,
            presence,
            booking,
        }
    }
}

/// The number of a resource's last change.
#[derive(Serialize)]
pub(super) struct VersionEntry {
    id: ResourceId,
    version: i64,
}

impl VersionEntry {
    pub(super) fn of((id, version): (&ResourceId, &i64)) -> Self {
        Self { id: *id, version: *version }
    }
}

/// A presence, with its heartbeat.
#[derive(Serialize)]
pub(super) struct PresenceEntry<'a> {
    id: PresenceId,
    event_type: EventTypeId,
    starts_at: At,
    ends_at: At,
    session: Digest,
    who: &'a str,
    address: Option<String>,
    wanted: Option<ResourceId>,
    data: Option<&'a str>,
    joined_at: At,
    expires_at: At,
    hold_deadline_at: Option<At>,
    hold_extended: bool,
    hold_version: i64,
    session_held_ms: i64,
    address_held_ms: i64,
    moving: Option<BookingId>,
    kept_units: Option<String>,
    allowed: Option<String>,
    fixed_until: Option<At>,
    fixed_by_operator: bool,
}

impl<'a> PresenceEntry<'a> {
    pub(super) fn of(presence: &'a Presence) -> Result<Self, StoreError> {
        let (hold, term) = (presence.hold.as_ref(), presence.fixed_term);
        let kept: Vec<_> = presence.kept.iter().map(|unit| (unit.resource_id, unit.unit)).collect();
        let kept = Some(kept).filter(|kept| !kept.is_empty());
        let allow = Some(presence.allow).filter(|allow| !allow.is_nothing());
        Ok(Self {
            id: presence.id,
            event_type: presence.room.event_type_id,
            starts_at: At(presence.room.slot.start()),
            ends_at: At(presence.room.slot.end()),
            session: presence.session.into(),
            who: &presence.who.0,
            address: presence.address.map(|address| address.to_string()),
            wanted: presence.wanted,
            data: presence.data.as_ref().map(|data| data.as_str()),
            joined_at: At(presence.joined_at),
            expires_at: At(presence.expires_at),
            hold_deadline_at: hold.map(|hold| At(hold.deadline)),
            hold_extended: hold.is_some_and(|hold| hold.extended),
            hold_version: hold.map_or(0, |hold| hold.version),
            session_held_ms: presence.held_by_deadline.by_session.num_milliseconds(),
            address_held_ms: presence.held_by_deadline.by_address.num_milliseconds(),
            moving: presence.moving,
            kept_units: kept.map(|kept| json(&kept)).transpose()?,
            allowed: allow.map(|allow| json(&allow.rules().map(Reason::slug).collect::<Vec<_>>())).transpose()?,
            fixed_until: term.map(|term| At(term.until)),
            fixed_by_operator: term.is_some_and(|term| term.of_operator),
        })
    }
}

/// A hold that ended.
#[derive(Serialize)]
pub(super) struct CooldownEntry<'a> {
    id: PresenceId,
    event_type: EventTypeId,
    starts_at: At,
    ends_at: At,
    session: Digest,
    address: Option<String>,
    session_held_ms: i64,
    address_held_ms: i64,
    extended: bool,
    until_at: At,
    told: bool,
    released_reason: Option<&'a str>,
}

impl<'a> CooldownEntry<'a> {
    pub(super) fn of(cooldown: &'a Cooldown) -> Self {
        Self {
            id: cooldown.presence_id,
            event_type: cooldown.room.event_type_id,
            starts_at: At(cooldown.room.slot.start()),
            ends_at: At(cooldown.room.slot.end()),
            session: cooldown.session.into(),
            address: cooldown.address.map(|address| address.to_string()),
            session_held_ms: cooldown.held.by_session.num_milliseconds(),
            address_held_ms: cooldown.held.by_address.num_milliseconds(),
            extended: cooldown.extended,
            until_at: At(cooldown.until),
            told: cooldown.told,
            released_reason: cooldown.released.as_ref().map(|reason| reason.as_str()),
        }
    }
}

/// A booking; a new one with the hash of its token.
#[derive(Serialize)]
pub(super) struct BookingEntry<'a> {
    id: BookingId,
    event_type: EventTypeId,
    title: &'a str,
    status: &'static str,
    starts_at: At,
    ends_at: At,
    time_zone: &'static str,
    name: &'a str,
    email: &'a str,
    phone: Option<&'a str>,
    notes: &'a str,
    answers: String,
    ended_reason: Option<&'a str>,
    staff_notes: Option<&'a str>,
    calendar_sequence: i64,
    token: Option<Digest>,
    email_key: String,
    search_text: String,
    created_at: At,
    updated_at: At,
    version: i64,
    wanted: Option<ResourceId>,
}

impl<'a> BookingEntry<'a> {
    pub(super) fn of(booking: &'a Booking, token: Option<Digest>) -> Result<Self, StoreError> {
        let Booking { booker, event_type_title: title, slot, stamp, .. } = booking;
        Ok(Self {
            id: booking.id,
            event_type: booking.event_type_id,
            title: title.as_str(),
            status: booking.status.name(),
            starts_at: At(slot.start()),
            ends_at: At(slot.end()),
            time_zone: booking.time_zone.name(),
            name: booker.name.as_str(),
            // Whoever has none is stored with an empty one.
            email: booker.email.as_ref().map_or("", |email| email.as_str()),
            phone: booker.phone.as_ref().map(|phone| phone.as_str()),
            notes: booker.notes.as_str(),
            answers: json(&booking.answers)?,
            ended_reason: booking.ended_reason.as_ref().map(|reason| reason.as_str()),
            staff_notes: Some(booking.staff_notes.as_str()).filter(|notes| !notes.is_empty()),
            calendar_sequence: booking.calendar_sequence,
            token,
            email_key: booker.email_key().unwrap_or_default(),
            search_text: search_text(booking),
            created_at: At(stamp.created_at),
            updated_at: At(stamp.updated_at),
            version: stamp.version,
            wanted: booking.wanted,
        })
    }
}

/// A booking's new token.
#[derive(Serialize)]
pub(super) struct TokenEntry {
    id: BookingId,
    token: Digest,
}

impl TokenEntry {
    pub(super) fn of((id, token): (&BookingId, &Digest)) -> Self {
        Self { id: *id, token: *token }
    }
}

/// A resource that a booking takes.
#[derive(Serialize)]
pub(super) struct TakenEntry {
    booking: BookingId,
    resource: ResourceId,
    starts_at: At,
    status: &'static str,
}

impl TakenEntry {
    pub(super) fn all_of(booking: &Booking) -> impl Iterator<Item = Self> {
        let (id, starts_at, status) = (booking.id, At(booking.slot.start()), booking.status.name());
        booking.resources.iter().map(move |taken| Self { booking: id, resource: taken.id, starts_at, status })
    }
}

/// Something that happened to a booking: the `nth` of this batch.
#[derive(Serialize)]
pub(super) struct HistoryEntries<'a> {
    booking: BookingId,
    nth: i64,
    happened_at: At,
    kind: &'static str,
    actor: &'static str,
    starts_at: At,
    ends_at: At,
    reason: &'a str,
}

impl<'a> HistoryEntries<'a> {
    pub(super) fn of(recorded: &'a [(BookingId, HistoryEntry)]) -> Vec<Self> {
        let mut counts: BTreeMap<BookingId, i64> = BTreeMap::new();
        let numbered = recorded.iter().map(|(booking, entry)| {
            let nth = counts.entry(*booking).or_default();
            *nth += 1;
            Self {
                booking: *booking,
                nth: *nth,
                happened_at: At(entry.at),
                kind: entry.kind.name(),
                actor: entry.actor.name(),
                starts_at: At(entry.slot.start()),
                ends_at: At(entry.slot.end()),
                reason: entry.reason.as_str(),
            }
        });
        numbered.collect()
    }
}
