//! Network addresses, coarse enough for their use.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What one subscriber holds: an IPv4 address, or the /64 of an IPv6 one. All that cannot be read is one.
pub fn subscriber(address: &str) -> String {
    block(address, 32, 64)
}

/// Where somebody was, roughly: the /24 of an IPv4 address, the /56 of an IPv6 one.
pub fn vicinity(address: &str) -> String {
    block(address, 24, 56)
}

fn block(address: &str, v4_bits: u32, v6_bits: u32) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V4(address)) => {
            let kept = u32::MAX << (32 - v4_bits);
            format!("{}/{v4_bits}", Ipv4Addr::from_bits(address.to_bits() & kept))
        }
        Ok(IpAddr::V6(address)) => {
            let kept = u128::MAX << (128 - v6_bits);
            format!("{}/{v6_bits}", Ipv6Addr::from_bits(address.to_bits() & kept))
        }
        Err(_) => "unknown".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_subscriber_are_one() {
        assert_eq!(subscriber("192.0.2.7"), "192.0.2.7/32");
        assert_eq!(subscriber("::ffff:192.0.2.7"), "192.0.2.7/32");
        assert_eq!(subscriber("2001:db8:1:2:aaaa::1"), subscriber("2001:db8:1:2:bbbb::2"));
        assert_ne!(subscriber("2001:db8:1:2::1"), subscriber("2001:db8:1:3::1"));
        assert_eq!(subscriber("nonsense"), "unknown");
    }

    #[test]
    fn a_vicinity_names_no_subscriber() {
        assert_eq!(vicinity("192.0.2.7"), "192.0.2.0/24");
        assert_eq!(vicinity("2001:db8:1:2ff::1"), "2001:db8:1:200::/56");
    }
}
