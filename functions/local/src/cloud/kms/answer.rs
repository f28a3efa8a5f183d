//! Answers and refusals, in KMS's JSON.

use std::fmt::Display;

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::{Value, json};

use crate::cloud::signature::Unsigned;
use crate::cloud::uuid;

/// The name of the exception, from which an SDK makes its typed error.
pub struct Refusal {
    code: &'static str,
    message: String,
}

impl Refusal {
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    pub fn invalid(member: &str, must: &str) -> Self {
        let message = format!(
            "1 validation error detected: Value at '{member}' failed to satisfy constraint: Member must {must}"
        );
        Self::new("ValidationException", message)
    }

    pub fn internal(error: &dyn Display) -> Self {
        Self::new("KMSInternalException", error.to_string())
    }
}

impl From<Unsigned> for Refusal {
    fn from(unsigned: Unsigned) -> Self {
        let code = match unsigned {
            Unsigned::NoToken => "MissingAuthenticationTokenException",
            Unsigned::Incomplete(_) => "IncompleteSignatureException",
            Unsigned::UnknownKey => "UnrecognizedClientException",
            Unsigned::OutOfTime | Unsigned::Mismatch => "InvalidSignatureException",
        };
        Self::new(code, unsigned.to_string())
    }
}

pub fn write(answer: Result<Value, Refusal>) -> Response {
    let (status, body) = match answer {
        Ok(body) => (StatusCode::OK, body),
        Err(Refusal { code, message }) => {
            let status = match code {
                "KMSInternalException" => StatusCode::INTERNAL_SERVER_ERROR,
                _ => StatusCode::BAD_REQUEST,
            };
            (status, json!({ "__type": code, "message": message }))
        }
    };
    let headers = [
        (header::CONTENT_TYPE.as_str(), "application/x-amz-json-1.1".to_owned()),
        ("x-amzn-requestid", uuid()),
    ];
    (status, headers, body.to_string()).into_response()
}
