//! Resources.

use booking_domain::draft::fields::same_fields;
use booking_domain::draft::reader::{Draft, Reader};
use booking_domain::draft::resource::ResourceDraft;
use booking_domain::id::ResourceId;
use booking_domain::resource::{Resource, ResourceSpec};

use super::entity::entity_messages;
use crate::v1;

same_fields! {
    v1::ResourceSpec = ResourceDraft { name, kind, time_zone, schedule_id as text, capacity or 1, description, active or true }
}

entity_messages! {
    Resource(ResourceId, ResourceSpec) drafted as ResourceDraft, read by resource;
    create CreateResourceRequest;
    get GetResourceRequest;
    update UpdateResourceRequest;
    delete DeleteResourceRequest DeleteResourceResponse;
    list ListResourcesRequest ListResourcesResponse resources;
}
