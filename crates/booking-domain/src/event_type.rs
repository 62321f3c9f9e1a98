//! Event types: what is offered, under which rules, with which resources.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::id::{EventTypeId, ResourceId, ScheduleId};
use crate::invalid::Invalid;
use crate::limits;
use crate::schedule::Stamp;
use crate::text::{Key, Name, Prose, Slug};

/// The durations on offer, in minutes: 1 to 20 distinct ones, shortest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Durations(Vec<u32>);

/// How long a slot may be, in minutes.
pub const DURATION: RangeInclusive<u32> = 1..=limits::DURATION_MINUTES_MAX;

impl Durations {
    /// These durations, in minutes.
    pub fn new(minutes: &[i64]) -> Result<Self, Invalid> {
        if minutes.is_empty() || minutes.len() > limits::DURATIONS {
            return Err(Invalid("must have 1 to 20 entries"));
        }
        let within = |each: &i64| u32::try_from(*each).ok().filter(|each| DURATION.contains(each));
        let sorted: Option<Vec<u32>> = minutes.iter().map(within).collect();
        let mut sorted = sorted.ok_or(Invalid("must be durations between 1 and 10080 minutes"))?;
        sorted.sort_unstable();
        if sorted.windows(2).any(|pair| matches!(pair, [a, b] if a == b)) {
            return Err(Invalid("must not repeat a duration"));
        }
        Ok(Self(sorted))
    }

    /// The durations in minutes, shortest first.
    pub fn minutes(&self) -> &[u32] {
        &self.0
    }

    /// The shortest, in minutes.
    pub fn shortest(&self) -> u32 {
        self.0.first().copied().unwrap_or(1)
    }

    /// The longest, in minutes.
    pub fn longest(&self) -> u32 {
        self.0.last().copied().unwrap_or(1)
    }
}

/// "`count` of these resources": distinct resources, each with a free unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// How many of the resources are needed, from 1 to their number.
    pub count: u32,
    /// The resources to choose from, without repetition, in the order given.
    pub resource_ids: Vec<ResourceId>,
}

impl Requirement {
    /// `count` of `resource_ids`.
    pub fn new(count: i64, resource_ids: Vec<ResourceId>) -> Result<Self, Invalid> {
        let mut seen = resource_ids.clone();
        seen.sort_unstable();
        seen.dedup();
        if resource_ids.is_empty() || resource_ids.len() > limits::REQUIREMENT_RESOURCES {
            Err(Invalid("must name 1 to 100 resources"))
        } else if seen.len() != resource_ids.len() {
            Err(Invalid("must not name a resource twice"))
        } else {
            let count = u32::try_from(count).ok().filter(|count| (1..=resource_ids.len()).contains(&(*count as usize)));
            let count = count.ok_or(Invalid("must have a count between 1 and the number of its resources"))?;
            Ok(Self { count, resource_ids })
        }
    }

    /// Whether there is nothing to choose: all of its resources are needed.
    pub fn is_fixed(&self) -> bool {
        self.count as usize == self.resource_ids.len()
    }
}

/// At most so many bookings in a day, week (Monday first) or month of the schedule's zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodLimits {
    /// Bookings in a local day.
    pub per_day: Option<u32>,
    /// Bookings in a local week, Monday first.
    pub per_week: Option<u32>,
    /// Bookings in a local month.
    pub per_month: Option<u32>,
}

impl PeriodLimits {
    /// Whether there is any.
    pub const fn is_empty(self) -> bool {
        self.per_day.is_none() && self.per_week.is_none() && self.per_month.is_none()
    }
}

/// Where the appointment takes place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// How one meets.
    pub kind: LocationKind,
    /// The address, link or number; may be empty.
    pub value: Prose,
}

impl Location {
    /// The place as everybody may know it. A link may hold a password, and a number is somebody's: these are for whom the visit is
    /// confirmed.
    #[must_use]
    pub fn for_public(self) -> Self {
        match self.kind {
            LocationKind::Online | LocationKind::Phone => Self { value: Prose::default(), ..self },
            LocationKind::InPerson | LocationKind::Other => self,
        }
    }
}

/// How one meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum LocationKind {
    InPerson,
    Online,
    Phone,
    Other,
}

