//! Previews, as they are written.

use uuid::Uuid;

use crate::draft::event_type::EventTypeDraft;
use crate::draft::reader::{Draft, Reader};
use crate::draft::schedule::ScheduleDraft;
use crate::draft::slot::SlotsDraft;
use crate::draft::written::WrittenInstant;
use crate::id::ResourceId;
use crate::interval::Interval;
use crate::limits;
use crate::request::{PreviewChange, PreviewRequest};

/// A [`PreviewRequest`], as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the request documents each field")]
pub struct PreviewDraft {
    pub slots: SlotsDraft,
    pub event_type: Option<EventTypeDraft>,
    pub schedule_id: Option<String>,
    pub schedule: Option<ScheduleDraft>,
    pub block: Option<PreviewBlockDraft>,
}

/// A time for which a resource would be closed, as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the request documents each field")]
pub struct PreviewBlockDraft {
    pub resource_id: String,
    pub start: Option<WrittenInstant>,
    pub end: Option<WrittenInstant>,
}

impl Draft for PreviewBlockDraft {
    type Parsed = (ResourceId, Interval);

    fn read(self, r: &mut Reader<'_>) -> Option<(ResourceId, Interval)> {
        let resource = r.id("resource_id", &self.resource_id);
        let (start, end) = (r.minute("start", self.start), r.minute("end", self.end));
        let time = r.take("end", Interval::new(start?, end?));
        Some((resource?, time?))
    }
}

impl Draft for PreviewDraft {
    type Parsed = PreviewRequest;

    fn read(self, r: &mut Reader<'_>) -> Option<PreviewRequest> {
        let Self { mut slots, event_type, schedule_id, schedule, block } = self;
        if event_type.is_some() && slots.event_type_id.is_empty() {
            // What is not stored yet has no id.
            slots.event_type_id = Uuid::nil().to_string();
        }
        let slots = slots.read(r);
        let change = match (event_type, schedule, block) {
            (Some(event_type), None, None) => r.draft("event_type", event_type).map(PreviewChange::EventType),
            (None, Some(schedule), None) => {
                let id = r.id("schedule_id", &schedule_id.unwrap_or_default());
                let spec = r.draft("schedule", schedule);
                id.zip(spec).map(|(id, spec)| PreviewChange::Schedule(id, spec))
            }
            (None, None, Some(block)) => {
                r.draft("block", block).map(|(resource, time)| PreviewChange::Block(resource, time))
            }
            (None, None, None) => r.wrong("event_type", "is required, or a schedule, or a block"),
            _ => r.wrong("event_type", "is one change, a schedule another and a block a third: one at a time"),
        };
        let slots = slots?;
        if (slots.to - slots.from).num_days() >= limits::PREVIEW_DAYS_MAX {
            return r.wrong("to", "must make a range of at most 20 days, both dates included");
        }
        Some(PreviewRequest { slots, change: change? })
    }
}
