//! How a rule says no.
//!
//! A domain error names what happened to the caller. It says nothing of HTTP: the runtime alone turns a
//! [`Kind`] into a status, once, for the whole product.

use std::fmt;

/// What sort of "no" it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The request is wrong in a way its product's document answers with 400.
    BadRequest,
    /// A field is missing or malformed.
    Invalid,
    /// Nobody is signed in, or the proof of it is no good.
    Unauthenticated,
    /// Signed in, but not allowed to.
    Forbidden,
    /// Not there, or not there for this caller.
    NotFound,
    /// It was there, and will not be again.
    Gone,
    /// Somebody else was first, or the thing has moved on.
    Conflict,
    /// More bytes than can be taken.
    TooLarge,
    /// Bytes of a kind that cannot be read.
    Unsupported,
    /// More often than is allowed; the same request will work later.
    TooManyRequests,
    /// The operator has not set up what it takes.
    NotSetUp,
    /// An outside part cannot answer now; the same request may work later.
    Unavailable,
    /// Our own mistake.
    Internal,
}

impl Kind {
    /// Whether the caller may be told the details: what failed inside stays inside.
    pub fn is_callers_fault(self) -> bool {
        !matches!(self, Kind::Unavailable | Kind::Internal)
    }
}

/// An error that a caller is answered with. `Display` is the public sentence.
pub trait Refusal: std::error::Error + Send + Sync + 'static {
    fn kind(&self) -> Kind;

    /// Stable and machine-readable, such as `email_taken`.
    fn code(&self) -> &'static str;

    /// Which fields are wrong, for validation errors.
    fn fields(&self) -> Vec<FieldError> {
        Vec::new()
    }

    /// When the same request may pass, where that is known.
    fn retry_after_seconds(&self) -> Option<u64> {
        None
    }

    /// Members that an old client reads beside the standard ones.
    fn members(&self) -> serde_json::Map<String, serde_json::Value> {
        serde_json::Map::new()
    }
}

/// One wrong field. The value itself is never echoed: it may be a secret or health data.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct FieldError {
    /// Path to the field, outermost first: `["body", "email"]`.
    pub loc: Vec<String>,
    /// What is wrong, for a developer.
    pub msg: String,
    /// Machine-readable sort of error: `missing`, `invalid`, …
    #[serde(rename = "type")]
    pub kind: String,
}

impl FieldError {
    pub fn new(place: &str, field: impl fmt::Display, kind: &str, msg: impl fmt::Display) -> Self {
        Self {
            loc: vec![place.to_owned(), field.to_string()],
            msg: msg.to_string(),
            kind: kind.to_owned(),
        }
    }
}
