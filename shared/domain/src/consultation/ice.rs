//! Addresses of STUN and TURN servers, as operators give them and browsers read them.

/// `stun:host[:port]` or `stuns:host[:port]`: takes no query.
pub fn is_stun(url: &str) -> bool {
    let rest = url.strip_prefix("stun:").or_else(|| url.strip_prefix("stuns:"));
    rest.is_some_and(is_place)
}

/// `turn:host[:port][?transport=udp|tcp]`, or `turns:` with `tcp` at most.
pub fn is_turn(url: &str) -> bool {
    let (scheme, rest) = url.split_once(':').unwrap_or_default();
    let (place, transport) = match rest.split_once('?') {
        Some((place, query)) => (place, query.strip_prefix("transport=")),
        None => (rest, Some("")),
    };
    let is_transport = match scheme {
        "turn" => matches!(transport, Some("" | "udp" | "tcp")),
        "turns" => matches!(transport, Some("" | "tcp")),
        _ => false,
    };
    is_transport && is_place(place)
}

fn is_place(text: &str) -> bool {
    let is_sign = |sign: char| sign.is_ascii_alphanumeric() || "-._~[]:".contains(sign);
    let port = match text.rsplit_once(':') {
        // The last part of an IPv6 address in brackets is no port.
        Some((_, port)) if !port.ends_with(']') => port.parse::<u16>().is_ok_and(|port| port > 0),
        _ => true,
    };
    let host = text.trim_start_matches('[');
    port && host.starts_with(|sign: char| sign.is_ascii_alphanumeric() || sign == ':') && text.chars().all(is_sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_that_browsers_take() {
        for url in [
            "stun:a.example.org",
            "stun:a.example.org:3478",
            "stuns:[2001:db8::1]:5349",
            "stun:[::1]",
        ] {
            assert!(is_stun(url), "{url}");
        }
        for url in [
            "",
            "stun:",
            "stun:a?transport=udp",
            "turn:a",
            "stun://a",
            "stun:a:x",
            "stun:a:0",
            "http:a",
        ] {
            assert!(!is_stun(url), "{url}");
        }
        for url in [
            "turn:a.example.org",
            "turn:a.example.org:3478?transport=udp",
            "turn:10.0.0.1:3478?transport=tcp",
            "turns:a.example.org:443?transport=tcp",
        ] {
            assert!(is_turn(url), "{url}");
        }
        for url in [
            "turn:",
            "turn:a?transport=sctp",
            "turns:a?transport=udp",
            "turn:a?x=1",
            "stun:a",
            "turn:a b",
        ] {
            assert!(!is_turn(url), "{url}");
        }
    }
}
