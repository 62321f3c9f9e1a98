//! Event types, as they are written.

use crate::draft::reader::{Draft, Reader};
use crate::event_type::{
    DURATION, Durations, EventTypeSpec, Location, LocationKind, PeriodLimits, Question, QuestionKind, Requirement,
};
use crate::limits;
use crate::text::{Key, Name, Prose, Slug};

/// An [`EventTypeSpec`], as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the spec documents each field")]
pub struct EventTypeDraft {
    pub slug: String,
    pub title: String,
    pub description: String,
    pub durations_minutes: Vec<i64>,
    pub slot_interval_minutes: Option<i64>,
    pub buffer_before_minutes: i64,
    pub buffer_after_minutes: i64,
    pub min_notice_minutes: i64,
    pub horizon_days: Option<i64>,
    pub schedule_id: String,
    pub requirements: Vec<RequirementDraft>,
    pub limits: PeriodLimitsDraft,
    pub requires_confirmation: bool,
    pub hold_deadline_minutes: Option<i64>,
    pub location: Option<LocationDraft>,
    pub questions: Vec<QuestionDraft>,
    pub active: bool,
    pub cancel_until_minutes: Option<i64>,
    pub move_until_minutes: Option<i64>,
    pub reconfirm_moves: bool,
}

/// A [`Requirement`], as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the requirement documents each field")]
pub struct RequirementDraft {
    pub count: i64,
    pub resource_ids: Vec<String>,
}

impl Default for RequirementDraft {
    /// One of them.
    fn default() -> Self {
        Self { count: 1, resource_ids: Vec::new() }
    }
}

/// [`PeriodLimits`], as they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the limits document each field")]
pub struct PeriodLimitsDraft {
    pub per_day: Option<i64>,
    pub per_week: Option<i64>,
    pub per_month: Option<i64>,
}

/// A [`Location`], as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the location documents each field")]
pub struct LocationDraft {
    pub kind: String,
    pub value: String,
}

/// A [`Question`], as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the question documents each field")]
pub struct QuestionDraft {
    pub key: String,
    pub label: String,
    pub kind: String,
    pub required: bool,
    pub options: Vec<String>,
}

impl Default for EventTypeDraft {
    /// Without buffers, notice, limits and questions; booked at once, and offered now.
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
            limits: PeriodLimitsDraft::default(),
            requires_confirmation: false,
            hold_deadline_minutes: None,
            location: None,
            questions: Vec::new(),
            active: true,
            cancel_until_minutes: None,
            move_until_minutes: None,
            reconfirm_moves: true,
        }
    }
}

impl Draft for RequirementDraft {
    type Parsed = Requirement;

    fn read(self, r: &mut Reader<'_>) -> Option<Requirement> {
        let ids = (self.resource_ids, limits::REQUIREMENT_RESOURCES);
        let ids = r.each("resource_ids", ids, |r, id| r.id("", &id))?;
        // A count of one suits every list, so what is wrong then is the list.
        let one = r.take("resource_ids", Requirement::new(1, ids))?;
        r.take("count", Requirement::new(self.count, one.resource_ids))
    }
}

impl Draft for PeriodLimitsDraft {
    type Parsed = PeriodLimits;

    fn read(self, r: &mut Reader<'_>) -> Option<PeriodLimits> {
        let bounds = 1..=limits::PERIOD_LIMIT_MAX;
        let per_day = r.optional_number("per_day", self.per_day, bounds.clone());
        let per_week = r.optional_number("per_week", self.per_week, bounds.clone());
        let per_month = r.optional_number("per_month", self.per_month, bounds);
        Some(PeriodLimits { per_day: per_day?, per_week: per_week?, per_month: per_month? })
    }
}

impl Draft for LocationDraft {
    type Parsed = Location;

    fn read(self, r: &mut Reader<'_>) -> Option<Location> {
        let kind = r.required("kind", &self.kind, LocationKind::parse);
        let value = r.take("value", Prose::parse(&self.value));
        Some(Location { kind: kind?, value: value? })
    }
}

impl Draft for QuestionDraft {
    type Parsed = Question;

    fn read(self, r: &mut Reader<'_>) -> Option<Question> {
        let key = r.required("key", &self.key, Key::parse);
        let label = r.name("label", &self.label);
        let kind = r.required("kind", &self.kind, QuestionKind::parse);
        let options = (self.options, limits::QUESTION_OPTIONS);
        let options = r.each("options", options, |r, option| r.name("", &option));
        let question = Question { key: key?, label: label?, kind: kind?, required: self.required, options: options? };
        r.take("options", question.check())?;
        Some(question)
    }
}

fn requirements(r: &mut Reader<'_>, drafts: Vec<RequirementDraft>) -> Option<Vec<Requirement>> {
    if drafts.is_empty() {
        return r.wrong("requirements", "must not be empty");
    }
    r.each("requirements", (drafts, limits::REQUIREMENTS), |r, draft| draft.read(r))
}

