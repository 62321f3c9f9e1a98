//! Ids: one newtype over a UUID for each kind of thing, so that they cannot be mixed up.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::invalid::Invalid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The id with this UUID.
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID behind the id.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Invalid> {
                Uuid::try_parse(text).map(Self).map_err(|_| Invalid("must be a UUID"))
            }
        }
    )+};
}

ids! {
    /// A tenant.
    OrganizationId
    /// A bookable thing.
    ResourceId
    /// Weekly hours with overrides.
    ScheduleId
    /// A time for which a resource is closed.
    BlockId
    /// What is offered.
    EventTypeId
    /// A booking; the `uid` of the contract.
    BookingId
    /// One session being in one room. Ids grow in the order of joining.
    PresenceId
    /// An API key (its public id, not the secret).
    ApiKeyId
}
