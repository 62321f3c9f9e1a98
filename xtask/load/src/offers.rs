//! What is offered in the benches: any one of some resources, on a 15-minute grid, open on each day.

use std::collections::BTreeMap;

use anyhow::Result;
use booking_domain::Tz;
use booking_domain::event_type::{Durations, EventTypeSpec, PeriodLimits, Requirement};
use booking_domain::id::{ResourceId, ScheduleId};
use booking_domain::schedule::{Hours, Window};
use booking_domain::text::{Name, Prose, Slug};

const GRID_MINUTES: u32 = 15;

/// Open on each day between these hours.
pub(crate) fn daily(time_zone: Tz, from: u16, to: u16) -> Result<Hours> {
    let window = Window::new(from * 60, to * 60)?;
    Ok(Hours { time_zone, weekly: std::array::from_fn(|_| vec![window]), overrides: BTreeMap::new() })
}

/// Any one of these resources for so many minutes.
pub(crate) fn any_one_of(
    resource_ids: Vec<ResourceId>,
    schedule_id: ScheduleId,
    slug: &str,
    minutes: u32,
) -> Result<EventTypeSpec> {
    Ok(EventTypeSpec {
        slug: Slug::parse(slug)?,
        title: Name::parse(slug)?,
        description: Prose::parse("")?,
        durations: Durations::new(&[i64::from(minutes)])?,
        slot_interval_minutes: Some(GRID_MINUTES),
        buffer_before_minutes: 0,
        buffer_after_minutes: 0,
        min_notice_minutes: 0,
        horizon_days: booking_domain::limits::HORIZON_DAYS,
        schedule_id,
        requirements: vec![Requirement::new(1, resource_ids)?],
        limits: PeriodLimits::default(),
        requires_confirmation: false,
        hold_deadline_minutes: None,
        location: None,
        questions: Vec::new(),
        active: true,
        cancel_until_minutes: None,
        move_until_minutes: None,
        reconfirm_moves: true,
    })
}
