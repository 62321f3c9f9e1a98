//! Touches: what a commit did to what lists of slots depend on. Only the lists that depend on it are looked at again.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use booking_domain::availability::Offer;
use booking_domain::hold::Presence;
use booking_domain::hold::change::Change;
use booking_domain::id::{EventTypeId, PresenceId, ResourceId};
use booking_domain::interval::Interval;

use super::week_list::{Week, WeekList, weeks};

/// What a list may depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Touch {
    /// What is taken of a resource at some time.
    Claims(ResourceId, Interval),
    /// How many appointments an event type has at some time, where they are limited.
    Appointments(EventTypeId, Interval),
    /// What is taken of a resource, nobody knows when.
    Resource(ResourceId),
}

impl Touch {
    /// The weeks in which it lies.
    pub fn weeks(&self) -> RangeInclusive<Week> {
        match self {
            Self::Claims(_, when) | Self::Appointments(_, when) => weeks(*when),
            Self::Resource(_) => Week::MIN..=Week::MAX,
        }
    }
}

/// What these changes touch. What a session shows to its room, that it waits, or that its lease was renewed touches no slot.
pub fn touches(changes: &[Change], before: &BTreeMap<PresenceId, Presence>) -> Vec<Touch> {
    let holds = |presence: &Presence| presence.hold.is_some();
    let of_presence = |p: &Presence| Touch::Appointments(p.room.event_type_id, p.room.slot);
    let touched = changes.iter().filter_map(|change| match change {
        Change::Claimed(resource, claim) | Change::Freed(resource, claim) => {
            Some(Touch::Claims(*resource, claim.blocked))
        }
        Change::Present(now) => {
            let differs = before.get(&now.id).is_some_and(holds) != holds(now);
            differs.then(|| of_presence(now))
        }
        Change::Departed(presence, _) => holds(presence).then(|| of_presence(presence)),
        Change::Made(booking) | Change::Became(booking) => {
            Some(Touch::Appointments(booking.event_type_id, booking.slot))
        }
        Change::Numbered(..) | Change::CoolingDown(_) | Change::Recorded(..) => None,
    });
    let mut touched: Vec<Touch> = touched.collect();
    touched.sort_unstable();
    touched.dedup();
    touched
}

/// What a list depends on, as it was offered when it was last looked at.
#[derive(Clone)]
pub struct Dependence {
    offer: Arc<Offer>,
    /// When claims matter.
    taken: Interval,
    /// When appointments matter.
    counted: Option<Interval>,
    /// Whether it matters who served last before that.
    turns: bool,
}

impl Dependence {
    /// What the slots of a list depend on; `turns` says whether on who served last before them, too.
    pub fn of(list: &WeekList, offer: &Arc<Offer>, turns: bool) -> Option<Self> {
        let range = list.query().range().ok()?;
        let (taken, counted) = (offer.load_window_of(range, list.minutes()), offer.limit_window(range));
        Some(Self { offer: offer.clone(), taken, counted, turns })
    }

    /// Whether this may have changed any of them.
    pub fn is_touched_by(&self, touch: &Touch) -> bool {
        match touch {
            Touch::Claims(resource, when) => {
                let before = self.turns && when.start() < self.taken.start();
                (before || self.taken.overlaps(*when)) && self.needs(*resource)
            }
            Touch::Resource(resource) => self.needs(*resource),
            Touch::Appointments(event_type, when) => {
                *event_type == self.offer.event_type_id && self.counted.is_some_and(|counted| counted.overlaps(*when))
            }
        }
    }

    /// Whether claims of any earlier week may touch it.
    pub fn takes_turns(&self) -> bool {
        self.turns
    }

    /// The weeks in which something may touch it.
    pub fn weeks(&self) -> RangeInclusive<Week> {
        weeks(self.counted.map_or(self.taken, |counted| counted.hull(self.taken)))
    }

    fn needs(&self, resource: ResourceId) -> bool {
        self.offer.spec.requirements.iter().any(|required| required.resource_ids.contains(&resource))
    }

    /// The resources that may serve.
    pub fn resources(&self) -> Vec<ResourceId> {
        self.offer.spec.resource_ids()
    }
}
