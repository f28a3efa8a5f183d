//! What can go wrong at SNS, named after what its caller should do about it.

use aws_sdk_sns::error::{ProvideErrorMetadata, SdkError};
use thiserror::Error;

use crate::push::PushRefused;

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SnsError {
    /// The endpoint is disabled or deleted: forget it.
    #[error("the endpoint is gone")]
    TokenGone,
    /// A mistake of ours, found before sending.
    #[error("the push cannot be written: {0}")]
    Unwritable(#[from] PushRefused),
    /// The number, token or message is not taken, now or ever.
    #[error("SNS does not take the number or message")]
    Invalid,
    /// Nothing is known about the message: it may arrive twice.
    #[error("SNS is unavailable")]
    Unavailable,
    /// Rights, keys or a disabled platform application: tell an operator. Holds the code of AWS.
    #[error("SNS refuses our account: {0}")]
    Alarm(String),
}

impl SnsError {
    pub fn may_retry(&self) -> bool {
        matches!(self, Self::Unavailable)
    }

    /// Whether the endpoint must be forgotten.
    pub fn token_gone(&self) -> bool {
        matches!(self, Self::TokenGone)
    }
}

/// Of any call; `code` is also seen by those that expect one.
pub(super) fn read<E: ProvideErrorMetadata>(error: &SdkError<E>) -> SnsError {
    let SdkError::ServiceError(context) = error else {
        return match error {
            SdkError::ConstructionFailure(_) => SnsError::Invalid,
            _ => SnsError::Unavailable,
        };
    };
    let status = context.raw().status();
    match context.err().code().unwrap_or_default() {
        "EndpointDisabled" | "EndpointDisabledException" => SnsError::TokenGone,
        "InvalidParameter" | "InvalidParameterValue" | "ParameterValueInvalid" => SnsError::Invalid,
        "Throttled" | "Throttling" | "ThrottlingException" | "InternalError" | "InternalFailure" => {
            SnsError::Unavailable
        }
        _ if status.is_server_error() || status.as_u16() == 429 => SnsError::Unavailable,
        code => SnsError::Alarm(code.to_owned()),
    }
}
