//! The one key, and what it makes of bytes: AES-256-GCM, bound to the encryption context.

use std::io;
use std::path::Path;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::Context;
use super::answer::Refusal;
use crate::keys;

/// The names under which requests may speak of it.
pub const KEY_ALIAS: &str = "alias/polyclinic-fields";
pub const KEY_ARN: &str = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const KEY_ID: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
const ALIAS_ARN: &str = "arn:aws:kms:us-east-1:123456789012:alias/polyclinic-fields";

/// Ciphertexts begin with it, so that other bytes are told at once.
const VERSION: u8 = 1;

pub struct MasterKey(LessSafeKey);

impl MasterKey {
    pub fn open(folder: Option<&Path>) -> io::Result<Self> {
        let damaged = || io::Error::other("the master key is damaged; start with --reset to make a new one");
        let text = keys::load_or_make(folder, "field-master-key")?;
        let bytes = runtime::secrets::decode_key(&text).ok_or_else(damaged)?;
        let key = UnboundKey::new(&AES_256_GCM, &bytes).map_err(|_| damaged())?;
        Ok(Self(LessSafeKey::new(key)))
    }

    pub fn is_named(id: &str) -> bool {
        [KEY_ALIAS, KEY_ARN, KEY_ID, ALIAS_ARN].contains(&id)
    }

    pub fn encrypt(&self, mut plaintext: Vec<u8>, context: &Context) -> Result<Vec<u8>, Refusal> {
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).map_err(|error| Refusal::internal(&error))?;
        let unique = Nonce::assume_unique_for_key(nonce);
        self.0
            .seal_in_place_append_tag(unique, bound_to(context)?, &mut plaintext)
            .map_err(|error| Refusal::internal(&error))?;
        Ok([&[VERSION], nonce.as_slice(), &plaintext].concat())
    }

    pub fn decrypt(&self, ciphertext: &[u8], context: &Context) -> Result<Vec<u8>, Refusal> {
        let invalid = || Refusal::new("InvalidCiphertextException", "");
        let Some((&VERSION, rest)) = ciphertext.split_first() else {
            return Err(invalid());
        };
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_LEN>().ok_or_else(invalid)?;
        let (nonce, mut sealed) = (Nonce::assume_unique_for_key(*nonce), sealed.to_vec());
        let opened = self.0.open_in_place(nonce, bound_to(context)?, &mut sealed);
        opened.map(|plaintext| plaintext.to_vec()).map_err(|_| invalid())
    }
}

/// The order of its pairs does not count.
fn bound_to(context: &Context) -> Result<Aad<Vec<u8>>, Refusal> {
    let text = serde_json::to_vec(context).map_err(|error| Refusal::internal(&error))?;
    Ok(Aad::from(text))
}
