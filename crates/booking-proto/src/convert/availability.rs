//! `availability.proto`: which slots are offered, and why not.

mod preview;

use booking_domain::availability::{Day, Explanation, Slot, SlotState};
use booking_domain::draft::reader::{Draft, Reader, parse};
use booking_domain::draft::slot::{ExplainDraft, SlotDraft, SlotsDraft};
use booking_domain::finding::{Finding, Reason};
use booking_domain::id::ResourceId;
use booking_domain::invalid::Invalid;
use booking_domain::refusal::Refusal;
use booking_domain::schedule::parse_date;

use super::fields::{moving, text, texts_of_moving, written};
use super::ranges::range;
use super::time::timestamp;
use crate::v1;
use booking_domain::answer::{Edited, SlotChange};
use booking_domain::request::{ExplainRequest, Revision, SlotRequest, SlotsRequest};
use prost_types::Timestamp;

pub(super) fn text_of_id(id: Option<ResourceId>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

impl From<v1::SlotQuery> for SlotsDraft {
    fn from(message: v1::SlotQuery) -> Self {
        Self {
            event_type_id: message.event_type_id,
            from: message.from,
            to: message.to,
            duration_minutes: message.duration_minutes.map(Into::into),
            time_zone: text(message.time_zone),
            resource_id: text(message.resource_id),
            moving: moving(message.moving, message.management_token),
        }
    }
}

impl TryFrom<v1::SlotQuery> for SlotsRequest {
    type Error = Refusal;

    fn try_from(message: v1::SlotQuery) -> Result<Self, Refusal> {
        SlotsDraft::from(message).parse()
    }
}

impl From<&SlotsRequest> for v1::SlotQuery {
    fn from(request: &SlotsRequest) -> Self {
        let (moving, management_token) = texts_of_moving(request.moving.as_ref());
        Self {
            event_type_id: request.event_type_id.to_string(),
            from: request.from.to_string(),
            to: request.to.to_string(),
            duration_minutes: request.duration_minutes.map(Into::into),
            time_zone: request.time_zone.map(|zone| zone.name().to_owned()).unwrap_or_default(),
            resource_id: text_of_id(request.resource_id),
            unless_edition: String::new(),
            snapshot_in_parts: false,
            moving,
            management_token,
        }
    }
}

impl v1::SlotQuery {
    /// The same question, of one who has this revision of the answer.
    #[must_use]
    pub fn unless(self, revision: Option<&Revision>) -> Self {
        Self { unless_edition: revision.map(|revision| revision.as_str().to_owned()).unwrap_or_default(), ..self }
    }

    /// The same question of one who takes a long snapshot in parts.
    #[must_use]
    pub fn in_parts(self) -> Self {
        Self { snapshot_in_parts: true, ..self }
    }

    /// The revision that the asker has. One that nobody can have given is none.
    pub fn revision(&self) -> Option<Revision> {
        Revision::parse(&self.unless_edition).ok()
    }
}

/// A slot that is asked for, as the messages spell it.
pub(super) struct Spelled {
    pub event_type_id: String,
    pub start: Option<Timestamp>,
    pub duration_minutes: Option<i64>,
    pub resource_id: String,
}

pub(super) fn spell(slot: &SlotRequest) -> Spelled {
    Spelled {
        event_type_id: slot.event_type_id.to_string(),
        start: Some(timestamp(slot.start)),
        duration_minutes: slot.duration_minutes.map(Into::into),
        resource_id: text_of_id(slot.resource_id),
    }
}

impl From<v1::ExplainSlotRequest> for ExplainDraft {
    fn from(message: v1::ExplainSlotRequest) -> Self {
        let slot = SlotDraft {
            event_type_id: message.event_type_id,
            start: written(message.start),
            duration_minutes: message.duration_minutes.map(Into::into),
            resource_id: text(message.resource_id),
        };
        Self { slot, moving: moving(message.moving, message.management_token) }
    }
}

impl TryFrom<v1::ExplainSlotRequest> for ExplainRequest {
    type Error = Refusal;

    fn try_from(message: v1::ExplainSlotRequest) -> Result<Self, Refusal> {
        ExplainDraft::from(message).parse()
    }
}

impl From<&ExplainRequest> for v1::ExplainSlotRequest {
    fn from(request: &ExplainRequest) -> Self {
        let Spelled { event_type_id, start, duration_minutes, resource_id } = spell(&request.slot);
        let (moving, management_token) = texts_of_moving(request.moving.as_ref());
        Self { event_type_id, start, duration_minutes, resource_id, moving, management_token }
    }
}

fn day(r: &mut Reader<'_>, message: v1::Day) -> Option<Day> {
    let date = r.take("date", parse_date(&message.date));
    Some(Day { date: date?, free: message.free, held: message.held })
}

macro_rules! edited_list {
    ($list:ty, $message:ident, $field:ident, $write:expr, $read:ident) => {
        impl From<&Edited<$list>> for v1::$message {
            fn from(edited: &Edited<$list>) -> Self {
                match edited {
                    Edited::Same => Self { same: true, ..Self::default() },
                    Edited::New(list, edition) => Self {
                        $field: list.iter().map($write).collect(),
                        edition: edition.as_ref().map(|edition| edition.as_str().to_owned()).unwrap_or_default(),
                        same: false,
                    },
                }
            }
        }

        impl TryFrom<v1::$message> for Edited<$list> {
            type Error = Refusal;

            fn try_from(message: v1::$message) -> Result<Self, Refusal> {
                if message.same {
                    return Ok(Self::Same);
                }
                parse(|r| {
                    let list = r.all(stringify!($field), message.$field, $read);
                    let edition = r.optional_text("edition", text(message.edition), Revision::parse);
                    Some(Self::New(list?, edition?))
                })
            }
        }
    };
}

edited_list!(Vec<Day>, ListDaysResponse, days, message_of_day, day);
edited_list!(Vec<Slot>, ListSlotsResponse, slots, Into::into, slot);

fn message_of_day(day: &Day) -> v1::Day {
    v1::Day { date: day.date.to_string(), free: day.free, held: day.held }
}

fn slot(r: &mut Reader<'_>, message: v1::Slot) -> Option<Slot> {
    let interval = range(r, message.start, message.end);
    let state = SlotState::from_name(&message.state).ok_or(Invalid("must be free, held, booked or absent"));
    let state = r.take("state", state);
    Some(Slot { interval: interval?, state: state?, remaining: message.remaining })
}

impl From<&Slot> for v1::Slot {
    fn from(slot: &Slot) -> Self {
        Self {
            start: Some(timestamp(slot.interval.start())),
            end: Some(timestamp(slot.interval.end())),
            state: slot.state.name().to_owned(),
            remaining: slot.remaining,
        }
    }
}

impl From<&SlotChange> for v1::WatchSlotsResponse {
    fn from(change: &SlotChange) -> Self {
        use v1::watch_slots_response::Change;
        let change = match change {
            SlotChange::Snapshot(slots) => {
                Change::Snapshot(v1::Snapshot { slots: slots.iter().map(Into::into).collect(), more: false })
            }
            SlotChange::Slot(slot) => Change::Slot(slot.into()),
        };
        Self { change: Some(change) }
    }
}

/// Slots of one part of a snapshot. Whoever sends or receives a message keeps room for the longest for as long as a stream is open, so
/// a few kilobytes are better than a few megabytes.
const PART: usize = 256;

impl v1::WatchSlotsResponse {
    /// The messages that tell a change, to one who takes a long snapshot in parts.
    pub fn in_parts(change: &SlotChange) -> Vec<Self> {
        use v1::watch_slots_response::Change;
        let SlotChange::Snapshot(slots) = change else { return vec![change.into()] };
        let parts = slots.len().div_ceil(PART).max(1);
        let part = |nth: usize| v1::Snapshot {
            slots: slots.iter().skip(nth * PART).take(PART).map(Into::into).collect(),
            more: nth + 1 < parts,
        };
        (0..parts).map(|nth| Self { change: Some(Change::Snapshot(part(nth))) }).collect()
    }
}

/// A change, or a part of one.
#[derive(Debug, PartialEq, Eq)]
pub struct SlotChangePart {
    /// The change, as far as it is told.
    pub change: SlotChange,
    /// Whether the next message goes on with it.
    pub more: bool,
}

impl TryFrom<v1::WatchSlotsResponse> for SlotChangePart {
    type Error = Refusal;

    fn try_from(message: v1::WatchSlotsResponse) -> Result<Self, Refusal> {
        use v1::watch_slots_response::Change;
        let more = matches!(&message.change, Some(Change::Snapshot(snapshot)) if snapshot.more);
        Ok(Self { change: message.try_into()?, more })
    }
}

impl TryFrom<v1::WatchSlotsResponse> for SlotChange {
    type Error = Refusal;

    fn try_from(message: v1::WatchSlotsResponse) -> Result<Self, Refusal> {
        use v1::watch_slots_response::Change;
        parse(|r| match message.change {
            Some(Change::Snapshot(snapshot)) => r.all("snapshot.slots", snapshot.slots, slot).map(Self::Snapshot),
            Some(Change::Slot(message)) => r.within("slot", |r| slot(r, message)).map(Self::Slot),
            None => r.wrong("change", "is required"),
        })
    }
}

pub(super) fn finding(r: &mut Reader<'_>, message: v1::Finding) -> Option<Finding> {
    let reason = r.take("code", Reason::from_slug(&message.code).ok_or(Invalid("must be the name of a rule")));
    Some(Finding { reason: reason?, detail: message.detail })
}

impl From<&Finding> for v1::Finding {
    fn from(finding: &Finding) -> Self {
        Self { code: finding.reason.slug().to_owned(), detail: finding.detail.clone() }
    }
}

impl From<&Explanation> for v1::ExplainSlotResponse {
    fn from(explanation: &Explanation) -> Self {
        let reasons = explanation.findings.iter().map(Into::into).collect();
        Self { bookable: explanation.findings.is_empty(), reasons }
    }
}

impl TryFrom<v1::ExplainSlotResponse> for Explanation {
    type Error = Refusal;

    fn try_from(message: v1::ExplainSlotResponse) -> Result<Self, Refusal> {
        parse(|r| r.all("reasons", message.reasons, finding).map(|findings| Self { findings }))
    }
}
