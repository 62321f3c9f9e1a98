//! Resources on the wire.

use booking_domain::draft::fields::same_fields;
use booking_domain::draft::resource::ResourceDraft;
use booking_domain::resource;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::model::entity::{ChangedEntity, Entity, EntityFields, OfferedFields, Patch};
use crate::http::model::names::names;

names! {
    /// What kind of thing a resource is; it changes nothing about the rules.
    ResourceKind = resource::ResourceKind::ALL.map(resource::ResourceKind::name);
}

/// What an operator says about a resource.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewResource {
    /// What people call it.
    #[schema(required, min_length = 1, max_length = 200)]
    pub name: String,
    /// What kind of thing it is.
    #[schema(required, value_type = ResourceKind)]
    pub kind: String,
    /// Where it is: an IANA name.
    #[schema(required, examples("Europe/Berlin"))]
    pub time_zone: String,
    /// When it is there: its times are offered within these hours; always unless said.
    #[schema(format = "uuid")]
    pub schedule_id: Option<String>,
    /// How many interchangeable units it has.
    #[schema(minimum = 1, maximum = 10000, default = 1)]
    pub capacity: i64,
    /// More about it.
    #[schema(max_length = 4000, default = "")]
    pub description: String,
    /// Whether it can be booked now.
    #[schema(default = true)]
    pub active: bool,
}

impl EntityFields for NewResource {
    type Draft = ResourceDraft;
    const ENTITY: &'static str = "Resource";
    const PATCH: &'static str = "ResourcePatch";
    const IS: &'static str = "A bookable thing";
}

impl OfferedFields for NewResource {
    const CHANGED: &'static str = "ChangedResource";
}

impl Default for NewResource {
    fn default() -> Self {
        ResourceDraft::default().into()
    }
}

same_fields! {
    NewResource = ResourceDraft { name, kind, time_zone, schedule_id, capacity, description, active }
}

/// A stored resource.
pub type Resource = Entity<NewResource>;

/// The same after a change.
pub type ChangedResource = ChangedEntity<NewResource>;

/// A change to one.
pub type ResourcePatch = Patch<NewResource>;

impl From<&resource::Resource> for Resource {
    fn from(resource: &resource::Resource) -> Self {
        Self::new(resource.id.uuid(), &resource.spec, resource.stamp)
    }
}

/// One page of resources.
#[derive(Debug, Serialize, ToSchema)]
pub struct Resources {
    /// The entries.
    pub resources: Vec<Resource>,
    /// The token of the next page; null when this is the last one.
    #[schema(required)]
    pub next_page_token: Option<String>,
}
