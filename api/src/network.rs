//! Addresses and blocks of addresses.

use std::net::IpAddr;
use std::str::FromStr;

/// An address, or all that begin with the same bits: `10.0.0.1`, `10.0.0.0/8`, `2001:db8::/32`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    first: IpAddr,
    bits: u8,
}

impl Network {
    /// The block that an address lies in.
    #[must_use]
    pub fn around(address: IpAddr, bits: u8) -> Self {
        let address = address.to_canonical();
        let bits = bits.min(if address.is_ipv4() { 32 } else { 128 });
        Self { first: masked(address, bits), bits }
    }

    /// IPv4 addresses written as IPv6 ones are the same addresses.
    #[must_use]
    pub fn holds(self, address: IpAddr) -> bool {
        masked(address.to_canonical(), self.bits) == self.first
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("write an address or a block like 10.0.0.0/8; this is {text}");
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), str::parse::<u8>).ok().filter(|bits| *bits <= most).ok_or_else(wrong)?;
        // An IPv4 address in IPv6 clothes has 96 bits before its own.
        let canonical = address.to_canonical();
        let bits =
            if canonical.is_ipv4() && address.is_ipv6() { bits.checked_sub(96).ok_or_else(wrong)? } else { bits };
        Ok(Self::around(canonical, bits))
    }
}

impl std::fmt::Display for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let whole = if self.first.is_ipv4() { 32 } else { 128 };
        if self.bits == whole { self.first.fmt(f) } else { write!(f, "{}/{}", self.first, self.bits) }
    }
}

/// The address with all bits but the first ones cleared.
fn masked(address: IpAddr, bits: u8) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32_u32.saturating_sub(bits.into())).unwrap_or(0);
            IpAddr::V4((address.to_bits() & mask).into())
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128_u32.saturating_sub(bits.into())).unwrap_or(0);
            IpAddr::V6((address.to_bits() & mask).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn blocks_hold_their_addresses() {
        for (block, inside, outside) in [
            ("10.0.0.0/8", "10.255.3.4", "11.0.0.0"),
            ("10.0.0.7/8", "::ffff:10.1.1.1", "9.255.255.255"),
            ("192.168.1.1", "192.168.1.1", "192.168.1.2"),
            ("172.16.0.0/12", "172.31.255.255", "172.32.0.0"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"),
            ("::1", "::1", "::2"),
            ("::ffff:10.0.0.0/104", "10.9.9.9", "11.0.0.1"),
        ] {
            let block: Network = block.parse().unwrap();
            assert!(block.holds(ip(inside)) && !block.holds(ip(outside)), "{block}");
        }
        let all: Network = "0.0.0.0/0".parse().unwrap();
        assert!(all.holds(ip("203.0.113.9")) && !all.holds(ip("2001:db8::1")));
    }

    #[test]
    fn what_is_no_block_is_refused() {
        for bad in ["", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0", "::/129", "host", "::ffff:10.0.0.1/90"] {
            assert!(bad.parse::<Network>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_block_around_an_address() {
        assert_eq!(Network::around(ip("2001:db8:1:2:3:4:5:6"), 64).to_string(), "2001:db8:1:2::/64");
        assert_eq!(Network::around(ip("::ffff:203.0.113.9"), 64).to_string(), "203.0.113.9");
    }
}