impl LocationKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::InPerson, Self::Online, Self::Phone, Self::Other];

    /// The name in the contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::InPerson => "in_person",
            Self::Online => "online",
            Self::Phone => "phone",
            Self::Other => "other",
        }
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Result<Self, Invalid> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name() == name)
            .ok_or(Invalid("must be in_person, online, phone or other"))
    }
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum QuestionKind {
    Text,
    Textarea,
    Select,
    Checkbox,
    Phone,
}

impl QuestionKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Text, Self::Textarea, Self::Select, Self::Checkbox, Self::Phone];

    /// The name in the contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Textarea => "textarea",
            Self::Select => "select",
            Self::Checkbox => "checkbox",
            Self::Phone => "phone",
        }
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|kind| kind.name() == name);
        found.ok_or(Invalid("must be text, textarea, select, checkbox or phone"))
    }
}

/// A question that the booker answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The key of its answer.
    pub key: Key,
    /// What is asked.
    pub label: Name,
    /// How it is answered.
    pub kind: QuestionKind,
    /// Whether an answer is needed; for a checkbox, whether it must be ticked.
    pub required: bool,
    /// What to choose from; only for `select`, and there at least one.
    pub options: Vec<Name>,
}

impl Question {
    /// Whether options fit the kind.
    pub fn check(&self) -> Result<(), Invalid> {
        match (self.kind, self.options.len()) {
            (QuestionKind::Select, 0) => Err(Invalid("must have options to choose from")),
            (QuestionKind::Select, n) if n > limits::QUESTION_OPTIONS => Err(Invalid("must have at most 100 options")),
            (QuestionKind::Select, _) | (_, 0) => Ok(()),
            _ => Err(Invalid("must have options only when its kind is select")),
        }
    }
}

/// What an operator says about an event type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventTypeSpec {
    /// Its part of the booking page's address; unique in the organization.
    pub slug: Slug,
    /// What people call it.
    pub title: Name,
    /// More about it.
    pub description: Prose,
    /// The durations on offer.
    pub durations: Durations,
    /// The grid's step in minutes; the shortest duration unless said.
    pub slot_interval_minutes: Option<u32>,
    /// Minutes blocked before the start.
    pub buffer_before_minutes: u32,
    /// Minutes blocked after the end.
    pub buffer_after_minutes: u32,
    /// A start must be at least so many minutes away.
    pub min_notice_minutes: u32,
    /// How many local dates ahead, counted from today.
    pub horizon_days: u32,
    /// When it is open.
    pub schedule_id: ScheduleId,
    /// The resources it needs, all requirements at once; at least one.
    pub requirements: Vec<Requirement>,
    /// At most so many bookings in a period.
    pub limits: PeriodLimits,
    /// Whether a booking starts as `pending`.
    pub requires_confirmation: bool,
    /// How long a hold lives, in minutes; the setting's value unless said.
    pub hold_deadline_minutes: Option<u32>,
    /// Where it takes place.
    pub location: Option<Location>,
    /// What the booker is asked.
    pub questions: Vec<Question>,
    /// Whether it is offered now.
    pub active: bool,
    /// A booker may cancel until so many minutes before the start; until the start unless said.
    pub cancel_until_minutes: Option<u32>,
    /// A booker may move a booking until so many minutes before its start; until the start unless said.
    pub move_until_minutes: Option<u32>,
    /// Whether a booking that a booker moves has to be confirmed again, where bookings have to be.
    pub reconfirm_moves: bool,
}

impl EventTypeSpec {
    /// The grid's step, in minutes.
    pub fn interval_minutes(&self) -> u32 {
        self.slot_interval_minutes.unwrap_or_else(|| self.durations.shortest())
    }

    /// Every resource that it may take, once each, in id order.
    pub fn resource_ids(&self) -> Vec<ResourceId> {
        let mut ids: Vec<_> = self.requirements.iter().flat_map(|r| r.resource_ids.iter().copied()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// The resources among which there is something to choose, once each, in id order.
    pub fn chosen_ids(&self) -> BTreeSet<ResourceId> {
        let choices = self.requirements.iter().filter(|requirement| !requirement.is_fixed());
        choices.flat_map(|requirement| requirement.resource_ids.iter().copied()).collect()
    }
}

/// A stored event type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventType {
    /// Its id.
    pub id: EventTypeId,
    /// What it offers.
    pub spec: EventTypeSpec,
    /// When it was made and changed.
    pub stamp: Stamp,
}
