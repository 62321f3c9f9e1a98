//! Event types.

use booking_domain::event_type::{
    Durations, EventType, EventTypeSpec, Location, LocationKind, PeriodLimits, Requirement, minutes_within,
};
use booking_domain::id::EventTypeId;
use booking_domain::invalid::Invalid;
use booking_domain::limits;
use booking_domain::text::{Name, Prose, Slug};

use super::entity::entity_messages;
use super::question::questions;
use crate::convert::ranges::stamp;
use crate::convert::reader::Reader;
use crate::v1;

fn horizon(days: i64) -> Result<u32, Invalid> {
    let days = u32::try_from(days).ok().filter(|days| *days <= limits::HORIZON_DAYS_MAX);
    days.ok_or(Invalid("must be between 0 and 731 days"))
}

fn period_limit(bookings: i64) -> Result<u32, Invalid> {
    let bookings = u32::try_from(bookings).ok().filter(|bookings| (1..=limits::PERIOD_LIMIT_MAX).contains(bookings));
    bookings.ok_or(Invalid("must be between 1 and 1000000"))
}

fn period_limits(r: &mut Reader<'_>, message: Option<v1::PeriodLimits>) -> Option<PeriodLimits> {
    let message = message.unwrap_or_default();
    let per_day = r.optional("per_day", message.per_day, period_limit);
    let per_week = r.optional("per_week", message.per_week, period_limit);
    let per_month = r.optional("per_month", message.per_month, period_limit);
    Some(PeriodLimits { per_day: per_day?, per_week: per_week?, per_month: per_month? })
}

fn requirement(r: &mut Reader<'_>, message: v1::Requirement) -> Option<Requirement> {
    let ids = (message.resource_ids, limits::REQUIREMENT_RESOURCES);
    let ids = r.each("resource_ids", ids, |r, id| r.id("", &id))?;
    // A count of one suits every list, so what is wrong then is the list.
    let one = r.take("resource_ids", Requirement::new(1, ids))?;
    r.take("count", Requirement::new(message.count.unwrap_or(1), one.resource_ids))
}

fn requirements(r: &mut Reader<'_>, messages: Vec<v1::Requirement>) -> Option<Vec<Requirement>> {
    if messages.is_empty() {
        return r.wrong("requirements", "must not be empty");
    }
    r.each("requirements", (messages, limits::REQUIREMENTS), requirement)
}

pub(in crate::convert) fn location(r: &mut Reader<'_>, message: Option<v1::Location>) -> Option<Option<Location>> {
    let Some(message) = message else { return Some(None) };
    r.within("location", |r| {
        let kind = r.take("kind", LocationKind::parse(&message.kind));
        let value = r.take("value", Prose::parse(&message.value));
        Some(Some(Location { kind: kind?, value: value? }))
    })
}

fn event_type_spec(r: &mut Reader<'_>, spec: Option<v1::EventTypeSpec>) -> Option<EventTypeSpec> {
    let spec = spec.unwrap_or_default();
    let slug = r.take("slug", Slug::parse(&spec.slug));
    let title = r.take("title", Name::parse(&spec.title));
    let description = r.take("description", Prose::parse(&spec.description));
    let durations = r.take("durations_minutes", Durations::new(&spec.durations_minutes));
    let slot_interval =
        r.optional("slot_interval_minutes", spec.slot_interval_minutes, between(1, limits::DURATION_MINUTES_MAX));
    let buffer = between(0, limits::BUFFER_MINUTES_MAX);
    let buffer_before = r.take("buffer_before_minutes", buffer(spec.buffer_before_minutes));
    let buffer_after = r.take("buffer_after_minutes", buffer(spec.buffer_after_minutes));
    let min_notice = r.take("min_notice_minutes", between(0, limits::NOTICE_MINUTES_MAX)(spec.min_notice_minutes));
    let horizon_days = r.optional("horizon_days", spec.horizon_days, horizon);
    let schedule_id = r.id("schedule_id", &spec.schedule_id);
    let requirements = requirements(r, spec.requirements);
    let limits = r.within("limits", |r| period_limits(r, spec.limits));
    let hold_deadline =
        r.optional("hold_deadline_minutes", spec.hold_deadline_minutes, between(1, limits::HOLD_DEADLINE_MINUTES_MAX));
    let location = location(r, spec.location);
    let questions = questions(r, spec.questions);
    Some(EventTypeSpec {
        slug: slug?,
        title: title?,
        description: description?,
        durations: durations?,
        slot_interval_minutes: slot_interval?,
        buffer_before_minutes: buffer_before?,
        buffer_after_minutes: buffer_after?,
        min_notice_minutes: min_notice?,
        horizon_days: horizon_days?,
        schedule_id: schedule_id?,
        requirements: requirements?,
        limits: limits?,
        requires_confirmation: spec.requires_confirmation,
        hold_deadline_minutes: hold_deadline?,
        location: location?,
        questions: questions?,
        active: spec.active.unwrap_or(true),
    })
}

fn between(least: u32, most: u32) -> impl Fn(i64) -> Result<u32, Invalid> {
    move |minutes| minutes_within(minutes, least, most)
}

pub(super) fn event_type(r: &mut Reader<'_>, message: v1::EventType) -> Option<EventType> {
    let id = r.id("id", &message.id);
    let spec = event_type_spec(r, message.spec);
    let stamp = stamp(r, message.stamp);
    Some(EventType { id: id?, spec: spec?, stamp: stamp? })
}

impl From<&Requirement> for v1::Requirement {
    fn from(requirement: &Requirement) -> Self {
        let resource_ids = requirement.resource_ids.iter().map(ToString::to_string).collect();
        Self { count: Some(requirement.count.into()), resource_ids }
    }
}

impl From<&PeriodLimits> for v1::PeriodLimits {
    fn from(limits: &PeriodLimits) -> Self {
        Self {
            per_day: limits.per_day.map(Into::into),
            per_week: limits.per_week.map(Into::into),
            per_month: limits.per_month.map(Into::into),
        }
    }
}

impl From<&Location> for v1::Location {
    fn from(location: &Location) -> Self {
        Self { kind: location.kind.name().to_owned(), value: location.value.to_string() }
    }
}

impl From<&EventTypeSpec> for v1::EventTypeSpec {
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
            limits: Some((&spec.limits).into()),
            requires_confirmation: spec.requires_confirmation,
            hold_deadline_minutes: spec.hold_deadline_minutes.map(Into::into),
            location: spec.location.as_ref().map(Into::into),
            questions: spec.questions.iter().map(Into::into).collect(),
            active: Some(spec.active),
        }
    }
}

entity_messages! {
    EventType(EventTypeId, EventTypeSpec) read by event_type, event_type_spec;
    create CreateEventTypeRequest;
    get GetEventTypeRequest;
    update UpdateEventTypeRequest;
    delete DeleteEventTypeRequest DeleteEventTypeResponse;
    list ListEventTypesRequest ListEventTypesResponse event_types;
}
