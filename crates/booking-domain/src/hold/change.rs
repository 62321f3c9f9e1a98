//! What a decision changes, and the net effect of many changes, which is what a store saves.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::address::AddressKey;
use crate::availability::Claim;
use crate::booking::{Booking, HistoryEntry};
use crate::hold::time_held::TimeHeld;
use crate::hold::{Presence, SessionKey, SlotKey};
use crate::id::{BookingId, EventTypeId, PresenceId, ResourceId};
use crate::text::Prose;

/// Why a session is no longer in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Departure {
    /// It left.
    Left,
    /// It went to another room of the same event type.
    Moved,
    /// Its heartbeats stopped.
    Silent,
    /// Its hold met the deadline.
    Deadline,
    /// Its hold became a booking.
    Booked,
    /// An operator ended it, and may have said why.
    Released(Prose),
    /// The booking that should move here was moved elsewhere, or ended.
    BookingChanged,
    /// It waited for a slot that bookings have taken.
    TakenByBooking,
    /// It waited for a slot that is not offered any more.
    NoLongerOffered,
    /// It waited, and when its turn came it had held overlapping times for as long as one may.
    NothingLeft,
}

/// A hold that ended without becoming a booking, for as long as it counts for its session and address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cooldown {
    /// The presence whose hold it was.
    pub presence_id: PresenceId,
    /// Its room.
    pub room: SlotKey,
    /// Its session.
    pub session: SessionKey,
    /// Its address, when caps count it.
    pub address: Option<AddressKey>,
    /// How long they had held overlapping times when it ended.
    pub held: TimeHeld,
    /// Whether the extension was used.
    pub extended: bool,
    /// Until when it counts.
    pub until: DateTime<Utc>,
    /// Whether the session knows that its hold has ended; who met the deadline, or was released, has to be told.
    pub told: bool,
    /// Why an operator released it, if one did.
    pub released: Option<Prose>,
}

/// One change, as absolute state: doing it twice is harmless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A unit is taken, or its owner changes.
    Claimed(ResourceId, Claim),
    /// A unit is free.
    Freed(ResourceId, Claim),
    /// A resource's claims have this version now.
    Numbered(ResourceId, i64),
    /// A session is in a room, like this.
    Present(Presence),
    /// A session is no longer in a room.
    Departed(Presence, Departure),
    /// How long a session and its address have held a time counts for a while.
    CoolingDown(Cooldown),
    /// A booking is made.
    Made(Booking),
    /// A booking is like this now.
    Became(Booking),
    /// Something happened to a booking.
    Recorded(BookingId, HistoryEntry),
}

impl Change {
    /// The event type whose rooms or bookings are different by this.
    pub fn event_type(&self) -> Option<EventTypeId> {
        match self {
            Self::Present(presence) | Self::Departed(presence, _) => Some(presence.room.event_type_id),
            Self::Made(booking) | Self::Became(booking) => Some(booking.event_type_id),
            Self::Claimed(..) | Self::Freed(..) | Self::Numbered(..) | Self::CoolingDown(_) | Self::Recorded(..) => {
                None
            }
        }
    }
}

/// A claim's key: one unit of one resource from one instant on.
pub type ClaimKey = (ResourceId, u32, DateTime<Utc>);

/// The net effect of many changes, each thing once: what a store saves in a handful of statements.
///
/// Saved in the order of the fields, no statement meets a conflict that the final state does not have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetChanges {
    /// Claims to delete.
    pub freed: Vec<ClaimKey>,
    /// Claims whose owner changes; their range stays.
    pub reowned: Vec<(ResourceId, Claim)>,
    /// Claims to insert.
    pub claimed: Vec<(ResourceId, Claim)>,
    /// The resources' new claim versions.
    pub versions: BTreeMap<ResourceId, i64>,
    /// Presences to delete.
    pub departed: Vec<PresenceId>,
    /// Presences to insert, or to update where they are.
    pub present: Vec<Presence>,
    /// Cooldowns to insert, or to update where they are.
    pub cooldowns: Vec<Cooldown>,
    /// Bookings to insert.
    pub made: Vec<Booking>,
    /// Bookings to update.
    pub became: Vec<Booking>,
    /// History to append, in order.
    pub recorded: Vec<(BookingId, HistoryEntry)>,
}

