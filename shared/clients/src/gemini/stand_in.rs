//! A Gemini that behaves: it takes what the documented request looks like and nothing else, answers in the shape that
//! is asked for, and fails in every documented way when told to.
//!
//! It understands nothing. What it says is the least that fits the schema, or what [`StandIn::will_say`] put into its
//! mouth. Deliberately not here: quotas, streaming, files, tools.

mod answers;
mod request;
mod sample;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use serde_json::Value;
use tokio::net::TcpListener;

use super::{DEFAULT_MODEL, GeminiSettings, TIME_LIMIT};
use crate::stand_in::google::Refusal;
use crate::stand_in::{Asked, Faults, Reply, html, json, serve_up_to, under};

const API_KEY: &str = "known-to-everybody-on-this-machine";
/// As served in November 2026; any other is unknown.
const MODELS: [&str; 7] = [
    "gemini-3.8-flash",
    "gemini-3.7-flash",
    "gemini-3.6-flash",
    "gemini-3.5-flash",
    "gemini-3.5-flash-lite",
    "gemini-3.1-flash-lite",
    "gemini-2.5-flash-lite",
];
const MOST_BYTES: usize = 20 * 1024 * 1024;

/// Failures that only Gemini has; those of any service are [`crate::stand_in::Fault`].
#[derive(Debug, Clone, PartialEq)]
pub enum Trouble {
    /// 429, perhaps with the delay that is asked for.
    Quota { retry_seconds: Option<u32> },
    /// 500.
    Internal,
    /// 503.
    Overloaded,
    /// The prompt is refused: 200 without a candidate.
    PromptBlocked(&'static str),
    /// The answer ends for this reason, without content: `SAFETY`, `RECITATION`, `OTHER`, …
    Finished(&'static str),
    /// The first half of what would be said, and `MAX_TOKENS`.
    Cut,
    /// This text in place of JSON, with `STOP`.
    Text(String),
    /// This much of nothing, as JSON of the wrong shape.
    Huge { bytes: usize },
}

/// Cheap to clone; all clones are the same service.
#[derive(Clone, Default)]
pub struct StandIn(Arc<Service>);

#[derive(Default)]
struct Service {
    faults: Faults,
    troubles: Faults<Trouble>,
    said: Mutex<Option<Value>>,
    asked: Asked,
}

impl StandIn {
    /// What a client needs to be let in.
    pub fn settings(base_url: impl Into<String>) -> GeminiSettings {
        GeminiSettings {
            base_url: base_url.into(),
            model: DEFAULT_MODEL.to_owned(),
            api_key: API_KEY.to_owned(),
            time_limit: TIME_LIMIT,
        }
    }

    pub fn faults(&self) -> &Faults {
        &self.0.faults
    }

    pub fn troubles(&self) -> &Faults<Trouble> {
        &self.0.troubles
    }

    /// The answer to every question from now on.
    pub fn will_say(&self, answer: Value) {
        *self.said() = Some(answer);
    }

    /// The bodies of well-formed questions so far, oldest first.
    pub fn asked(&self) -> Vec<Value> {
        self.0.asked.all()
    }

    /// Serves until the future is dropped.
    pub async fn serve(self, listener: TcpListener) -> io::Result<()> {
        serve_up_to(MOST_BYTES, listener, move |request| {
            under(self.faults(), || self.answer(request))
        })
        .await
    }

    fn answer(&self, request: &Request<Bytes>) -> Reply {
        let model = request.uri().path().strip_prefix("/v1beta/models/");
        let Some((model, "generateContent")) = model.and_then(|rest| rest.split_once(':')) else {
            return html(StatusCode::NOT_FOUND);
        };
        if request.method() != Method::POST {
            return html(StatusCode::METHOD_NOT_ALLOWED);
        }
        self.generate(request, model).unwrap_or_else(|refusal| refusal.reply())
    }

    fn generate(&self, request: &Request<Bytes>, model: &str) -> Result<Reply, Refusal> {
        request::authenticate(request, API_KEY)?;
        if !MODELS.contains(&model) {
            return Err(Refusal::unknown_model(model));
        }
        let body = request::read(request)?;
        let schema = &body["generationConfig"]["responseSchema"];
        let said = self.said().clone().unwrap_or_else(|| sample::of(schema));
        self.0.asked.note(body);
        match self.0.troubles.take() {
            None => Ok(json(
                StatusCode::OK,
                &answers::finished(model, &said.to_string(), "STOP"),
            )),
            Some(trouble) => answers::of_trouble(&trouble, model, &said),
        }
    }

    fn said(&self) -> MutexGuard<'_, Option<Value>> {
        self.0.said.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
