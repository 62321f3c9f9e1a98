//! What can be asked of an offer at all, whoever has taken what.

use chrono::{DateTime, Utc};

use super::Offer;
use super::needs::Needs;
use crate::event_type::EventTypeSpec;
use crate::id::ResourceId;
use crate::interval::Interval;
use crate::refusal::Refusal;

impl EventTypeSpec {
    /// Whether its requirements could be met if nobody had taken anything, by resources of so many units each, switched on or not.
    ///
    /// An example: two requirements of one room each, and both name the same room alone. If it has a single unit, nothing could ever
    /// be booked.
    pub fn can_be_met(&self, units: impl Fn(ResourceId) -> u32) -> bool {
        let ids = self.resource_ids();
        let units: Vec<u32> = ids.iter().map(|id| units(*id)).collect();
        Needs::new(&self.requirements, None, &ids).served_by(&units)
    }
}

impl Offer {
    /// The slot that is meant by a start and a duration in minutes; the shortest duration unless another is said.
    ///
    /// # Errors
    ///
    /// Names `start` when it is no whole minute in the years 1970 to 9999, or when the end is not.
    pub fn slot(&self, start: DateTime<Utc>, duration_minutes: Option<u32>) -> Result<Interval, Refusal> {
        let minutes = duration_minutes.unwrap_or_else(|| self.spec.durations.shortest());
        Interval::lasting(start, minutes).map_err(|invalid| Refusal::field("start", invalid.0))
    }

    /// Whether the event type can take this resource at all, if one is wanted.
    ///
    /// # Errors
    ///
    /// Names `resource_id` when it cannot.
    pub fn check_wanted(&self, wanted: Option<ResourceId>) -> Result<(), Refusal> {
        let needs = |id: ResourceId| self.spec.requirements.iter().any(|needed| needed.resource_ids.contains(&id));
        match wanted {
            Some(id) if !needs(id) => Err(Refusal::field("resource_id", "is not a resource of this event type")),
            _ => Ok(()),
        }
    }
}
