//! AccessToken, version "006": for apps whose project never moved on. Its privileges end at times, not after durations.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use ring::hmac;

use super::packing::{put_bytes, put_map, put_u32};
use super::{AgoraError, App, Uid};

const VERSION: &str = "006";

/// A channel and who joins it, or a user of signalling in the channel's place and nobody in the other.
pub struct Legacy<'a> {
    pub channel: &'a str,
    pub uid: Uid,
    pub salt: u32,
    /// Seconds since 1970: a day after it was made.
    pub ts: u32,
    /// Seconds since 1970.
    pub privileges: BTreeMap<u16, u32>,
}

impl App {
    pub fn legacy_token(&self, token: &Legacy<'_>) -> Result<String, AgoraError> {
        let content = BASE64.encode(&self.legacy_content(token)?);
        Ok(format!("{VERSION}{}{content}", self.id))
    }

    pub(super) fn legacy_content(&self, token: &Legacy<'_>) -> Result<Vec<u8>, AgoraError> {
        let uid = token.uid.text();
        let mut message = Vec::new();
        put_u32(&mut message, token.salt);
        put_u32(&mut message, token.ts);
        put_map(&mut message, &token.privileges)?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.certificate.as_bytes());
        let mut signed = hmac::Context::with_key(&key);
        for part in [self.id.as_bytes(), token.channel.as_bytes(), uid.as_bytes(), &message] {
            signed.update(part);
        }
        let mut content = Vec::new();
        put_bytes(&mut content, signed.sign().as_ref())?;
        put_u32(&mut content, crc32fast::hash(token.channel.as_bytes()));
        put_u32(&mut content, crc32fast::hash(uid.as_bytes()));
        put_bytes(&mut content, &message)?;
        Ok(content)
    }
}
