//! Tokens that let somebody into a channel of Agora: made here, without a call to Agora.
//!
//! [`App`] signs AccessToken2 ("007"); [`legacy`] makes the older AccessToken ("006"), for projects that never moved on.
//! Time and salt come from the caller. The certificate stays inside: [`App`] shows none of it.

mod error;
pub mod legacy;
mod packing;
mod service;

use std::io::Write;

use data_encoding::BASE64;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use ring::hmac;

pub use error::AgoraError;
use packing::{put_text, put_u16, put_u32};
pub use service::{Permission, Rtc, Service, Uid};

/// A token lives no longer: what is made for more stops joining after a day.
pub const LONGEST_LIFE_SECONDS: u32 = 24 * 60 * 60;

const VERSION: &str = "007";
/// Of App IDs and certificates.
const DIGITS: usize = 32;

/// A project at Agora: its App ID, and the certificate that its tokens are signed with.
#[derive(Clone)]
pub struct App {
    id: String,
    certificate: String,
}

/// When a token is made, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Issue {
    /// Seconds since 1970.
    pub at: u32,
    /// Seconds from then on, never a time.
    pub expire_seconds: u32,
    /// Random, 1 to 99,999,999.
    pub salt: u32,
}

impl Issue {
    /// `random`: from the system's generator. More than a day is cut to a day.
    pub fn new(now_seconds: i64, expire_seconds: u32, random: [u8; 4]) -> Result<Self, AgoraError> {
        Ok(Self {
            at: u32::try_from(now_seconds).map_err(|_| AgoraError::Clock)?,
            expire_seconds: expire_seconds.min(LONGEST_LIFE_SECONDS),
            salt: 1 + u32::from_be_bytes(random) % 99_999_999,
        })
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App")
            .field("id", &self.id)
            .field("certificate", &"[redacted]")
            .finish()
    }
}

impl App {
    /// Both as they were issued: 32 hexadecimal digits, used as text in the case that they came in.
    pub fn new(id: &str, certificate: &str) -> Result<Self, AgoraError> {
        if !is_app_text(id) {
            return Err(AgoraError::AppId);
        }
        if !is_app_text(certificate) {
            return Err(AgoraError::Certificate);
        }
        Ok(Self {
            id: id.to_owned(),
            certificate: certificate.to_owned(),
        })
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    /// A token for these services.
    pub fn token(&self, issue: Issue, services: &[Service]) -> Result<String, AgoraError> {
        let content = self.content(issue, services)?;
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        let deflated = zlib.write_all(&content).and_then(|()| zlib.finish());
        let deflated = deflated.map_err(|_| AgoraError::TooLong)?;
        Ok(format!("{VERSION}{}", BASE64.encode(&deflated)))
    }

    /// What a token inflates to: the signature, and what is signed.
    fn content(&self, issue: Issue, services: &[Service]) -> Result<Vec<u8>, AgoraError> {
        let info = self.signing_info(issue, services)?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.signing_key(issue));
        let mut content = Vec::new();
        packing::put_bytes(&mut content, hmac::sign(&key, &info).as_ref())?;
        content.extend(info);
        Ok(content)
    }

    /// The packed numbers are the keys, and what they sign are the certificate and the first result.
    fn signing_key(&self, issue: Issue) -> Vec<u8> {
        let first = hmac::Key::new(hmac::HMAC_SHA256, &issue.at.to_le_bytes());
        let first = hmac::sign(&first, self.certificate.as_bytes());
        let second = hmac::Key::new(hmac::HMAC_SHA256, &issue.salt.to_le_bytes());
        hmac::sign(&second, first.as_ref()).as_ref().to_vec()
    }

    fn signing_info(&self, issue: Issue, services: &[Service]) -> Result<Vec<u8>, AgoraError> {
        if services.is_empty() {
            return Err(AgoraError::NoService);
        }
        let mut info = Vec::new();
        put_text(&mut info, &self.id)?;
        put_u32(&mut info, issue.at);
        put_u32(&mut info, issue.expire_seconds);
        put_u32(&mut info, issue.salt);
        put_u16(&mut info, packing::count(services.len())?);
        let mut ordered: Vec<&Service> = services.iter().collect();
        // Those of one kind stay in the order that they were added in.
        ordered.sort_by_key(|service| service.kind());
        for service in ordered {
            service.pack(&mut info)?;
        }
        Ok(info)
    }
}

/// Whether a text can be an App ID or a certificate.
pub fn is_app_text(text: &str) -> bool {
    text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests;
