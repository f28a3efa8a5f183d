//! What can go wrong with a push, named after what its sender should do about it.

use std::time::Duration;

use thiserror::Error;

use crate::push::PushRefused;

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FcmError {
    /// The settings cannot be used; only a person can repair them.
    #[error("the FCM settings are unusable: {0}")]
    Settings(&'static str),
    /// The app was removed, or the token belongs to another project: delete the token.
    #[error("the registration token is gone")]
    TokenGone,
    /// A mistake of ours, found before sending. The token is good.
    #[error("the push cannot be written: {0}")]
    Unwritable(#[from] PushRefused),
    /// A mistake of ours, found by FCM. The token is good.
    #[error("FCM does not take the message")]
    Malformed,
    /// Too many messages. Nothing was sent.
    #[error("the quota of FCM is used up")]
    Quota { retry_after: Option<Duration> },
    /// Nothing is known about the message: it may arrive twice.
    #[error("FCM is unavailable")]
    Unavailable { retry_after: Option<Duration> },
    /// Credentials, roles or a switched-off service: tell an operator. The token is good.
    #[error("FCM refuses our project: {0}")]
    Alarm(&'static str),
}

impl FcmError {
    pub fn may_retry(&self) -> bool {
        matches!(self, Self::Quota { .. } | Self::Unavailable { .. })
    }

    /// The least time before the first repetition, which should double from there on, with jitter.
    pub fn wait(&self) -> Option<Duration> {
        match self {
            Self::Quota { retry_after } => Some(retry_after.unwrap_or(Duration::from_secs(60))),
            Self::Unavailable { retry_after } => Some(retry_after.unwrap_or(Duration::from_secs(1))),
            _ => None,
        }
    }

    /// Whether the token must be deleted.
    pub fn token_gone(&self) -> bool {
        matches!(self, Self::TokenGone)
    }

    pub(super) fn unavailable() -> Self {
        Self::Unavailable { retry_after: None }
    }
}
