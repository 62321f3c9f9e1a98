//! Looks at slots: one read for everything that takes any of them, and then the rules.

use std::sync::Arc;

use booking_domain::availability::{Appointment, Occupancy, Offer, Scene, Slot, SlotSearch, SlotsAsked, TooMuchWork};
use booking_domain::hold::Presence;
use booking_domain::id::{EventTypeId, OrganizationId, ResourceId};
use booking_domain::interval::Interval;
use booking_domain::refusal::Refusal;
use booking_domain::{DateTime, Utc, limits};

use crate::engine::Engine;
use crate::error::ServiceResult;
use crate::state::catalogs::Catalog;
use crate::store::{StoreError, Tx, blocks, bookings, claims, presences};

/// Most steps of a question that is answered on the threads that answer everybody: under a millisecond, and enough for a month of
/// most event types.
pub(crate) const AT_ONCE_WORK: u64 = 250_000;

/// What one look at a range of slots saw.
pub(crate) struct RangeSnapshot {
    /// When.
    pub at: DateTime<Utc>,
    /// The offer that was looked at.
    pub offer: Arc<Offer>,
    /// The free and held slots.
    pub slots: Vec<Slot>,
    /// Who had taken what.
    pub taken: Taken,
    /// Until when the slots are these, if nothing is committed.
    pub true_until: DateTime<Utc>,
}

impl RangeSnapshot {
    /// Whether how many remain depends on who served last, however long before.
    pub(crate) fn takes_turns(&self) -> bool {
        self.taken.scene(&self.offer, self.at).takes_turns()
    }
}

/// Looks at a range of slots: one read for everything that takes any of them. Says how many could take each if that is asked.
pub(crate) async fn look(
    engine: &Engine,
    organization: OrganizationId,
    (query, counted): (&SlotSearch, bool),
) -> ServiceResult<RangeSnapshot> {
    let range = query.range()?;
    let asked = (query.event_type_id, range, query.duration_minutes.unwrap_or_default());
    let (offer, taken) = read(engine, organization, asked).await?;
    let duration_minutes = query.duration_minutes.unwrap_or_else(|| offer.spec.durations.shortest());
    let SlotSearch { resource_id: wanted, moving, allow, .. } = *query;
    let asked = SlotsAsked { range, duration_minutes, wanted, moving, allow, counted, work: AT_ONCE_WORK };
    Unseen { at: engine.clock.now(), offer, taken }.compute(engine, organization, asked).await
}

/// An offer, and who has taken what around a range, as it matters to slots of this length. What was read with is given back before anything is computed.
pub(super) async fn read(
    engine: &Engine,
    organization: OrganizationId,
    (event_type, range, minutes): (EventTypeId, Interval, u32),
) -> ServiceResult<(Arc<Offer>, Taken)> {
    let mut tx = engine.store.read().await?;
    let catalog = engine.catalogs.current(&mut tx, organization).await?;
    let offer = catalog.offer(event_type).cloned().ok_or(Refusal::not_found("event type"))?;
    let taken = Taken::load(&mut tx, (&catalog, &offer), (range, minutes)).await?;
    Ok((offer, taken))
}

/// What a look at slots is computed from.
pub(crate) struct Unseen {
    /// When.
    pub at: DateTime<Utc>,
    /// What is offered.
    pub offer: Arc<Offer>,
    /// Who has taken what.
    pub taken: Taken,
}

impl Unseen {
    /// Computes the slots: at once where that is quick, and on a thread for long computing otherwise.
    pub(crate) async fn compute(
        self,
        engine: &Engine,
        organization: OrganizationId,
        quick: SlotsAsked,
    ) -> ServiceResult<RangeSnapshot> {
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
        let true_until = taken.scene(&offer, at).true_until(&slots);
        Ok(RangeSnapshot { at, offer, slots, taken, true_until })
    }
}

/// Who has taken what of the resources of an offer.
pub(crate) struct Taken {
    occupancy: Occupancy,
    appointments: Vec<Appointment>,
}

impl Taken {
    /// Everything that decides about the slots of this length that start in `range`.
    pub(crate) async fn load(
        tx: &mut Tx,
        (catalog, offer): (&Catalog, &Offer),
        (range, minutes): (Interval, u32),
    ) -> Result<Self, StoreError> {
        let organization = catalog.organization.id;
        let resources = offer.spec.resource_ids();
        let window = offer.load_window_of(range, minutes);
        let spans: Vec<_> = resources.iter().map(|resource| (*resource, window)).collect();
        let mut occupancy: Occupancy = resources.iter().map(|id| (*id, catalog.units(*id))).collect();
        for (resource, claim) in claims::list(tx, organization, (&spans, &offer.spec.chosen_ids())).await? {
            occupancy.entry(resource).or_default().claims.push(claim);
        }
        for (resource, busy) in blocks::busy(tx, organization, &spans).await? {
            occupancy.entry(resource).or_default().busy.push(busy);
        }
        let appointments = match offer.limit_window(range) {
            Some(window) => appointments(tx, organization, offer.event_type_id, window).await?,
            None => Vec::new(),
        };
        Ok(Self { occupancy, appointments })
    }

    /// Closes a resource for a while, where it is among these.
    pub(crate) fn close(&mut self, resource: ResourceId, time: Interval) {
        if let Some(units) = self.occupancy.get_mut(&resource) {
            units.busy.push(time);
            units.busy.sort_unstable();
        }
    }

    /// What the rules judge by.
    pub(crate) fn scene<'a>(&'a self, offer: &'a Offer, now: DateTime<Utc>) -> Scene<'a> {
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
    let held = held.map(Presence::appointment);
    Ok(booked.into_iter().map(|(_, appointment)| appointment).chain(held).collect())
}