fn questions(r: &mut Reader<'_>, drafts: Vec<QuestionDraft>) -> Option<Vec<Question>> {
    let texts = drafts.iter().flat_map(|question| question.options.iter().chain([&question.label]));
    let bounded = r.bounded("questions", texts.map(String::as_str), limits::QUESTIONS_CHARS);
    let mut seen = Vec::new();
    let read = r.each("questions", (drafts, limits::QUESTIONS), |r, draft| {
        let question = draft.read(r)?;
        if seen.contains(&question.key) {
            return r.wrong("key", "must not come twice");
        }
        seen.push(question.key.clone());
        Some(question)
    });
    bounded.and(read)
}

impl Draft for EventTypeDraft {
    type Parsed = EventTypeSpec;

    fn read(self, r: &mut Reader<'_>) -> Option<EventTypeSpec> {
        let slug = r.required("slug", &self.slug, Slug::parse);
        let title = r.name("title", &self.title);
        let description = r.take("description", Prose::parse(&self.description));
        let durations = r.take("durations_minutes", Durations::new(&self.durations_minutes));
        let slot_interval = r.optional_number("slot_interval_minutes", self.slot_interval_minutes, DURATION);
        let buffer = 0..=limits::BUFFER_MINUTES_MAX;
        let before = r.number("buffer_before_minutes", self.buffer_before_minutes, buffer.clone());
        let after = r.number("buffer_after_minutes", self.buffer_after_minutes, buffer);
        let notice = r.number("min_notice_minutes", self.min_notice_minutes, 0..=limits::NOTICE_MINUTES_MAX);
        let horizon = r.optional_number("horizon_days", self.horizon_days, 0..=limits::HORIZON_DAYS_MAX);
        let schedule_id = r.id("schedule_id", &self.schedule_id);
        let requirements = requirements(r, self.requirements);
        let period_limits = r.draft("limits", self.limits);
        let deadline = 1..=limits::HOLD_DEADLINE_MINUTES_MAX;
        let deadline = r.optional_number("hold_deadline_minutes", self.hold_deadline_minutes, deadline);
        let location = r.optional_draft("location", self.location);
        let questions = questions(r, self.questions);
        let until = 0..=limits::CHANGE_UNTIL_MINUTES_MAX;
        let cancel_until = r.optional_number("cancel_until_minutes", self.cancel_until_minutes, until.clone());
        let move_until = r.optional_number("move_until_minutes", self.move_until_minutes, until);
        Some(EventTypeSpec {
            slug: slug?,
            title: title?,
            description: description?,
            durations: durations?,
            slot_interval_minutes: slot_interval?,
            buffer_before_minutes: before?,
            buffer_after_minutes: after?,
            min_notice_minutes: notice?,
            horizon_days: horizon?.unwrap_or(limits::HORIZON_DAYS),
            schedule_id: schedule_id?,
            requirements: requirements?,
            limits: period_limits?,
            requires_confirmation: self.requires_confirmation,
            hold_deadline_minutes: deadline?,
            location: location?,
            questions: questions?,
            active: self.active,
            cancel_until_minutes: cancel_until?,
            move_until_minutes: move_until?,
            reconfirm_moves: self.reconfirm_moves,
        })
    }
}

impl From<&Requirement> for RequirementDraft {
    fn from(requirement: &Requirement) -> Self {
        let resource_ids = requirement.resource_ids.iter().map(ToString::to_string).collect();
        Self { count: requirement.count.into(), resource_ids }
    }
}

impl From<PeriodLimits> for PeriodLimitsDraft {
    fn from(limits: PeriodLimits) -> Self {
        Self {
            per_day: limits.per_day.map(Into::into),
            per_week: limits.per_week.map(Into::into),
            per_month: limits.per_month.map(Into::into),
        }
    }
}

impl From<&Location> for LocationDraft {
    fn from(location: &Location) -> Self {
        Self { kind: location.kind.name().to_owned(), value: location.value.to_string() }
    }
}

impl From<&Question> for QuestionDraft {
    fn from(question: &Question) -> Self {
        Self {
            key: question.key.to_string(),
            label: question.label.to_string(),
            kind: question.kind.name().to_owned(),
            required: question.required,
            options: question.options.iter().map(Name::to_string).collect(),
        }
    }
}

impl From<&EventTypeSpec> for EventTypeDraft {
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
            horizon_days: Some(spec.horizon_days.into()),
            schedule_id: spec.schedule_id.to_string(),
            requirements: spec.requirements.iter().map(Into::into).collect(),
            limits: spec.limits.into(),
            requires_confirmation: spec.requires_confirmation,
            hold_deadline_minutes: spec.hold_deadline_minutes.map(Into::into),
            location: spec.location.as_ref().map(Into::into),
            questions: spec.questions.iter().map(Into::into).collect(),
            active: spec.active,
            cancel_until_minutes: spec.cancel_until_minutes.map(Into::into),
            move_until_minutes: spec.move_until_minutes.map(Into::into),
            reconfirm_moves: spec.reconfirm_moves,
        }
    }
}
