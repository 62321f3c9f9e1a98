//! `PreviewAvailability`: what would be offered if something were different.

use booking_domain::answer::Preview;
use booking_domain::draft::event_type::EventTypeDraft;
use booking_domain::draft::preview::{PreviewBlockDraft, PreviewDraft};
use booking_domain::draft::reader::{Draft, parse};
use booking_domain::draft::schedule::ScheduleDraft;
use booking_domain::draft::slot::SlotsDraft;
use booking_domain::refusal::Refusal;
use booking_domain::request::{PreviewChange, PreviewRequest};

use super::slot;
use crate::convert::catalog::affected::affected;
use crate::convert::fields::{text, written};
use crate::convert::time::timestamp;
use crate::v1;

impl From<v1::PreviewBlock> for PreviewBlockDraft {
    fn from(message: v1::PreviewBlock) -> Self {
        Self { resource_id: message.resource_id, start: written(message.start), end: written(message.end) }
    }
}

impl From<v1::PreviewAvailabilityRequest> for PreviewDraft {
    fn from(message: v1::PreviewAvailabilityRequest) -> Self {
        let slots = SlotsDraft {
            moving: Default::default(),
            event_type_id: message.event_type_id,
            from: message.from,
            to: message.to,
            duration_minutes: message.duration_minutes.map(Into::into),
            time_zone: text(message.time_zone),
            resource_id: text(message.resource_id),
        };
        Self {
            slots,
            event_type: message.event_type.map(Into::into),
            schedule_id: text(message.schedule_id),
            schedule: message.schedule.map(Into::into),
            block: message.block.map(Into::into),
        }
    }
}

impl TryFrom<v1::PreviewAvailabilityRequest> for PreviewRequest {
    type Error = Refusal;

    fn try_from(message: v1::PreviewAvailabilityRequest) -> Result<Self, Refusal> {
        PreviewDraft::from(message).parse()
    }
}

impl From<&PreviewRequest> for v1::PreviewAvailabilityRequest {
    fn from(request: &PreviewRequest) -> Self {
        let v1::SlotQuery { event_type_id, from, to, duration_minutes, time_zone, resource_id, .. } =
            (&request.slots).into();
        let asked = Self { event_type_id, from, to, duration_minutes, time_zone, resource_id, ..Self::default() };
        match &request.change {
            PreviewChange::EventType(spec) => Self { event_type: Some(EventTypeDraft::from(spec).into()), ..asked },
            PreviewChange::Schedule(id, spec) => {
                Self { schedule_id: id.to_string(), schedule: Some(ScheduleDraft::from(spec).into()), ..asked }
            }
            PreviewChange::Block(resource, time) => {
                let (start, end) = (Some(timestamp(time.start())), Some(timestamp(time.end())));
                Self { block: Some(v1::PreviewBlock { resource_id: resource.to_string(), start, end }), ..asked }
            }
        }
    }
}

impl From<&Preview> for v1::PreviewAvailabilityResponse {
    fn from(preview: &Preview) -> Self {
        Self {
            slots: preview.slots.iter().map(Into::into).collect(),
            gone: preview.gone.iter().map(Into::into).collect(),
            new: preview.new.iter().map(Into::into).collect(),
            affected: Some((&preview.affected).into()),
        }
    }
}

impl TryFrom<v1::PreviewAvailabilityResponse> for Preview {
    type Error = Refusal;

    fn try_from(message: v1::PreviewAvailabilityResponse) -> Result<Self, Refusal> {
        parse(|r| {
            let slots = r.all("slots", message.slots, slot);
            let (gone, new) = (r.all("gone", message.gone, slot), r.all("new", message.new, slot));
            let affected = affected(r, message.affected);
            Some(Self { slots: slots?, gone: gone?, new: new?, affected: affected? })
        })
    }
}
