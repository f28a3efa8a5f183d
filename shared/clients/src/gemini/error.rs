//! What can go wrong with a question to the model. Nothing here holds what was asked or answered.

use std::time::Duration;

use thiserror::Error;

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum GeminiError {
    /// The settings cannot be used; only a person can repair them.
    #[error("the Gemini settings are unusable: {0}")]
    Settings(&'static str),
    /// A malformed request, or a picture that the model cannot read.
    #[error("Gemini does not take the request or a picture in it")]
    Invalid,
    #[error("the request is too large for Gemini")]
    TooLarge,
    /// The key is wrong, restricted or leaked, or the region is not served without billing.
    #[error("Gemini refuses our key or project: {0}")]
    Refused(u16),
    #[error("Gemini does not serve the configured model")]
    ModelGone,
    #[error("the quota for Gemini is used up")]
    Quota { retry_after: Option<Duration> },
    #[error("Gemini is unavailable")]
    Unavailable,
    #[error("Gemini did not answer in time")]
    TimedOut,
    /// The question, or what the model was about to say, is against the provider's rules. Holds the rule.
    #[error("Gemini does not answer this: {0}")]
    Blocked(&'static str),
    /// The answer was longer than allowed, so its JSON is cut.
    #[error("the answer of Gemini is cut")]
    Cut,
    /// The model stopped for another reason, which it may not even name.
    #[error("Gemini did not finish its answer: {0}")]
    Unfinished(&'static str),
    /// Not the JSON that was asked for, or beyond its bounds.
    #[error("Gemini did not answer in the shape that was asked for")]
    Malformed,
    #[error("Gemini gave an answer that is not documented: {0}")]
    Unexpected(u16),
}

/// What to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// Go on without it; another question, or the same one later, may be answered.
    GoWithout,
    /// The same, and tell an operator.
    Alarm,
}

impl GeminiError {
    pub fn advice(&self) -> Advice {
        match self {
            Self::Settings(_) | Self::Refused(_) | Self::ModelGone | Self::Unexpected(_) => Advice::Alarm,
            Self::Invalid
            | Self::TooLarge
            | Self::Quota { .. }
            | Self::Unavailable
            | Self::TimedOut
            | Self::Blocked(_)
            | Self::Cut
            | Self::Unfinished(_)
            | Self::Malformed => Advice::GoWithout,
        }
    }
}
