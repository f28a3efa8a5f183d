//! Access tokens: JWTs signed with Ed25519, so that checking one needs public keys only.
//!
//! Clients decode `exp`; everything else is for us. Kept under 512 bytes, since devices have small buffers.

use domain::id::{SessionId, UserId};
use domain::role::Role;
use domain::session::{NotSignedIn, Session};
use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::problem::Problem;

const ENCODING: data_encoding::Encoding = data_encoding::BASE64URL_NOPAD;

/// Who makes our tokens. One that says otherwise was meant for somebody else, whoever signed it.
const ISSUER: &str = "polyclinic";

/// What a PKCS #8 document holds before the 32 bytes of an Ed25519 seed (RFC 8410).
const PKCS8_PREFIX: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claims {
    /// Always [`ISSUER`].
    pub iss: String,
    pub sub: UserId,
    /// The same as `sub`, where the facial-derma clients read it.
    pub id: UserId,
    /// A hint for clients only: rights come from the session.
    pub role: Role,
    #[serde(rename = "type")]
    pub kind: TokenKind,
    pub iat: i64,
    pub exp: i64,
    pub jti: String,
    pub sid: SessionId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenKind {
    Access,
}

/// Signs tokens with a seed of 32 bytes.
pub struct TokenSigner {
    key: EncodingKey,
    key_id: String,
    refresh_key: [u8; 32],
}

/// What a refresh token says, once its signature is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefreshClaims {
    pub user: UserId,
    pub session: SessionId,
    /// Its number in the chain of this session.
    pub generation: u32,
}

impl TokenSigner {
    pub fn new(seed: &[u8; 32]) -> Self {
        let pkcs8 = [PKCS8_PREFIX.as_slice(), seed].concat();
        Self {
            key: EncodingKey::from_ed_der(&pkcs8),
            key_id: key_id(&public_key(seed)),
            refresh_key: hmac(seed, b"refresh-tokens"),
        }
    }

    /// A refresh token: whose it is, its number, and an HMAC-SHA-256 over both under a key derived from the seed. The
    /// same number gives the same token, so nothing of it need be stored, and every caller of a race gets the same.
    pub fn refresh_token(&self, claims: RefreshClaims) -> String {
        let RefreshClaims {
            user,
            session,
            generation,
        } = claims;
        let body = format!("r.{user}.{session}.{generation}");
        let mac = ENCODING.encode(&hmac(&self.refresh_key, body.as_bytes()));
        format!("{body}.{mac}")
    }

    /// What a refresh token says, if it is one of ours.
    pub fn read_refresh_token(&self, token: &str) -> Option<RefreshClaims> {
        let (body, _) = token.rsplit_once('.')?;
        let mut parts = body.strip_prefix("r.")?.split('.');
        let claims = RefreshClaims {
            user: parts.next()?.parse().ok()?,
            session: parts.next()?.parse().ok()?,
            generation: parts.next()?.parse().ok()?,
        };
        let is_ours = self.refresh_token(claims).as_bytes().ct_eq(token.as_bytes());
        bool::from(is_ours).then_some(claims)
    }

    /// An access token for a session; `jti` tells tokens of one session apart.
    pub fn access_token(&self, session: &Session, now: Timestamp, jti: [u8; 9]) -> Result<String, Problem> {
        let expires = now + session.product.access_token_life();
        let claims = Claims {
            iss: ISSUER.to_owned(),
            sub: session.user_id,
            id: session.user_id,
            role: session.role,
            kind: TokenKind::Access,
            iat: now.as_second(),
            exp: expires.as_second(),
            jti: ENCODING.encode(&jti),
            sid: session.id,
        };
        let header = Header {
            kid: Some(self.key_id.clone()),
            ..Header::new(Algorithm::EdDSA)
        };
        jsonwebtoken::encode(&header, &claims, &self.key).map_err(|error| Problem::internal(error.to_string()))
    }
}

/// The claims of a token that one of our keys signed and that is still good.
pub fn verify(token: &str, keys: &JwkSet, now: Timestamp) -> Result<Claims, NotSignedIn> {
    let invalid = |_| NotSignedIn::InvalidToken;
    let header = jsonwebtoken::decode_header(token).map_err(invalid)?;
    let jwk = header
        .kid
        .as_deref()
        .and_then(|kid| keys.find(kid))
        .ok_or(NotSignedIn::InvalidToken)?;
    let key = DecodingKey::from_jwk(jwk).map_err(invalid)?;
    let mut validation = Validation::new(Algorithm::EdDSA);
    // Expiry is checked below, by the context's clock.
    validation.validate_exp = false;
    validation.required_spec_claims.clear();
    let claims = jsonwebtoken::decode::<Claims>(token, &key, &validation)
        .map_err(invalid)?
        .claims;
    if now.as_second() >= claims.exp || claims.iss != ISSUER {
        return Err(NotSignedIn::InvalidToken);
    }
    Ok(claims)
}

