//! Answers and refusals in Gemini's shape.

use http::StatusCode;
use serde_json::{Value, json};

use super::Trouble;
use crate::stand_in::google::Refusal;
use crate::stand_in::{Reply, json};

impl Refusal {
    pub fn unregistered() -> Self {
        let message = "Method doesn't allow unregistered callers (callers without established identity).";
        Self::new(StatusCode::FORBIDDEN, "PERMISSION_DENIED", message, Vec::new())
    }

    pub fn bad_key() -> Self {
        let detail = json!({
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "API_KEY_INVALID",
            "domain": "googleapis.com",
            "metadata": { "service": "generativelanguage.googleapis.com" },
        });
        let message = "API key not valid. Please pass a valid API key.";
        Self::new(StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", message, vec![detail])
    }

    pub fn unknown_model(model: &str) -> Self {
        let message = format!("models/{model} is not found for API version v1beta, or is not supported.");
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", message, Vec::new())
    }

    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", message, Vec::new())
    }

    pub fn bad_image() -> Self {
        Self::invalid("Unable to process input image. Please retry.")
    }

    fn quota(retry_seconds: Option<u32>) -> Self {
        let mut details = vec![json!({
            "@type": "type.googleapis.com/google.rpc.QuotaFailure",
            "violations": [{ "quotaId": "GenerateRequestsPerMinutePerProjectPerModel", "quotaValue": "10" }],
        })];
        details.extend(retry_seconds.map(|seconds| {
            json!({
                "@type": "type.googleapis.com/google.rpc.RetryInfo",
                "retryDelay": format!("{seconds}s"),
            })
        }));
        let message = "You exceeded your current quota, please check your plan and billing details.";
        Self::new(StatusCode::TOO_MANY_REQUESTS, "RESOURCE_EXHAUSTED", message, details)
    }
}

/// One candidate with this text.
pub(super) fn finished(model: &str, text: &str, reason: &str) -> Value {
    json!({
        "candidates": [{
            "content": { "role": "model", "parts": [{ "text": text }] },
            "finishReason": reason,
            "index": 0,
            "safetyRatings": [{ "category": "HARM_CATEGORY_DANGEROUS_CONTENT", "probability": "NEGLIGIBLE" }],
        }],
        "usageMetadata": usage(),
        "modelVersion": model,
        "responseId": format!("{:016x}", fastrand::u64(..)),
    })
}

fn usage() -> Value {
    json!({ "promptTokenCount": 300, "candidatesTokenCount": 20, "totalTokenCount": 320 })
}

/// `said` is what would have been the answer.
pub(super) fn of_trouble(trouble: &Trouble, model: &str, said: &Value) -> Result<Reply, Refusal> {
    let body = match trouble {
        Trouble::Quota { retry_seconds } => return Err(Refusal::quota(*retry_seconds)),
        Trouble::Internal => {
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            return Err(Refusal::new(
                status,
                "INTERNAL",
                "An internal error has occurred.",
                Vec::new(),
            ));
        }
        Trouble::Overloaded => {
            let message = "The model is overloaded. Please try again later.";
            let status = StatusCode::SERVICE_UNAVAILABLE;
            return Err(Refusal::new(status, "UNAVAILABLE", message, Vec::new()));
        }
        Trouble::PromptBlocked(reason) => json!({
            "promptFeedback": { "blockReason": reason },
            "usageMetadata": usage(),
            "modelVersion": model,
        }),
        Trouble::Finished(reason) => json!({
            "candidates": [{ "finishReason": reason, "index": 0 }],
            "usageMetadata": usage(),
            "modelVersion": model,
        }),
        Trouble::Cut => {
            let text = said.to_string();
            let half: String = text.chars().take(text.chars().count() / 2).collect();
            finished(model, &half, "MAX_TOKENS")
        }
        Trouble::Text(text) => finished(model, text, "STOP"),
        Trouble::Huge { bytes } => finished(model, &format!("[\"{}\"]", "x".repeat(*bytes)), "STOP"),
    };
    Ok(json(StatusCode::OK, &body))
}
