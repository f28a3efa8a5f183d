//! The key file of a service account, and the assertion it signs (RFC 7523).

use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use pkcs8::{PrivateKeyInfo, SecretDocument};
use serde::{Deserialize, Serialize};

use super::FcmError;

pub(super) const SCOPE: &str = "https://www.googleapis.com/auth/firebase.messaging";
pub(super) const MAX_LIFE_SECONDS: i64 = 3_600;

#[derive(Deserialize)]
struct KeyFile {
    project_id: String,
    private_key_id: String,
    private_key: String,
    client_email: String,
    token_uri: String,
}

pub(super) struct ServiceAccount {
    pub project_id: String,
    pub token_uri: String,
    email: String,
    key_id: String,
    key: EncodingKey,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    scope: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
}

impl ServiceAccount {
    /// Errors never quote the file.
    pub fn read(json: &str) -> Result<Self, FcmError> {
        let file: KeyFile =
            serde_json::from_str(json).map_err(|_| FcmError::Settings("it is no key file of a service account"))?;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ':');
        if file.project_id.is_empty() || !file.project_id.chars().all(plain) {
            return Err(FcmError::Settings("the project id"));
        }
        Ok(Self {
            project_id: file.project_id,
            token_uri: file.token_uri,
            email: file.client_email,
            key_id: file.private_key_id,
            key: private_key(&file.private_key).ok_or(FcmError::Settings("the private key"))?,
        })
    }

    pub fn assertion(&self, now: Timestamp) -> Result<String, FcmError> {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.key_id.clone());
        let claims = Claims {
            iss: &self.email,
            scope: SCOPE,
            aud: &self.token_uri,
            iat: now.as_second(),
            exp: now.as_second() + MAX_LIFE_SECONDS,
        };
        jsonwebtoken::encode(&header, &claims, &self.key).map_err(|_| FcmError::Settings("the private key"))
    }
}

/// From PKCS#8, as key files have it, to the PKCS#1 inside.
pub(crate) fn private_key(pem: &str) -> Option<EncodingKey> {
    let (_, document) = SecretDocument::from_pem(pem).ok()?;
    let info: PrivateKeyInfo<'_> = document.decode_msg().ok()?;
    Some(EncodingKey::from_rsa_der(info.private_key))
}
