//! AES-256-GCM around the sealed members of one item: `<key id>.<base64url(nonce || ciphertext)>`.
//!
//! The place of the item is authenticated with it, so that what is moved or copied elsewhere does not open. The
//! deployment's prefix is left out: a restored backup may have another. Nonces are random, which is good for 2³² items
//! under one key; a rotation every year stays far below.

use data_encoding::BASE64URL_NOPAD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::Error;
use crate::key::Key;

/// A key in the open, with the id that sealed parts name it by.
pub(crate) struct DataKey {
    id: String,
    key: LessSafeKey,
}

impl DataKey {
    /// `bytes`: 32 of them.
    pub fn new(id: &str, bytes: &[u8]) -> Result<Self, Error> {
        let key = UnboundKey::new(&AES_256_GCM, bytes).map_err(|_| Error::Sealed("its key has another length"))?;
        Ok(Self {
            id: id.to_owned(),
            key: LessSafeKey::new(key),
        })
    }

    pub fn seal(&self, place: &[u8], mut plaintext: Vec<u8>) -> Result<String, Error> {
        let nonce: [u8; NONCE_LEN] = random()?;
        let unique = Nonce::assume_unique_for_key(nonce);
        self.key
            .seal_in_place_append_tag(unique, Aad::from(place), &mut plaintext)
            .map_err(|_| Error::Sealed("it is too long"))?;
        let bytes = [nonce.as_slice(), &plaintext].concat();
        Ok(format!("{}.{}", self.id, BASE64URL_NOPAD.encode(&bytes)))
    }

    pub fn open(&self, place: &[u8], sealed: &str) -> Result<Vec<u8>, Error> {
        let malformed = Error::Sealed("its sealed part is malformed");
        let Some((_, text)) = sealed.split_once('.') else {
            return Err(malformed);
        };
        let Ok(bytes) = BASE64URL_NOPAD.decode(text.as_bytes()) else {
            return Err(malformed);
        };
        let Some((nonce, ciphertext)) = bytes.split_first_chunk::<NONCE_LEN>() else {
            return Err(malformed);
        };
        let (nonce, mut ciphertext) = (Nonce::assume_unique_for_key(*nonce), ciphertext.to_vec());
        let opened = self.key.open_in_place(nonce, Aad::from(place), &mut ciphertext);
        let plaintext = opened.map_err(|_| Error::Sealed("it was changed, moved, or sealed by another key"))?;
        Ok(plaintext.to_vec())
    }
}

/// Which key a part was sealed with.
pub(crate) fn key_id(sealed: &str) -> Option<&str> {
    sealed.split_once('.').map(|(id, _)| id)
}

/// Each part with its length before it, so that no two places look alike.
pub(crate) fn place(key: &Key) -> Vec<u8> {
    let parts = [key.table.name(), &key.partition, &key.sort];
    let parts = parts.map(|part| format!("{}:{part}", part.len()));
    parts.concat().into_bytes()
}

pub(super) fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Error::Unavailable("the system's random generator failed".to_owned()))?;
    Ok(bytes)
}
