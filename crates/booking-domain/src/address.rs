//! Where a caller comes from.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// Where a caller comes from, as caps count it: an IPv4 address, or an IPv6 network of 56 bits, which is what one customer of an
/// access provider commonly gets (RIPE-690).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AddressKey(IpAddr);

impl From<IpAddr> for AddressKey {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(v6) => {
                Self(IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << (128 - Self::V6_BITS)))))
            }
            v4 => Self(v4),
        }
    }
}

impl AddressKey {
    /// How many bits of an IPv6 address count.
    pub const V6_BITS: u8 = 56;

    /// The address, or the first one of the network.
    pub const fn network(self) -> IpAddr {
        self.0
    }
}

impl fmt::Display for AddressKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
