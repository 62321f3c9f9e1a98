//! The public pages of an organization on the wire.

use booking_client::{BookingPage, Organization as Tenant, PageResource};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::model::BASE;
use crate::http::model::event_type::{Location, Question};
use crate::http::model::resource::ResourceKind;
use crate::http::model::time::Id;

/// A tenant, as the public may see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Organization {
    /// Its part of the booking pages' address.
    pub slug: String,
    /// What people call it.
    pub name: String,
    /// The colour of its pages, as `#rrggbb`; null for Holdfast's own.
    #[schema(required, examples("#2f6f6d"))]
    pub accent: Option<String>,
    /// Where its logo is on this server; null when it has none.
    #[schema(required, examples("/api/v1/public/default/logo?version=2"))]
    pub logo_url: Option<String>,
}

impl From<&Tenant> for Organization {
    fn from(organization: &Tenant) -> Self {
        let slug = &organization.slug;
        Self {
            slug: slug.to_string(),
            name: organization.name.to_string(),
            accent: organization.accent.map(|accent| accent.to_string()),
            logo_url: organization.logo_version.map(|version| format!("{BASE}/public/{slug}/logo?version={version}")),
        }
    }
}

/// A resource, as the public may see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicResource {
    /// Its id.
    pub id: Id,
    /// What people call it.
    pub name: String,
    /// What kind of thing it is.
    #[schema(value_type = ResourceKind)]
    pub kind: &'static str,
    /// How many units it has.
    pub capacity: u32,
}

impl From<&PageResource> for PublicResource {
    fn from(resource: &PageResource) -> Self {
        Self {
            id: Id(resource.id.uuid()),
            name: resource.name.to_string(),
            kind: resource.kind.name(),
            capacity: resource.capacity.units(),
        }
    }
}

/// What a booking page needs of an event type.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicEventType {
    /// Its id.
    pub id: Id,
    /// Its part of the booking page's address.
    pub slug: String,
    /// What people call it.
    pub title: String,
    /// More about it.
    pub description: String,
    /// The durations on offer, shortest first.
    pub durations_minutes: Vec<u32>,
    /// The grid's step.
    pub slot_interval_minutes: u32,
    /// What is kept free before each booking.
    pub buffer_before_minutes: u32,
    /// What is kept free after each booking.
    pub buffer_after_minutes: u32,
    /// The schedule's zone.
    pub time_zone: String,
    /// Whether a booking starts as `pending`.
    pub requires_confirmation: bool,
    /// Where it takes place.
    #[schema(required)]
    pub location: Option<Location>,
    /// What the booker is asked.
    pub questions: Vec<Question>,
    /// The resources that it may take.
    pub resources: Vec<PublicResource>,
    /// How many local dates ahead, counted from today.
    pub horizon_days: u32,
    /// How long a hold lives; the server's setting when null.
    #[schema(required)]
    pub hold_deadline_minutes: Option<u32>,
    /// Until how many minutes before the start its booker may cancel; until the start when null.
    #[schema(required)]
    pub cancel_until_minutes: Option<u32>,
    /// Until how many minutes before the start its booker may move a booking; until the start when null.
    #[schema(required)]
    pub move_until_minutes: Option<u32>,
    /// Whether a booking that its booker moves is `pending` again, where bookings have to be confirmed.
    pub reconfirm_moves: bool,
}

impl From<&BookingPage> for PublicEventType {
    fn from(page: &BookingPage) -> Self {
        let spec = &page.event_type.spec;
        Self {
            id: Id(page.event_type.id.uuid()),
            slug: spec.slug.to_string(),
            title: spec.title.to_string(),
            description: spec.description.to_string(),
            durations_minutes: spec.durations.minutes().to_vec(),
            slot_interval_minutes: spec.interval_minutes(),
            buffer_before_minutes: spec.buffer_before_minutes,
            buffer_after_minutes: spec.buffer_after_minutes,
            time_zone: page.time_zone.name().to_owned(),
            requires_confirmation: spec.requires_confirmation,
            location: spec.location.as_ref().map(Into::into),
            questions: spec.questions.iter().map(Into::into).collect(),
            resources: page.resources.iter().map(Into::into).collect(),
            horizon_days: spec.horizon_days,
            hold_deadline_minutes: spec.hold_deadline_minutes,
            cancel_until_minutes: spec.cancel_until_minutes,
            move_until_minutes: spec.move_until_minutes,
            reconfirm_moves: spec.reconfirm_moves,
        }
    }
}

/// The booking pages of an organization: its active event types.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicEventTypes {
    /// Whose they are.
    pub organization: Organization,
    /// The entries.
    pub event_types: Vec<PublicEventType>,
    /// The token of the next page; null when this is the last one.
    #[schema(required)]
    pub next_page_token: Option<String>,
}

/// What is behind an event type's id.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventTypePage {
    /// Whose it is.
    pub organization: Organization,
    /// What is offered; null while it is not active.
    #[schema(required)]
    pub event_type: Option<PublicEventType>,
}

/// One booking page.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicEventTypeAnswer {
    /// Whose it is.
    pub organization: Organization,
    /// What is offered.
    pub event_type: PublicEventType,
}
