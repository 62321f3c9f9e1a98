//! Availability calls: days, slots, why not, and what else is near.

use std::sync::Arc;

use booking_domain::answer::Edited;
use booking_domain::availability::{
    Appointment, Day, Explanation, Occupancy, Offer, Owner, Scene, Slot, SlotQuery, SlotState, SlotsAsked, TooMuchWork,
};
use booking_domain::hold::Room;
use booking_domain::id::{EventTypeId, OrganizationId};
use booking_domain::interval::Interval;
use booking_domain::refusal::Refusal;
use booking_domain::request::{Edition, SlotRequest, SlotsRequest};
use booking_domain::{DateTime, Utc, limits};
use chrono::TimeDelta;

use crate::engine::Engine;
use crate::service::caller::Caller;
use crate::service::catalogs::Catalog;
use crate::service::presence::{check_wanted, slot_of};
use crate::service::{Answer, Service, ServiceError};
use crate::store::{StoreError, Tx, bookings, claims, organizations, presences};

/// Most steps of a question that is answered on the threads that answer everybody: under a millisecond, and enough for a month of
/// most event types.
const AT_ONCE_WORK: u64 = 250_000;

impl Service {
    /// The free and held slots of a range of dates, unless the caller has an edition that still says the same.
    pub async fn list_slots(
        &self,
        caller: Caller,
        asked: &SlotsRequest,
        have: Option<Edition>,
    ) -> Answer<Edited<Vec<Slot>>> {
        self.edited(caller, (asked, have, true), |_, slots| slots).await
    }

    /// How many slots are free and held on each date, unless the caller has an edition that still says the same.
    pub async fn list_days(
        &self,
        caller: Caller,
        asked: &SlotsRequest,
        have: Option<Edition>,
    ) -> Answer<Edited<Vec<Day>>> {
        self.edited(caller, (asked, have, false), |query, slots| query.days(&slots)).await
    }

    async fn edited<T>(
        &self,
        caller: Caller,
        (asked, have, counted): (&SlotsRequest, Option<Edition>, bool),
        show: impl FnOnce(&SlotQuery, Vec<Slot>) -> T,
    ) -> Answer<Edited<T>> {
        // Before the look, and before the query is completed: whatever is committed meanwhile makes the edition an old one.
        let mark = self.engine.mark(caller, asked.event_type_id);
        if let (Some(mark), Some(have)) = (mark, have)
            && self.engine.is_current(&have, mark)
        {
            return Ok(Edited::Same);
        }
        let (organization, query) = self.slot_query(caller, asked).await?;
        let seen = look(&self.engine, organization, (&query, counted)).await?;
        let edition = mark.and_then(|mark| self.engine.edition(mark, seen.at + stays_true_for(&seen)));
        Ok(Edited::New(show(&query, seen.slots), edition))
    }

    /// Every rule that says no to a slot.
    pub async fn explain_slot(&self, caller: Caller, asked: &SlotRequest) -> Answer<Explanation> {
        let (_, catalog) = self.catalog_of(caller, asked.event_type_id).await?;
        let offer = catalog.offer(asked.event_type_id).ok_or(Refusal::NotFound { what: "event type" })?;
        let slot = slot_of(offer, asked.start, asked.duration_minutes)?;
        check_wanted(offer, asked.resource_id)?;
        let mut tx = self.engine.store.read().await?;
        let taken = Taken::load(&mut tx, &catalog, offer, slot).await?;
        let verdict = taken.scene(offer, self.engine.clock.now()).judge(slot, asked.resource_id, &[]);
        Ok(Explanation { findings: verdict.findings })
    }

    /// The query that is meant, where a request leaves something to the event type.
    pub(crate) async fn slot_query(&self, caller: Caller, asked: &SlotsRequest) -> Answer<(OrganizationId, SlotQuery)> {
        let (organization, catalog) = self.catalog_of(caller, asked.event_type_id).await?;
        let offer = catalog.offer(asked.event_type_id).ok_or(Refusal::NotFound { what: "event type" })?;
        check_wanted(offer, asked.resource_id)?;
        let query = SlotQuery {
            event_type_id: asked.event_type_id,
            from: asked.from,
            to: asked.to,
            duration_minutes: asked.duration_minutes.or(Some(offer.spec.durations.shortest())),
            time_zone: asked.time_zone.unwrap_or(offer.hours.time_zone),
            resource_id: asked.resource_id,
        };
        query.range()?;
        Ok((organization, query))
    }

