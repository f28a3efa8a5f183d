//! Answers in Twilio's shape.

use http::StatusCode;
use serde_json::json;

use crate::stand_in::{Reply, json};

pub(super) struct Refusal {
    status: u16,
    code: u32,
    message: String,
}

impl Refusal {
    pub fn new(status: u16, code: u32, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
        }
    }

    pub fn not_found(path: &str) -> Self {
        let path = path.strip_prefix("/v2").unwrap_or(path);
        Self::new(404, 20404, format!("The requested resource {path} was not found"))
    }

    /// Unlike Twilio's, the message does not repeat the value.
    pub fn invalid(parameter: &str) -> Self {
        Self::new(400, 60200, format!("Invalid parameter `{parameter}`"))
    }
}

pub(super) fn refuse(refusal: &Refusal) -> Reply {
    let Refusal { status, code, message } = refusal;
    let body = json!({
        "code": code,
        "message": message,
        "more_info": format!("https://www.twilio.com/docs/errors/{code}"),
        "status": status,
    });
    json(StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_REQUEST), &body)
}