/// A claim before the changes (if one of them shows it) and after them.
#[derive(Default)]
struct ClaimFate {
    before: Option<Claim>,
    after: Option<Claim>,
}

impl NetChanges {
    /// The net effect of `changes`, made in this order. `before` tells which presences and claims were there before.
    pub fn of(changes: &[Change], before: &Before) -> Self {
        let mut net = Self::default();
        let mut claims: BTreeMap<ClaimKey, ClaimFate> = BTreeMap::new();
        let mut presences: BTreeMap<PresenceId, Option<&Presence>> = BTreeMap::new();
        let mut cooldowns: BTreeMap<PresenceId, &Cooldown> = BTreeMap::new();
        let mut bookings: BTreeMap<BookingId, (bool, &Booking)> = BTreeMap::new();
        for change in changes {
            match change {
                Change::Claimed(resource, claim) => before.fate(&mut claims, *resource, claim).after = Some(*claim),
                Change::Freed(resource, claim) => before.fate(&mut claims, *resource, claim).after = None,
                Change::Numbered(resource, version) => drop(net.versions.insert(*resource, *version)),
                Change::Present(presence) => drop(presences.insert(presence.id, Some(presence))),
                Change::Departed(presence, _) => drop(presences.insert(presence.id, None)),
                Change::CoolingDown(cooldown) => drop(cooldowns.insert(cooldown.presence_id, cooldown)),
                Change::Made(booking) => drop(bookings.insert(booking.id, (true, booking))),
                Change::Became(booking) => bookings.entry(booking.id).or_insert((false, booking)).1 = booking,
                Change::Recorded(booking, entry) => net.recorded.push((*booking, entry.clone())),
            }
        }
        claims.into_iter().for_each(|(key, fate)| net.settle_claim(key, fate));
        for (id, last) in presences {
            match last {
                Some(presence) => net.present.push(presence.clone()),
                None if before.presences.contains(&id) => net.departed.push(id),
                None => {}
            }
        }
        net.cooldowns = cooldowns.into_values().cloned().collect();
        for (made, booking) in bookings.into_values() {
            if made { net.made.push(booking.clone()) } else { net.became.push(booking.clone()) }
        }
        net
    }

    fn settle_claim(&mut self, key: ClaimKey, fate: ClaimFate) {
        match (fate.before, fate.after) {
            (None, None) => {}
            (None, Some(after)) => self.claimed.push((key.0, after)),
            (Some(_), None) => self.freed.push(key),
            (Some(before), Some(after)) if before == after => {}
            (Some(before), Some(after)) if before.blocked == after.blocked && before.slot == after.slot => {
                self.reowned.push((key.0, after));
            }
            (Some(_), Some(after)) => {
                self.freed.push(key);
                self.claimed.push((key.0, after));
            }
        }
    }

    /// Whether nothing is to be saved.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What was in the store before the changes.
#[derive(Clone, Debug, Default)]
pub struct Before {
    /// The claims, by key.
    pub claims: BTreeMap<ClaimKey, Claim>,
    /// The presences.
    pub presences: std::collections::BTreeSet<PresenceId>,
}

impl Before {
    fn fate<'a>(
        &self,
        fates: &'a mut BTreeMap<ClaimKey, ClaimFate>,
        resource: ResourceId,
        claim: &Claim,
    ) -> &'a mut ClaimFate {
        let key = (resource, claim.unit, claim.blocked.start());
        fates.entry(key).or_insert_with(|| {
            let before = self.claims.get(&key).copied();
            ClaimFate { before, after: before }
        })
    }
}