    /// The catalog that an event type is in, if the caller may look there.
    pub(crate) async fn catalog_of(
        &self,
        caller: Caller,
        event_type: EventTypeId,
    ) -> Answer<(OrganizationId, Arc<Catalog>)> {
        let mut tx = self.engine.store.read().await?;
        let known = caller.scope().or_else(|| self.engine.catalogs.organization_of(event_type));
        let organization = match known {
            Some(organization) => organization,
            None => organizations::of_event_type(&mut tx, event_type)
                .await?
                .ok_or(Refusal::NotFound { what: "event type" })?,
        };
        Ok((organization, self.engine.catalogs.current(&mut tx, organization).await?))
    }

    /// A refusal of a taken time says what else is near.
    pub(crate) async fn with_alternatives(
        &self,
        error: ServiceError,
        organization: OrganizationId,
        room: Room,
    ) -> ServiceError {
        let ServiceError::Refused(mut refusal) = error else { return error };
        if let Refusal::SlotHeld { alternatives, .. } | Refusal::SlotBooked { alternatives, .. } = &mut refusal {
            match near(&self.engine, organization, room).await {
                Ok(found) => *alternatives = found,
                // There is no time to look for them: the refusal stands without.
                Err(ServiceError::Refused(_)) => {}
                Err(failure) => return failure,
            }
        }
        refusal.into()
    }
}

/// What one look at a range of slots saw.
pub(crate) struct Seen {
    /// When.
    pub at: DateTime<Utc>,
    /// The offer that was looked at.
    pub offer: Arc<Offer>,
    /// The free and held slots.
    pub slots: Vec<Slot>,
    /// Who had taken what.
    pub taken: Taken,
}

/// Looks at a range of slots: one read for everything that takes any of them. Says how many could take each if that is asked.
pub(crate) async fn look(
    engine: &Engine,
    organization: OrganizationId,
    (query, counted): (&SlotQuery, bool),
) -> Answer<Seen> {
    let range = query.range()?;
    let (offer, taken) = read(engine, organization, (query.event_type_id, range)).await?;
    let duration_minutes = query.duration_minutes.unwrap_or_else(|| offer.spec.durations.shortest());
    let asked = SlotsAsked { range, duration_minutes, wanted: query.resource_id, counted, work: AT_ONCE_WORK };
    Unseen { at: engine.clock.now(), offer, taken }.compute(engine, organization, asked).await
}

/// An offer, and who has taken what around a range. What was read with is given back before anything is computed.
async fn read(
    engine: &Engine,
    organization: OrganizationId,
    (event_type, range): (EventTypeId, Interval),
) -> Answer<(Arc<Offer>, Taken)> {
    let mut tx = engine.store.read().await?;
    let catalog = engine.catalogs.current(&mut tx, organization).await?;
    let offer = catalog.offer(event_type).cloned().ok_or(Refusal::NotFound { what: "event type" })?;
    let taken = Taken::load(&mut tx, &catalog, &offer, range).await?;
    Ok((offer, taken))
}

/// What a look at slots is computed from.
struct Unseen {
    at: DateTime<Utc>,
    offer: Arc<Offer>,
    taken: Taken,
}

impl Unseen {
    /// Computes the slots: at once where that is quick, and on a thread for long computing otherwise.
    async fn compute(self, engine: &Engine, organization: OrganizationId, quick: SlotsAsked) -> Answer<Seen> {
        let slots = self.taken.scene(&self.offer, self.at).slots(&quick);
        let (slots, Self { at, offer, taken }) = match slots {
            Ok(slots) => (slots, self),
            Err(TooMuchWork) => {
                let asked = SlotsAsked { work: limits::LISTING_WORK, ..quick };
                let long = move || (self.taken.scene(&self.offer, self.at).slots(&asked), self);
                let (slots, unseen) = engine.computing.run(organization, long).await?;
                (slots.map_err(Refusal::from)?, unseen)
            }
        };
        Ok(Seen { at, offer, slots, taken })
    }
}

