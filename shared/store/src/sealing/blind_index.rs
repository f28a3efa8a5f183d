//! Keyed hashes: equal values can be found and compared without being readable, and not guessed without the key.

use ring::hmac;

use crate::{Error, Store};

pub(crate) struct IndexKey(hmac::Key);

impl IndexKey {
    pub fn new(bytes: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }

    /// `purpose` keeps the hashes of one use apart from those of another.
    pub fn hash(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(purpose.as_bytes());
        context.update(&[0]);
        context.update(bytes);
        let mut hash = [0; 32];
        for (to, from) in hash.iter_mut().zip(context.sign().as_ref()) {
            *to = *from;
        }
        hash
    }
}

impl Store {
    /// What stands for a value in keys. The value must be normalised: only equal ones are found.
    pub(crate) async fn blind_index(&self, purpose: &str, normalized: &str) -> Result<String, Error> {
        let hash = self.keyed_hash(purpose, normalized.as_bytes()).await?;
        Ok(data_encoding::HEXLOWER.encode(&hash[..16]))
    }

    pub(crate) async fn keyed_hash(&self, purpose: &str, bytes: &[u8]) -> Result<[u8; 32], Error> {
        Ok(self.index_key().await?.hash(purpose, bytes))
    }
}
