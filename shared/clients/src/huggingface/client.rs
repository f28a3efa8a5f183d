//! Asks for scores, and asks again where that may help.

use std::time::Duration;

use http::{HeaderValue, Uri, header};
use serde_json::json;

use super::answer::{self, Turn};
use super::settings::is_model;
use super::{HuggingFaceError, HuggingFaceSettings};
use crate::https::{self, Connections, HttpsClient};
use crate::patience::{Patience, back_off};

/// More make every label less sure, and the model slower: it reads the text once for each.
pub const MOST_LABELS: usize = 10;
const MOST_TEXT_BYTES: usize = 16 * 1024;
const BACK_OFF: Duration = Duration::from_millis(400);

/// How well a label fits, 0 to 1; those of one answer add up to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    pub label: String,
    pub score: f64,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct HuggingFaceClient {
    https: HttpsClient,
    url: Uri,
    authorization: HeaderValue,
    time_limit: Duration,
}

impl HuggingFaceClient {
    pub fn new(settings: &HuggingFaceSettings) -> Result<Self, HuggingFaceError> {
        let HuggingFaceSettings {
            base_url,
            model,
            token,
            time_limit,
        } = settings;
        if !is_model(model) {
            return Err(HuggingFaceError::Settings("the model is owner/name"));
        }
        if token.is_empty() {
            return Err(HuggingFaceError::Settings("the token is missing"));
        }
        Ok(Self {
            https: HttpsClient::new(Connections::OnePerRequest).map_err(|_| HuggingFaceError::Settings("TLS"))?,
            url: https::url(base_url, &format!("/hf-inference/models/{model}"))
                .ok_or(HuggingFaceError::Settings("the base URL is no URL"))?,
            authorization: https::secret_header(&format!("Bearer {token}"))
                .ok_or(HuggingFaceError::Settings("the token is not printable"))?,
            time_limit: *time_limit,
        })
    }

    /// The labels, best first. All tries share one time limit.
    pub async fn classify(&self, text: &str, labels: &[&str]) -> Result<Vec<Scored>, HuggingFaceError> {
        if text.trim().is_empty() || labels.is_empty() || labels.len() > MOST_LABELS {
            return Err(HuggingFaceError::Invalid);
        }
        if text.len() > MOST_TEXT_BYTES {
            return Err(HuggingFaceError::TooLarge);
        }
        let body = json!({
            "inputs": text,
            "parameters": { "candidate_labels": labels, "multi_label": false },
        });
        let patience = Patience::of(self.time_limit);
        let mut tries = 0;
        loop {
            let mut request = https::json(&self.url, &body);
            let headers = request.headers_mut();
            headers.insert(header::AUTHORIZATION, self.authorization.clone());
            let turn = answer::read(self.https.send(request, patience.left()).await, labels);
            let (error, wait) = match turn {
                Turn::Scores(scores) => return Ok(scores),
                Turn::Failed(error) => return Err(error),
                Turn::Again { error, most, wait } if tries < most => {
                    // A model that is loading is asked again before the time is over, whatever it says of itself.
                    let wait = wait.map(|told| told.min(self.time_limit / 2));
                    (error, wait.unwrap_or_else(|| back_off(BACK_OFF, tries)))
                }
                Turn::Again { error, .. } => return Err(error),
            };
            if !patience.wait(wait).await {
                return Err(error);
            }
            tries += 1;
        }
    }
}
