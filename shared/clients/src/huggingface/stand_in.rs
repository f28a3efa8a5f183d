//! A Hugging Face that behaves: it takes what zero-shot classification takes, scores labels by the words they share
//! with the text, and fails in every documented way when told to.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::settings::is_model;
use super::{DEFAULT_MODEL, HuggingFaceSettings, MOST_LABELS, TIME_LIMIT};
use crate::stand_in::{Asked, Faults, Reply, html, json, serve, under};

const TOKEN: &str = "hf_knownToEverybodyOnThisMachine";

/// Failures that only Hugging Face has; those of any service are [`crate::stand_in::Fault`].
#[derive(Debug, Clone, PartialEq)]
pub enum Trouble {
    /// 429.
    Busy,
    /// 500.
    Internal,
    /// 503, with the seconds that loading takes.
    Loading { estimated_seconds: Option<f64> },
    /// 402.
    CreditsSpent,
    /// This in place of scores.
    Answer(Value),
    /// Scores in the shape of older deployments.
    OldShape,
}

/// Cheap to clone; all clones are the same service.
#[derive(Clone, Default)]
pub struct StandIn(Arc<Service>);

#[derive(Default)]
struct Service {
    faults: Faults,
    troubles: Faults<Trouble>,
    asked: Asked,
}

impl StandIn {
    /// What a client needs to be let in.
    pub fn settings(base_url: impl Into<String>) -> HuggingFaceSettings {
        HuggingFaceSettings {
            base_url: base_url.into(),
            model: DEFAULT_MODEL.to_owned(),
            token: TOKEN.to_owned(),
            time_limit: TIME_LIMIT,
        }
    }

    pub fn faults(&self) -> &Faults {
        &self.0.faults
    }

    pub fn troubles(&self) -> &Faults<Trouble> {
        &self.0.troubles
    }

    /// The bodies of well-formed questions so far, oldest first.
    pub fn asked(&self) -> Vec<Value> {
        self.0.asked.all()
    }

    /// Serves until the future is dropped.
    pub async fn serve(self, listener: TcpListener) -> io::Result<()> {
        serve(listener, move |request| under(self.faults(), || self.answer(request))).await
    }

    fn answer(&self, request: &Request<Bytes>) -> Reply {
        self.classify(request)
            .unwrap_or_else(|(status, error)| json(status, &json!({ "error": error })))
    }

    fn classify(&self, request: &Request<Bytes>) -> Result<Reply, (StatusCode, String)> {
        let Some(model) = request.uri().path().strip_prefix("/hf-inference/models/") else {
            return Ok(html(StatusCode::NOT_FOUND));
        };
        if request.method() != Method::POST || !is_model(model) {
            return Ok(html(StatusCode::NOT_FOUND));
        }
        let given = request.headers().get(header::AUTHORIZATION);
        if given.is_none_or(|given| given.as_bytes() != format!("Bearer {TOKEN}").as_bytes()) {
            return Err((StatusCode::UNAUTHORIZED, "Invalid username or password.".to_owned()));
        }
        if model != DEFAULT_MODEL {
            let message = format!("Model {model} is not supported by provider hf-inference");
            return Err((StatusCode::NOT_FOUND, message));
        }
        let (body, labels) = read(request).map_err(|message| (StatusCode::BAD_REQUEST, message.to_owned()))?;
        let scores = scores(body["inputs"].as_str().unwrap_or_default(), &labels);
        self.0.asked.note(body);
        self.reply(&scores)
    }

    fn reply(&self, scores: &[(String, f64)]) -> Result<Reply, (StatusCode, String)> {
        let body = match self.0.troubles.take() {
            None => scores
                .iter()
                .map(|(label, score)| json!({ "label": label, "score": score }))
                .collect(),
            Some(Trouble::OldShape) => json!({
                "sequence": "the text",
                "labels": scores.iter().map(|(label, _)| label).collect::<Vec<_>>(),
                "scores": scores.iter().map(|(_, score)| score).collect::<Vec<_>>(),
            }),
            Some(Trouble::Answer(answer)) => answer,
            Some(Trouble::Busy) => return Err((StatusCode::TOO_MANY_REQUESTS, "Rate limit reached.".to_owned())),
            Some(Trouble::Internal) => {
                return Err((StatusCode::INTERNAL_SERVER_ERROR, "Internal server error".to_owned()));
            }
            Some(Trouble::CreditsSpent) => {
                let message = "You have exceeded your monthly included credits for Inference Providers.";
                return Err((StatusCode::PAYMENT_REQUIRED, message.to_owned()));
            }
            Some(Trouble::Loading { estimated_seconds }) => {
                let mut body = json!({ "error": format!("Model {DEFAULT_MODEL} is currently loading") });
                if let Some(seconds) = estimated_seconds {
                    body["estimated_time"] = seconds.into();
                }
                return Ok(json(StatusCode::SERVICE_UNAVAILABLE, &body));
            }
        };
        Ok(json(StatusCode::OK, &body))
    }
}

/// The body and its labels.
fn read(request: &Request<Bytes>) -> Result<(Value, Vec<String>), &'static str> {
    let body: Value = serde_json::from_slice(request.body()).map_err(|_| "The body is no JSON")?;
    if body["inputs"].as_str().is_none_or(|text| text.trim().is_empty()) {
        return Err("Error in `inputs`: field required");
    }
    let labels = body["parameters"]["candidate_labels"].as_array();
    let labels = labels.ok_or("Error in `parameters.candidate_labels`: field required")?;
    let labels: Option<Vec<String>> = labels.iter().map(|label| label.as_str().map(str::to_owned)).collect();
    let labels = labels.filter(|labels| (1..=MOST_LABELS).contains(&labels.len()));
    let labels = labels.ok_or("Error in `parameters.candidate_labels`: up to ten texts")?;
    Ok((body, labels))
}

/// By falling score; they add up to 1.
fn scores(text: &str, labels: &[String]) -> Vec<(String, f64)> {
    let text = text.to_lowercase();
    let shared = |label: &String| {
        let label = label.to_lowercase();
        let words = label.split_whitespace().filter(|word| word.len() > 3);
        1.0 + 4.0 * words.filter(|word| text.contains(word)).count() as f64
    };
    let total: f64 = labels.iter().map(shared).sum();
    let scored = labels.iter().map(|label| (label.clone(), shared(label) / total));
    let mut scored: Vec<(String, f64)> = scored.collect();
    scored.sort_by(|a, b| b.1.total_cmp(&a.1));
    scored
}
