//! What a device checks before it installs: a text that says all that matters of an image, and a signature over exactly
//! that text (Ed25519), so that nobody who can only change storage can make devices run something else.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::firmware::{FirmwareVersion, Hardware};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub version: FirmwareVersion,
    pub hardware: Hardware,
    /// The oldest version that can be updated to this one directly.
    pub min_version: Option<FirmwareVersion>,
    pub size: u64,
    /// Of the whole file, in hexadecimal digits.
    pub sha256: String,
    pub secure_version: u32,
    /// A device that runs exactly this version may go back; others only ever go up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub downgrade_from: Option<FirmwareVersion>,
}

/// The exact text that was signed: writing it anew might change it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedManifest {
    pub text: String,
    /// Base64.
    pub signature: String,
    pub key_id: String,
}

/// Signs manifests. The seed never leaves it.
pub struct ManifestSigner(SigningKey);

/// What everybody may know of the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestKey([u8; 32]);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the manifest is not signed by this key, or has been changed")]
pub struct NotSigned;

impl ManifestSigner {
    pub fn new(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    pub fn public_key(&self) -> ManifestKey {
        ManifestKey(self.0.verifying_key().to_bytes())
    }

    pub fn sign(&self, manifest: &Manifest) -> Result<SignedManifest, serde_json::Error> {
        let text = serde_json::to_string(manifest)?;
        let signature = BASE64.encode(&self.0.sign(text.as_bytes()).to_bytes());
        Ok(SignedManifest {
            text,
            signature,
            key_id: self.public_key().id(),
        })
    }
}

impl ManifestKey {
    pub fn from_base64(text: &str) -> Option<Self> {
        let bytes = BASE64.decode(text.as_bytes()).ok()?;
        bytes.try_into().ok().map(Self)
    }

    pub fn base64(&self) -> String {
        BASE64.encode(&self.0)
    }

    /// As a JWK has it.
    pub fn base64url(&self) -> String {
        BASE64URL_NOPAD.encode(&self.0)
    }

    /// The first bytes of its SHA-256: enough to tell a handful of keys apart.
    pub fn id(&self) -> String {
        BASE64URL_NOPAD.encode(&Sha256::digest(self.0)[..6])
    }

    /// Reads a manifest whose signature (in base64) is by this key.
    pub fn verify(&self, text: &str, signature: &str) -> Result<Manifest, NotSigned> {
        let key = VerifyingKey::from_bytes(&self.0).map_err(|_| NotSigned)?;
        let signature = BASE64.decode(signature.as_bytes()).map_err(|_| NotSigned)?;
        let signature = Signature::from_slice(&signature).map_err(|_| NotSigned)?;
        key.verify(text.as_bytes(), &signature).map_err(|_| NotSigned)?;
        serde_json::from_str(text).map_err(|_| NotSigned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        Manifest {
            version: "1.2.3".parse().unwrap(),
            hardware: Hardware::Esp32P4,
            min_version: None,
            size: 400,
            sha256: "00".repeat(32),
            secure_version: 0,
            downgrade_from: None,
        }
    }

    #[test]
    fn a_signed_manifest_is_read_and_flipped_bits_are_refused() {
        let signer = ManifestSigner::new(&[7; 32]);
        let signed = signer.sign(&manifest()).unwrap();
        let key = ManifestKey::from_base64(&signer.public_key().base64()).unwrap();
        assert_eq!(key.verify(&signed.text, &signed.signature), Ok(manifest()));
        assert_eq!(signed.key_id, key.id());
        // A bit of every byte: all of them would take long without optimisation.
        let flip = |text: &str, place: usize| {
            let mut bytes = text.as_bytes().to_vec();
            bytes[place] ^= 1 << (place % 8);
            String::from_utf8_lossy(&bytes).into_owned()
        };
        for place in 0..signed.text.len() {
            let changed = flip(&signed.text, place);
            assert_eq!(key.verify(&changed, &signed.signature), Err(NotSigned), "text {place}");
        }
        for place in 0..signed.signature.len() {
            let changed = flip(&signed.signature, place);
            assert_eq!(key.verify(&signed.text, &changed), Err(NotSigned), "signature {place}");
        }
        let other = ManifestSigner::new(&[8; 32]).public_key();
        assert_eq!(other.verify(&signed.text, &signed.signature), Err(NotSigned));
    }

    #[test]
    fn the_text_is_what_devices_are_told_to_expect() {
        let text = ManifestSigner::new(&[7; 32]).sign(&manifest()).unwrap().text;
        let zeros = "00".repeat(32);
        assert_eq!(
            text,
            format!(
                r#"{{"version":"1.2.3","hardware":"esp32p4","min_version":null,"size":400,"sha256":"{zeros}","secure_version":0}}"#
            )
        );
    }
}
