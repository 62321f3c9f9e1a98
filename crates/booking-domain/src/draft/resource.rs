//! Resources, as they are written.

use crate::draft::reader::{Draft, Reader};
use crate::resource::{Capacity, ResourceKind, ResourceSpec};
use crate::schedule::parse_zone;
use crate::text::Prose;

/// A [`ResourceSpec`], as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the spec documents each field")]
pub struct ResourceDraft {
    pub name: String,
    pub kind: String,
    pub time_zone: String,
    pub schedule_id: Option<String>,
    pub capacity: i64,
    pub description: String,
    pub active: bool,
}

impl Default for ResourceDraft {
    /// One unit, to be booked now.
    fn default() -> Self {
        let (name, kind, time_zone, description) = Default::default();
        Self { name, kind, time_zone, schedule_id: None, capacity: 1, description, active: true }
    }
}

impl Draft for ResourceDraft {
    type Parsed = ResourceSpec;

    fn read(self, r: &mut Reader<'_>) -> Option<ResourceSpec> {
        let name = r.name("name", &self.name);
        let kind = r.required("kind", &self.kind, ResourceKind::parse);
        let time_zone = r.required("time_zone", &self.time_zone, parse_zone);
        let schedule_id = r.optional_id("schedule_id", self.schedule_id);
        let capacity = r.take("capacity", Capacity::new(self.capacity));
        let description = r.take("description", Prose::parse(&self.description));
        Some(ResourceSpec {
            name: name?,
            kind: kind?,
            time_zone: time_zone?,
            schedule_id: schedule_id?,
            capacity: capacity?,
            description: description?,
            active: self.active,
        })
    }
}

impl From<&ResourceSpec> for ResourceDraft {
    fn from(spec: &ResourceSpec) -> Self {
        Self {
            name: spec.name.to_string(),
            kind: spec.kind.name().to_owned(),
            time_zone: spec.time_zone.name().to_owned(),
            schedule_id: spec.schedule_id.map(|id| id.to_string()),
            capacity: spec.capacity.units().into(),
            description: spec.description.to_string(),
            active: spec.active,
        }
    }
}
