//! Six digits that prove somebody reads a phone or a mailbox.
//!
//! Numbers from OWASP ASVS 6.5 and NIST SP 800-63B: 20 bits, ten minutes, used once, bound to purpose and destination.
//! A wrong guess counts against the code, never against the number or the person.

use jiff::SignedDuration;

use crate::refusal::{Kind, Refusal};

pub const LIFE: SignedDuration = SignedDuration::from_mins(10);
/// Wrong guesses that a code stands from the network it was asked for from.
pub const OWN_GUESSES: u8 = 5;
/// Wrong guesses that it stands from all others together: they cannot use up the owner's.
pub const FOREIGN_GUESSES: u8 = 5;

/// Written out to be sent; prints as `[redacted]`.
#[derive(Clone, PartialEq, Eq)]
pub struct OneTimeCode(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 6 digits")]
pub struct MalformedCode;

impl OneTimeCode {
    /// 128 random bits leave no bias worth the name in a million.
    pub fn from_random(random: [u8; 16]) -> Self {
        Self(format!("{:06}", u128::from_be_bytes(random) % 1_000_000))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for OneTimeCode {
    type Err = MalformedCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(Self(text.to_owned()));
        }
        Err(MalformedCode)
    }
}

impl std::fmt::Debug for OneTimeCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

/// What a code is good for; one of another purpose opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    SignIn,
    VerifyEmail,
    ResetPassword,
    /// Proof of the phone or address that is to be given up.
    LeaveContact,
    /// Proof of the one that takes its place.
    EnterContact,
}

impl Purpose {
    pub fn word(self) -> &'static str {
        match self {
            Purpose::SignIn => "sign_in",
            Purpose::VerifyEmail => "verify_email",
            Purpose::ResetPassword => "reset_password",
            Purpose::LeaveContact => "leave_contact",
            Purpose::EnterContact => "enter_contact",
        }
    }

    /// What is hashed under a server key: purpose, destination and code, joined by a zero byte.
    pub fn message(self, destination: &str, code: &OneTimeCode) -> Vec<u8> {
        message(self.word(), destination, code.as_str())
    }
}

fn message(purpose: &str, destination: &str, code: &str) -> Vec<u8> {
    [purpose, destination, code].join("\0").into_bytes()
}

/// Why a code is not taken. One answer for wrong, used, expired and never sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeRefused {
    #[error("Invalid OTP")]
    Wrong,
    /// It has been guessed at too often; a new one must be asked for.
    #[error("Too many attempts. Ask for a new code.")]
    Burnt,
}

impl Refusal for CodeRefused {
    fn kind(&self) -> Kind {
        Kind::BadRequest
    }

    fn code(&self) -> &'static str {
        match self {
            CodeRefused::Wrong => "code_invalid",
            CodeRefused::Burnt => "code_burnt",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hmac::{Hmac, Mac};

    #[test]
    fn a_code_has_six_digits_whatever_the_random_bytes() {
        assert_eq!(OneTimeCode::from_random([0; 16]).as_str(), "000000");
        assert_eq!(OneTimeCode::from_random([255; 16]).as_str().len(), 6);
        for text in ["", "12345", "1234567", "12345a", "１２３４５６"] {
            assert!(text.parse::<OneTimeCode>().is_err(), "{text}");
        }
    }

    /// The published vector: HMAC-SHA256 under 00..1f.
    #[test]
    fn the_keyed_hash_agrees_with_the_vector() {
        let message = message("login", "+15005550006", "042137");
        assert_eq!(
            data_encoding::HEXLOWER.encode(&message),
            "6c6f67696e002b313530303535353030303600303432313337"
        );
        let key: Vec<u8> = (0..32).collect();
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
        mac.update(&message);
        assert_eq!(
            data_encoding::HEXLOWER.encode(&mac.finalize().into_bytes()),
            "e7eae83e20d10ef769843f80ddb02864d9f0e3bf2b5983c3c92e63f6f360f98e"
        );
    }
}
