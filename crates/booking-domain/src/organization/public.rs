//! What an organization lets the public do: how much one person or address may book, and who may not at all.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::address::AddressKey;
use crate::invalid::Invalid;
use crate::text::Email;

/// Most bookings of one kind of caller; no cap where absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cap {
    /// Pending or confirmed, and not over yet.
    pub open: Option<u32>,
    /// Made within 24 hours, whatever became of them.
    pub made_in_a_day: Option<u32>,
}

/// How much the public may book; bookings of operators are not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookingCaps {
    /// With one e-mail address, whatever the letters' case.
    pub per_email: Cap,
    /// From one network address.
    pub per_address: Cap,
}

impl Default for BookingCaps {
    /// Room for somebody who comes every week of a year, and for an office behind one address.
    fn default() -> Self {
        Self {
            per_email: Cap { open: Some(50), made_in_a_day: Some(60) },
            per_address: Cap { open: Some(100), made_in_a_day: Some(200) },
        }
    }
}

/// A network, or a single address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

/// With so many bits IPv6 says that an address of IPv4 follows.
const MAPPED_BITS: u8 = 96;

/// An address as a number of 128 bits, IPv4 at the end of them (RFC 4291, 2.5.5.2).
fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

impl Network {
    /// Whether it has something in common with what one caller is counted by. Whoever blocks one IPv6 address blocks the customer
    /// whose it is.
    pub fn meets(&self, caller: AddressKey) -> bool {
        let IpAddr::V4(_) = caller.network() else {
            return self.is_v6() && self.agrees(caller, self.prefix.min(AddressKey::V6_BITS));
        };
        !self.is_v6() && self.agrees(caller, MAPPED_BITS + self.prefix)
    }

    const fn is_v6(&self) -> bool {
        self.address.is_ipv6()
    }

    fn agrees(&self, caller: AddressKey, in_bits: u8) -> bool {
        let differing = bits(self.address) ^ bits(caller.network());
        differing.leading_zeros() >= u32::from(in_bits)
    }
}

impl FromStr for Network {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let wrong = Invalid("must be an IP address or a network such as 192.0.2.0/24");
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong)?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let plain = |digits: &&str| digits.bytes().all(|digit| digit.is_ascii_digit());
        let prefix: u8 = match prefix {
            None => longest,
            Some(digits) => Some(digits).filter(plain).and_then(|digits| digits.parse().ok()).ok_or(wrong)?,
        };
        match (address.to_canonical(), prefix) {
            (_, prefix) if prefix > longest => Err(wrong),
            // An IPv4 address as IPv6 writes it (RFC 4291, 2.5.5.2): callers are counted by what it means.
            (mapped @ IpAddr::V4(_), prefix) if address.is_ipv6() => {
                let prefix = prefix.checked_sub(MAPPED_BITS).ok_or(wrong)?;
                Ok(Self { address: mapped, prefix })
            }
            (address, prefix) => Ok(Self { address, prefix }),
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.address, self.prefix) {
            (IpAddr::V4(_), 32) | (IpAddr::V6(_), 128) => self.address.fmt(f),
            _ => write!(f, "{}/{}", self.address, self.prefix),
        }
    }
}

/// An e-mail address, or all of a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailPattern(String);

impl EmailPattern {
    /// An address, or `@` and a domain.
    ///
    /// # Errors
    /// It is neither.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = text.trim().to_lowercase();
        let whole = if text.starts_with('@') { format!("anybody{text}") } else { text.clone() };
        match Email::parse(&whole) {
            Ok(_) => Ok(Self(text)),
            Err(_) => Err(Invalid("must be an e-mail address, or @ and a domain such as @example.org")),
        }
    }

    /// The text, in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn meets(&self, email: &str) -> bool {
        if self.0.starts_with('@') { email.ends_with(&self.0) } else { email == self.0 }
    }
}

/// The organization does not serve this caller. All are told the same: the words say nothing about the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nothing can be held or booked from here")]
pub struct NotServed;

