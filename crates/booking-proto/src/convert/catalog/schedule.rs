//! Schedules.

use booking_domain::draft::fields::same_fields;
use booking_domain::draft::reader::{Draft, Reader};
use booking_domain::draft::schedule::{DateOverrideDraft, ScheduleDraft, WeeklyWindowDraft, WindowDraft};
use booking_domain::id::ScheduleId;
use booking_domain::schedule::{Schedule, ScheduleSpec};

use super::entity::entity_messages;
use crate::v1;

same_fields! {
    v1::ScheduleSpec = ScheduleDraft { name, time_zone, weekly_hours as list, overrides as list }
    v1::WeeklyWindow = WeeklyWindowDraft { weekday, start, end }
    v1::DateOverride = DateOverrideDraft { date, hours as list }
    v1::Window = WindowDraft { start, end }
}

entity_messages! {
    Schedule(ScheduleId, ScheduleSpec) drafted as ScheduleDraft, read by schedule;
    create CreateScheduleRequest;
    get GetScheduleRequest;
    update UpdateScheduleRequest;
    delete DeleteScheduleRequest DeleteScheduleResponse;
    list ListSchedulesRequest ListSchedulesResponse schedules;
}
