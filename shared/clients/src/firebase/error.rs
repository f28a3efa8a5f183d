//! Why nobody was recognised: for lack of a good token (401), or for lack of keys to judge it by (503).

use thiserror::Error;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FirebaseError {
    /// The settings cannot be used; only a person can repair them.
    #[error("the Firebase settings are unusable: {0}")]
    Settings(&'static str),
    /// The token is not good, now or ever.
    #[error("the token is refused: {0}")]
    Rejected(#[from] Rejected),
    /// Google's keys cannot be had. The token may be good.
    #[error("Firebase's keys are unavailable")]
    Unavailable,
}

impl FirebaseError {
    /// Whether the same token may be shown again, later.
    pub fn may_retry(&self) -> bool {
        matches!(self, Self::Unavailable)
    }
}

/// For the log; the caller need not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Rejected {
    #[error("it is no token of the documented form")]
    Malformed,
    #[error("it is not signed with RS256")]
    Algorithm,
    #[error("it names no key that Firebase publishes")]
    UnknownKey,
    #[error("its signature is wrong")]
    Signature,
    #[error("it is expired")]
    Expired,
    #[error("it comes from the future")]
    FromTheFuture,
    #[error("it is for another project or by another issuer")]
    Elsewhere,
    #[error("it names no user")]
    Nobody,
}
