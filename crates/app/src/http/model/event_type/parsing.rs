//! The event type that written fields describe, or every field that is wrong.

use booking_domain::event_type::{self, Durations, EventTypeSpec, LocationKind, QuestionKind, minutes_within};
use booking_domain::id::ResourceId;
use booking_domain::invalid::Invalid;
use booking_domain::limits;
use booking_domain::refusal::{Fields as Wrong, Refusal};
use booking_domain::text::{Key, Name, Prose, Slug};

use super::{Location, NewEventType, PeriodLimits, Question, Requirement};

/// A field that may be absent: nothing exactly when it is wrong.
fn optional(wrong: &mut Wrong, field: &str, value: Option<i64>, (least, most): (u32, u32)) -> Option<Option<u32>> {
    value.map_or(Some(None), |value| bounded(wrong, field, value, (least, most)).map(Some))
}

fn bounded(wrong: &mut Wrong, field: &str, value: i64, (least, most): (u32, u32)) -> Option<u32> {
    let within = minutes_within(value, least, most).ok();
    if within.is_none() {
        wrong.wrong(field, format!("must be between {least} and {most}"));
    }
    within
}

fn resource_ids(wrong: &mut Wrong, at: &str, ids: &[String]) -> Option<Vec<ResourceId>> {
    let read = |(i, id): (usize, &String)| wrong.take(format!("{at}.resource_ids[{i}]"), id.parse());
    let good: Vec<ResourceId> = ids.iter().enumerate().filter_map(read).collect();
    (good.len() == ids.len()).then_some(good)
}

fn requirement(wrong: &mut Wrong, i: usize, given: &Requirement) -> Option<event_type::Requirement> {
    let at = format!("requirements[{i}]");
    let ids = resource_ids(wrong, &at, &given.resource_ids)?;
    // A count of one suits every list, so what is wrong then is the list.
    let one = wrong.take(format!("{at}.resource_ids"), event_type::Requirement::new(1, ids))?;
    wrong.take(format!("{at}.count"), event_type::Requirement::new(given.count, one.resource_ids))
}

fn requirements(wrong: &mut Wrong, given: &[Requirement]) -> Vec<event_type::Requirement> {
    if given.is_empty() || given.len() > limits::REQUIREMENTS {
        wrong.wrong("requirements", "must have 1 to 10 entries");
    }
    given.iter().take(limits::REQUIREMENTS).enumerate().filter_map(|(i, each)| requirement(wrong, i, each)).collect()
}

fn period_limits(wrong: &mut Wrong, given: &PeriodLimits) -> Option<event_type::PeriodLimits> {
    let bounds = (1, limits::PERIOD_LIMIT_MAX);
    let per_day = optional(wrong, "limits.per_day", given.per_day, bounds);
    let per_week = optional(wrong, "limits.per_week", given.per_week, bounds);
    let per_month = optional(wrong, "limits.per_month", given.per_month, bounds);
    Some(event_type::PeriodLimits { per_day: per_day?, per_week: per_week?, per_month: per_month? })
}

fn location(wrong: &mut Wrong, given: Option<&Location>) -> Option<Option<event_type::Location>> {
    let Some(given) = given else { return Some(None) };
    let kind = wrong.take("location.kind", LocationKind::parse(&given.kind));
    let value = wrong.take("location.value", Prose::parse(&given.value));
    Some(Some(event_type::Location { kind: kind?, value: value? }))
}

fn question(wrong: &mut Wrong, i: usize, given: &Question) -> Option<event_type::Question> {
    let at = format!("questions[{i}]");
    let key = wrong.take(format!("{at}.key"), Key::parse(&given.key));
    let label = wrong.take(format!("{at}.label"), Name::parse(&given.label));
    let kind = wrong.take(format!("{at}.kind"), QuestionKind::parse(&given.kind));
    let read = |(j, option): (usize, &String)| wrong.take(format!("{at}.options[{j}]"), Name::parse(option));
    let options: Vec<Name> = given.options.iter().enumerate().filter_map(read).collect();
    let question = event_type::Question { key: key?, label: label?, kind: kind?, required: given.required, options };
    wrong.take(format!("{at}.options"), question.check())?;
    Some(question)
}

