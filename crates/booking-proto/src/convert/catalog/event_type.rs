//! Event types.

use booking_domain::draft::event_type::{
    EventTypeDraft, LocationDraft, PeriodLimitsDraft, QuestionDraft, RequirementDraft,
};
use booking_domain::draft::fields::same_fields;
use booking_domain::draft::reader::{Draft, Reader};
use booking_domain::event_type::{EventType, EventTypeSpec};
use booking_domain::id::EventTypeId;

use super::entity::entity_messages;
use crate::v1;

same_fields! {
    v1::EventTypeSpec = EventTypeDraft {
        slug, title, description, durations_minutes, slot_interval_minutes, buffer_before_minutes, buffer_after_minutes,
        min_notice_minutes, horizon_days, schedule_id, requirements as list, limits as message, requires_confirmation,
        hold_deadline_minutes, location as optional, questions as list, active or true,
        cancel_until_minutes, move_until_minutes, reconfirm_moves or true,
    }
    v1::Requirement = RequirementDraft { count or 1, resource_ids }
    v1::PeriodLimits = PeriodLimitsDraft { per_day, per_week, per_month }
    v1::Location = LocationDraft { kind, value }
    v1::Question = QuestionDraft { key, label, kind, required, options }
}

entity_messages! {
    EventType(EventTypeId, EventTypeSpec) drafted as EventTypeDraft, read by event_type;
    create CreateEventTypeRequest;
    get GetEventTypeRequest;
    update UpdateEventTypeRequest;
    delete DeleteEventTypeRequest DeleteEventTypeResponse;
    list ListEventTypesRequest ListEventTypesResponse event_types;
}
