//! The one place where a refusal becomes a status: RFC 9457 problem documents with what old clients read beside it.

use domain::refusal::{FieldError, Kind, Refusal};
use http::StatusCode;
use serde::Serialize;

/// An answer that is not the wanted one.
#[derive(Debug)]
pub struct Problem {
    pub status: StatusCode,
    /// Stable and machine-readable.
    pub code: &'static str,
    /// A sentence for people; never input, never what failed inside.
    pub detail: String,
    /// What stands in `error` in place of the sentence, for clients that compare it.
    pub error: Option<String>,
    pub errors: Vec<FieldError>,
    pub members: serde_json::Map<String, serde_json::Value>,
    /// Methods that the path does take, for 405.
    pub allow: Option<String>,
    /// How to prove who one is, for 401.
    pub challenge: Challenge,
    /// When the same request may pass, for `Retry-After`.
    pub retry_after_seconds: Option<u64>,
    /// What happened, for the log only.
    pub cause: Option<String>,
}

/// A way to prove who one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Challenge {
    /// A token.
    Bearer,
    /// A user name and a password.
    Basic,
}

impl Challenge {
    /// As `WWW-Authenticate` has it.
    pub(crate) fn header(self) -> &'static str {
        match self {
            Challenge::Bearer => "Bearer",
            Challenge::Basic => "Basic realm=\"polyclinic\"",
        }
    }
}

/// A problem on the wire.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Problem")]
pub struct ProblemBody {
    /// Always `about:blank`: `code` tells problems apart.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The status in words.
    pub title: &'static str,
    pub status: u16,
    /// What happened, for a person.
    pub detail: String,
    /// The same sentence, where facial-derma clients read it.
    pub error: String,
    /// The same sentence, where dental clients read it.
    pub message: String,
    /// Stable and machine-readable.
    pub code: &'static str,
    pub request_id: String,
    /// Validation only: which fields are wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub errors: Vec<FieldError>,
    /// Further members that a product's clients read.
    #[serde(flatten)]
    pub members: serde_json::Map<String, serde_json::Value>,
}

impl Problem {
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
            error: None,
            errors: Vec::new(),
            members: serde_json::Map::new(),
            allow: None,
            challenge: Challenge::Bearer,
            retry_after_seconds: None,
            cause: None,
        }
    }

    /// Our own mistake. The cause goes to the log, the caller gets a general sentence.
    pub fn internal(cause: impl Into<String>) -> Self {
        Self {
            cause: Some(cause.into()),
            ..Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "Something went wrong on our side.",
            )
        }
    }

    /// Something outside does not answer now.
    pub fn unavailable(cause: impl Into<String>) -> Self {
        let detail = "The service is busy. Please try again in a moment.";
        Self {
            cause: Some(cause.into()),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail)
        }
    }

    /// Fields that are missing or malformed.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = match errors.first() {
            Some(error) => format!("{}: {}", error.loc.join("."), error.msg),
            None => "The request is not valid.".to_owned(),
        };
        Self {
            errors,
            ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "validation_error", detail)
        }
    }

    pub(crate) fn into_body(self, request_id: &str) -> ProblemBody {
        ProblemBody {
            kind: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            error: self.error.unwrap_or_else(|| self.detail.clone()),
            message: self.detail.clone(),
            detail: self.detail,
            code: self.code,
            request_id: request_id.to_owned(),
            errors: self.errors,
            members: self.members,
        }
    }
}

impl<E: Refusal> From<E> for Problem {
    fn from(error: E) -> Self {
        let kind = error.kind();
        match kind {
            Kind::Internal => return Self::internal(error.to_string()),
            Kind::Unavailable => return Self::unavailable(error.to_string()),
            _ => {}
        }
        Self {
            errors: error.fields(),
            members: error.members(),
            retry_after_seconds: error.retry_after_seconds(),
            ..Self::new(status(kind), error.code(), error.to_string())
        }
    }
}

fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::BadRequest => StatusCode::BAD_REQUEST,
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Gone => StatusCode::GONE,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::Unsupported => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Kind::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
        Kind::NotSetUp | Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
