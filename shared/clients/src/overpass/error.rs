//! Why the map says nothing.

use thiserror::Error;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OverpassError {
    /// The settings cannot be used; only a person can repair them.
    #[error("the Overpass settings are unusable: {0}")]
    Settings(&'static str),
    /// We ask too often (429).
    #[error("Overpass is asked too often")]
    Busy { retry_after_seconds: Option<u64> },
    /// It is away, overloaded (504), or did not finish in time.
    #[error("Overpass is unavailable")]
    Unavailable,
    /// It does not take the question: our mistake. Holds the HTTP status.
    #[error("Overpass refused the question: {0}")]
    Refused(u16),
    /// An answer that is not documented.
    #[error("Overpass gave an answer that is not documented")]
    Unexpected,
}

impl OverpassError {
    /// Whether the same question may be asked again, later.
    pub fn may_retry(&self) -> bool {
        matches!(self, Self::Busy { .. } | Self::Unavailable)
    }

    /// When, if it said so.
    pub fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            Self::Busy { retry_after_seconds } => *retry_after_seconds,
            _ => None,
        }
    }
}
