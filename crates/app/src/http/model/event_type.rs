//! Event types on the wire.

pub mod parsing;

use booking_domain::event_type::{self, EventTypeSpec};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::json::objects;
use crate::http::model::entity::{Entity, EntityFields, Patch};

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
    /// How many local dates ahead, counted from today; no bound unless said.
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
        Self { count: 1, resource_ids: Vec::new() }
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
    /// The address, link or number.
    #[schema(max_length = 4000, required)]
    pub value: String,
}

/// How one meets.
#[derive(Clone, Copy, Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum LocationKind {
    InPerson,
    Online,
    Phone,
    Other,
}

/// A question that the booker answers.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
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

impl Default for Question {
    fn default() -> Self {
        let (key, label, kind) = Default::default();
        Self { key, label, kind, required: false, options: Vec::new() }
    }
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum QuestionKind {
    Text,
    Textarea,
    Select,
    Checkbox,
    Phone,
}

impl EntityFields for NewEventType {
    const ENTITY: &'static str = "EventType";
    const PATCH: &'static str = "EventTypePatch";
    const IS: &'static str = "Something that is offered";
}

impl Default for NewEventType {
    fn default() -> Self {
        Self {
            slug: String::new(),
            title: String::new(),
            description: String::new(),
            durations_minutes: Vec::new(),
            slot_interval_minutes: None,
            buffer_before_minutes: 0,
            buffer_after_minutes: 0,
            min_notice_minutes: 0,
            horizon_days: None,
            schedule_id: String::new(),
            requirements: Vec::new(),
            limits: PeriodLimits::default(),
            requires_confirmation: false,
            hold_deadline_minutes: None,
            location: None,
            questions: Vec::new(),
            active: true,
        }
    }
}

impl From<&event_type::Location> for Location {
    fn from(location: &event_type::Location) -> Self {
        Self { kind: location.kind.name().to_owned(), value: location.value.to_string() }
    }
}

impl From<&event_type::Question> for Question {
    fn from(question: &event_type::Question) -> Self {
        Self {
            key: question.key.to_string(),
            label: question.label.to_string(),
            kind: question.kind.name().to_owned(),
            required: question.required,
            options: question.options.iter().map(ToString::to_string).collect(),
        }
    }
}

impl From<&event_type::Requirement> for Requirement {
    fn from(requirement: &event_type::Requirement) -> Self {
        let resource_ids = requirement.resource_ids.iter().map(ToString::to_string).collect();
        Self { count: requirement.count.into(), resource_ids }
    }
}

impl From<event_type::PeriodLimits> for PeriodLimits {
    fn from(limits: event_type::PeriodLimits) -> Self {
        Self {
            per_day: limits.per_day.map(Into::into),
            per_week: limits.per_week.map(Into::into),
            per_month: limits.per_month.map(Into::into),
        }
    }
}

impl From<&EventTypeSpec> for NewEventType {
    fn from(spec: &EventTypeSpec) -> Self {
        Self {
            slug: spec.slug.to_string(),
            title: spec.title.to_string(),
            description: spec.description.to_string(),
            durations_minutes: spec.durations.minutes().iter().map(|minutes| i64::from(*minutes)).collect(),
            slot_interval_minutes: spec.slot_interval_minutes.map(Into::into),
            buffer_before_minutes: spec.buffer_before_minutes.into(),
            buffer_after_minutes: spec.buffer_after_minutes.into(),
            min_notice_minutes: spec.min_notice_minutes.into(),
            horizon_days: spec.horizon_days.map(Into::into),
            schedule_id: spec.schedule_id.to_string(),
            requirements: spec.requirements.iter().map(Into::into).collect(),
            limits: spec.limits.into(),
            requires_confirmation: spec.requires_confirmation,
            hold_deadline_minutes: spec.hold_deadline_minutes.map(Into::into),
            location: spec.location.as_ref().map(Into::into),
            questions: spec.questions.iter().map(Into::into).collect(),
            active: spec.active,
        }
    }
}

/// A stored event type.
pub type EventType = Entity<NewEventType>;

/// A change to one.
pub type EventTypePatch = Patch<NewEventType>;

impl From<&event_type::EventType> for EventType {
    fn from(event_type: &event_type::EventType) -> Self {
        Self::new(event_type.id.uuid(), (&event_type.spec).into(), event_type.stamp)
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
