//! Revisions: whether a list would still say what it said before, told without looking into the store.
//!
//! What a list of slots says depends on what was committed in its organization, and on the time. This process counts what is
//! committed, so a revision is that count, with the time until which it holds. Where other nodes commit, too, there are none.

use booking_domain::id::{EventTypeId, OrganizationId};
use booking_domain::request::Revision;
use booking_domain::{DateTime, Utc};

use crate::caller::Caller;
use crate::engine::Engine;

/// What had been committed when somebody began to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    organization: OrganizationId,
    count: u64,
}

impl Engine {
    /// What has been committed now around an event type, for one who may see it; nothing when that is not known without a look.
    pub fn mark(&self, caller: Caller, event_type: EventTypeId) -> Option<Mark> {
        let organization = self.catalogs.organization_of(event_type).filter(|_| self.node.is_none())?;
        let may_see = caller.organization().is_none_or(|own| own == organization);
        may_see.then(|| Mark { organization, count: self.invalidations.commits(organization) })
    }

    /// The revision of what was looked at since this mark, and is true until then unless more is committed.
    pub fn revision(&self, mark: Mark, until: DateTime<Utc>) -> Option<Revision> {
        Revision::parse(&format!("{}.{}.{}", self.run.simple(), mark.count, until.timestamp_millis())).ok()
    }

    /// Whether a list of this revision still says the same.
    pub fn is_current(&self, revision: &Revision, mark: Mark) -> bool {
        let Some((given_by, until)) = revision.as_str().rsplit_once('.') else { return false };
        let expected = format!("{}.{}", self.run.simple(), mark.count);
        given_by == expected && until.parse().is_ok_and(|until: i64| self.clock.now().timestamp_millis() < until)
    }
}
