//! An FCM that behaves: it gives access tokens for well-signed assertions only, takes what the documented message
//! looks like, knows which registration tokens are gone, and hands every push on instead of delivering it.
//!
//! Deliberately not here: delivery, quotas, and the subscribers of topics.

mod messages;
mod oauth;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use serde_json::json;
use tokio::net::TcpListener;

use super::FcmSettings;
use crate::clock::Clock;
use crate::stand_in::google::Refusal;
use crate::stand_in::{Faults, Reply, html, json, key, serve, under};

use oauth::AccessTokens;

const PROJECT: &str = "polyclinic-local";
const EMAIL: &str = "push@polyclinic-local.iam.gserviceaccount.com";
const KEY_ID: &str = "0123456789abcdef0123456789abcdef01234567";

/// A push as an app would get it.
#[derive(Clone, PartialEq, Eq)]
pub struct SentPush {
    /// The registration token, or the topic or condition.
    pub to: String,
    pub title: Option<String>,
    pub body: Option<String>,
    pub data: BTreeMap<String, String>,
}

impl fmt::Debug for SentPush {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SentPush([redacted])")
    }
}

/// Cheap to clone; all clones are the same service.
#[derive(Clone)]
pub struct StandIn(Arc<Service>);

struct Service {
    faults: Faults,
    state: Mutex<State>,
    record: Box<dyn Fn(SentPush) + Send + Sync>,
}

#[derive(Default)]
struct State {
    clock: Clock,
    access_tokens: AccessTokens,
    /// What is wrong with a registration token, as FCM's error code.
    bad: HashMap<String, &'static str>,
}

impl StandIn {
    /// `record` gets every push, before the request that caused it is answered.
    pub fn new(record: impl Fn(SentPush) + Send + Sync + 'static) -> Self {
        Self(Arc::new(Service {
            faults: Faults::default(),
            state: Mutex::default(),
            record: Box::new(record),
        }))
    }

    /// What a client needs to be let in.
    pub fn settings(base_url: &str) -> FcmSettings {
        FcmSettings {
            base_url: base_url.to_owned(),
            service_account_json: service_account(base_url),
            token_url: None,
        }
    }

    pub fn faults(&self) -> &Faults {
        &self.0.faults
    }

    /// Assertions and access tokens are judged by this clock.
    pub fn use_clock(&self, clock: Clock) {
        self.state().clock = clock;
    }

    /// As when the app was removed.
    pub fn unregister(&self, token: impl Into<String>) {
        self.state().bad.insert(token.into(), "UNREGISTERED");
    }

    /// As when the token was made for another project.
    pub fn mismatch(&self, token: impl Into<String>) {
        self.state().bad.insert(token.into(), "SENDER_ID_MISMATCH");
    }

    /// Messages to it are refused for what they hold, whatever that is; the token is good.
    pub fn take_no_message_for(&self, token: impl Into<String>) {
        self.state().bad.insert(token.into(), "MESSAGE");
    }

    /// Access tokens given out so far are no longer taken.
    pub fn revoke_access_tokens(&self) {
        self.state().access_tokens.revoke();
    }

    /// How many access tokens were given out.
    pub fn access_tokens_given(&self) -> usize {
        self.state().access_tokens.given
    }

    /// Serves until the future is dropped.
    pub async fn serve(self, listener: TcpListener) -> io::Result<()> {
        serve(listener, move |request| under(self.faults(), || self.answer(request))).await
    }

    fn answer(&self, request: &Request<Bytes>) -> Reply {
        let send = format!("/v1/projects/{PROJECT}/messages:send");
        match (request.method(), request.uri().path()) {
            (&Method::POST, "/token") => {
                let mut state = self.state();
                let now = state.clock.now();
                oauth::grant(request, &mut state.access_tokens, now)
            }
            (&Method::POST, path) if path == send => self.send(request).unwrap_or_else(|refusal| refusal.reply()),
            (&Method::POST, path) if path.starts_with("/v1/projects/") => Refusal::other_project().reply(),
            _ => html(StatusCode::NOT_FOUND),
        }
    }

    fn send(&self, request: &Request<Bytes>) -> Result<Reply, Refusal> {
        let given = request.headers().get(header::AUTHORIZATION);
        let bearer = given.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        let state = self.state();
        if !bearer.is_some_and(|token| state.access_tokens.knows(token, state.clock.now())) {
            return Err(Refusal::unauthenticated());
        }
        let message = messages::read(request.body())?;
        if let Some(code) = state.bad.get(&message.push.to) {
            return Err(Refusal::bad_token(code));
        }
        drop(state);
        if !message.validate_only {
            (self.0.record)(message.push);
        }
        let name = format!("projects/{PROJECT}/messages/{:032x}", fastrand::u128(..));
        Ok(json(StatusCode::OK, &json!({ "name": name })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A key file that this stand-in lets in; its key is known to everybody.
pub(super) fn service_account(base_url: &str) -> String {
    let account = json!({
        "type": "service_account",
        "project_id": PROJECT,
        "private_key_id": KEY_ID,
        "private_key": key::PRIVATE_KEY_PEM,
        "client_email": EMAIL,
        "client_id": "100000000000000000001",
        "token_uri": format!("{}/token", base_url.trim_end_matches('/')),
        "universe_domain": "googleapis.com",
    });
    account.to_string()
}
