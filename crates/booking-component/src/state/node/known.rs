//! The numbers of changes as this node last saw them: what has moved since then, it looks at again.

use std::collections::HashMap;

use booking_domain::id::{EventTypeId, OrganizationId, ResourceId};

use crate::store::nodes::{ClaimVersion, Numbers};

/// The greatest number seen of each thing. A thing that was never seen has moved.
#[derive(Default)]
pub(crate) struct Known {
    lines: HashMap<EventTypeId, i64>,
    catalogs: HashMap<OrganizationId, i64>,
    /// Of the resources that somebody watches, or did.
    claims: HashMap<ResourceId, i64>,
}

impl Known {
    /// The event types and catalogs that have moved, which are known from now on.
    pub(crate) fn moved(&mut self, seen: Numbers) -> (Vec<(OrganizationId, EventTypeId)>, Vec<OrganizationId>) {
        let lines = seen.lines.into_iter().filter(|(_, id, number)| grows(self.lines.entry(*id).or_default(), *number));
        let lines = lines.map(|(organization, id, _)| (organization, id)).collect();
        let grown = |(id, number): &(_, i64)| grows(self.catalogs.entry(*id).or_default(), *number);
        (lines, seen.catalogs.into_iter().filter(grown).map(|(id, _)| id).collect())
    }

    /// The resources of which something else is taken now, which is known from now on.
    pub(crate) fn claimed(&mut self, seen: Vec<ClaimVersion>) -> Vec<(OrganizationId, ResourceId)> {
        let grown = seen.into_iter().filter(|(_, id, version)| grows(self.claims.entry(*id).or_default(), *version));
        grown.map(|(organization, id, _)| (organization, id)).collect()
    }
}

fn grows(known: &mut i64, number: i64) -> bool {
    let grows = number > *known;
    *known = number.max(*known);
    grows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_grew_has_moved() {
        let organization = OrganizationId::new(uuid::Uuid::from_u128(1));
        let event_type = EventTypeId::new(uuid::Uuid::from_u128(2));
        let seen = |line, catalog| Numbers {
            lines: vec![(organization, event_type, line)],
            catalogs: vec![(organization, catalog)],
        };
        let mut known = Known::default();
        assert_eq!(known.moved(seen(3, 1)), (vec![(organization, event_type)], vec![organization]));
        assert_eq!(known.moved(seen(3, 1)), (vec![], vec![]));
        assert_eq!(known.moved(seen(2, 2)), (vec![], vec![organization]), "an answer that comes late says nothing new");
        assert_eq!(known.moved(seen(4, 2)), (vec![(organization, event_type)], vec![]));
    }
}
