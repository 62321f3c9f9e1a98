//! Slots that are asked about, as they are written.

use std::fmt;

use chrono::NaiveDate;

use crate::draft::reader::{Draft, Reader};
use crate::draft::written::{WrittenInstant, WrittenNumber};
use crate::invalid::REQUIRED;
use crate::limits;
use crate::request::{BookingRef, ExplainRequest, NextSlotsRequest, SlotRequest, SlotsRequest};
use crate::schedule::parse_date;
use crate::secret::ManagementToken;

/// A [`SlotRequest`], as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the request documents each field")]
pub struct SlotDraft {
    pub event_type_id: String,
    pub start: Option<WrittenInstant>,
    pub duration_minutes: Option<WrittenNumber>,
    pub resource_id: Option<String>,
}

/// A [`SlotsRequest`], as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the request documents each field")]
pub struct SlotsDraft {
    pub event_type_id: String,
    pub from: String,
    pub to: String,
    pub duration_minutes: Option<WrittenNumber>,
    pub time_zone: Option<String>,
    pub resource_id: Option<String>,
    pub moving: MovingDraft,
}

/// An [`ExplainRequest`], as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the request documents each field")]
pub struct ExplainDraft {
    pub slot: SlotDraft,
    pub moving: MovingDraft,
}

/// A booking that shall move, as it is written beside what is asked on its behalf; none unless it is named.
#[derive(Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the reference documents each field")]
pub struct MovingDraft {
    pub moving: Option<String>,
    pub management_token: Option<String>,
}

impl fmt::Debug for MovingDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MovingDraft").field("moving", &self.moving).finish_non_exhaustive()
    }
}

impl Draft for MovingDraft {
    type Parsed = Option<BookingRef>;

    fn read(self, r: &mut Reader<'_>) -> Option<Option<BookingRef>> {
        let id = r.optional_id("moving", self.moving)?;
        let Some(id) = id else { return Some(None) };
        let token = r.optional_text("management_token", self.management_token, ManagementToken::shown)?;
        Some(Some(BookingRef { id, management_token: token.flatten() }))
    }
}

impl Draft for ExplainDraft {
    type Parsed = ExplainRequest;

    fn read(self, r: &mut Reader<'_>) -> Option<ExplainRequest> {
        let (slot, moving) = (self.slot.read(r), self.moving.read(r));
        Some(ExplainRequest { slot: slot?, moving: moving? })
    }
}

/// A [`NextSlotsRequest`], as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the request documents each field")]
pub struct NextSlotsDraft {
    pub event_type_id: String,
    pub count: Option<WrittenNumber>,
    pub after: Option<WrittenInstant>,
    pub duration_minutes: Option<WrittenNumber>,
    pub resource_id: Option<String>,
    pub time_zone: Option<String>,
}

impl Draft for NextSlotsDraft {
    type Parsed = NextSlotsRequest;

    fn read(self, r: &mut Reader<'_>) -> Option<NextSlotsRequest> {
        let event_type_id = r.id("event_type_id", &self.event_type_id);
        let count = r.take("count", self.count.ok_or(REQUIRED));
        let count = count.and_then(|count| r.number("count", count, 1..=limits::NEXT_SLOTS));
        let after = r.optional("after", self.after, |after| after.parse());
        let duration_minutes = r.duration(self.duration_minutes);
        let resource_id = r.optional_id("resource_id", self.resource_id);
        let time_zone = r.zone(self.time_zone);
        Some(NextSlotsRequest {
            event_type_id: event_type_id?,
            count: count?,
            after: after?,
            duration_minutes: duration_minutes?,
            resource_id: resource_id?,
            time_zone: time_zone?,
        })
    }
}

impl Draft for SlotDraft {
    type Parsed = SlotRequest;

    fn read(self, r: &mut Reader<'_>) -> Option<SlotRequest> {
        let event_type_id = r.id("event_type_id", &self.event_type_id);
        let start = r.minute("start", self.start);
        let duration_minutes = r.duration(self.duration_minutes);
        let resource_id = r.optional_id("resource_id", self.resource_id);
        Some(SlotRequest {
            event_type_id: event_type_id?,
            start: start?,
            duration_minutes: duration_minutes?,
            resource_id: resource_id?,
        })
    }
}

/// The first and last date, at most 62 in all.
fn dates(r: &mut Reader<'_>, from: &str, to: &str) -> Option<(NaiveDate, NaiveDate)> {
    let from = r.required("from", from, parse_date);
    let to = r.required("to", to, parse_date);
    let (from, to) = (from?, to?);
    match (to - from).num_days() {
        ..0 => r.wrong("to", "must not be before from"),
        0..limits::RANGE_DAYS_MAX => Some((from, to)),
        _ => r.wrong("to", "must make a range of at most 62 days, both dates included"),
    }
}

impl Draft for SlotsDraft {
    type Parsed = SlotsRequest;

    fn read(self, r: &mut Reader<'_>) -> Option<SlotsRequest> {
        let event_type_id = r.id("event_type_id", &self.event_type_id);
        let dates = dates(r, &self.from, &self.to);
        let duration_minutes = r.duration(self.duration_minutes);
        let time_zone = r.zone(self.time_zone);
        let resource_id = r.optional_id("resource_id", self.resource_id);
        let moving = self.moving.read(r);
        let (from, to) = dates?;
        Some(SlotsRequest {
            event_type_id: event_type_id?,
            from,
            to,
            duration_minutes: duration_minutes?,
            time_zone: time_zone?,
            resource_id: resource_id?,
            moving: moving?,
        })
    }
}
