//! One sealed text: `<key id>.<base64url of nonce and ciphertext>`.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};

use super::key_ring::DataKey;
use crate::Error;

const ENCODING: data_encoding::Encoding = data_encoding::BASE64URL_NOPAD;

/// Under a random nonce of 96 bits: one key is good for 2^32 items, and rotates long before.
pub(crate) fn seal(key: &DataKey, associated_data: &[u8], plain: &[u8]) -> Result<String, Error> {
    let mut nonce = [0; NONCE_LEN];
    SystemRandom::new()
        .fill(&mut nonce)
        .map_err(|_| Error::Sealed("there is no randomness"))?;
    let mut bytes = plain.to_vec();
    cipher(key)?
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(associated_data),
            &mut bytes,
        )
        .map_err(|_| Error::Sealed("a part cannot be sealed"))?;
    let sealed = [nonce.as_slice(), &bytes].concat();
    Ok(format!("{}.{}", key.id, ENCODING.encode(&sealed)))
}

pub(crate) fn open(key: &DataKey, associated_data: &[u8], sealed: &str) -> Result<Vec<u8>, Error> {
    let malformed = || Error::Sealed("a sealed part is malformed");
    let (_, text) = sealed.split_once('.').ok_or_else(malformed)?;
    let bytes = ENCODING.decode(text.as_bytes()).map_err(|_| malformed())?;
    let (nonce, ciphertext) = bytes.split_at_checked(NONCE_LEN).ok_or_else(malformed)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| malformed())?;
    let mut ciphertext = ciphertext.to_vec();
    let plain = cipher(key)?
        .open_in_place(nonce, Aad::from(associated_data), &mut ciphertext)
        .map_err(|_| Error::Sealed("a sealed part was changed or moved"))?;
    Ok(plain.to_vec())
}

/// Which key opens it.
pub(crate) fn key_id_of(sealed: &str) -> Option<&str> {
    sealed.split_once('.').map(|(id, _)| id)
}

fn cipher(key: &DataKey) -> Result<LessSafeKey, Error> {
    UnboundKey::new(&AES_256_GCM, &key.bytes)
        .map(LessSafeKey::new)
        .map_err(|_| Error::Sealed("a data key is malformed"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(byte: u8) -> DataKey {
        DataKey {
            id: "k1".to_owned(),
            bytes: [byte; 32],
        }
    }

    proptest! {
        #[test]
        fn what_was_sealed_opens_in_its_place_only(plain: Vec<u8>, place: Vec<u8>, other: Vec<u8>) {
            let sealed = seal(&key(1), &place, &plain).unwrap();
            prop_assert_eq!(open(&key(1), &place, &sealed).unwrap(), plain);
            prop_assert!(place == other || open(&key(1), &other, &sealed).is_err());
            prop_assert!(open(&key(2), &place, &sealed).is_err());
        }

        #[test]
        fn a_changed_byte_is_noticed(plain in proptest::collection::vec(any::<u8>(), 0..64), at: prop::sample::Index) {
            let sealed = seal(&key(1), b"place", &plain).unwrap();
            let mut bytes = ENCODING.decode(&sealed.as_bytes()[3..]).unwrap();
            let at = at.index(bytes.len());
            bytes[at] ^= 1;
            let changed = format!("k1.{}", ENCODING.encode(&bytes));
            prop_assert!(open(&key(1), b"place", &changed).is_err());
        }

        #[test]
        fn nonsense_does_not_open(text in "\\PC*") {
            prop_assert!(open(&key(1), b"place", &text).is_err());
        }
    }

    #[test]
    fn the_same_text_is_never_sealed_alike() {
        assert_ne!(
            seal(&key(1), b"place", b"text").unwrap(),
            seal(&key(1), b"place", b"text").unwrap()
        );
    }
}
