//! A Twilio Verify that behaves: it takes what the published OpenAPI document takes, repeats a code within ten minutes,
//! counts sends and checks, and hands every message on instead of sending it.
//!
//! Deliberately not here: fetching and canceling a verification, custom codes, silent network authentication.

mod answers;
mod parameters;
mod verifications;

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use data_encoding::BASE64;
use http::{Method, Request, header};
use tokio::net::TcpListener;

use super::TwilioSettings;
use crate::clock::Clock;
use crate::stand_in::{Faults, Reply, fields, serve, under};
use answers::{Refusal, refuse};
use verifications::{Place, Verifications};

const ACCOUNT_SID: &str = "AC00000000000000000000000000000000";
const SERVICE_SID: &str = "VA00000000000000000000000000000000";
const AUTH_TOKEN: &str = "known-to-everybody-on-this-machine";

/// A message as it would reach a person.
#[derive(Clone, PartialEq, Eq)]
pub struct SentCode {
    pub to: String,
    /// As Twilio writes it: `sms`, `call`, `email`.
    pub channel: String,
    pub locale: Option<String>,
    pub code: String,
    pub text: String,
}

/// Who gets a code, and which, is secret.
impl fmt::Debug for SentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SentCode([redacted])")
    }
}

/// Cheap to clone; all clones are the same service.
#[derive(Clone)]
pub struct StandIn(Arc<Service>);

struct Service {
    faults: Faults,
    clock: Mutex<Clock>,
    verifications: Mutex<Verifications>,
    record: Box<dyn Fn(SentCode) + Send + Sync>,
}

impl StandIn {
    /// `record` gets every message, before the request that caused it is answered.
    pub fn new(record: impl Fn(SentCode) + Send + Sync + 'static) -> Self {
        Self(Arc::new(Service {
            faults: Faults::default(),
            clock: Mutex::default(),
            verifications: Mutex::default(),
            record: Box::new(record),
        }))
    }

    /// What a client needs to be let in.
    pub fn settings(base_url: impl Into<String>) -> TwilioSettings {
        TwilioSettings {
            base_url: base_url.into(),
            account_sid: ACCOUNT_SID.to_owned(),
            auth_token: AUTH_TOKEN.to_owned(),
            service_sid: SERVICE_SID.to_owned(),
        }
    }

    pub fn faults(&self) -> &Faults {
        &self.0.faults
    }

    /// Codes expire by this clock.
    pub fn use_clock(&self, clock: Clock) {
        *self.0.clock.lock().unwrap_or_else(PoisonError::into_inner) = clock;
    }

    /// Text messages to this number are refused from now on.
    pub fn mark_landline(&self, number: impl Into<String>) {
        self.verifications().landlines.insert(number.into());
    }

    /// Everything to this number is refused from now on.
    pub fn mark_blocked(&self, number: impl Into<String>) {
        self.verifications().blocked.insert(number.into());
    }

    /// Serves until the future is dropped.
    pub async fn serve(self, listener: TcpListener) -> io::Result<()> {
        serve(listener, move |request| under(self.faults(), || self.answer(request))).await
    }

    fn answer(&self, request: &Request<Bytes>) -> Reply {
        self.handle(request).unwrap_or_else(|refusal| refuse(&refusal))
    }

    fn handle(&self, request: &Request<Bytes>) -> Result<Reply, Refusal> {
        authenticate(request)?;
        let path = request.uri().path();
        let (service, resource) = path
            .strip_prefix("/v2/Services/")
            .and_then(|rest| rest.split_once('/'))
            .ok_or_else(|| Refusal::not_found(path))?;
        if service != SERVICE_SID || request.method() != Method::POST {
            return Err(Refusal::not_found(path));
        }
        let now = self.0.clock.lock().unwrap_or_else(PoisonError::into_inner).now();
        let form = fields(request).ok_or_else(|| Refusal::invalid("Body"))?;
        let place = Place {
            now,
            service,
            account: ACCOUNT_SID,
            path,
        };
        match resource {
            "Verifications" => {
                let start = parameters::start(&form)?;
                let (body, message) = self.verifications().start(&start, &place)?;
                (self.0.record)(message);
                Ok(body)
            }
            "VerificationCheck" => self.verifications().check(&parameters::check(&form)?, &place),
            _ => Err(Refusal::not_found(path)),
        }
    }

    fn verifications(&self) -> MutexGuard<'_, Verifications> {
        self.0.verifications.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn authenticate(request: &Request<Bytes>) -> Result<(), Refusal> {
    let expected = format!(
        "Basic {}",
        BASE64.encode(format!("{ACCOUNT_SID}:{AUTH_TOKEN}").as_bytes())
    );
    let given = request.headers().get(header::AUTHORIZATION);
    if given.is_some_and(|given| given.as_bytes() == expected.as_bytes()) {
        Ok(())
    } else {
        Err(Refusal::new(401, 20003, "Authenticate"))
    }
}
