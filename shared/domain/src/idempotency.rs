//! The name that a client gives to one thing it wants done, so that it can ask again without doing it twice.

use jiff::SignedDuration;

use crate::refusal::{Kind, Refusal};

/// How long an answer is kept for who asks again.
pub const KEPT: SignedDuration = SignedDuration::from_hours(48);

/// 1 to 255 printable ASCII characters, as the client made them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

const LONGEST: usize = 255;

/// Why a request with a key is not carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdempotencyRefused {
    #[error("Idempotency-Key must have 1 to 255 printable ASCII characters")]
    Malformed,
    #[error("This Idempotency-Key was used for another request")]
    OtherRequest,
}

impl Refusal for IdempotencyRefused {
    fn kind(&self) -> Kind {
        match self {
            IdempotencyRefused::Malformed => Kind::BadRequest,
            IdempotencyRefused::OtherRequest => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            IdempotencyRefused::Malformed => "idempotency_key_malformed",
            IdempotencyRefused::OtherRequest => "idempotency_key_reused",
        }
    }
}

impl IdempotencyKey {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for IdempotencyKey {
    type Err = IdempotencyRefused;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_printable = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        if text.trim().is_empty() || text.len() > LONGEST || !is_printable {
            return Err(IdempotencyRefused::Malformed);
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_short_and_printable() {
        let longest = "k".repeat(LONGEST);
        for text in ["1", "8e03978e-40d5-43dd-bc93-6894a57f9324", "\"quoted key\"", &longest] {
            assert_eq!(text.parse::<IdempotencyKey>().unwrap().as_str(), text);
        }
        for text in ["", "  ", "é", "a\tb", &(longest.clone() + "k")] {
            assert_eq!(
                text.parse::<IdempotencyKey>(),
                Err(IdempotencyRefused::Malformed),
                "{text}"
            );
        }
    }
}
