//! Who calls: what they are, to which organization, and from where.

use booking_domain::access::{Action, Role, may};
use booking_domain::address::AddressKey;
use booking_domain::booking::Actor;
use booking_domain::id::OrganizationId;
use booking_domain::refusal::Refusal;

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    role: Role,
    organization: Option<OrganizationId>,
    address: Option<AddressKey>,
}

impl Caller {
    /// An operator or another service, with an `admin` key of this organization. Caps for addresses do not apply.
    pub const fn owner(organization: OrganizationId) -> Self {
        Self { role: Role::Owner, organization: Some(organization), address: None }
    }

    /// An HTTP front, on behalf of the public. It may name the organization, which is otherwise that of whatever the call is about,
    /// and the client's address.
    pub const fn front(organization: Option<OrganizationId>, address: Option<AddressKey>) -> Self {
        Self { role: Role::Front, organization, address }
    }

    /// Whether the caller may do this.
    ///
    /// # Errors
    /// They may not: `PermissionDenied`.
    pub const fn may(self, action: Action) -> Result<(), Refusal> {
        may(self.role, action)
    }

    /// The organization in which the caller may do this.
    ///
    /// # Errors
    /// They may not, or not without an organization of their own: `PermissionDenied`.
    pub fn organization_for(self, action: Action) -> Result<OrganizationId, Refusal> {
        self.may(action)?;
        self.organization.ok_or(Refusal::PermissionDenied)
    }

    /// Whether the public is behind this, whom caps, blocks and a full disk concern.
    pub const fn is_public(self) -> bool {
        matches!(self.role, Role::Front)
    }

    /// Who this is to a booking.
    pub const fn actor(self) -> Actor {
        if self.is_public() { Actor::Booker } else { Actor::Operator }
    }

    /// The one organization in which the caller may look; any when absent.
    pub const fn organization(self) -> Option<OrganizationId> {
        self.organization
    }

    /// Where the caller comes from, when caps count it.
    pub const fn address(self) -> Option<AddressKey> {
        self.address
    }
}
