//! Who calls, and what that allows.

use booking_domain::hold::AddressKey;
use booking_domain::id::OrganizationId;
use booking_domain::refusal::Refusal;

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// An operator or another service, with an `admin` key of this organization. Caps for addresses do not apply.
    Admin(OrganizationId),
    /// An HTTP front, on behalf of the public.
    Front {
        /// The organization that the front names, if it does; otherwise that of whatever the call is about.
        organization: Option<OrganizationId>,
        /// The client's address, if the front names it.
        address: Option<AddressKey>,
    },
}

impl Caller {
    /// The organization of an `admin` key; nobody else may.
    pub fn admin(self) -> Result<OrganizationId, Refusal> {
        match self {
            Self::Admin(organization) => Ok(organization),
            Self::Front { .. } => Err(Refusal::PermissionDenied),
        }
    }

    /// The one organization in which the caller may look; any when absent.
    pub fn scope(self) -> Option<OrganizationId> {
        match self {
            Self::Admin(organization) => Some(organization),
            Self::Front { organization, .. } => organization,
        }
    }

    /// Where the caller comes from, when caps count it.
    pub fn address(self) -> Option<AddressKey> {
        match self {
            Self::Admin(_) => None,
            Self::Front { address, .. } => address,
        }
    }
}
