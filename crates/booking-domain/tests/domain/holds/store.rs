//! A store of plain maps that saves net effects as a database does, statement by statement, and takes offence as one does.

use std::collections::BTreeMap;

use booking_domain::availability::Claim;
use booking_domain::booking::Booking;
use booking_domain::hold::Presence;
use booking_domain::hold::change::{ClaimKey, Cooldown, NetChanges};
use booking_domain::hold::working_set::WorkingSet;
use booking_domain::id::{BookingId, PresenceId, ResourceId};

/// What is stored.
#[derive(Default, Debug)]
pub(super) struct Store {
    claims: BTreeMap<ClaimKey, Claim>,
    versions: BTreeMap<ResourceId, i64>,
    presences: BTreeMap<PresenceId, Presence>,
    cooldowns: BTreeMap<PresenceId, Cooldown>,
    bookings: BTreeMap<BookingId, Booking>,
}

impl Store {
    /// Saves in the order of the fields; every statement must find the store as a database would demand it.
    pub(super) fn save(&mut self, net: &NetChanges) {
        for key in &net.freed {
            assert!(self.claims.remove(key).is_some(), "a claim is deleted that is not there: {key:?}");
        }
        for (resource, claim) in &net.reowned {
            let stored = self.claims.get_mut(&key(*resource, claim)).expect("a claim is updated that is not there");
            assert_ne!(stored.owner, claim.owner, "an update changes the owner");
            assert_eq!(Claim { owner: claim.owner, ..*stored }, *claim, "an update changes nothing but the owner");
            *stored = *claim;
        }
        for (resource, claim) in &net.claimed {
            let mut others = self.claims.iter().filter(|((id, ..), other)| id == resource && other.unit == claim.unit);
            assert!(
                !others.any(|(_, other)| other.blocked.overlaps(claim.blocked)),
                "the constraint refuses {claim:?}"
            );
            self.claims.insert(key(*resource, claim), *claim);
        }
        self.versions.extend(net.versions.clone());
        for id in &net.departed {
            assert!(self.presences.remove(id).is_some(), "a presence is deleted that is not there");
        }
        for presence in &net.present {
            self.presences.insert(presence.id, presence.clone());
            let place = self.presences.values().filter(|p| (p.room, p.session) == (presence.room, presence.session));
            assert_eq!(place.count(), 1, "a session is in a room once");
        }
        self.cooldowns.extend(net.cooldowns.iter().map(|cooldown| (cooldown.presence_id, cooldown.clone())));
        for booking in &net.made {
            assert!(self.bookings.insert(booking.id, booking.clone()).is_none(), "a booking is made once");
        }
        for booking in &net.became {
            assert!(self.bookings.insert(booking.id, booking.clone()).is_some(), "only a stored booking is updated");
        }
    }

    /// What is stored is what was decided.
    pub(super) fn check_same(&self, working_set: &WorkingSet) {
        let claims =
            working_set.occupancy.iter().flat_map(|(id, units)| units.claims.iter().map(|c| (key(*id, c), *c)));
        assert_eq!(self.claims, claims.collect(), "the stored claims");
        assert_eq!(self.presences, working_set.presences, "the stored line");
        assert_eq!(self.versions, working_set.versions, "the stored versions");
        assert_eq!(self.bookings, working_set.bookings, "the stored bookings");
        let cooldowns = working_set.cooldowns.iter().map(|cooldown| (cooldown.presence_id, cooldown.clone()));
        assert_eq!(self.cooldowns, cooldowns.collect(), "the stored cooldowns");
    }
}

fn key(resource: ResourceId, claim: &Claim) -> ClaimKey {
    (resource, claim.unit, claim.blocked.start())
}
