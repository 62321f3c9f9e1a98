//! What the component answers, where the domain has no type of its own for it.

use crate::affected::Affected;
use crate::availability::Slot;
use crate::booking::Booking;
use crate::event_type::EventType;
use crate::hold::{Place, Present, SessionId, SlotKey};
use crate::id::ResourceId;
use crate::interval::Interval;
use crate::organization::{Accent, Logo};
use crate::page::Page;
use crate::refusal::Refusal;
use crate::request::Revision;
use crate::resource::{Capacity, ResourceKind};
use crate::text::{Name, Slug};
use crate::{NaiveDate, Tz};
use std::collections::BTreeSet;

use crate::secret::ManagementToken;

/// A tenant, as the public may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Its part of the booking pages' address.
    pub slug: Slug,
    /// What people call it.
    pub name: Name,
    /// The colour of its pages.
    pub accent: Option<Accent>,
    /// The number of its logo, which grows with each change; none when it has no logo.
    pub logo_version: Option<i64>,
}

/// An organization's logo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberedLogo {
    /// The image.
    pub logo: Logo,
    /// Grows with each change.
    pub version: i64,
}

/// A resource, as the public may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageResource {
    /// Its id.
    pub id: ResourceId,
    /// What people call it.
    pub name: Name,
    /// What kind of thing it is.
    pub kind: ResourceKind,
    /// How many units it has.
    pub capacity: Capacity,
}

/// What a booking page needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookingPage {
    /// What is offered.
    pub event_type: EventType,
    /// The schedule's zone.
    pub time_zone: Tz,
    /// The resources that it may take.
    pub resources: Vec<PageResource>,
}

/// Where a booking page is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageAddress {
    /// The organization's slug.
    pub organization: Slug,
    /// The event type's slug.
    pub slug: Slug,
}

/// The booking pages of an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookingPages {
    /// Whose they are.
    pub organization: Organization,
    /// One page of the list.
    pub page: Page<BookingPage>,
}

/// A list that its reader may have already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edited<T> {
    /// It still says what it said in the reader's revision.
    Same,
    /// What it says, and the revision that this is, if that can be told later.
    New(T, Option<Revision>),
}

/// The slots of a range as they would be if something were different.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// The free and held slots as they would be, sorted.
    pub slots: Vec<Slot>,
    /// Those that are there now, and would not be.
    pub gone: Vec<Slot>,
    /// Those that would be there, and are not now.
    pub new: Vec<Slot>,
    /// What the change would concern.
    pub affected: Affected,
}

impl Preview {
    /// What is different between these slots and those that would be.
    pub fn between(now: &[Slot], slots: Vec<Slot>) -> Self {
        let times = |slots: &[Slot]| slots.iter().map(|slot| slot.interval).collect::<BTreeSet<Interval>>();
        let (before, after) = (times(now), times(&slots));
        let missing = |of: &[Slot], from: &BTreeSet<Interval>| {
            of.iter().filter(|slot| !from.contains(&slot.interval)).copied().collect::<Vec<Slot>>()
        };
        let (gone, new) = (missing(now, &after), missing(&slots, &before));
        Self { slots, gone, new, affected: Affected::default() }
    }
}

/// What a watcher of slots is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SlotChange {
    /// Every slot in the range: replaces all that was told before.
    Snapshot(Vec<Slot>),
    /// One slot is like this now.
    Slot(Slot),
}

/// What one who follows their own place is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceChange {
    /// The place is like this now.
    Place(Place),
    /// There is no place any more, and why. The last thing told.
    Gone(Refusal),
}

/// One place that a stream of heartbeats keeps alive, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceUpdate {
    /// Which room; unknown when the heartbeat was refused before its room was known.
    pub room: Option<SlotKey>,
    /// Whose place.
    pub session_id: SessionId,
    /// The place, or why there is none.
    pub outcome: Result<Place, Refusal>,
}

/// Who is in a slot's room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomPresence {
    /// Which room.
    pub room: SlotKey,
    /// Everybody there, in line order.
    pub present: Vec<Present>,
}

/// The free slots that come next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextSlots {
    /// The slots, in their order; fewer than asked for where there are no more up to the horizon.
    pub slots: Vec<Interval>,
    /// The zone in which their dates are told.
    pub time_zone: Tz,
}

impl NextSlots {
    /// Each with the date on which it starts.
    pub fn dated(&self) -> impl Iterator<Item = (NaiveDate, Interval)> {
        self.slots.iter().map(|slot| (slot.start().with_timezone(&self.time_zone).date_naive(), *slot))
    }
}

/// A booking was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedBooking {
    /// The booking.
    pub booking: Booking,
    /// Lets its bearer see, cancel and reschedule it. Told once.
    pub management_token: ManagementToken,
}
