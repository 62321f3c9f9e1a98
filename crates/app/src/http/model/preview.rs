//! Previews on the wire.

use booking_domain::answer;
use booking_domain::draft::preview::{PreviewBlockDraft, PreviewDraft};
use booking_domain::draft::reader::Draft;
use booking_domain::draft::slot::SlotsDraft;
use booking_domain::refusal::Refusal;
use booking_domain::request;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::json::objects;
use crate::http::model::affected::Affected;
use crate::http::model::event_type::NewEventType;
use crate::http::model::schedule::NewSchedule;
use crate::http::model::slot::Slot;
use crate::http::model::time::written;

/// What would be different, and which slots are shown. One of `event_type`, `schedule` and `block` says what it would be, whole.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PreviewRequest {
    /// Whose slots are shown; left out for an event type that is not stored yet.
    #[schema(format = "uuid")]
    pub event_type_id: Option<String>,
    /// The first date, in `time_zone`.
    #[schema(required, format = Date, examples("2027-03-01"))]
    pub from: String,
    /// The last date, included; at most 20 dates in all.
    #[schema(required, format = Date, examples("2027-03-31"))]
    pub to: String,
    /// How long; the event type's shortest unless said.
    #[schema(minimum = 1, maximum = 10080)]
    pub duration_minutes: Option<i64>,
    /// The viewer's IANA zone, in which the dates are; the schedule's unless said.
    #[schema(examples("Europe/Berlin"))]
    pub time_zone: Option<String>,
    /// Only slots that this resource can serve.
    #[schema(format = "uuid")]
    pub resource_id: Option<String>,
    /// The event type as it would be.
    #[serde(deserialize_with = "objects::optional")]
    pub event_type: Option<NewEventType>,
    /// Which schedule would be different, with `schedule`.
    #[schema(format = "uuid")]
    pub schedule_id: Option<String>,
    /// The schedule as it would be.
    #[serde(deserialize_with = "objects::optional")]
    pub schedule: Option<NewSchedule>,
    /// When a resource would be closed.
    #[serde(deserialize_with = "objects::optional")]
    pub block: Option<PreviewBlock>,
}

/// A time for which a resource would be closed.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PreviewBlock {
    /// Which resource.
    #[schema(required, format = "uuid")]
    pub resource_id: String,
    /// From when: a whole minute.
    #[schema(required, format = DateTime)]
    pub start: String,
    /// Until when: a whole minute.
    #[schema(required, format = DateTime)]
    pub end: String,
}

impl PreviewRequest {
    /// What is asked.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn parse(self) -> Result<request::PreviewRequest, Refusal> {
        let slots = SlotsDraft {
            moving: Default::default(),
            event_type_id: self.event_type_id.unwrap_or_default(),
            from: self.from,
            to: self.to,
            duration_minutes: self.duration_minutes.map(Into::into),
            time_zone: self.time_zone,
            resource_id: self.resource_id,
        };
        let draft = PreviewDraft {
            slots,
            event_type: self.event_type.map(Into::into),
            schedule_id: self.schedule_id,
            schedule: self.schedule.map(Into::into),
            block: self.block.map(Into::into),
        };
        draft.parse()
    }
}

impl From<PreviewBlock> for PreviewBlockDraft {
    fn from(PreviewBlock { resource_id, start, end }: PreviewBlock) -> Self {
        Self { resource_id, start: written(start), end: written(end) }
    }
}

/// The slots of a range as they would be.
#[derive(Debug, Serialize, ToSchema)]
pub struct Preview {
    /// As they would be, sorted.
    pub slots: Vec<Slot>,
    /// Those that are there now, and would not be.
    pub gone: Vec<Slot>,
    /// Those that would be there, and are not now.
    pub new: Vec<Slot>,
    /// What the change would concern.
    pub affected: Affected,
}

impl From<&answer::Preview> for Preview {
    fn from(preview: &answer::Preview) -> Self {
        let all = |slots: &[booking_domain::availability::Slot]| slots.iter().map(Into::into).collect();
        let (slots, gone, new) = (all(&preview.slots), all(&preview.gone), all(&preview.new));
        Self { slots, gone, new, affected: (&preview.affected).into() }
    }
}
