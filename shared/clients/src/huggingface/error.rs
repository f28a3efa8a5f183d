//! What can go wrong with a classification. Nothing here holds what was asked or answered.

use thiserror::Error;

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HuggingFaceError {
    /// The settings cannot be used; only a person can repair them.
    #[error("the Hugging Face settings are unusable: {0}")]
    Settings(&'static str),
    #[error("Hugging Face does not take the text or the labels")]
    Invalid,
    #[error("the text is too large for Hugging Face")]
    TooLarge,
    /// The token is wrong, or lacks the right to call providers or this model.
    #[error("Hugging Face refuses our token: {0}")]
    Refused(u16),
    #[error("the credits at Hugging Face are spent")]
    CreditsSpent,
    #[error("Hugging Face does not serve the configured model")]
    ModelUnknown,
    #[error("Hugging Face is asked too often")]
    Busy,
    /// For longer than anybody waits.
    #[error("Hugging Face is still loading the model")]
    Loading,
    #[error("Hugging Face is unavailable")]
    Unavailable,
    #[error("Hugging Face did not answer in time")]
    TimedOut,
    /// Not scores of the labels that were asked for.
    #[error("Hugging Face did not answer with scores of the labels")]
    Malformed,
    #[error("Hugging Face gave an answer that is not documented: {0}")]
    Unexpected(u16),
}

/// What to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// Go on without it; the same request may pass later.
    GoWithout,
    /// The same, and tell an operator.
    Alarm,
}

impl HuggingFaceError {
    pub fn advice(&self) -> Advice {
        match self {
            Self::Settings(_) | Self::Refused(_) | Self::CreditsSpent | Self::ModelUnknown | Self::Unexpected(_) => {
                Advice::Alarm
            }
            Self::Invalid
            | Self::TooLarge
            | Self::Busy
            | Self::Loading
            | Self::Unavailable
            | Self::TimedOut
            | Self::Malformed => Advice::GoWithout,
        }
    }
}
