//! What the public pages of an organization show.

use std::sync::Arc;

use booking_domain::access::Action;
use booking_domain::answer::{BookingPage, BookingPages, NumberedLogo, Organization, PageAddress, PageResource};
use booking_domain::event_type::EventType;
use booking_domain::id::EventTypeId;
use booking_domain::page::Page;
use booking_domain::refusal::Refusal;
use booking_domain::request::{BookingPageRequest, BookingPagesRequest, LogoRequest};
use booking_domain::text::Slug;

use crate::caller::Caller;
use crate::error::ServiceResult;
use crate::service::Service;
use crate::state::catalogs::Catalog;
use crate::store::organizations;

impl Service {
    /// The organization's active event types, in the order in which they were made.
    ///
    /// # Errors
    /// Refused when there is no such organization for this caller, or when the page token is of another list; or the store
    /// fails.
    pub async fn list_booking_pages(&self, caller: Caller, asked: &BookingPagesRequest) -> ServiceResult<BookingPages> {
        caller.may(Action::ListBookingPages)?;
        let catalog = self.catalog_named(caller, &asked.organization).await?;
        let after = match asked.page.token.as_deref() {
            None => None,
            Some(token) => {
                Some(token.parse().map_err(|_| Refusal::field("page_token", "is not a token of this list"))?)
            }
        };
        let size = asked.page.size as usize;
        let active = catalog.event_types.values().filter(|e| e.spec.active && after.is_none_or(|after| e.id > after));
        let mut event_types: Vec<&EventType> = active.take(size + 1).collect();
        let more = event_types.len() > size;
        event_types.truncate(size);
        let next = event_types.last().filter(|_| more).map(|last| last.id.to_string());
        let items = event_types.into_iter().filter_map(|event_type| page_of(&catalog, event_type)).collect();
        Ok(BookingPages { organization: shown_of(&catalog.organization), page: Page { items, next } })
    }

    /// One active event type.
    ///
    /// # Errors
    /// Refused when there is no such organization for this caller, or no such event type in it; or the store fails.
    pub async fn get_booking_page(&self, caller: Caller, asked: &BookingPageRequest) -> ServiceResult<BookingPage> {
        caller.may(Action::GetBookingPage)?;
        let catalog = self.catalog_named(caller, &asked.organization).await?;
        let mut active = catalog.event_types.values().filter(|event_type| event_type.spec.active);
        let found = active.find(|event_type| event_type.spec.slug == asked.slug);
        let page = found.and_then(|event_type| page_of(&catalog, event_type));
        Ok(page.ok_or(Refusal::not_found("event type"))?)
    }

    /// The organization's logo.
    ///
    /// # Errors
    /// Refused when there is no such organization for this caller, or when it has no logo; or the store fails.
    pub async fn get_logo(&self, caller: Caller, asked: &LogoRequest) -> ServiceResult<NumberedLogo> {
        caller.may(Action::GetLogo)?;
        let catalog = self.catalog_named(caller, &asked.organization).await?;
        let logo = catalog.organization.spec.logo.clone().ok_or(Refusal::not_found("logo"))?;
        Ok(NumberedLogo { logo, version: catalog.organization.stamp.version })
    }

    /// Where an event type's page is, for those who know only its id, such as whoever has booked it.
    ///
    /// # Errors
    /// Refused when there is no such event type for this caller; or the store fails.
    pub async fn get_page_address(&self, caller: Caller, id: EventTypeId) -> ServiceResult<PageAddress> {
        caller.may(Action::GetPageAddress)?;
        let (_, catalog) = self.catalog_of(caller, id).await?;
        let event_type = catalog.event_types.get(&id).ok_or(Refusal::not_found("event type"))?;
        Ok(PageAddress { organization: catalog.organization.slug.clone(), slug: event_type.spec.slug.clone() })
    }

    async fn catalog_named(&self, caller: Caller, slug: &Slug) -> ServiceResult<Arc<Catalog>> {
        let mut tx = self.engine.store.read().await?;
        let found = organizations::find_by_slug(&mut tx, slug).await?;
        let allowed = found.filter(|organization| caller.organization().is_none_or(|own| own == organization.id));
        let organization = allowed.ok_or(Refusal::not_found("organization"))?;
        Ok(self.engine.catalogs.current(&mut tx, organization.id).await?)
    }
}

fn shown_of(stored: &organizations::StoredOrganization) -> Organization {
    let spec = &stored.spec;
    Organization {
        slug: stored.slug.clone(),
        name: spec.name.clone(),
        accent: spec.accent,
        logo_version: spec.logo.as_ref().map(|_| stored.stamp.version),
    }
}

fn page_of(catalog: &Catalog, event_type: &EventType) -> Option<BookingPage> {
    let offer = catalog.offer(event_type.id)?;
    let ids = event_type.spec.resource_ids();
    let resources = ids.iter().filter_map(|id| catalog.resources.get(id)).filter(|resource| resource.spec.active);
    let shown = resources.map(|resource| PageResource {
        id: resource.id,
        name: resource.spec.name.clone(),
        kind: resource.spec.kind,
        capacity: resource.spec.capacity,
    });
    let mut event_type = event_type.clone();
    event_type.spec.location = event_type.spec.location.map(|location| location.for_public());
    Some(BookingPage { event_type, time_zone: offer.hours.time_zone, resources: shown.collect() })
}
