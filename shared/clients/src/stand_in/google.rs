//! Google's shape of refusals (google.rpc.Status, AIP-193). What each service refuses, it adds itself.

use http::StatusCode;
use serde_json::{Value, json};

use super::{Reply, json};

pub(crate) struct Refusal {
    status: StatusCode,
    name: &'static str,
    message: String,
    details: Vec<Value>,
}

impl Refusal {
    pub fn new(status: StatusCode, name: &'static str, message: impl Into<String>, details: Vec<Value>) -> Self {
        Self {
            status,
            name,
            message: message.into(),
            details,
        }
    }

    pub fn reply(&self) -> Reply {
        let mut error = json!({ "code": self.status.as_u16(), "message": self.message, "status": self.name });
        if !self.details.is_empty() {
            error["details"] = self.details.clone().into();
        }
        json(self.status, &json!({ "error": error }))
    }
}
