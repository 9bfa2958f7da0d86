//! Subnets: addresses that begin with the same bits.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An address and how many of its bits a network has for itself, as in `10.0.9.0/24`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Subnet {
    /// From the left: the first bit of an IPv4 address is the first of these too.
    bits: u128,
    length: u32,
    v6: bool,
}

impl Subnet {
    pub(crate) fn parse(text: &str) -> Option<Subnet> {
        let (address, length) = text.trim_ascii().split_once('/')?;
        let (bits, v6) = match address.parse() {
            Ok(address) => bits_of(IpAddr::V4(address)),
            Err(_) => long(address)?,
        };
        let length = length.parse().ok().filter(|length| *length <= if v6 { 128 } else { 32 })?;
        Some(Subnet { bits, length, v6 })
    }

    pub(crate) const fn v4(address: [u8; 4], length: u32) -> Subnet {
        Subnet { bits: (u32::from_be_bytes(address) as u128) << 96, length, v6: false }
    }

    pub(crate) fn holds(self, address: IpAddr) -> bool {
        let (bits, v6) = bits_of(address);
        self.begins(bits, v6)
    }

    fn begins(self, bits: u128, v6: bool) -> bool {
        self.v6 == v6 && (self.bits ^ bits).leading_zeros() >= self.length
    }

    /// Whether some address belongs to both.
    pub(crate) fn overlaps(self, other: Subnet) -> bool {
        self.begins(other.bits, other.v6) || other.begins(self.bits, self.v6)
    }

    /// The same with nothing behind the bits that count.
    pub(crate) fn masked(self) -> Subnet {
        Subnet { bits: self.bits & u128::MAX.checked_shl(128 - self.length).unwrap_or(0), ..self }
    }

    pub(crate) fn length(self) -> u32 {
        self.length
    }

    /// How many subnets of `length` it can be cut into.
    pub(crate) fn parts(self, length: u32) -> u32 {
        length.checked_sub(self.length).map_or(0, |bits| 1_u32.checked_shl(bits).unwrap_or(u32::MAX))
    }

    /// One of these, counted from 0.
    pub(crate) fn part(self, length: u32, place: u32) -> Subnet {
        let first = self.masked().bits;
        Subnet { bits: first | u128::from(place).checked_shl(128 - length).unwrap_or(0), length, ..self }
    }

    /// The address so many places after the first.
    pub(crate) fn address(self, place: u32) -> String {
        let first = self.masked().bits;
        let place = u128::from(place) << if self.v6 { 0 } else { 96 };
        Subnet { bits: first.wrapping_add(place), ..self }.first()
    }

    fn first(self) -> String {
        if self.v6 { long_text(self.bits) } else { Ipv4Addr::from((self.bits >> 96) as u32).to_string() }
    }

    /// How many addresses it has, as far as that is a number one would count to.
    pub(crate) fn size(self) -> u32 {
        let free = if self.v6 { 128 } else { 32 } - self.length;
        1 << free.min(16)
    }
}

impl fmt::Display for Subnet {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.first(), self.length)
    }
}

fn bits_of(address: IpAddr) -> (u128, bool) {
    match address {
        IpAddr::V4(address) => (u128::from(u32::from(address)) << 96, false),
        IpAddr::V6(address) => (u128::from(address), true),
    }
}

/// An IPv6 address. By itself, so that the page that shows none has not to fetch it.
#[inline(never)]
fn long(address: &str) -> Option<(u128, bool)> {
    Some(bits_of(IpAddr::V6(address.parse().ok()?)))
}

#[inline(never)]
fn long_text(bits: u128) -> String {
    Ipv6Addr::from(bits).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subnet(text: &str) -> Subnet {
        Subnet::parse(text).expect(text)
    }

    #[test]
    fn subnets_overlap_when_one_holds_the_other() {
        assert!(subnet("10.0.0.0/8").overlaps(subnet("10.9.0.0/24")));
        assert!(subnet("10.9.0.0/24").overlaps(subnet("10.0.0.0/8")));
        assert!(!subnet("10.9.0.0/24").overlaps(subnet("10.9.1.0/24")));
        assert!(!subnet("::/0").overlaps(subnet("10.0.0.0/8")), "families are apart");
    }

    #[test]
    fn a_subnet_is_cut_into_parts() {
        let pool = subnet("30.0.0.0/14");
        assert_eq!(pool.parts(16), 4);
        assert_eq!(pool.part(16, 3).to_string(), "30.3.0.0/16");
        assert_eq!(pool.parts(8), 0);
        assert_eq!(subnet("10.0.9.7/24").masked().to_string(), "10.0.9.0/24");
        assert_eq!(subnet("fd00::7/64").masked().to_string(), "fd00::/64");
        assert_eq!(subnet("10.0.9.7/24").address(1), "10.0.9.1");
        assert_eq!(subnet("fd00::/64").address(1), "fd00::1");
        assert_eq!(subnet("0.0.0.0/0").masked().to_string(), "0.0.0.0/0");
    }

    #[test]
    fn what_is_no_subnet_is_none() {
        for text in ["", "10.0.0.0", "10.0.0.0/33", "10.0.0/24", "1).9.0.0/16", "::/129", "10.0.0.0/-1"] {
            assert_eq!(Subnet::parse(text), None, "{text}");
        }
    }
}
