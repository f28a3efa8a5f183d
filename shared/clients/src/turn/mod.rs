//! Credentials for a TURN server that shares a secret with us (coturn's `use-auth-secret`): made here, without a call.
//!
//! The user name says when it ends; the password is an HMAC-SHA-1 over it. The server checks with each secret that it is
//! given, so that one replaces another without a gap: [`Secrets`] signs with the first, and its model of the server's
//! check takes them all.

use data_encoding::BASE64;
use ring::hmac;

/// The server's clock comparison is so wide.
const LATEST: u64 = u32::MAX as u64;

/// What the server shares with us: the one that signs, then those that it replaces.
pub struct Secrets(Vec<hmac::Key>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("TURN_SECRET must hold at least one secret, separated by commas")]
pub struct NoSecret;

/// What a browser shows the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    pub username: String,
    pub password: String,
}

impl std::str::FromStr for Secrets {
    type Err = NoSecret;

    /// Separated by commas, the one that signs first.
    fn from_str(text: &str) -> Result<Self, NoSecret> {
        let secrets = text.split(',').map(str::trim).filter(|secret| !secret.is_empty());
        let keys: Vec<_> = secrets.map(key).collect();
        if keys.is_empty() { Err(NoSecret) } else { Ok(Self(keys)) }
    }
}

fn key(secret: &str) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret.as_bytes())
}

impl Secrets {
    /// `expires`: seconds since 1970. `identifier` shows in the server's logs and on the wire: nothing of anybody.
    pub fn credential(&self, expires: i64, identifier: &str) -> Credential {
        self.sign(format!("{expires}:{identifier}"))
    }

    fn sign(&self, username: String) -> Credential {
        let signed = self.0.first().map(|key| hmac::sign(key, username.as_bytes()));
        Credential {
            password: signed.map(|mac| BASE64.encode(mac.as_ref())).unwrap_or_default(),
            username,
        }
    }

    /// As the server decides it.
    pub fn accepts(&self, credential: &Credential, now_seconds: u64) -> bool {
        let expires = credential.username.split(':').next().unwrap_or_default();
        let is_in_time = expires
            .parse::<u64>()
            .is_ok_and(|expires| expires > now_seconds && expires <= LATEST);
        let Ok(password) = BASE64.decode(credential.password.as_bytes()) else {
            return false;
        };
        let is_signed = |key| hmac::verify(key, credential.username.as_bytes(), &password).is_ok();
        is_in_time && self.0.iter().any(is_signed)
    }
}

#[cfg(test)]
mod tests;
