//! Links that show a picture, or give a document, to whoever was given them, for a short while.
//!
//! Apps show pictures with plain image tags, which send no header. So a link carries an expiry and a signature
//! (HMAC-SHA-256 over name and expiry) in its query; without them only the owner's bearer opens it (clash C7).

use std::ops::RangeInclusive;

use hmac::{Hmac, Mac};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;

/// How long a link lives, in minutes: lists stay on screen and load pictures while one scrolls, so not less than five, and
/// an hour at the most (clash C7).
pub const LIFE_MINUTES: RangeInclusive<u32> = 5..=USUAL_LIFE_MINUTES;
pub const USUAL_LIFE_MINUTES: u32 = 60;

const ENCODING: data_encoding::Encoding = data_encoding::BASE64URL_NOPAD;

/// The name of a stored picture: 128 random bits in hex and an ending. Nothing of the client's own file name.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String")]
pub struct PictureName(String);

/// The name of a stored document: the same with another ending, so that neither passes for the other.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String")]
pub struct DocumentName(String);

/// What a link can lead to.
pub trait Linked {
    /// Where it is asked for, under its name.
    const FOLDER: &'static str;

    fn as_str(&self) -> &str;
}

impl Linked for PictureName {
    const FOLDER: &'static str = "/uploads/";

    fn as_str(&self) -> &str {
        &self.0
    }
}

impl Linked for DocumentName {
    const FOLDER: &'static str = "/documents/";

    fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be the name of a picture")]
pub struct MalformedPictureName;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be the name of a document")]
pub struct MalformedDocumentName;

/// 32 hexadecimal digits and an ending.
fn is_name(text: &str, ending: &str) -> bool {
    let stem = text.strip_suffix(ending).unwrap_or_default();
    stem.len() == 32 && stem.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

const PICTURE: &str = ".jpg";
const DOCUMENT: &str = ".pdf";

impl DocumentName {
    pub fn new(random: [u8; 16]) -> Self {
        Self(data_encoding::HEXLOWER.encode(&random) + DOCUMENT)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for DocumentName {
    type Error = MalformedDocumentName;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match is_name(&text, DOCUMENT) {
            true => Ok(Self(text)),
            false => Err(MalformedDocumentName),
        }
    }
}

impl PictureName {
    pub fn new(random: [u8; 16]) -> Self {
        Self(data_encoding::HEXLOWER.encode(&random) + PICTURE)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for PictureName {
    type Error = MalformedPictureName;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match is_name(&text, PICTURE) {
            true => Ok(Self(text)),
            false => Err(MalformedPictureName),
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

    /// Path and query of a link that lives from `now` for `life`.
    pub fn sign<N: Linked>(&self, name: &N, now: Timestamp, life: SignedDuration) -> String {
        let expires = now.as_second() + life.as_secs();
        let signature = ENCODING.encode(&self.mac(name, expires).finalize().into_bytes());
        format!("{}{}?expires={expires}&signature={signature}", N::FOLDER, name.as_str())
    }

    /// Whether this signature opens this picture or document now.
    pub fn opens(&self, name: &impl Linked, expires: i64, signature: &str, now: Timestamp) -> bool {
        let Ok(signature) = ENCODING.decode(signature.as_bytes()) else {
            return false;
        };
        now.as_second() < expires && self.mac(name, expires).verify_slice(&signature).is_ok()
    }

    fn mac(&self, name: &impl Linked, expires: i64) -> Hmac<Sha256> {
        self.0
            .clone()
            .chain_update(name.as_str())
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

/// No such document, or none by this link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Document not found")]
pub struct DocumentNotFound;

impl crate::refusal::Refusal for DocumentNotFound {
    fn kind(&self) -> crate::refusal::Kind {
        crate::refusal::Kind::NotFound
    }

    fn code(&self) -> &'static str {
        "document_not_found"
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

    const LIFE: SignedDuration = SignedDuration::from_mins(5);

    #[test]
    fn a_link_opens_its_picture_until_it_expires() {
        let signer = LinkSigner::new(&[7; 32]).unwrap();
        let picture = PictureName::new([1; 16]);
        let now: Timestamp = "2026-11-25T10:00:00Z".parse().unwrap();
        let (expires, signature) = parts(&signer.sign(&picture, now, LIFE));

        assert!(signer.opens(&picture, expires, &signature, now));
        assert!(signer.opens(&picture, expires, &signature, now + SignedDuration::from_secs(299)));
        assert!(!signer.opens(&picture, expires, &signature, now + LIFE));
    }

    #[test]
    fn a_link_opens_no_other_picture_and_cannot_be_stretched() {
        let signer = LinkSigner::new(&[7; 32]).unwrap();
        let picture = PictureName::new([1; 16]);
        let now: Timestamp = "2026-11-25T10:00:00Z".parse().unwrap();
        let (expires, signature) = parts(&signer.sign(&picture, now, LIFE));

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
        let (picture, document) = (PictureName::new([1; 16]), DocumentName::new([1; 16]));
        assert!(DocumentName::try_from(picture.as_str().to_owned()).is_err());
        assert!(PictureName::try_from(document.as_str().to_owned()).is_err());
        let signer = LinkSigner::new(&[7; 32]).unwrap();
        let (expires, signature) = parts(&signer.sign(&document, Timestamp::UNIX_EPOCH, LIFE));
        assert!(signer.opens(&document, expires, &signature, Timestamp::UNIX_EPOCH));
        assert!(!signer.opens(&picture, expires, &signature, Timestamp::UNIX_EPOCH));
    }
}
