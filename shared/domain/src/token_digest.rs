//! What is kept of a device's secret, in place of it.

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// SHA-256 of a secret of 256 random bits: nothing to guess, so nothing to make guessing slow for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TokenDigest(String);

impl TokenDigest {
    pub fn of(secret: &[u8; 32]) -> Self {
        Self(HEXLOWER.encode(&Sha256::digest(secret)))
    }

    /// In the same time, whatever differs.
    pub fn is_of(&self, secret: &[u8; 32]) -> bool {
        self.0.as_bytes().ct_eq(Self::of(secret).0.as_bytes()).into()
    }
}
