//! One of the two servers: its calls, its filled rooms, and how long calls took.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use booking_client::{
    BookingApi, CallError, CreateBooking, HeartbeatRequest, RequestId, SlotRequest, TransitionRequest,
};
use booking_domain::allow::Allow;
use booking_domain::booking::{Booker, Booking};
use booking_domain::event_type::EventTypeSpec;
use booking_domain::hold::{Place, SessionId, Standing};
use booking_domain::id::{EventTypeId, ResourceId};
use booking_domain::page::PageRequest;
use booking_domain::text::{Email, Name, Prose};
use booking_domain::{DateTime, Utc, limits};
use chrono::TimeDelta;
use database_fill::{CONFIRMED, PLAIN};
use tonic::transport::Channel;

use crate::stage::{self, dates, random};

/// How long a slot is.
const SLOT_MINUTES: u32 = 30;
/// How long a hold lives that does not end after a moment: so short that it can be extended from the first moment on.
const HOLD_MINUTES: u32 = 2;
/// From one slot that is used to the next: so far that what is left of one is not beside another, and a bench stays in the free time.
const STEP: TimeDelta = TimeDelta::hours(11);
/// The days before it are the month that is listed.
const FIRST_DAY: TimeDelta = TimeDelta::days(40);

/// How long each kind of call took in a round.
pub(super) type Times = BTreeMap<&'static str, Vec<Duration>>;

/// A server, and what is called on it.
pub(super) struct Side {
    pub api: BookingApi<Channel>,
    /// The HTTP address.
    pub http: String,
    /// An event type of one room.
    pub plain: EventTypeId,
    /// Another one, whose bookings are confirmed and whose holds end after a moment.
    pub confirmed: EventTypeId,
    /// The room of the first.
    pub room: ResourceId,
    /// How long each kind of call took in this round.
    pub times: Times,
    next: DateTime<Utc>,
}

impl Side {
    /// The filled server at this place.
    pub(super) async fn open(place: &stage::Place, http: &str) -> Result<Self> {
        let api = place.api()?;
        let page = PageRequest { size: limits::PAGE_SIZE_MAX, token: None };
        let offered = api.list_event_types(page).await.context("cannot list event types")?.items;
        let named = |slug: &str| {
            let found = offered.iter().find(|event_type| event_type.spec.slug.as_str() == slug);
            found.with_context(|| format!("the database is not filled: {slug} is not offered"))
        };
        let [plain, confirmed] = [named(PLAIN)?, named(CONFIRMED)?];
        let spec = EventTypeSpec { hold_deadline_minutes: Some(HOLD_MINUTES), ..plain.spec.clone() };
        api.update_event_type(plain.id, &spec, plain.stamp.version).await.context("cannot change an event type")?;
        let (tomorrow, _) = dates(1)?;
        let next = tomorrow.and_time(chrono::NaiveTime::MIN).and_utc() + FIRST_DAY;
        let room = *plain.spec.resource_ids().first().context("an event type needs no room")?;
        let (plain, confirmed, http) = (plain.id, confirmed.id, http.to_owned());
        Ok(Self { api, http, plain, confirmed, room, times: Times::new(), next })
    }

    /// A start that nothing was near so far. The half hours around it are free, too.
    pub(super) fn next_start(&mut self) -> DateTime<Utc> {
        self.next += STEP;
        self.next
    }

    /// Notes how long a call took.
    pub(super) async fn time<T>(
        &mut self,
        name: &'static str,
        call: impl Future<Output = Result<T, CallError>>,
    ) -> Result<T> {
        let begun = Instant::now();
        let answer = call.await.with_context(|| format!("{name} does not succeed"))?;
        self.times.entry(name).or_default().push(begun.elapsed());
        Ok(answer)
    }
}

/// A session nobody knows yet.
pub(super) fn session() -> Result<SessionId> {
    Ok(SessionId::parse(&random().to_string())?)
}

/// What a session says in the room of half an hour from `start` on.
pub(super) const fn beat(event_type_id: EventTypeId, start: DateTime<Utc>, session_id: SessionId) -> HeartbeatRequest {
    HeartbeatRequest::new(slot(event_type_id, start), session_id)
}

const fn slot(event_type_id: EventTypeId, start: DateTime<Utc>) -> SlotRequest {
    SlotRequest { event_type_id, start, duration_minutes: Some(SLOT_MINUTES), resource_id: None }
}

/// The session holds, or something is wrong with what is measured.
pub(super) fn ensure_holding(place: &Place) -> Result<()> {
    ensure!(matches!(place.standing, Standing::Holding(_)), "somebody else holds a slot of the bench's own");
    Ok(())
}

/// A booking of half an hour from `start` on, with a hold or without.
pub(super) fn wish(
    event_type_id: EventTypeId,
    start: DateTime<Utc>,
    session_id: Option<SessionId>,
) -> Result<CreateBooking> {
    Ok(CreateBooking {
        status: None,
        allow: Allow::NOTHING,
        slot: slot(event_type_id, start),
        session_id,
        time_zone: None,
        booker: Booker {
            name: Name::parse("Ada Lovelace")?,
            email: Some(Email::parse("ada@bench.example")?),
            phone: None,
            notes: Prose::parse("")?,
        },
        answers: Default::default(),
        request_id: Some(RequestId::parse(&random().to_string())?),
    })
}

/// A step in a booking's life, as an operator asks for it.
pub(super) fn step(booking: &Booking) -> Result<TransitionRequest> {
    Ok(TransitionRequest { id: booking.id, reason: Prose::parse("")?, version: None, management_token: None })
}
