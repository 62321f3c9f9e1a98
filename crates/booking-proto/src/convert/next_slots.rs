//! `availability.proto`: the free slots that come next.

use booking_domain::answer::NextSlots;
use booking_domain::draft::reader::{Draft, Reader, parse};
use booking_domain::draft::slot::NextSlotsDraft;
use booking_domain::interval::Interval;
use booking_domain::refusal::Refusal;
use booking_domain::request::NextSlotsRequest;
use booking_domain::schedule::parse_zone;

use super::availability::text_of_id;
use super::fields::{text, written};
use super::ranges::range;
use super::time::timestamp;
use crate::v1;

impl TryFrom<v1::ListNextSlotsRequest> for NextSlotsRequest {
    type Error = Refusal;

    fn try_from(message: v1::ListNextSlotsRequest) -> Result<Self, Refusal> {
        let draft = NextSlotsDraft {
            event_type_id: message.event_type_id,
            count: message.count.map(Into::into),
            after: written(message.after),
            duration_minutes: message.duration_minutes.map(Into::into),
            resource_id: text(message.resource_id),
            time_zone: text(message.time_zone),
        };
        draft.parse()
    }
}

impl From<&NextSlotsRequest> for v1::ListNextSlotsRequest {
    fn from(request: &NextSlotsRequest) -> Self {
        Self {
            event_type_id: request.event_type_id.to_string(),
            count: Some(request.count),
            after: request.after.map(timestamp),
            duration_minutes: request.duration_minutes.map(Into::into),
            resource_id: text_of_id(request.resource_id),
            time_zone: request.time_zone.map(|zone| zone.name().to_owned()).unwrap_or_default(),
        }
    }
}

impl From<&NextSlots> for v1::ListNextSlotsResponse {
    fn from(next: &NextSlots) -> Self {
        let slots = next.dated().map(|(date, slot)| v1::NextSlot {
            start: Some(timestamp(slot.start())),
            end: Some(timestamp(slot.end())),
            date: date.to_string(),
        });
        Self { slots: slots.collect(), time_zone: next.time_zone.name().to_owned() }
    }
}

fn slot(r: &mut Reader<'_>, message: v1::NextSlot) -> Option<Interval> {
    range(r, message.start, message.end)
}

impl TryFrom<v1::ListNextSlotsResponse> for NextSlots {
    type Error = Refusal;

    fn try_from(message: v1::ListNextSlotsResponse) -> Result<Self, Refusal> {
        parse(|r| {
            let slots = r.all("slots", message.slots, slot);
            let time_zone = r.take("time_zone", parse_zone(&message.time_zone));
            Some(Self { slots: slots?, time_zone: time_zone? })
        })
    }
}