/// Whom the organization does not serve. Only its operators see the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blocked {
    /// Where they come from.
    pub addresses: Vec<Network>,
    /// Whom they say they are.
    pub emails: Vec<EmailPattern>,
}

impl Blocked {
    /// Whether somebody from there, who says to be this, is blocked.
    pub fn meets(&self, address: Option<AddressKey>, email: Option<&Email>) -> bool {
        let from = |address| self.addresses.iter().any(|network| network.meets(address));
        let named = |email: &Email| {
            let email = email.as_str().to_lowercase();
            self.emails.iter().any(|pattern| pattern.meets(&email))
        };
        address.is_some_and(from) || email.is_some_and(named)
    }

    /// Refuses somebody from there, who says to be this, if they are blocked.
    ///
    /// # Errors
    /// They are.
    pub fn refuse(&self, address: Option<AddressKey>, email: Option<&Email>) -> Result<(), NotServed> {
        if self.meets(address, email) { Err(NotServed) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> AddressKey {
        AddressKey::from(text.parse::<IpAddr>().unwrap())
    }

    #[test]
    fn a_network_meets_those_in_it_and_nobody_else() {
        for (network, inside, outside) in [
            ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
            ("192.0.2.0/24", "192.0.2.200", "192.0.3.1"),
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.1"),
            ("2001:db8::/32", "2001:db8:5::1", "2001:db9::1"),
            ("2001:db8:1:101::9", "2001:db8:1:1ff::2", "2001:db8:1:200::1"),
            ("::ffff:192.0.2.7", "192.0.2.7", "192.0.2.8"),
            ("::ffff:192.0.2.0/120", "192.0.2.200", "192.0.3.1"),
        ] {
            let network: Network = network.parse().unwrap();
            assert!(network.meets(key(inside)) && !network.meets(key(outside)), "{network}");
        }
        let everything: Network = "0.0.0.0/0".parse().unwrap();
        assert!(everything.meets(key("192.0.2.1")) && !everything.meets(key("2001:db8::1")));
        let everything: Network = "::/0".parse().unwrap();
        assert!(everything.meets(key("2001:db8::1")) && !everything.meets(key("192.0.2.1")));
    }

    #[test]
    fn a_network_is_written_as_it_was_read() {
        for text in ["192.0.2.7", "192.0.2.0/24", "2001:db8::/32", "::1"] {
            assert_eq!(text.parse::<Network>().map(|network| network.to_string()), Ok(text.to_owned()));
        }
        for wrong in [
            "",
            "192.0.2",
            "192.0.2.0/33",
            "::/129",
            "192.0.2.0/",
            "192.0.2.0/+8",
            "192.0.2.0/8/8",
            "host",
            "::ffff:0:0/95",
        ] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_address_or_a_whole_domain_is_blocked_whatever_the_letters_case() {
        let emails = ["Ada@Example.org", "@trash.example"].map(|text| EmailPattern::parse(text).unwrap()).to_vec();
        let blocked = Blocked { addresses: Vec::new(), emails };
        for (email, is_blocked) in [
            ("ada@example.org", true),
            ("ADA@EXAMPLE.ORG", true),
            ("bob@example.org", false),
            ("bob@Trash.Example", true),
            ("bob@nottrash.example", false),
            ("bob@sub.trash.example", false),
        ] {
            assert_eq!(blocked.meets(None, Some(&Email::parse(email).unwrap())), is_blocked, "{email}");
        }
        let bob = Email::parse("bob@trash.example").unwrap();
        assert_eq!(blocked.refuse(None, Some(&bob)), Err(NotServed));
        assert_eq!(blocked.refuse(Some(key("192.0.2.1")), None), Ok(()));
        for wrong in ["", "@", "@example", "example.org", "a@b@c.de", "*@example.org x"] {
            assert!(EmailPattern::parse(wrong).is_err(), "{wrong}");
        }
    }
}