/// The free slots nearest to a room's, of the same length.
async fn near(engine: &Engine, organization: OrganizationId, room: Room) -> Answer<Vec<Interval>> {
    let day_minutes = 24 * 60 * u32::try_from(limits::ALTERNATIVES_DAYS).unwrap_or(1);
    let range = room.slot.widened(day_minutes, day_minutes);
    let (offer, taken) = match read(engine, organization, (room.event_type_id, range)).await {
        Err(ServiceError::Refused(Refusal::NotFound { .. })) => return Ok(Vec::new()),
        read => read?,
    };
    let duration_minutes = u32::try_from(room.slot.minutes()).unwrap_or(1);
    let asked = SlotsAsked { range, duration_minutes, wanted: None, counted: false, work: AT_ONCE_WORK };
    let seen = Unseen { at: engine.clock.now(), offer, taken }.compute(engine, organization, asked).await?;
    let free = seen.slots.iter().filter(|slot| slot.state == SlotState::Free);
    let mut free: Vec<Interval> = free.map(|slot| slot.interval).collect();
    let distance = |slot: &Interval| (slot.start() - room.slot.start()).abs();
    free.sort_by_key(|slot| (distance(slot), slot.start()));
    free.truncate(limits::ALTERNATIVES);
    Ok(free)
}

/// Who has taken what of the resources of an offer.
pub(crate) struct Taken {
    occupancy: Occupancy,
    appointments: Vec<Appointment>,
}

impl Taken {
    /// Everything that decides about the slots that start in `range`.
    pub async fn load(tx: &mut Tx, catalog: &Catalog, offer: &Offer, range: Interval) -> Result<Self, StoreError> {
        let organization = catalog.organization.id;
        let resources = offer.spec.resource_ids();
        let window = offer.load_window(range);
        let spans: Vec<_> = resources.iter().map(|resource| (*resource, window)).collect();
        let mut occupancy: Occupancy = resources.iter().map(|id| (*id, catalog.units(*id))).collect();
        for (resource, claim) in claims::list(tx, organization, &spans).await? {
            occupancy.entry(resource).or_default().claims.push(claim);
        }
        let appointments = match offer.limit_window(range) {
            Some(window) => appointments(tx, organization, offer.event_type_id, window).await?,
            None => Vec::new(),
        };
        Ok(Self { occupancy, appointments })
    }

    /// What the rules judge by.
    pub fn scene<'a>(&'a self, offer: &'a Offer, now: DateTime<Utc>) -> Scene<'a> {
        Scene { offer, occupancy: &self.occupancy, appointments: &self.appointments, now }
    }
}

/// What counts towards an event type's limits: its bookings, and its holds.
async fn appointments(
    tx: &mut Tx,
    organization: OrganizationId,
    event_type: EventTypeId,
    window: Interval,
) -> Result<Vec<Appointment>, StoreError> {
    let spans = [(event_type, window)];
    let booked = bookings::appointments(tx, organization, &spans).await?;
    let line = presences::list_in(tx, organization, &spans).await?;
    let held = line.iter().filter(|p| p.hold.is_some());
    let held = held.map(|p| Appointment { start: p.room.slot.start(), owner: Owner::Hold(p.id) });
    Ok(booked.into_iter().map(|(_, appointment)| appointment).chain(held).collect())
}

/// How long a look at slots stays true if nothing is committed: until the next of them begins, or falls out of the notice, or a
/// new local day begins (the horizon).
pub(crate) fn stays_true_for(seen: &Seen) -> TimeDelta {
    let notice = TimeDelta::minutes(i64::from(seen.offer.spec.min_notice_minutes));
    let first = seen.slots.first().map(|slot| slot.interval.start() - notice - seen.at + TimeDelta::milliseconds(1));
    let local = seen.at.with_timezone(&seen.offer.hours.time_zone).time();
    let midnight = TimeDelta::days(1) - (local - chrono::NaiveTime::MIN) + TimeDelta::milliseconds(1);
    first.map_or(midnight, |first| first.min(midnight)).max(TimeDelta::milliseconds(50))
}
