//! A stage on a running server: resources, schedules and event types of the bench's own, and their free slots.

use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use booking_client::{
    ApiKey, BookingApi, CreateBooking, RequestId, SlotRequest, SlotsRequest, connect, make_booking_api,
};
use booking_domain::allow::Allow;
use booking_domain::availability::Slot;
use booking_domain::booking::Booker;
use booking_domain::id::EventTypeId;
use booking_domain::resource::{Capacity, ResourceKind, ResourceSpec};
use booking_domain::schedule::{Hours, ScheduleSpec};
use booking_domain::text::{Email, Name, Prose};
use booking_domain::{DateTime, NaiveDate, Utc};
use chrono::{Days, TimeDelta};
use clap::Args;
use tonic::transport::Channel;
use uuid::Uuid;

use crate::offers::any_one_of;

/// The longest range that one question may span, in days.
const RANGE_DAYS: u64 = 62;

/// Where the server is, and the key that opens it.
#[derive(Args, Clone)]
pub(crate) struct Place {
    /// The gRPC address: `http://127.0.0.1:50051`
    #[arg(long)]
    pub grpc: String,
    /// An `admin` key of the organization `default`
    #[arg(long)]
    pub key: String,
}

/// One event type of the bench's own, which one resource serves.
#[derive(Clone)]
pub(crate) struct Stage {
    /// The calls of the server.
    pub api: BookingApi<Channel>,
    /// What is offered.
    pub event_type_id: EventTypeId,
}

impl Place {
    /// The server's calls, over a connection of its own.
    pub(crate) fn api(&self) -> Result<BookingApi<Channel>> {
        let api = make_booking_api(connect(&self.grpc)?).with_key(ApiKey::parse(&self.key)?);
        Ok(api.with_timeout(Duration::from_secs(60)))
    }

    /// A resource that is open in these hours, for so many minutes on a 15-minute grid.
    pub(crate) async fn stage(&self, hours: Hours, minutes: u32) -> Result<Stage> {
        let api = self.api()?;
        let slug = format!("bench-{}", random().simple());
        let resource = ResourceSpec {
            name: Name::parse(&slug)?,
            kind: ResourceKind::Room,
            time_zone: hours.time_zone,
            schedule_id: None,
            capacity: Capacity::ONE,
            description: Prose::parse("")?,
            active: true,
        };
        let resource = api.create_resource(&resource, None).await.context("cannot make a resource")?;
        let schedule = ScheduleSpec { name: Name::parse(&slug)?, hours };
        let schedule = api.create_schedule(&schedule, None).await.context("cannot make a schedule")?;
        let event_type = any_one_of(vec![resource.id], schedule.id, &slug, minutes)?;
        let event_type = api.create_event_type(&event_type, None).await.context("cannot make an event type")?;
        Ok(Stage { api, event_type_id: event_type.id })
    }
}

impl Stage {
    /// The free slots of the next 62 days, from tomorrow on.
    pub(crate) async fn free_slots(&self) -> Result<Vec<Slot>> {
        let (from, to) = dates(RANGE_DAYS)?;
        let request = SlotsRequest {
            moving: None,
            event_type_id: self.event_type_id,
            from,
            to,
            duration_minutes: None,
            time_zone: None,
            resource_id: None,
        };
        self.api.list_slots(&request).await.context("cannot list slots")
    }

    /// A request to book this slot, to be answered once.
    pub(crate) fn booking(&self, slot: &Slot) -> Result<CreateBooking> {
        Ok(CreateBooking {
            status: None,
            allow: Allow::NOTHING,
            slot: SlotRequest {
                event_type_id: self.event_type_id,
                start: slot.interval.start(),
                duration_minutes: None,
                resource_id: None,
            },
            session_id: None,
            time_zone: None,
            booker: Booker {
                name: Name::parse("Ada Lovelace")?,
                email: Some(Email::parse("ada@example.org")?),
                phone: None,
                notes: Prose::parse("")?,
            },
            answers: Default::default(),
            request_id: Some(RequestId::parse(&random().to_string())?),
        })
    }
}

/// So many dates from tomorrow on: the first and the last.
#[expect(clippy::disallowed_methods, reason = "a bench on a running server starts from the day that it is")]
pub(crate) fn dates(days: u64) -> Result<(NaiveDate, NaiveDate)> {
    let tomorrow = (DateTime::<Utc>::from(SystemTime::now()) + TimeDelta::days(1)).date_naive();
    let last = tomorrow.checked_add_days(Days::new(days - 1)).context("no such date")?;
    Ok((tomorrow, last))
}

/// A random UUID, as sessions and request ids are.
#[expect(clippy::disallowed_methods, reason = "a client draws its own sessions")]
pub(crate) fn random() -> Uuid {
    Uuid::new_v4()
}
