//! Resources.

use booking_domain::id::ResourceId;
use booking_domain::resource::{Capacity, Resource, ResourceKind, ResourceSpec};
use booking_domain::schedule::parse_zone;
use booking_domain::text::{Name, Prose};

use super::entity::entity_messages;
use crate::convert::ranges::stamp;
use crate::convert::reader::Reader;
use crate::v1;

fn resource_spec(r: &mut Reader<'_>, spec: Option<v1::ResourceSpec>) -> Option<ResourceSpec> {
    let spec = spec.unwrap_or_default();
    let name = r.take("name", Name::parse(&spec.name));
    let kind = r.take("kind", ResourceKind::parse(&spec.kind));
    let time_zone = r.take("time_zone", parse_zone(&spec.time_zone));
    let capacity = r.optional("capacity", spec.capacity, Capacity::new);
    let description = r.take("description", Prose::parse(&spec.description));
    Some(ResourceSpec {
        name: name?,
        kind: kind?,
        time_zone: time_zone?,
        capacity: capacity?.unwrap_or(Capacity::ONE),
        description: description?,
        active: spec.active.unwrap_or(true),
    })
}

pub(super) fn resource(r: &mut Reader<'_>, message: v1::Resource) -> Option<Resource> {
    let id = r.id("id", &message.id);
    let spec = resource_spec(r, message.spec);
    let stamp = stamp(r, message.stamp);
    Some(Resource { id: id?, spec: spec?, stamp: stamp? })
}

impl From<&ResourceSpec> for v1::ResourceSpec {
    fn from(spec: &ResourceSpec) -> Self {
        Self {
            name: spec.name.to_string(),
            kind: spec.kind.name().to_owned(),
            time_zone: spec.time_zone.name().to_owned(),
            capacity: Some(spec.capacity.units().into()),
            description: spec.description.to_string(),
            active: Some(spec.active),
        }
    }
}

entity_messages! {
    Resource(ResourceId, ResourceSpec) read by resource, resource_spec;
    create CreateResourceRequest;
    get GetResourceRequest;
    update UpdateResourceRequest;
    delete DeleteResourceRequest DeleteResourceResponse;
    list ListResourcesRequest ListResourcesResponse resources;
}
