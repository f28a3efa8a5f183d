//! What a handler gives, and what it means to API Gateway.

use std::collections::BTreeMap;

use domain::socket::PROTOCOL;
use http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};

use crate::problem::Problem;

/// Longer ones are not given back.
const LONGEST_ID: usize = 64;

/// The answer to one event.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SocketAnswer {
    pub status_code: u16,
    pub headers: BTreeMap<&'static str, &'static str>,
    /// What is said back, as text that is JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

/// What a handler gives.
pub trait SocketOutput: Send {
    /// None where nothing is said back.
    fn into_message(self) -> Result<Option<Value>, Problem>;
}

/// A connection is taken, or a word that there is no more to say to.
pub struct Accepted;

impl SocketOutput for Accepted {
    fn into_message(self) -> Result<Option<Value>, Problem> {
        Ok(None)
    }
}

/// An object with its own `type`.
pub struct Reply<T>(pub T);

impl<T: Serialize + Send> SocketOutput for Reply<T> {
    fn into_message(self) -> Result<Option<Value>, Problem> {
        let value = serde_json::to_value(self.0).map_err(|error| Problem::internal(error.to_string()))?;
        Ok(Some(value))
    }
}

impl SocketAnswer {
    /// The handshake goes on with our protocol.
    pub(super) fn connected() -> Self {
        Self {
            status_code: StatusCode::OK.as_u16(),
            headers: BTreeMap::from([("Sec-WebSocket-Protocol", PROTOCOL)]),
            body: None,
        }
    }

    /// `status` reaches the client only when it connects.
    pub(super) fn refused(status: StatusCode) -> Self {
        Self {
            status_code: status.as_u16(),
            headers: BTreeMap::new(),
            body: None,
        }
    }

    /// `reply_to`: what the client called the message that this answers.
    pub(super) fn said(message: Option<Value>, reply_to: Option<String>) -> Self {
        let message = message.map(|mut message| {
            if let Some(id) = reply_to.filter(|id| id.len() <= LONGEST_ID) {
                message["reply_to"] = id.into();
            }
            message.to_string()
        });
        Self {
            status_code: StatusCode::OK.as_u16(),
            headers: BTreeMap::new(),
            body: message,
        }
    }
}

/// A problem as clients of the WebSocket API read it.
pub(super) fn problem_message(problem: Problem, request_id: &str) -> Value {
    let mut message = json!({
        "type": "problem",
        "status": problem.status.as_u16(),
        "code": problem.code,
        "detail": problem.detail,
        "request_id": request_id,
    });
    if !problem.errors.is_empty() {
        message["errors"] = serde_json::to_value(&problem.errors).unwrap_or_default();
    }
    if let Some(seconds) = problem.retry_after_seconds {
        message["retry_after_seconds"] = seconds.into();
    }
    message
}
