//! Resources: the bookable things, each with a number of interchangeable units.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::id::{ResourceId, ScheduleId};
use crate::invalid::Invalid;
use crate::limits;
use crate::schedule::Stamp;
use crate::text::{Name, Prose};

/// What kind of thing a resource is; it changes nothing about the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum ResourceKind {
    Room,
    Person,
    Equipment,
    Other,
}

impl ResourceKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Room, Self::Person, Self::Equipment, Self::Other];

    /// The name in the contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Room => "room",
            Self::Person => "person",
            Self::Equipment => "equipment",
            Self::Other => "other",
        }
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Result<Self, Invalid> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name() == name)
            .ok_or(Invalid("must be room, person, equipment or other"))
    }
}

/// How many interchangeable units a resource has: 1 to 10,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Capacity(u32);

impl Capacity {
    /// One unit.
    pub const ONE: Self = Self(1);

    /// This many units.
    pub fn new(units: i64) -> Result<Self, Invalid> {
        match u32::try_from(units) {
            Ok(units) if (1..=limits::CAPACITY_MAX).contains(&units) => Ok(Self(units)),
            _ => Err(Invalid("must be between 1 and 10000")),
        }
    }

    /// The number of units.
    pub const fn units(self) -> u32 {
        self.0
    }
}

/// What an operator says about a resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceSpec {
    /// What people call it.
    pub name: Name,
    /// What kind of thing it is.
    pub kind: ResourceKind,
    /// Where it is; a schedule's zone decides when it is open.
    pub time_zone: Tz,
    /// When it is there; always unless said.
    pub schedule_id: Option<ScheduleId>,
    /// How many units it has.
    pub capacity: Capacity,
    /// More about it.
    pub description: Prose,
    /// Whether it can be booked now.
    pub active: bool,
}

/// A stored resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// Its id.
    pub id: ResourceId,
    /// What it is.
    pub spec: ResourceSpec,
    /// When it was made and changed.
    pub stamp: Stamp,
}
