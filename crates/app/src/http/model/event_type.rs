//! Event types on the wire.

use booking_domain::draft::event_type::{
    EventTypeDraft, LocationDraft, PeriodLimitsDraft, QuestionDraft, RequirementDraft,
};
use booking_domain::draft::fields::same_fields;
use booking_domain::event_type;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::json::objects;
use crate::http::model::entity::{ChangedEntity, Entity, EntityFields, OfferedFields, Patch};
use crate::http::model::names::names;

names! {
    /// How one meets.
    LocationKind = event_type::LocationKind::ALL.map(event_type::LocationKind::name);

    /// How a question is answered.
    QuestionKind = event_type::QuestionKind::ALL.map(event_type::QuestionKind::name);
}

/// What an operator says about an event type.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewEventType {
    /// Its part of the booking page's address; unique in the organization.
    #[schema(required, min_length = 1, max_length = 63, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    pub slug: String,
    /// What people call it.
    #[schema(required, min_length = 1, max_length = 200)]
    pub title: String,
    /// More about it.
    #[schema(max_length = 4000, default = "")]
    pub description: String,
    /// The durations on offer, each once.
    #[schema(required, min_items = 1, max_items = 20)]
    pub durations_minutes: Vec<i64>,
    /// The grid's step; the shortest duration unless said.
    #[schema(minimum = 1, maximum = 10080)]
    pub slot_interval_minutes: Option<i64>,
    /// Minutes blocked before the start.
    #[schema(minimum = 0, maximum = 1440, default = 0)]
    pub buffer_before_minutes: i64,
    /// Minutes blocked after the end.
    #[schema(minimum = 0, maximum = 1440, default = 0)]
    pub buffer_after_minutes: i64,
    /// A start must be at least so many minutes away.
    #[schema(minimum = 0, maximum = 527040, default = 0)]
    pub min_notice_minutes: i64,
    /// How many local dates ahead, counted from today; 365 unless said.
    #[schema(minimum = 0, maximum = 731)]
    pub horizon_days: Option<i64>,
    /// When it is open.
    #[schema(required, format = "uuid")]
    pub schedule_id: String,
    /// The resources it needs, all requirements at once.
    #[schema(required, min_items = 1, max_items = 10)]
    #[serde(deserialize_with = "objects::list")]
    pub requirements: Vec<Requirement>,
    /// At most so many bookings in a period of the schedule's zone.
    #[serde(deserialize_with = "objects::one")]
    pub limits: PeriodLimits,
    /// Whether a booking starts as `pending`.
    #[schema(default = false)]
    pub requires_confirmation: bool,
    /// How long a hold lives; the server's setting unless said.
    #[schema(minimum = 1, maximum = 1440)]
    pub hold_deadline_minutes: Option<i64>,
    /// Where it takes place.
    #[serde(deserialize_with = "objects::optional")]
    pub location: Option<Location>,
    /// What the booker is asked.
    #[schema(max_items = 50)]
    #[serde(deserialize_with = "objects::list")]
    pub questions: Vec<Question>,
    /// Whether it is offered now.
    #[schema(default = true)]
    pub active: bool,
    /// A booker may cancel until so many minutes before the start; until the start unless said. Operators always may.
    #[schema(minimum = 0, maximum = 527040)]
    pub cancel_until_minutes: Option<i64>,
    /// A booker may move a booking until so many minutes before its start; until the start unless said. Operators always may.
    #[schema(minimum = 0, maximum = 527040)]
    pub move_until_minutes: Option<i64>,
    /// Whether a booking that its booker moves is `pending` again, where bookings have to be confirmed.
    #[schema(default = true)]
    pub reconfirm_moves: bool,
}

/// "`count` of these resources": distinct resources, each with a free unit.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Requirement {
    /// How many of the resources are needed.
    #[schema(minimum = 1, maximum = 100, default = 1)]
    pub count: i64,
    /// The resources to choose from.
    #[schema(required, min_items = 1, max_items = 100, value_type = Vec<crate::http::model::time::Id>)]
    pub resource_ids: Vec<String>,
}

impl Default for Requirement {
    fn default() -> Self {
        RequirementDraft::default().into()
    }
}

/// At most so many bookings in a day, week (Monday first) or month.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PeriodLimits {
    /// Bookings in a local day.
    #[schema(minimum = 1, maximum = 1000000)]
    pub per_day: Option<i64>,
    /// Bookings in a local week, Monday first.
    #[schema(minimum = 1, maximum = 1000000)]
    pub per_week: Option<i64>,
    /// Bookings in a local month.
    #[schema(minimum = 1, maximum = 1000000)]
    pub per_month: Option<i64>,
}

/// Where the appointment takes place.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Location {
    /// How one meets.
    #[schema(required, value_type = LocationKind)]
    pub kind: String,
    /// The address, link or number. Of `online` and `phone` it is told to operators, and with confirmed bookings, alone.
    #[schema(max_length = 4000, required)]
    pub value: String,
}

/// A question that the booker answers.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// The key of its answer.
    #[schema(required, min_length = 1, max_length = 63, pattern = "^[A-Za-z0-9_-]+$")]
    pub key: String,
    /// What is asked.
    #[schema(required, min_length = 1, max_length = 200)]
    pub label: String,
    /// How it is answered.
    #[schema(required, value_type = QuestionKind)]
    pub kind: String,
    /// Whether an answer is needed; for a checkbox, whether it must be ticked.
    pub required: bool,
    /// What to choose from; only for `select`.
    #[schema(max_items = 100)]
    pub options: Vec<String>,
}

impl EntityFields for NewEventType {
    type Draft = EventTypeDraft;
    const ENTITY: &'static str = "EventType";
    const PATCH: &'static str = "EventTypePatch";
    const IS: &'static str = "Something that is offered";
}

impl OfferedFields for NewEventType {
    const CHANGED: &'static str = "ChangedEventType";
}

impl Default for NewEventType {
    fn default() -> Self {
        EventTypeDraft::default().into()
    }
}

same_fields! {
    NewEventType = EventTypeDraft {
        slug, title, description, durations_minutes, slot_interval_minutes, buffer_before_minutes, buffer_after_minutes,
        min_notice_minutes, horizon_days, schedule_id, requirements as list, limits as object, requires_confirmation,
        hold_deadline_minutes, location as optional, questions as list, active,
        cancel_until_minutes, move_until_minutes, reconfirm_moves,
    }
    Requirement = RequirementDraft { count, resource_ids }
    PeriodLimits = PeriodLimitsDraft { per_day, per_week, per_month }
    Location = LocationDraft { kind, value }
    Question = QuestionDraft { key, label, kind, required, options }
}

impl From<&event_type::Location> for Location {
    fn from(location: &event_type::Location) -> Self {
        LocationDraft::from(location).into()
    }
}

impl From<&event_type::Question> for Question {
    fn from(question: &event_type::Question) -> Self {
        QuestionDraft::from(question).into()
    }
}

/// A stored event type.
pub type EventType = Entity<NewEventType>;

/// The same after a change.
pub type ChangedEventType = ChangedEntity<NewEventType>;

/// A change to one.
pub type EventTypePatch = Patch<NewEventType>;

impl From<&event_type::EventType> for EventType {
    fn from(event_type: &event_type::EventType) -> Self {
        Self::new(event_type.id.uuid(), &event_type.spec, event_type.stamp)
    }
}

/// One page of event types.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventTypes {
    /// The entries.
    pub event_types: Vec<EventType>,
    /// The token of the next page; null when this is the last one.
    #[schema(required)]
    pub next_page_token: Option<String>,
}