fn questions(wrong: &mut Wrong, given: &[Question]) -> Vec<event_type::Question> {
    if given.len() > limits::QUESTIONS {
        wrong.wrong("questions", "must have at most 50 entries");
        return Vec::new();
    }
    let good: Vec<_> = given.iter().enumerate().filter_map(|(i, each)| question(wrong, i, each)).collect();
    let mut keys: Vec<_> = good.iter().map(|question| question.key.as_str()).collect();
    keys.sort_unstable();
    if keys.windows(2).any(|pair| matches!(pair, [a, b] if a == b)) {
        wrong.wrong("questions", "must not repeat a key");
    }
    good
}

impl NewEventType {
    /// The event type that these fields describe.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn parse(self) -> Result<EventTypeSpec, Refusal> {
        let mut wrong = Wrong::default();
        let spec = self.spec(&mut wrong);
        wrong.finish(spec)
    }

    fn spec(&self, wrong: &mut Wrong) -> Option<EventTypeSpec> {
        let buffer = (0, limits::BUFFER_MINUTES_MAX);
        let slug = wrong.take("slug", Slug::parse(&self.slug));
        let title = wrong.take("title", Name::parse(&self.title));
        let description = wrong.take("description", Prose::parse(&self.description));
        let durations = wrong.take("durations_minutes", Durations::new(&self.durations_minutes));
        let step = (1, limits::DURATION_MINUTES_MAX);
        let slot_interval = optional(wrong, "slot_interval_minutes", self.slot_interval_minutes, step);
        let before = bounded(wrong, "buffer_before_minutes", self.buffer_before_minutes, buffer);
        let after = bounded(wrong, "buffer_after_minutes", self.buffer_after_minutes, buffer);
        let notice = bounded(wrong, "min_notice_minutes", self.min_notice_minutes, (0, limits::NOTICE_MINUTES_MAX));
        let horizon = optional(wrong, "horizon_days", self.horizon_days, (0, limits::HORIZON_DAYS_MAX));
        let schedule_id = wrong.take("schedule_id", self.schedule_id.parse::<booking_domain::id::ScheduleId>());
        let requirements = requirements(wrong, &self.requirements);
        let period_limits = period_limits(wrong, &self.limits);
        let deadline = (1, limits::HOLD_DEADLINE_MINUTES_MAX);
        let deadline = optional(wrong, "hold_deadline_minutes", self.hold_deadline_minutes, deadline);
        let location = location(wrong, self.location.as_ref());
        let questions = questions(wrong, &self.questions);
        Some(EventTypeSpec {
            slug: slug?,
            title: title?,
            description: description?,
            durations: durations?,
            slot_interval_minutes: slot_interval?,
            buffer_before_minutes: before?,
            buffer_after_minutes: after?,
            min_notice_minutes: notice?,
            horizon_days: horizon?,
            schedule_id: schedule_id?,
            requirements,
            limits: period_limits?,
            requires_confirmation: self.requires_confirmation,
            hold_deadline_minutes: deadline?,
            location: location?,
            questions,
            active: self.active,
        })
    }
}

/// A slot's duration, which may be left to the event type.
pub fn duration(wrong: &mut Wrong, minutes: Option<i64>) -> Option<Option<u32>> {
    optional(wrong, "duration_minutes", minutes, (1, limits::DURATION_MINUTES_MAX))
}

/// A duration in a query, which may be left to the event type.
pub fn duration_text(wrong: &mut Wrong, minutes: Option<&str>) -> Option<Option<u32>> {
    let whole = Invalid("must be a whole number of minutes");
    let read = |text: &str| wrong.take("duration_minutes", text.parse::<i64>().map_err(|_| whole));
    match minutes.map(read) {
        None => Some(None),
        Some(minutes) => duration(wrong, Some(minutes?)),
    }
}
