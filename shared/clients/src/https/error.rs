//! How a request can fail before there is an answer.

use thiserror::Error;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum HttpsError {
    #[error("the TLS settings are unusable")]
    Settings,
    /// The request did not leave.
    #[error("the service cannot be reached")]
    Unreachable,
    /// The request may have been carried out.
    #[error("the connection broke off")]
    Broken,
    /// The request may have been carried out.
    #[error("there was no answer in time")]
    TimedOut,
    #[error("the answer is too large")]
    TooLarge,
}
