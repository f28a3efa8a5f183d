//! Google's token endpoint: the JWT bearer grant.

use std::collections::HashMap;

use bytes::Bytes;
use http::{Request, StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde_json::json;

use super::{EMAIL, KEY_ID};
use crate::fcm::service_account::{MAX_LIFE_SECONDS, SCOPE};
use crate::stand_in::{Reply, fields, json, key};

const GOOGLE: &str = "https://oauth2.googleapis.com/token";
const LIFE_SECONDS: i64 = 3_599;
/// How far the clocks of account and service may be apart.
const SKEW_SECONDS: i64 = 300;

#[derive(Default)]
pub(super) struct AccessTokens {
    ends: HashMap<String, Timestamp>,
    pub given: usize,
}

impl AccessTokens {
    pub fn knows(&self, token: &str, now: Timestamp) -> bool {
        self.ends.get(token).is_some_and(|end| *end > now)
    }

    pub fn revoke(&mut self) {
        self.ends.clear();
    }

    fn give(&mut self, now: Timestamp) -> String {
        self.ends.retain(|_, end| *end > now);
        let token = format!("ya29.{:032x}", fastrand::u128(..));
        self.ends
            .insert(token.clone(), now + SignedDuration::from_secs(LIFE_SECONDS));
        self.given += 1;
        token
    }
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    scope: String,
    aud: String,
    iat: i64,
    exp: i64,
}

pub(super) fn grant(request: &Request<Bytes>, tokens: &mut AccessTokens, now: Timestamp) -> Reply {
    match judge(request, now) {
        Ok(()) => {
            let body = json!({
                "access_token": tokens.give(now),
                "expires_in": LIFE_SECONDS,
                "token_type": "Bearer",
            });
            json(StatusCode::OK, &body)
        }
        Err((error, description)) => {
            let body = json!({ "error": error, "error_description": description });
            json(StatusCode::BAD_REQUEST, &body)
        }
    }
}

fn judge(request: &Request<Bytes>, now: Timestamp) -> Result<(), (&'static str, &'static str)> {
    let form = fields(request).ok_or(("invalid_request", "The body is not a form"))?;
    let get = |name: &str| {
        form.iter()
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.as_str())
    };
    if get("grant_type") != Some("urn:ietf:params:oauth:grant-type:jwt-bearer") {
        return Err(("unsupported_grant_type", "Invalid grant_type"));
    }
    let claims = get("assertion")
        .and_then(verify)
        .ok_or(("invalid_grant", "Invalid JWT Signature."))?;
    if claims.iss != EMAIL {
        return Err(("invalid_grant", "Invalid grant: account not found"));
    }
    if claims.scope != SCOPE {
        return Err(("invalid_scope", "Invalid OAuth scope or ID token audience provided."));
    }
    if claims.aud != GOOGLE && claims.aud != own_url(request) {
        return Err(("invalid_grant", "Invalid JWT: audience"));
    }
    let now = now.as_second();
    let life = claims.exp - claims.iat;
    if claims.iat > now + SKEW_SECONDS || claims.exp <= now || !(1..=MAX_LIFE_SECONDS).contains(&life) {
        let description = "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.";
        return Err(("invalid_grant", description));
    }
    Ok(())
}

fn verify(assertion: &str) -> Option<Claims> {
    let header = jsonwebtoken::decode_header(assertion).ok()?;
    if header.kid.as_deref() != Some(KEY_ID) {
        return None;
    }
    let key = DecodingKey::from_rsa_components(key::MODULUS, key::EXPONENT).ok()?;
    let mut validation = Validation::new(Algorithm::RS256);
    // Judged above, by our own clock.
    validation.validate_exp = false;
    validation.validate_aud = false;
    jsonwebtoken::decode(assertion, &key, &validation)
        .ok()
        .map(|token| token.claims)
}

fn own_url(request: &Request<Bytes>) -> String {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    format!("http://{}/token", host.unwrap_or_default())
}
