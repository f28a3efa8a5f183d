//! What must happen after a change: when it is tried again after it failed.

use jiff::SignedDuration;

use crate::refusal::{Kind, Refusal};

/// How often an errand is tried before a person must look at it.
pub const MOST_TRIES: u32 = 8;

const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(30);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(1);

/// How long to wait after so many failures: twice as long each time, up to an hour, and up to a fifth more by chance,
/// so that what failed together does not come back together. None when it was tried often enough.
pub fn wait_after(failures: u32, chance: u8) -> Option<SignedDuration> {
    if failures >= MOST_TRIES {
        return None;
    }
    let doubled = FIRST_WAIT.saturating_mul(1 << failures.saturating_sub(1).min(16));
    let wait = doubled.min(LONGEST_WAIT);
    Some(wait + wait * i32::from(chance) / (5 * 255))
}

/// There is none that failed for good under this id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Errand not found")]
pub struct ErrandUnknown;

impl Refusal for ErrandUnknown {
    fn kind(&self) -> Kind {
        Kind::NotFound
    }

    fn code(&self) -> &'static str {
        "errand_not_found"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn waits_double_and_then_it_is_given_up() {
        let seconds: Vec<_> = (1..=MOST_TRIES)
            .map(|failures| wait_after(failures, 0).map(|wait| wait.as_secs()))
            .collect();
        let expected = [30, 60, 120, 240, 480, 960, 1920].map(Some);
        assert_eq!(seconds[..7], expected);
        assert_eq!(seconds[7], None);
    }

    proptest! {
        #[test]
        fn chance_adds_at_most_a_fifth(failures in 0..MOST_TRIES, chance: u8) {
            let (least, by_chance) = (wait_after(failures, 0).unwrap(), wait_after(failures, chance).unwrap());
            prop_assert!(least <= by_chance && by_chance <= least * 6 / 5);
            prop_assert!(least <= LONGEST_WAIT);
        }
    }
}
