//! Previews: what would be offered if something were different, and what it would concern. Nothing is stored.

use std::sync::Arc;

use booking_domain::access::Action;
use booking_domain::affected::Affected;
use booking_domain::answer::Preview;
use booking_domain::event_type::EventType;
use booking_domain::interval::Interval;
use booking_domain::invalid::FieldError;
use booking_domain::refusal::Refusal;
use booking_domain::request::{PreviewChange, PreviewRequest};
use booking_domain::schedule::{Schedule, Stamp};
use booking_domain::{DateTime, Utc};

use crate::caller::Caller;
use crate::error::ServiceResult;
use crate::queries::affected::underneath;
use crate::queries::concerned::Found;
use crate::queries::preview::Previewed;
use crate::service::Service;
use crate::service::catalog::Entry;
use crate::state::catalogs::{Catalog, CatalogEntry};
use crate::store::Tx;

impl Service {
    /// The slots of a range as they would be after a change that is not made, what is different, and what the change would concern.
    ///
    /// # Errors
    /// Refused when the caller may not, when there is no such event type, schedule or resource, the change names what does not exist,
    /// or the question takes too much work; or the store fails.
    pub async fn preview_availability(&self, caller: Caller, asked: &PreviewRequest) -> ServiceResult<Preview> {
        let organization = caller.organization_for(Action::PreviewAvailability)?;
        let at = self.engine.clock.now();
        let mut tx = self.engine.store.read().await?;
        let before = self.engine.catalogs.current(&mut tx, organization).await?;
        let after = changed(&before, asked, at)?;
        let offer = after.offer(asked.slots.event_type_id).ok_or(Refusal::not_found("event type"))?;
        offer.check_wanted(asked.slots.resource_id)?;
        let range = asked.slots.search(offer, None).range()?;
        let closed = match asked.change {
            PreviewChange::Block(resource, time) => Some((resource, time)),
            PreviewChange::EventType(_) | PreviewChange::Schedule(..) => None,
        };
        let affected = affected(&mut tx, (&before, &after), (asked, at)).await?;
        let sides = Previewed { before: &before, after: &after, closed }.read(&mut tx, &asked.slots, range).await?;
        drop(tx);
        let preview = sides.compare(&self.engine, &before, (&asked.slots, range, at)).await?;
        Ok(Preview { affected, ..preview })
    }
}

/// The catalog as it would be.
fn changed(before: &Arc<Catalog>, asked: &PreviewRequest, at: DateTime<Utc>) -> Result<Arc<Catalog>, Refusal> {
    let stamp = Stamp { created_at: at, updated_at: at, version: 1 };
    Ok(match &asked.change {
        PreviewChange::EventType(spec) => {
            EventType::check(spec, before).map_err(|refusal| within("event_type", refusal))?;
            let event_type = EventType { id: asked.slots.event_type_id, spec: spec.clone(), stamp };
            Arc::new(before.with(CatalogEntry::EventType(event_type)))
        }
        PreviewChange::Schedule(id, spec) => {
            known(before.schedules.contains_key(id), "schedule")?;
            Arc::new(before.with(CatalogEntry::Schedule(Schedule { id: *id, spec: spec.clone(), stamp })))
        }
        PreviewChange::Block(resource, _) => {
            known(before.resources.contains_key(resource), "resource")?;
            before.clone()
        }
    })
}

/// What the change would concern.
async fn affected(
    tx: &mut Tx,
    (before, after): (&Catalog, &Catalog),
    (asked, at): (&PreviewRequest, DateTime<Utc>),
) -> ServiceResult<Affected> {
    let organization = before.organization.id;
    let scope = match &asked.change {
        PreviewChange::Block(resource, time) => {
            let times: &[Interval] = &[*time];
            return Ok(underneath(tx, (before, *resource), (times, &[]), at).await?.affected);
        }
        PreviewChange::Schedule(id, _) => Schedule::scope(*id, before),
        PreviewChange::EventType(_) => EventType::scope(asked.slots.event_type_id, before),
    };
    let found = Found::read(tx, organization, (&scope, at)).await?;
    let keeping_buffers = match &asked.change {
        PreviewChange::EventType(spec) => found.keeping_buffers(tx, organization, spec).await?,
        PreviewChange::Schedule(..) | PreviewChange::Block(..) => 0,
    };
    Ok(Affected { keeping_buffers, ..found.affected(before, after) })
}

fn known(is_known: bool, what: &'static str) -> Result<(), Refusal> {
    if is_known { Ok(()) } else { Err(Refusal::not_found(what)) }
}

/// What is wrong with a part of the request, under that part's name.
fn within(part: &str, refusal: Refusal) -> Refusal {
    let Refusal::InvalidArgument { errors } = refusal else { return refusal };
    let inside = |error: FieldError| FieldError { field: format!("{part}.{}", error.field), ..error };
    Refusal::InvalidArgument { errors: errors.into_iter().map(inside).collect() }
}
