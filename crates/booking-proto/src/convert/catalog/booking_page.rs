//! The public pages of an organization.

use booking_domain::draft::reader::{Draft, Reader, parse};
use booking_domain::id::EventTypeId;
use booking_domain::organization::Accent;
use booking_domain::page::Page;
use booking_domain::refusal::Refusal;
use booking_domain::resource::{Capacity, ResourceKind};
use booking_domain::schedule::parse_zone;
use booking_domain::text::Slug;

use super::event_type::event_type;
use crate::convert::fields::text;
use crate::convert::page;
use crate::v1;
use booking_domain::answer::{BookingPage, BookingPages, Organization, PageAddress, PageResource};
use booking_domain::request::{BookingPageRequest, BookingPagesRequest};

fn organization(r: &mut Reader<'_>, message: v1::Organization) -> Option<Organization> {
    let slug = r.take("slug", Slug::parse(&message.slug));
    let name = r.kept(|r| r.name("name", &message.name));
    let accent = r.optional_text("accent", text(message.accent), Accent::parse);
    Some(Organization { slug: slug?, name: name?, accent: accent?, logo_version: message.logo_version })
}

fn page_resource(r: &mut Reader<'_>, message: v1::PageResource) -> Option<PageResource> {
    let id = r.id("id", &message.id);
    let name = r.kept(|r| r.name("name", &message.name));
    let kind = r.take("kind", ResourceKind::parse(&message.kind));
    let capacity = r.take("capacity", Capacity::new(message.capacity));
    Some(PageResource { id: id?, name: name?, kind: kind?, capacity: capacity? })
}

fn booking_page(r: &mut Reader<'_>, message: v1::BookingPage) -> Option<BookingPage> {
    let event_type = r.within("event_type", |r| event_type(r, message.event_type.unwrap_or_default()));
    let time_zone = r.take("time_zone", parse_zone(&message.time_zone));
    let resources = r.all("resources", message.resources, page_resource);
    Some(BookingPage { event_type: event_type?, time_zone: time_zone?, resources: resources? })
}

impl From<&Organization> for v1::Organization {
    fn from(organization: &Organization) -> Self {
        Self {
            slug: organization.slug.to_string(),
            name: organization.name.to_string(),
            accent: organization.accent.map(|accent| accent.to_string()).unwrap_or_default(),
            logo_version: organization.logo_version,
        }
    }
}

impl From<&PageResource> for v1::PageResource {
    fn from(resource: &PageResource) -> Self {
        Self {
            id: resource.id.to_string(),
            name: resource.name.to_string(),
            kind: resource.kind.name().to_owned(),
            capacity: resource.capacity.units().into(),
        }
    }
}

impl From<&BookingPage> for v1::BookingPage {
    fn from(page: &BookingPage) -> Self {
        Self {
            event_type: Some((&page.event_type).into()),
            time_zone: page.time_zone.name().to_owned(),
            resources: page.resources.iter().map(Into::into).collect(),
        }
    }
}

impl TryFrom<v1::BookingPage> for BookingPage {
    type Error = Refusal;

    fn try_from(message: v1::BookingPage) -> Result<Self, Refusal> {
        parse(|r| booking_page(r, message))
    }
}

impl From<&BookingPages> for v1::ListBookingPagesResponse {
    fn from(pages: &BookingPages) -> Self {
        Self {
            organization: Some((&pages.organization).into()),
            pages: pages.page.items.iter().map(Into::into).collect(),
            next_page_token: pages.page.next.clone().unwrap_or_default(),
        }
    }
}

impl TryFrom<v1::ListBookingPagesResponse> for BookingPages {
    type Error = Refusal;

    fn try_from(message: v1::ListBookingPagesResponse) -> Result<Self, Refusal> {
        parse(|r| {
            let organization = r.within("organization", |r| organization(r, message.organization.unwrap_or_default()));
            let items = r.all("pages", message.pages, booking_page);
            let page = Page { items: items?, next: text(message.next_page_token) };
            Some(Self { organization: organization?, page })
        })
    }
}

impl From<&BookingPagesRequest> for v1::ListBookingPagesRequest {
    fn from(request: &BookingPagesRequest) -> Self {
        Self {
            organization: request.organization.to_string(),
            page_size: Some(request.page.size),
            page_token: request.page.token.clone().unwrap_or_default(),
        }
    }
}

impl TryFrom<v1::ListBookingPagesRequest> for BookingPagesRequest {
    type Error = Refusal;

    fn try_from(message: v1::ListBookingPagesRequest) -> Result<Self, Refusal> {
        parse(|r| {
            let organization = r.required("organization", &message.organization, Slug::parse);
            let page = page::draft(message.page_size, message.page_token).read(r);
            Some(Self { organization: organization?, page: page? })
        })
    }
}

impl From<&BookingPageRequest> for v1::GetBookingPageRequest {
    fn from(request: &BookingPageRequest) -> Self {
        Self { organization: request.organization.to_string(), slug: request.slug.to_string() }
    }
}

impl TryFrom<v1::GetBookingPageRequest> for BookingPageRequest {
    type Error = Refusal;

    fn try_from(message: v1::GetBookingPageRequest) -> Result<Self, Refusal> {
        parse(|r| {
            let organization = r.required("organization", &message.organization, Slug::parse);
            let slug = r.required("slug", &message.slug, Slug::parse);
            Some(Self { organization: organization?, slug: slug? })
        })
    }
}

impl From<EventTypeId> for v1::GetPageAddressRequest {
    fn from(id: EventTypeId) -> Self {
        Self { event_type_id: id.to_string() }
    }
}

impl TryFrom<v1::GetPageAddressRequest> for EventTypeId {
    type Error = Refusal;

    fn try_from(message: v1::GetPageAddressRequest) -> Result<Self, Refusal> {
        parse(|r| r.id("event_type_id", &message.event_type_id))
    }
}

impl From<&PageAddress> for v1::PageAddress {
    fn from(address: &PageAddress) -> Self {
        Self { organization: address.organization.to_string(), slug: address.slug.to_string() }
    }
}

impl TryFrom<v1::PageAddress> for PageAddress {
    type Error = Refusal;

    fn try_from(message: v1::PageAddress) -> Result<Self, Refusal> {
        parse(|r| {
            let organization = r.required("organization", &message.organization, Slug::parse);
            let slug = r.required("slug", &message.slug, Slug::parse);
            Some(Self { organization: organization?, slug: slug? })
        })
    }
}
