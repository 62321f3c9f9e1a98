//! One organization's share of what is written.

use uuid::Uuid;

use crate::dialect::Dialect;
use crate::ids::{self, FOUNDED_MS, Kind};
use crate::layout::Grid;
use crate::plan::Plan;

/// An organization that is filled, and with how much.
pub(crate) struct Tenant {
    pub dialect: Dialect,
    pub organization: Uuid,
    /// 0 for the organization that is used, 1 for its neighbour: part of each id, so that these differ.
    pub number: u8,
    pub plan: Plan,
    pub grid: Grid,
}

impl Tenant {
    /// The organization's id.
    pub(crate) fn organization_id(&self) -> String {
        self.dialect.id(self.organization)
    }

    /// The id of the thing that is offered with the number that this expression gives.
    pub(crate) fn offered(&self, kind: Kind, n: &str) -> String {
        self.dialect.id_of(&self.offered_text(kind, n))
    }

    /// The text of that id.
    pub(crate) fn offered_text(&self, kind: Kind, n: &str) -> String {
        self.text(kind, &FOUNDED_MS.to_string(), n)
    }

    /// The id of the thing with the number that this expression gives, drawn at this time.
    pub(crate) fn id(&self, kind: Kind, ms: &str, n: &str) -> String {
        self.dialect.id_of(&self.text(kind, ms, n))
    }

    fn text(&self, kind: Kind, ms: &str, n: &str) -> String {
        ids::text(self.dialect, (kind, self.number), ms, n)
    }

    /// What looks like a hash, and differs from that of every other purpose, number and tenant.
    pub(crate) fn digest(&self, purpose: u32, n: &str) -> String {
        self.dialect.digest(purpose * 2 + u32::from(self.number), n)
    }

    /// The version of every resource's claims afterwards: more than any hold's, since versions only grow.
    pub(crate) const fn last_version(&self) -> i64 {
        self.plan.bookings + self.plan.holds
    }
}
