//! Previews: the slots of a range as they would be, by the one judgement, beside those that there are. Nothing is stored.

use std::sync::Arc;

use booking_domain::allow::Allow;
use booking_domain::answer::Preview;
use booking_domain::availability::{Offer, Slot, SlotsAsked};
use booking_domain::id::ResourceId;
use booking_domain::interval::Interval;
use booking_domain::request::SlotsRequest;
use booking_domain::{DateTime, Utc};

use crate::engine::Engine;
use crate::error::ServiceResult;
use crate::queries::availability::{AT_ONCE_WORK, Taken, Unseen};
use crate::state::catalogs::Catalog;
use crate::store::{StoreError, Tx};

/// What would be different.
pub(crate) struct Previewed<'a> {
    /// The catalog as it is.
    pub before: &'a Catalog,
    /// The catalog as it would be.
    pub after: &'a Catalog,
    /// When a resource would be closed.
    pub closed: Option<(ResourceId, Interval)>,
}

/// The slots that are asked about, before and after a change; none where nothing is offered.
pub(crate) struct Sides {
    before: Option<(Arc<Offer>, Taken)>,
    after: Option<(Arc<Offer>, Taken)>,
}

impl Previewed<'_> {
    /// Who takes what of either side's resources.
    pub(crate) async fn read(&self, tx: &mut Tx, query: &SlotsRequest, range: Interval) -> Result<Sides, StoreError> {
        let before = side(tx, self.before, query, range).await?;
        let mut after = side(tx, self.after, query, range).await?;
        if let (Some((_, taken)), Some((resource, time))) = (&mut after, self.closed) {
            taken.close(resource, time);
        }
        Ok(Sides { before, after })
    }
}

async fn side(
    tx: &mut Tx,
    catalog: &Catalog,
    query: &SlotsRequest,
    range: Interval,
) -> Result<Option<(Arc<Offer>, Taken)>, StoreError> {
    let offer = catalog.offer(query.event_type_id).filter(|offer| offer.check_wanted(query.resource_id).is_ok());
    let Some(offer) = offer else { return Ok(None) };
    let minutes = query.duration_minutes.unwrap_or_default();
    Ok(Some((offer.clone(), Taken::load(tx, (catalog, offer), (range, minutes)).await?)))
}

impl Sides {
    /// The slots after the change, and what is different.
    pub(crate) async fn compare(
        self,
        engine: &Engine,
        catalog: &Catalog,
        (query, range, at): (&SlotsRequest, Interval, DateTime<Utc>),
    ) -> ServiceResult<Preview> {
        let organization = catalog.organization.id;
        let slots = async |side: Option<(Arc<Offer>, Taken)>| -> ServiceResult<Vec<Slot>> {
            let Some((offer, taken)) = side else { return Ok(Vec::new()) };
            // Each as long as it is offered, unless it is said.
            let duration_minutes = query.duration_minutes.unwrap_or_else(|| offer.spec.durations.shortest());
            let asked = SlotsAsked {
                range,
                duration_minutes,
                wanted: query.resource_id,
                moving: None,
                allow: Allow::NOTHING,
                counted: true,
                work: AT_ONCE_WORK,
            };
            Ok(Unseen { at, offer, taken }.compute(engine, organization, asked).await?.slots)
        };
        Ok(Preview::between(&slots(self.before).await?, slots(self.after).await?))
    }
}
