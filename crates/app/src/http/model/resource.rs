//! Resources on the wire.

use booking_domain::refusal::{Fields as Wrong, Refusal};
use booking_domain::resource::{self, Capacity, ResourceSpec};
use booking_domain::schedule::parse_zone;
use booking_domain::text::{Name, Prose};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::model::entity::{Entity, EntityFields, Patch};

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

/// What kind of thing a resource is; it changes nothing about the rules.
#[derive(Clone, Copy, Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum ResourceKind {
    Room,
    Person,
    Equipment,
    Other,
}

impl EntityFields for NewResource {
    const ENTITY: &'static str = "Resource";
    const PATCH: &'static str = "ResourcePatch";
    const IS: &'static str = "A bookable thing";
}

impl Default for NewResource {
    fn default() -> Self {
        Self {
            name: String::new(),
            kind: String::new(),
            time_zone: String::new(),
            capacity: 1,
            description: String::new(),
            active: true,
        }
    }
}

impl NewResource {
    /// The resource that these fields describe.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn parse(self) -> Result<ResourceSpec, Refusal> {
        let mut wrong = Wrong::default();
        let name = wrong.take("name", Name::parse(&self.name));
        let kind = wrong.take("kind", resource::ResourceKind::parse(&self.kind));
        let time_zone = wrong.take("time_zone", parse_zone(&self.time_zone));
        let capacity = wrong.take("capacity", Capacity::new(self.capacity));
        let description = wrong.take("description", Prose::parse(&self.description));
        let build = || {
            let (name, kind, time_zone) = (name?, kind?, time_zone?);
            Some(ResourceSpec {
                name,
                kind,
                time_zone,
                capacity: capacity?,
                description: description?,
                active: self.active,
            })
        };
        wrong.finish(build())
    }
}

impl From<&ResourceSpec> for NewResource {
    fn from(spec: &ResourceSpec) -> Self {
        Self {
            name: spec.name.to_string(),
            kind: spec.kind.name().to_owned(),
            time_zone: spec.time_zone.name().to_owned(),
            capacity: spec.capacity.units().into(),
            description: spec.description.to_string(),
            active: spec.active,
        }
    }
}

/// A stored resource.
pub type Resource = Entity<NewResource>;

/// A change to one.
pub type ResourcePatch = Patch<NewResource>;

impl From<&resource::Resource> for Resource {
    fn from(resource: &resource::Resource) -> Self {
        Self::new(resource.id.uuid(), (&resource.spec).into(), resource.stamp)
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
