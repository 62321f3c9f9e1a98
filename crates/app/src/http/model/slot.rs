//! Slots, days and explanations on the wire.

use booking_client::{self as client, ExplainRequest, NextSlotsRequest, SlotsRequest};
use booking_domain::availability;
use booking_domain::draft::reader::Draft;
use booking_domain::draft::slot::{ExplainDraft, MovingDraft, NextSlotsDraft, SlotDraft, SlotsDraft};
use booking_domain::id::EventTypeId;
use booking_domain::refusal::Refusal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::http::model::names::names;
use crate::http::model::problem::Reason;
use crate::http::model::time::{Instant, written};

names! {
    /// Whether a slot can be taken.
    SlotState = availability::SlotState::ALL.map(availability::SlotState::name);
}

/// Which slots, or days with slots.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SlotsQuery {
    /// The first date, in `time_zone`.
    #[param(required, nullable = false, value_type = String, format = Date, example = "2027-03-01")]
    pub from: Option<String>,
    /// The last date, included; at most 62 dates in all.
    #[param(required, nullable = false, value_type = String, format = Date, example = "2027-03-31")]
    pub to: Option<String>,
    /// How long; the event type's shortest unless said.
    #[param(nullable = false, value_type = Option<i32>, minimum = 1, maximum = 10080)]
    pub duration_minutes: Option<String>,
    /// The viewer's IANA zone, in which the dates are; the schedule's unless said.
    #[param(nullable = false, example = "Europe/Berlin")]
    pub time_zone: Option<String>,
    /// Only slots that this resource can serve.
    #[param(nullable = false, format = "uuid")]
    pub resource_id: Option<String>,
    /// The uid of a booking that shall move: as if it were not there. Its management token, or a key, has to be shown.
    #[param(nullable = false, format = "uuid")]
    pub moving: Option<String>,
}

impl SlotsQuery {
    /// The question asked about this event type.
    ///
    /// # Errors
    /// Every parameter that is wrong.
    pub fn parse(self, event_type_id: EventTypeId) -> Result<SlotsRequest, Refusal> {
        let Self { from, to, duration_minutes, time_zone, resource_id, moving } = self;
        let draft = SlotsDraft {
            event_type_id: event_type_id.to_string(),
            from: from.unwrap_or_default(),
            to: to.unwrap_or_default(),
            duration_minutes: duration_minutes.map(Into::into),
            time_zone,
            resource_id,
            moving: MovingDraft { moving, management_token: None },
        };
        draft.parse()
    }
}

/// One slot.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SlotQuery {
    /// When it starts: a whole minute.
    #[param(required, nullable = false, value_type = String, format = DateTime, example = "2027-03-10T09:30:00Z")]
    pub start: Option<String>,
    /// How long; the event type's shortest unless said.
    #[param(nullable = false, value_type = Option<i32>, minimum = 1, maximum = 10080)]
    pub duration_minutes: Option<String>,
    /// Only if this resource can serve it.
    #[param(nullable = false, format = "uuid")]
    pub resource_id: Option<String>,
    /// The uid of a booking that shall move: as if it were not there. Its management token, or a key, has to be shown.
    #[param(nullable = false, format = "uuid")]
    pub moving: Option<String>,
}

impl SlotQuery {
    /// The slot asked about.
    ///
    /// # Errors
    /// Every parameter that is wrong.
    pub fn parse(self, event_type_id: EventTypeId) -> Result<ExplainRequest, Refusal> {
        let Self { start, duration_minutes, resource_id, moving } = self;
        let (start, duration_minutes) = (start.and_then(written), duration_minutes.map(Into::into));
        let slot = SlotDraft { event_type_id: event_type_id.to_string(), start, duration_minutes, resource_id };
        ExplainDraft { slot, moving: MovingDraft { moving, management_token: None } }.parse()
    }
}