/// The JWKS document that goes with a seed.
pub fn public_jwks(seed: &[u8; 32]) -> Result<JwkSet, serde_json::Error> {
    let public = public_key(seed);
    let jwk: Jwk = serde_json::from_value(serde_json::json!({
        "kty": "OKP",
        "crv": "Ed25519",
        "alg": "EdDSA",
        "use": "sig",
        "kid": key_id(&public),
        "x": ENCODING.encode(&public),
    }))?;
    Ok(JwkSet { keys: vec![jwk] })
}

fn hmac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, key);
    let mut bytes = [0; 32];
    bytes.copy_from_slice(ring::hmac::sign(&key, message).as_ref());
    bytes
}

fn public_key(seed: &[u8; 32]) -> [u8; 32] {
    SigningKey::from_bytes(seed).verifying_key().to_bytes()
}

/// The first bytes of the public key's SHA-256: enough to tell a handful of keys apart, and short.
fn key_id(public: &[u8; 32]) -> String {
    ENCODING.encode(&Sha256::digest(public)[..6])
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::session::Product;
    use jiff::SignedDuration;

    fn session() -> Session {
        let now: Timestamp = "2026-11-25T10:00:00Z".parse().unwrap();
        Session {
            id: SessionId::new(now, [1; 6]),
            user_id: UserId::new(now, [2; 6]),
            role: Role::Doctor,
            is_suspended: false,
            is_verified: false,
            product: Product::FacialDerma,
            created_at: now,
            expires_at: now + SignedDuration::from_hours(24),
        }
    }

    #[test]
    fn a_token_is_good_until_it_expires() {
        let (session, seed) = (session(), [7; 32]);
        let token = TokenSigner::new(&seed)
            .access_token(&session, session.created_at, [0; 9])
            .unwrap();
        let keys = public_jwks(&seed).unwrap();
        let claims = verify(&token, &keys, session.created_at).unwrap();
        assert_eq!((claims.sub, claims.sid), (session.user_id, session.id));
        let a_day_later = session.created_at + SignedDuration::from_hours(24);
        assert_eq!(verify(&token, &keys, a_day_later), Err(NotSignedIn::InvalidToken));
    }

    #[test]
    fn a_token_of_another_issuer_is_refused_though_our_key_signed_it() {
        let (session, signer) = (session(), TokenSigner::new(&[7; 32]));
        let keys = public_jwks(&[7; 32]).unwrap();
        let token = signer.access_token(&session, session.created_at, [0; 9]).unwrap();
        let ours = verify(&token, &keys, session.created_at).unwrap();
        let header = jsonwebtoken::decode_header(&token).unwrap();
        for (issuer, is_good) in [(ISSUER, true), ("polyclinic-staging", false), ("", false)] {
            let claims = Claims {
                iss: issuer.to_owned(),
                ..ours.clone()
            };
            let token = jsonwebtoken::encode(&header, &claims, &signer.key).unwrap();
            assert_eq!(verify(&token, &keys, session.created_at).is_ok(), is_good, "{issuer}");
        }
    }

    #[test]
    fn a_token_fits_a_devices_buffer() {
        let token = TokenSigner::new(&[7; 32])
            .access_token(&session(), session().created_at, [255; 9])
            .unwrap();
        assert!(token.len() < 512, "{}", token.len());
    }

    #[test]
    fn a_refresh_token_is_the_same_each_time_and_cannot_be_changed() {
        let signer = TokenSigner::new(&[7; 32]);
        let claims = RefreshClaims {
            user: session().user_id,
            session: session().id,
            generation: 4,
        };
        let token = signer.refresh_token(claims);
        assert_eq!(signer.read_refresh_token(&token), Some(claims));
        assert_eq!(signer.refresh_token(claims), token);
        assert_eq!(TokenSigner::new(&[8; 32]).read_refresh_token(&token), None);
        assert_eq!(signer.read_refresh_token(&token.replace(".4.", ".5.")), None);
        assert_eq!(signer.read_refresh_token(&token.replace(".4.", ".04.")), None);
        let access = signer.access_token(&session(), session().created_at, [0; 9]).unwrap();
        assert_eq!(signer.read_refresh_token(&access), None);
        assert!(verify(&token, &public_jwks(&[7; 32]).unwrap(), session().created_at).is_err());
    }

    #[test]
    fn a_token_of_another_key_or_algorithm_or_with_a_changed_byte_is_refused() {
        let session = session();
        let keys = public_jwks(&[7; 32]).unwrap();
        let other = TokenSigner::new(&[8; 32])
            .access_token(&session, session.created_at, [0; 9])
            .unwrap();
        assert!(verify(&other, &keys, session.created_at).is_err());

        let token = TokenSigner::new(&[7; 32])
            .access_token(&session, session.created_at, [0; 9])
            .unwrap();
        let (_, payload_and_signature) = token.split_once('.').unwrap();
        let none = ENCODING.encode(
            format!(
                r#"{{"alg":"none","kid":"{}"}}"#,
                keys.keys[0].common.key_id.clone().unwrap()
            )
            .as_bytes(),
        );
        assert!(verify(&format!("{none}.{payload_and_signature}"), &keys, session.created_at).is_err());
        for place in [5, 60, token.len() - 5] {
            let mut changed = token.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            assert!(
                verify(&String::from_utf8(changed).unwrap(), &keys, session.created_at).is_err(),
                "{place}"
            );
        }
    }
}
