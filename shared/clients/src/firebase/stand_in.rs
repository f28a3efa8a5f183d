//! Publishes a test key as Google does, and makes ID tokens signed with it.
//!
//! The key is known to everybody; it counts only where the setting for Google's keys names this stand-in.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode, header};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, Header};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{FirebaseIdentity, FirebaseSettings};
use crate::fcm::private_key;
use crate::stand_in::{Faults, Reply, html, json, key, serve, under};

const PATH: &str = "/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com";
const PROJECT: &str = "polyclinic-local";
const LIFE_SECONDS: i64 = 3_600;

/// Cheap to clone; all clones are the same service.
#[derive(Clone, Default)]
pub struct StandIn(Arc<Service>);

#[derive(Default)]
struct Service {
    faults: Faults,
    rotations: AtomicUsize,
    fetches: AtomicUsize,
}

impl StandIn {
    pub fn settings(base_url: &str) -> FirebaseSettings {
        FirebaseSettings {
            keys_url: format!("{}{PATH}", base_url.trim_end_matches('/')),
            project_id: PROJECT.to_owned(),
        }
    }

    pub fn faults(&self) -> &Faults {
        &self.0.faults
    }

    /// From now on another key id is published and signed with.
    pub fn rotate(&self) {
        self.0.rotations.fetch_add(1, Ordering::SeqCst);
    }

    /// How often the keys were asked for.
    pub fn fetches(&self) -> usize {
        self.0.fetches.load(Ordering::SeqCst)
    }

    /// Serves until the future is dropped.
    pub async fn serve(self, listener: TcpListener) -> io::Result<()> {
        serve(listener, move |request| {
            self.0.fetches.fetch_add(1, Ordering::SeqCst);
            under(self.faults(), || self.answer(request))
        })
        .await
    }

    /// A token as Firebase gives it to an app whose user has just signed in. `None` is never seen.
    pub fn mint(&self, identity: &FirebaseIdentity, now: Timestamp) -> Option<String> {
        let now = now.as_second();
        let mut claims = json!({
            "iss": format!("https://securetoken.google.com/{PROJECT}"),
            "aud": PROJECT,
            "auth_time": now,
            "user_id": identity.subject,
            "sub": identity.subject,
            "iat": now,
            "exp": now + LIFE_SECONDS,
            "firebase": { "identities": {}, "sign_in_provider": "custom" },
        });
        let optional = [
            ("email", &identity.email),
            ("phone_number", &identity.phone_number),
            ("name", &identity.name),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                claims[name] = value.clone().into();
            }
        }
        if identity.email.is_some() {
            claims["email_verified"] = identity.email_verified.into();
        }
        self.sign(&claims)
    }

    /// Any claims at all, well signed.
    pub fn sign(&self, claims: &Value) -> Option<String> {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.key_id());
        jsonwebtoken::encode(&header, claims, &private_key(key::PRIVATE_KEY_PEM)?).ok()
    }

    fn key_id(&self) -> String {
        format!("stand-in-{}", self.0.rotations.load(Ordering::SeqCst))
    }

    fn answer(&self, request: &Request<Bytes>) -> Reply {
        if request.method() != Method::GET || request.uri().path() != PATH {
            return html(StatusCode::NOT_FOUND);
        }
        let jwk = json!({
            "kid": self.key_id(),
            "kty": "RSA",
            "alg": "RS256",
            "use": "sig",
            "n": key::MODULUS,
            "e": key::EXPONENT,
        });
        let mut reply = json(StatusCode::OK, &json!({ "keys": [jwk] }));
        let cache = HeaderValue::from_static("public, max-age=21600, must-revalidate, no-transform");
        reply.headers_mut().insert(header::CACHE_CONTROL, cache);
        reply
    }
}