/// Which free slots come next.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NextSlotsQuery {
    /// How many at most.
    #[param(required, nullable = false, value_type = i32, minimum = 1, maximum = 10)]
    pub count: Option<String>,
    /// Those that start after this instant; after now unless said.
    #[param(nullable = false, format = DateTime)]
    pub after: Option<String>,
    /// How long; the event type's shortest unless said.
    #[param(nullable = false, value_type = Option<i32>, minimum = 1, maximum = 10080)]
    pub duration_minutes: Option<String>,
    /// Only slots that this resource can serve.
    #[param(nullable = false, format = "uuid")]
    pub resource_id: Option<String>,
    /// The viewer's IANA zone, whose dates are told; the schedule's unless said.
    #[param(nullable = false, example = "Europe/Berlin")]
    pub time_zone: Option<String>,
}

impl NextSlotsQuery {
    /// The question asked about this event type.
    ///
    /// # Errors
    /// Every parameter that is wrong.
    pub fn parse(self, event_type_id: EventTypeId) -> Result<NextSlotsRequest, Refusal> {
        let draft = NextSlotsDraft {
            event_type_id: event_type_id.to_string(),
            count: self.count.map(Into::into),
            after: self.after.map(Into::into),
            duration_minutes: self.duration_minutes.map(Into::into),
            resource_id: self.resource_id,
            time_zone: self.time_zone,
        };
        draft.parse()
    }
}

/// A free slot that comes next.
#[derive(Debug, Serialize, ToSchema)]
pub struct NextSlot {
    /// The first instant inside.
    pub start: Instant,
    /// The first instant after.
    pub end: Instant,
    /// The date on which it starts.
    #[schema(format = Date)]
    pub date: String,
}

/// The free slots that come next.
#[derive(Debug, Serialize, ToSchema)]
pub struct NextSlots {
    /// In their order; fewer than asked for where there are no more up to the horizon.
    pub slots: Vec<NextSlot>,
    /// The zone in which the dates are told.
    pub time_zone: String,
}

impl From<&client::NextSlots> for NextSlots {
    fn from(next: &client::NextSlots) -> Self {
        let slots = next.dated().map(|(date, slot)| NextSlot {
            start: Instant(slot.start()),
            end: Instant(slot.end()),
            date: date.to_string(),
        });
        Self { slots: slots.collect(), time_zone: next.time_zone.name().to_owned() }
    }
}

/// A slot. Lists have free and held ones; streams also tell when one is booked or absent.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Slot {
    /// The first instant inside.
    pub start: Instant,
    /// The first instant after.
    pub end: Instant,
    /// Whether it can be taken.
    #[schema(value_type = SlotState)]
    pub state: &'static str,
    /// How many could still take it now, one after another; 0 unless free, and 99 for 99 and more. Fewer are counted where
    /// requirements share hundreds of resources with thousands of claims, but never more than can be taken.
    pub remaining: u32,
}

impl From<&availability::Slot> for Slot {
    fn from(slot: &availability::Slot) -> Self {
        let (start, end) = (Instant(slot.interval.start()), Instant(slot.interval.end()));
        Self { start, end, state: slot.state.name(), remaining: slot.remaining }
    }
}

/// The slots of a range, sorted.
#[derive(Debug, Serialize, ToSchema)]
pub struct Slots {
    /// The slots.
    pub slots: Vec<Slot>,
}

/// A date of the viewer's zone.
#[derive(Debug, Serialize, ToSchema)]
pub struct Day {
    /// The date.
    #[schema(format = Date)]
    pub date: String,
    /// How many slots that start on it are free.
    pub free: u32,
    /// How many are held.
    pub held: u32,
}

impl From<&availability::Day> for Day {
    fn from(day: &availability::Day) -> Self {
        Self { date: day.date.to_string(), free: day.free, held: day.held }
    }
}

/// The dates of a range.
#[derive(Debug, Serialize, ToSchema)]
pub struct Days {
    /// The dates.
    pub days: Vec<Day>,
}

/// Why a slot can or cannot be taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct Explanation {
    /// Whether it can be taken now.
    pub bookable: bool,
    /// Every rule that says no; empty when it can be taken.
    pub reasons: Vec<Reason>,
}

impl From<&availability::Explanation> for Explanation {
    fn from(explanation: &availability::Explanation) -> Self {
        let reasons: Vec<Reason> = explanation.findings.iter().map(Into::into).collect();
        Self { bookable: reasons.is_empty(), reasons }
    }
}
