//! Where a request comes from, as coarse as abuse is counted.

use std::net::IpAddr;

/// The block of addresses that one network has: IPv4 /24, IPv6 /56. Anything else is one block of its own.
pub fn block(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V4(v4)) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        Ok(IpAddr::V6(v6)) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{:x}::/56", d & 0xff00)
        }
        Err(_) => "unknown".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_share_a_block() {
        assert_eq!(block("192.0.2.7"), "192.0.2.0/24");
        assert_eq!(block("::ffff:192.0.2.9"), "192.0.2.0/24");
        assert_eq!(block("2001:db8:1:2ff::1"), "2001:db8:1:200::/56");
        assert_eq!(block("2001:db8:1:2ff::1"), block("2001:db8:1:200:5::9"));
        assert_eq!(block("nonsense"), "unknown");
    }
}
