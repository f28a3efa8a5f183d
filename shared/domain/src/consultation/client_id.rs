//! Clients' own names for what they send, under which it is taken once, however often it comes.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::consultation::ConsultationRefused;

const LONGEST: usize = 100;
/// Enough to tell all that one side sends in a call apart.
const BYTES_KEPT: usize = 16;

/// What is kept of a name: clients make them up, so it stands in a key by a digest only.
pub fn digest(name: &str) -> Result<String, ConsultationRefused> {
    if !(1..=LONGEST).contains(&name.chars().count()) {
        return Err(ConsultationRefused::MalformedClientId);
    }
    Ok(HEXLOWER.encode(&Sha256::digest(name)[..BYTES_KEPT]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_up_to_a_hundred_characters_of_any_kind() {
        let long = "é".repeat(100);
        let digests = ["1", "2", " ", &long].map(|name| digest(name).unwrap());
        assert!(digests.iter().all(|digest| digest.len() == 32));
        assert_ne!(digests[0], digests[1]);
        for name in ["", &"x".repeat(101)] {
            assert_eq!(digest(name), Err(ConsultationRefused::MalformedClientId), "{name}");
        }
    }
}
