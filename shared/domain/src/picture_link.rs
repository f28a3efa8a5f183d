//! Links that show a picture to whoever was given them, for a short while.
//!
//! Apps show pictures with plain image tags, which send no header. So a link carries an expiry and a signature
//! (HMAC-SHA-256 over name and expiry) in its query; without them only the owner's bearer opens it (clash C7).

use hmac::{Hmac, Mac};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;

/// Lists stay on screen and load pictures while one scrolls: five minutes, and not more (promise 28).
pub const LIFE: SignedDuration = SignedDuration::from_mins(5);

const ENCODING: data_encoding::Encoding = data_encoding::BASE64URL_NOPAD;

/// The name of a stored picture: 128 random bits in hex and an ending. Nothing of the client's own file name.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String")]
pub struct PictureName(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be the name of a picture")]
pub struct MalformedPictureName;

impl PictureName {
    pub fn new(random: [u8; 16]) -> Self {
        Self(format!("{}.jpg", data_encoding::HEXLOWER.encode(&random)))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for PictureName {
    type Error = MalformedPictureName;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let stem = text.strip_suffix(".jpg").ok_or(MalformedPictureName)?;
        let is_name = stem.len() == 32 && stem.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if is_name {
            Ok(Self(text))
        } else {
            Err(MalformedPictureName)
        }
    }
}

/// Signs links, and knows its own. The key never leaves it.
#[derive(Clone)]
pub struct LinkSigner(Hmac<Sha256>);

impl LinkSigner {
    /// HMAC takes keys of any length; 32 random bytes are expected.
    pub fn new(key: &[u8]) -> Option<Self> {
        Hmac::new_from_slice(key).ok().map(Self)
    }

    /// Path and query of a link that lives from `now` for [`LIFE`].
    pub fn sign(&self, picture: &PictureName, now: Timestamp) -> String {
        let expires = now.as_second() + LIFE.as_secs();
        let signature = ENCODING.encode(&self.mac(picture, expires).finalize().into_bytes());
        format!("/uploads/{}?expires={expires}&signature={signature}", picture.as_str())
    }

    /// Whether this signature opens this picture now.
    pub fn opens(&self, picture: &PictureName, expires: i64, signature: &str, now: Timestamp) -> bool {
        let Ok(signature) = ENCODING.decode(signature.as_bytes()) else {
            return false;
        };
        now.as_second() < expires && self.mac(picture, expires).verify_slice(&signature).is_ok()
    }

    fn mac(&self, picture: &PictureName, expires: i64) -> Hmac<Sha256> {
        self.0
            .clone()
            .chain_update(picture.as_str())
            .chain_update(b"\n")
            .chain_update(expires.to_string())
    }
}

/// No such picture, or none for this caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Picture not found")]
pub struct PictureNotFound;

impl crate::refusal::Refusal for PictureNotFound {
    fn kind(&self) -> crate::refusal::Kind {
        crate::refusal::Kind::NotFound
    }

    fn code(&self) -> &'static str {
        "picture_not_found"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(link: &str) -> (i64, String) {
        let (_, query) = link.split_once("?expires=").unwrap();
        let (expires, signature) = query.split_once("&signature=").unwrap();
        (expires.parse().unwrap(), signature.to_owned())
    }

    #[test]
    fn a_link_opens_its_picture_until_it_expires() {
        let signer = LinkSigner::new(&[7; 32]).unwrap();
        let picture = PictureName::new([1; 16]);
        let now: Timestamp = "2026-11-25T10:00:00Z".parse().unwrap();
        let (expires, signature) = parts(&signer.sign(&picture, now));

        assert!(signer.opens(&picture, expires, &signature, now));
        assert!(signer.opens(&picture, expires, &signature, now + SignedDuration::from_secs(299)));
        assert!(!signer.opens(&picture, expires, &signature, now + LIFE));
    }

    #[test]
    fn a_link_opens_no_other_picture_and_cannot_be_stretched() {
        let signer = LinkSigner::new(&[7; 32]).unwrap();
        let picture = PictureName::new([1; 16]);
        let now: Timestamp = "2026-11-25T10:00:00Z".parse().unwrap();
        let (expires, signature) = parts(&signer.sign(&picture, now));

        assert!(!signer.opens(&PictureName::new([2; 16]), expires, &signature, now));
        assert!(!signer.opens(&picture, expires + 60, &signature, now));
        assert!(!signer.opens(&picture, expires, "", now));
        assert!(
            !LinkSigner::new(&[8; 32])
                .unwrap()
                .opens(&picture, expires, &signature, now)
        );
    }

    #[test]
    fn a_name_is_no_path() {
        for text in [
            "../../etc/passwd",
            "a.jpg",
            "",
            "0123456789abcdef0123456789abcdef.png",
            "0123456789abcdef0123456789ABCDEF.jpg",
        ] {
            assert!(PictureName::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
