//! Judges a token by given keys at a given time.

use std::collections::HashMap;
use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;

use super::Rejected;

/// How far Google's clock may be ahead of ours.
pub const LEEWAY: SignedDuration = SignedDuration::from_secs(60);
const ISSUER: &str = "https://securetoken.google.com/";
const MAX_SUBJECT: usize = 128;
/// Tokens with many custom claims have some 2 KB.
const MAX_TOKEN_BYTES: usize = 16 * 1024;
/// 2048 bits.
const MIN_MODULUS_BYTES: usize = 256;

/// Who signed in.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FirebaseIdentity {
    /// Firebase's id of the user.
    pub subject: String,
    pub email: Option<String>,
    /// Anybody can sign up with any address: nothing follows from one that is not verified.
    pub email_verified: bool,
    /// Always verified.
    pub phone_number: Option<String>,
    pub name: Option<String>,
}

impl fmt::Debug for FirebaseIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FirebaseIdentity([redacted])")
    }
}

/// The public keys by which tokens are judged, by their ids.
#[derive(Clone, Default)]
pub struct KeySet(HashMap<String, DecodingKey>);

#[derive(Deserialize)]
struct Jwks {
    keys: Vec<Jwk>,
}

#[derive(Deserialize)]
struct Jwk {
    kid: Option<String>,
    kty: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    n: Option<String>,
    e: Option<String>,
}

impl KeySet {
    /// `None` where it is no JWK set, or has no key that can be used.
    pub fn from_jwks(json: &[u8]) -> Option<Self> {
        let jwks: Jwks = serde_json::from_slice(json).ok()?;
        let keys: HashMap<_, _> = jwks.keys.into_iter().filter_map(Jwk::usable).collect();
        (!keys.is_empty()).then_some(Self(keys))
    }

    pub fn has(&self, key_id: &str) -> bool {
        self.0.contains_key(key_id)
    }
}

impl Jwk {
    fn usable(self) -> Option<(String, DecodingKey)> {
        let is = |given: &Option<String>, wanted: &str| given.as_deref().is_none_or(|given| given == wanted);
        if self.kty.as_deref() != Some("RSA") || !is(&self.alg, "RS256") || !is(&self.purpose, "sig") {
            return None;
        }
        let (modulus, exponent) = (self.n?, self.e?);
        let is_long = BASE64URL_NOPAD.decode(modulus.as_bytes()).ok()?.len() >= MIN_MODULUS_BYTES;
        let key = DecodingKey::from_rsa_components(&modulus, &exponent).ok()?;
        is_long.then_some((self.kid?, key))
    }
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// Extensions that must be understood; we understand none.
    crit: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    exp: i64,
    iat: i64,
    auth_time: i64,
    email: Option<String>,
    #[serde(default)]
    email_verified: bool,
    phone_number: Option<String>,
    name: Option<String>,
}

/// The id of the key that is said to have signed, before anything is believed.
pub(super) fn key_id(token: &str) -> Result<String, Rejected> {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, _, _] = parts[..] else {
        return Err(Rejected::Malformed);
    };
    if token.len() > MAX_TOKEN_BYTES {
        return Err(Rejected::Malformed);
    }
    let header = BASE64URL_NOPAD
        .decode(header.as_bytes())
        .map_err(|_| Rejected::Malformed)?;
    let header: Header = serde_json::from_slice(&header).map_err(|_| Rejected::Malformed)?;
    if header.alg != "RS256" {
        return Err(Rejected::Algorithm);
    }
    if header.crit.is_some() {
        return Err(Rejected::Malformed);
    }
    header.kid.ok_or(Rejected::UnknownKey)
}

/// `leeway` is for clocks that run ahead. Expiry has none: at the very second a token is expired.
pub fn verify(
    token: &str,
    keys: &KeySet,
    project_id: &str,
    now: Timestamp,
    leeway: SignedDuration,
) -> Result<FirebaseIdentity, Rejected> {
    let key = keys.0.get(&key_id(token)?).ok_or(Rejected::UnknownKey)?;
    let mut validation = Validation::new(Algorithm::RS256);
    // The claims are judged below, by a given clock and more strictly.
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let claims: Claims = jsonwebtoken::decode(token, key, &validation)
        .map_err(|error| match error.kind() {
            jsonwebtoken::errors::ErrorKind::InvalidSignature => Rejected::Signature,
            _ => Rejected::Malformed,
        })?
        .claims;
    judge(&claims, project_id, now.as_second(), leeway.as_secs())?;
    Ok(FirebaseIdentity {
        subject: claims.sub,
        email: claims.email,
        email_verified: claims.email_verified,
        phone_number: claims.phone_number,
        name: claims.name,
    })
}

fn judge(claims: &Claims, project_id: &str, now: i64, leeway: i64) -> Result<(), Rejected> {
    let is_ours = claims.iss.strip_prefix(ISSUER) == Some(project_id) && claims.aud == project_id;
    if project_id.is_empty() || !is_ours {
        return Err(Rejected::Elsewhere);
    }
    if claims.sub.is_empty() || claims.sub.chars().count() > MAX_SUBJECT {
        return Err(Rejected::Nobody);
    }
    if claims.exp <= now {
        return Err(Rejected::Expired);
    }
    // The Admin SDK takes these two, against the documentation.
    if claims.iat > now + leeway || claims.auth_time > now + leeway {
        return Err(Rejected::FromTheFuture);
    }
    Ok(())
}
